/** What the engine says of itself: lines on stderr, which the shell keeps. Never a password, never a mail's content. */
export interface Log {
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}
export type LogFields = Readonly<Record<string, string | number | boolean>>

/** One JSON line per event. */
export function stderrLog(now: () => Date = () => new Date()): Log {
  const write = (level: string) => (message: string, fields?: LogFields) =>
    void process.stderr.write(JSON.stringify({ at: now().toISOString(), level, message, ...fields }) + '\n')
  return { info: write('info'), warn: write('warn'), error: write('error') }
}
