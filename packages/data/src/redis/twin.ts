import type { ScriptCall } from './script.ts';

/** The server's time in microseconds, as scripts ask for it. */
export function timeMicros(call: ScriptCall): number {
  const [seconds, micros] = call('time') as [string, string];
  return Number(seconds) * 1_000_000 + Number(micros);
}

/** A version or fence: from the server's clock, and greater than the last. */
export const nextStamp = (call: ScriptCall, last: string | null | undefined): string =>
  String(Math.max(timeMicros(call), Number(last ?? 0) + 1));

/** Milliseconds to live, where a script was given any. */
export function expireIfTold(call: ScriptCall, key: string, ttlMs: string | number): void {
  if (ttlMs !== '') call('pexpire', key, ttlMs);
}
