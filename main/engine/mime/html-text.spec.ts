import { describe, expect, it } from 'vitest'
import { htmlToText, textToHtml } from './html-text.ts'

describe('htmlToText', () => {
  it.each([
    ['blocks on lines of their own', '<div>a</div><div>b</div>c', 'a\nb\nc'],
    ['collapsed blanks', 'a \n  b\t c', 'a b c'],
    ['breaks', 'a<br>b<BR/>c', 'a\nb\nc'],
    ['paragraphs', '<p>a</p><p>b</p>', 'a\n\nb'],
    ['table cells', '<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a b\nc'],
    ['preformatted text', '<pre>a\n  b</pre>', 'a\n  b'],
    ['entities', '&lt;&amp;&#228;&#xE4;&euro;&nbsp;&unknown; &#0;&#x110000;', '<&ää€\u00a0&unknown; \ufffd\ufffd'],
    ['hidden elements', '<head><title>t</title></head><style>p{}</style>a<script>if (1<2) x()</script>b', 'ab'],
    ['a head that is never closed', '<head><title>t<body>a', 'a'],
    ['comments', 'a<!-- <b> -->b', 'ab'],
    ['a > inside an attribute', '<a title="x > y">z</a>', 'z'],
    ['a quote that is never closed', '<a title="x>y</a> z', 'y z'],
    ['a < that is text', '1 < 2 <3', '1 < 2 <3'],
    ['nothing', '', ''],
  ])('reads %s', (_, html, text) => {
    expect(htmlToText(html)).toBe(text)
  })

  it('stops when it has enough', () => {
    expect(htmlToText('<p>abc</p>'.repeat(1_000), 10).length).toBeLessThan(20)
  })

  it.each([
    ['<', '<'],
    ['comments', '<!--'],
    ['scripts', '<script>'],
    ['heads', '<head><body>'],
    ['quotes', '<a b="'],
    ['tags', '<div>'],
    ['references', '&#'],
  ])('takes linear time for %s without end', (_, piece) => {
    expect(htmlToText(piece.repeat(300_000)).length).toBeLessThan(1_000_000)
  })
})

describe('textToHtml', () => {
  it('shows markup as text', () => {
    expect(textToHtml('<b> & "x"')).toBe('<div style="white-space: pre-wrap">&lt;b&gt; &amp; "x"</div>')
  })
})
