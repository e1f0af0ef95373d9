/** The page of the interface tests: the mail window over a bridge in memory. Not part of the product. */
import { mountMail } from '../mount.ts'
import { FakeWorld, scenario } from './fake-bridge.ts'

const params = new URLSearchParams(location.search)
const world = new FakeWorld(scenario(params.get('scene') ?? 'full'))
Object.assign(window, { world })
document.documentElement.dir = params.get('dir') ?? 'ltr'
mountMail(world.bridge)
