/**
 * Where the reader and postal-mime differ over the corpora: [file and aspect, why ours stays]. Each was looked at; where ours was the
 * wrong one it was mended instead. Grouped by corpus, in the order in which the files are read.
 */
export const KNOWN: readonly (readonly [string, string])[] = [
  [
    'libetpan-jwz/unittest/mime-parser/data/input/mbox/jwz/1 text',
    'a media type without a slash: text/plain or, for a file, application/octet-stream (RFC 2045 §5.2); postal-mime keeps the word',
  ],
  [
    'libetpan-jwz/unittest/mime-parser/data/input/mbox/jwz/1 attachments',
    'a media type without a slash: text/plain or, for a file, application/octet-stream (RFC 2045 §5.2); postal-mime keeps the word',
  ],
  [
    'libetpan-jwz/unittest/mime-parser/data/input/mbox/jwz/134 attachments',
    'a media type without a slash: text/plain or, for a file, application/octet-stream (RFC 2045 §5.2); postal-mime keeps the word',
  ],
  [
    'libetpan-jwz/unittest/mime-parser/data/input/mbox/jwz/135 attachments',
    'a media type without a slash: text/plain or, for a file, application/octet-stream (RFC 2045 §5.2); postal-mime keeps the word',
  ],
  ['libetpan-jwz/unittest/mime-parser/data/input/mbox/jwz/144 text', 'UTF-8 under the label us-ascii is read as UTF-8'],
  [
    'libetpan-jwz/unittest/mime-parser/data/input/mbox/jwz/35 attachments',
    'uuencode is decoded; postal-mime keeps it encoded',
  ],
  [
    'libetpan-jwz/unittest/mime-parser/data/input/mbox/jwz/55 attachments',
    'a media type without a slash: text/plain or, for a file, application/octet-stream (RFC 2045 §5.2); postal-mime keeps the word',
  ],
  ['libetpan-jwz/unittest/mime-parser/data/input/mbox/jwz/76 text', 'text made from HTML: link targets are left out'],
  ['libetpan-jwz/unittest/mime-parser/data/input/mbox/jwz/89 text', 'UTF-8 under the label us-ascii is read as UTF-8'],
  [
    'libetpan-jwz/unittest/plaintext-rendering/data/input/1433-utf-8.eml text',
    'ISO-2022-JP under another label is recognised by its escapes',
  ],
  [
    'mime4j/core/src/test/resources/mimetools-testmsgs/multi-2evil.msg attachments',
    'backslashes of a quoted path stay',
  ],
  [
    'mime4j/core/src/test/resources/testmsgs/basic-plain-with-bad-header-separator.msg text',
    'the body begins at the first line that is no field',
  ],
  [
    'mime4j/core/src/test/resources/testmsgs/missing-inner-boundary.msg text',
    'a multipart without its boundary is shown as text, not dropped',
  ],
  [
    'mime4j/core/src/test/resources/testmsgs/very-long-boundary.msg text',
    'a boundary that ends with a blank (RFC 2046 §5.1.1 forbids it) is taken without it',
  ],
  [
    'mime4j/core/src/test/resources/testmsgs/very-very-long-boundary.msg text',
    'a boundary that ends with a blank (RFC 2046 §5.1.1 forbids it) is taken without it',
  ],
  [
    'mime4j/core/src/test/resources/testmsgs/weird-boundary.msg text',
    'a boundary that ends with a blank (RFC 2046 §5.1.1 forbids it) is taken without it',
  ],
  [
    'python-email/msg_14.txt attachments',
    'a media type without a slash: text/plain or, for a file, application/octet-stream (RFC 2045 §5.2); postal-mime keeps the word',
  ],
  [
    'python-email/msg_15.txt text',
    'the inner multipart repeats the outer boundary: its parts count as parts of the outer one',
  ],
  ['python-email/msg_19.txt text', 'the body begins at the first line that is no field'],
  ['python-email/msg_38.txt text', 'boundary lines of an outer multipart end the inner ones (RFC 2046 §5.1.2)'],
  [
    'ruby-mail/spec/fixtures/emails/error_emails/content_transfer_encoding_plain.eml text',
    'UTF-8 without a label is read as UTF-8',
  ],
  ['ruby-mail/spec/fixtures/emails/plain_emails/raw_email10.eml text', 'UTF-8 without a label is read as UTF-8'],
  ['ruby-mail/spec/fixtures/emails/plain_emails/raw_email6.eml text', 'UTF-8 without a label is read as UTF-8'],
  ['sisimai-bounces/maildir/bsd/lhost-x1-02.eml text', 'text/plain without the semicolon before its parameter is text'],
  [
    'sisimai-bounces/maildir/bsd/lhost-x1-02.eml attachments',
    'a media type without a slash: text/plain or, for a file, application/octet-stream (RFC 2045 §5.2); postal-mime keeps the word',
  ],
  [
    'sisimai-bounces/maildir/bsd/rhost-cox-01.eml text',
    'parts behind the closing delimiter are kept when a further delimiter follows',
  ],
  [
    'sisimai-bounces/maildir/bsd/rhost-cox-01.eml attachments',
    'parts behind the closing delimiter are kept when a further delimiter follows',
  ],
  [
    'sisimai-bounces/maildir/dos/rhost-cox-01.eml text',
    'parts behind the closing delimiter are kept when a further delimiter follows',
  ],
  [
    'sisimai-bounces/maildir/dos/rhost-cox-01.eml attachments',
    'parts behind the closing delimiter are kept when a further delimiter follows',
  ],
  [
    'spamassassin-t/t/data/nice/mime8 attachments',
    'a media type without a slash: text/plain or, for a file, application/octet-stream (RFC 2045 §5.2); postal-mime keeps the word',
  ],
  [
    'spamassassin-t/t/data/spam/badctype1 attachments',
    'a media type without a slash: text/plain or, for a file, application/octet-stream (RFC 2045 §5.2); postal-mime keeps the word',
  ],
  ['stalwart-mail-parser/resources/eml/legacy/001.eml subject', 'UTF-7 is decoded'],
  ['stalwart-mail-parser/resources/eml/legacy/001.eml text', 'UTF-7 is decoded'],
  ['stalwart-mail-parser/resources/eml/legacy/005.eml subject', 'UTF-7 is decoded'],
  ['stalwart-mail-parser/resources/eml/legacy/005.eml text', 'UTF-7 is decoded'],
  [
    'stalwart-mail-parser/resources/eml/legacy/009.eml subject',
    '8-bit octets inside an encoded word are read by its charset',
  ],
  [
    'stalwart-mail-parser/resources/eml/legacy/015.eml subject',
    '8-bit octets inside an encoded word are read by its charset',
  ],
  [
    'stalwart-mail-parser/resources/eml/legacy/016.eml subject',
    '8-bit octets inside an encoded word are read by its charset',
  ],
  [
    'stalwart-mail-parser/resources/eml/legacy/017.eml attachments',
    'uuencode is decoded; postal-mime keeps it encoded',
  ],
  [
    'stalwart-mail-parser/resources/eml/legacy/018.eml subject',
    '8-bit octets inside an encoded word are read by its charset',
  ],
  [
    'stalwart-mail-parser/resources/eml/legacy/023.eml subject',
    '8-bit octets inside an encoded word are read by its charset',
  ],
  [
    'stalwart-mail-parser/resources/eml/legacy/024.eml subject',
    '8-bit octets inside an encoded word are read by its charset',
  ],
  [
    'stalwart-mail-parser/resources/eml/legacy/025.eml subject',
    '8-bit octets inside an encoded word are read by its charset',
  ],
  [
    'stalwart-mail-parser/resources/eml/legacy/026.eml subject',
    '8-bit octets inside an encoded word are read by its charset',
  ],
  ['stalwart-mail-parser/resources/eml/legacy/034.eml text', 'UTF-7 is decoded'],
  ['stalwart-mail-parser/resources/eml/legacy/035.eml attachments', 'backslashes of a quoted path stay'],
  ['stalwart-mail-parser/resources/eml/legacy/039.eml attachments', 'backslashes of a quoted path stay'],
  [
    'stalwart-mail-parser/resources/eml/legacy/048.eml attachments',
    'uuencode is decoded; postal-mime keeps it encoded',
  ],
  [
    'stalwart-mail-parser/resources/eml/legacy/050.eml subject',
    '8-bit octets inside an encoded word are read by its charset',
  ],
  [
    'stalwart-mail-parser/resources/eml/legacy/051.eml subject',
    '8-bit octets inside an encoded word are read by its charset',
  ],
  [
    'stalwart-mail-parser/resources/eml/malformed/005.eml text',
    'boundary lines of an outer multipart end the inner ones (RFC 2046 §5.1.2)',
  ],
  [
    'stalwart-mail-parser/resources/eml/malformed/019.eml text',
    'the boundary is lost in a damaged header and guessed from the body',
  ],
  [
    'thunderbird-mailnews/mail/components/extensions/test/xpcshell/messages/invite.eml text',
    'HTML with a Content-ID in a multipart/related is a frame of its root, not text',
  ],
  [
    'thunderbird-mailnews/mail/components/extensions/test/xpcshell/messages/invite.eml attachments',
    'HTML with a Content-ID in a multipart/related is a frame of its root, not text',
  ],
  [
    'tutanota-mimetools/src/app-kit/mimimi/tests/resources/mimetools-testmsgs/multi-2evil.msg attachments',
    'backslashes of a quoted path stay',
  ],
  ['zbateson-mmp/tests/_data/emails/m0006.txt subject', 'UTF-7 is decoded'],
  ['zbateson-mmp/tests/_data/emails/m0006.txt text', 'UTF-7 is decoded'],
  ['zbateson-mmp/tests/_data/emails/m0007.txt subject', 'UTF-7 is decoded'],
  ['zbateson-mmp/tests/_data/emails/m0007.txt text', 'UTF-7 is decoded'],
  ['zbateson-mmp/tests/_data/emails/m1005.txt attachments', 'backslashes of a quoted path stay'],
  ['zbateson-mmp/tests/_data/emails/m1006.txt attachments', 'backslashes of a quoted path stay'],
  ['zbateson-mmp/tests/_data/emails/m1011.txt text', 'UTF-7 is decoded'],
  ['zbateson-mmp/tests/_data/emails/m1014.txt attachments', 'uuencode is decoded; postal-mime keeps it encoded'],
  ['zbateson-mmp/tests/_data/emails/m2004.txt subject', '8-bit octets inside an encoded word are read by its charset'],
  ['zbateson-mmp/tests/_data/emails/m2005.txt subject', '8-bit octets inside an encoded word are read by its charset'],
  ['zbateson-mmp/tests/_data/emails/m2006.txt subject', '8-bit octets inside an encoded word are read by its charset'],
  ['zbateson-mmp/tests/_data/emails/m2007.txt subject', '8-bit octets inside an encoded word are read by its charset'],
  ['zbateson-mmp/tests/_data/emails/m2008.txt subject', '8-bit octets inside an encoded word are read by its charset'],
  ['zbateson-mmp/tests/_data/emails/m2009.txt subject', '8-bit octets inside an encoded word are read by its charset'],
  ['zbateson-mmp/tests/_data/emails/m2010.txt attachments', 'uuencode is decoded; postal-mime keeps it encoded'],
  ['zbateson-mmp/tests/_data/emails/m2011.txt subject', '8-bit octets inside an encoded word are read by its charset'],
  ['zbateson-mmp/tests/_data/emails/m2012.txt subject', '8-bit octets inside an encoded word are read by its charset'],
  ['zbateson-mmp/tests/_data/emails/m2013.txt subject', '8-bit octets inside an encoded word are read by its charset'],
  ['zbateson-mmp/tests/_data/emails/m2014.txt subject', '8-bit octets inside an encoded word are read by its charset'],
]
