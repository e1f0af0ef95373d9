import { socketChannel } from '../../preload/doors/channels.ts'
import type { Channel } from '../../preload/doors/rpc.ts'
import { startStore } from '../../renderer/store/host.ts'

/*
 * A page with a store and nothing else: its engine and its window are in the test's process (rig.ts), at the other ends
 * of two WebSockets. `takeOver` is hung up for the tests of two pages.
 */
const base = `ws://${location.host}`
const host = startStore({ engineUrl: `${base}/engine` })
Object.assign(host, { serveAnother: serve })
Object.assign(window, { store: host })

const join = (a: Channel, b: Channel) => {
  a.onMessage = (bytes) => b.send(new Uint8Array(bytes))
  a.onClose = () => b.close()
}

const report = () => void fetch(`/state/${host.state}`, { method: 'POST' }).catch(() => {})
host.onState((state) => {
  report()
  if (state === 'open') void serve()
})
report()

async function serve(): Promise<void> {
  const store = await host.channel()
  const test = socketChannel(new WebSocket(`${base}/window`))
  join(store, test)
  join(test, store)
}
