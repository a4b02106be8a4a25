/** Longest pause that a server may talk us into. */
const LONGEST_MS = 60_000;

/** Milliseconds of a `Retry-After` header in seconds; `undefined` where there is none, or it is a date. */
export function retryAfterMsOf(headers: Readonly<Record<string, string>>): number | undefined {
  const value = headers['retry-after'];
  return value !== undefined && /^\d{1,6}$/.test(value) ? Math.min(Number(value) * 1000, LONGEST_MS) : undefined;
}
