/** What the tests' engine offers at its window door: a look into the process that got the socket. */
export interface Probe {
  pid(): number
  role(): string
  /** Environment and arguments as the engine sees them. */
  surroundings(): { env: Record<string, string | undefined>; argv: string[] }
  /** Handles that were closed; waits for the first. */
  closed(): number[]
  /** A secret through the engine's door to the shell. */
  keep(ref: string, value: string): string | null
  crash(): void
}
