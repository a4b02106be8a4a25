import type { RunResult } from './run.ts';

/** What many runs came to. */
export interface Tally {
  readonly runs: number;
  readonly events: number;
  readonly simulatedMs: number;
  /** Payments by how they ended. */
  readonly ends: Readonly<Record<string, number>>;
  /** Payments that a person has to look at, by why. */
  readonly reviews: Readonly<Record<string, number>>;
  readonly broken: readonly { readonly seed: number; readonly violations: readonly string[] }[];
}

export const EMPTY_TALLY: Tally = { runs: 0, events: 0, simulatedMs: 0, ends: {}, reviews: {}, broken: [] };

export const tallyOf = ({ seed, violations, ends, reviews, trace, simulatedMs }: RunResult): Tally => ({
  runs: 1,
  events: trace.length,
  simulatedMs,
  ends,
  reviews: reviews.reduce<Record<string, number>>((counts, why) => ({ ...counts, [why]: (counts[why] ?? 0) + 1 }), {}),
  broken: violations.length === 0 ? [] : [{ seed, violations }],
});

export const addTallies = (left: Tally, right: Tally): Tally => ({
  runs: left.runs + right.runs,
  events: left.events + right.events,
  simulatedMs: left.simulatedMs + right.simulatedMs,
  ends: addCounts(left.ends, right.ends),
  reviews: addCounts(left.reviews, right.reviews),
  broken: [...left.broken, ...right.broken],
});

function addCounts(
  left: Readonly<Record<string, number>>,
  right: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const sum: Record<string, number> = { ...left };
  for (const [name, count] of Object.entries(right)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

export function writeTally({ runs, events, simulatedMs, ends, reviews, broken }: Tally, seconds: number): string {
  const payments = Object.values(ends).reduce((sum, count) => sum + count, 0);
  const days = Math.round(simulatedMs / 86_400_000);
  const rate = `${((1000 * seconds) / Math.max(1, runs)).toFixed(0)} ms each`;
  return [
    `${runs} runs in ${seconds.toFixed(1)} s (${rate}): ${days} simulated days, ${events} events, ${payments} payments ${JSON.stringify(ends)}`,
    ...Object.entries(reviews)
      .toSorted(([, left], [, right]) => right - left)
      .map(([why, count]) => `  in review: ${String(count).padStart(5)}  ${why}`),
    `${broken.length} runs with a violation`,
  ].join('\n');
}
