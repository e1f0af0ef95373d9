import * as v from 'valibot'

const id = v.pipe(v.number(), v.integer(), v.minValue(1))

/** A message in a folder as the user saw it when acting: checked again before anything is destroyed (DESIGN §4.3). */
export const Target = v.object({ message: id, mailbox: id, uid: id })
export type Target = v.InferOutput<typeof Target>

const base = { id: v.pipe(v.string(), v.uuid()), account: id, at: v.number(), targets: v.array(Target) }

/** What the user wants to be true at the server: a desired end, never a toggle, so that it can be run again. */
export const Op = v.variant('kind', [
  v.object({ ...base, kind: v.literal('flags'), add: v.array(v.string()), remove: v.array(v.string()) }),
  v.object({ ...base, kind: v.literal('move'), to: id }),
  v.object({ ...base, kind: v.literal('expunge') }),
])
export type Op = v.InferOutput<typeof Op>

/** Waiting to be journalled, journalled by the engine, or parked with a reason (an AppError). */
export type OpState = 'pending' | 'journalled' | 'parked'
