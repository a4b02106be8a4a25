/** One line of a run: when, who, what. */
export interface TraceLine {
  readonly atMs: number;
  readonly who: string;
  readonly what: string;
}

/** Writes a line of the story; the time is the world's. */
export type Say = (who: string, what: string) => void;

/** How payments, settlements and sessions are named in traces and violations. */
const NAMES = /\b(?:order|refund|batch|ussd|settlement)[_-][0-9a-f_]+/g;

/**
 * A trace that a person can read: all of what concerns those that the violations name, and of the rest only what names nobody.
 * The whole trace where no violation names anybody.
 */
export function formatTrace(trace: readonly TraceLine[], violations: readonly string[] = []): string {
  const concerned = new Set(violations.flatMap((sentence) => sentence.match(NAMES) ?? []));
  return trace
    .filter(({ what }) => {
      const named = concerned.size === 0 ? null : what.match(NAMES);
      return named === null || named.some((name) => concerned.has(name));
    })
    .map(({ atMs, who, what }) => `${(atMs / 1000).toFixed(3).padStart(12)}  ${who.padEnd(14)}  ${what}`)
    .join('\n');
}
