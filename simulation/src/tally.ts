import type { RunResult } from './run.ts';
import { CAN_BE_ASKED, type Doubt } from './watch/doubts.ts';

/** What many runs came to. */
export interface Tally {
  readonly runs: number;
  readonly events: number;
  readonly simulatedMs: number;
  /** Payments by how they ended. */
  readonly ends: Readonly<Record<string, number>>;
  /** Payments whose outcome was unknown for a while, by what asking can bring to light. */
  readonly doubts: Readonly<Record<string, number>>;
  /** Those of them that a person has to look at; the key is a row of the table, see {@link rowOf}. */
  readonly reviews: Readonly<Record<string, number>>;
  readonly broken: readonly { readonly seed: number; readonly violations: readonly string[] }[];
}

export const EMPTY_TALLY: Tally = {
  runs: 0,
  events: 0,
  simulatedMs: 0,
  ends: {},
  doubts: {},
  reviews: {},
  broken: [],
};

export const tallyOf = ({ seed, violations, ends, doubts, trace, simulatedMs }: RunResult): Tally => ({
  runs: 1,
  events: trace.length,
  simulatedMs,
  ends,
  doubts: countBy(doubts, ({ asking }) => asking),
  reviews: countBy(
    doubts.filter(({ review }) => review !== undefined),
    rowOf,
  ),
  broken: violations.length === 0 ? [] : [{ seed, violations }],
});

export const addTallies = (left: Tally, right: Tally): Tally => ({
  runs: left.runs + right.runs,
  events: left.events + right.events,
  simulatedMs: left.simulatedMs + right.simulatedMs,
  ends: addCounts(left.ends, right.ends),
  doubts: addCounts(left.doubts, right.doubts),
  reviews: addCounts(left.reviews, right.reviews),
  broken: [...left.broken, ...right.broken],
});

function countBy<T>(all: readonly T[], keyOf: (each: T) => string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const each of all) counts[keyOf(each)] = (counts[keyOf(each)] ?? 0) + 1;
  return counts;
}

function addCounts(
  left: Readonly<Record<string, number>>,
  right: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const sum: Record<string, number> = { ...left };
  for (const [name, count] of Object.entries(right)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

/** Of unknown outcomes, where the operator can be asked. */
const MOST_REVIEWS_IN = 1000;

/** What is wrong with the share of payments that nobody but a person can end; `undefined` where it is right. */
export function objectionToReviews({ doubts, reviews }: Pick<Tally, 'doubts' | 'reviews'>): string | undefined {
  const all = doubts[CAN_BE_ASKED] ?? 0;
  const inReview = reviewsOf(reviews, CAN_BE_ASKED).reduce((sum, { count }) => sum + count, 0);
  // One payment of a few hundred says nothing.
  if (inReview === 0 || (all < MOST_REVIEWS_IN && inReview === 1) || inReview * MOST_REVIEWS_IN < all) return undefined;
  return `${inReview} of ${all} payments whose operator could be asked ended in review: it has to be less than one in ${MOST_REVIEWS_IN}`;
}

/** Two contracts with one operator are one row. */
const rowOf = ({ asking, operator, type, isLost, review = '' }: Doubt): string =>
  [asking, `${operator.replace('-second', '')} ${type}`, isLost ? 'failover' : '', review].join('|');

export function writeTally(
  { runs, events, simulatedMs, ends, doubts, reviews, broken }: Tally,
  seconds: number,
): string {
  const payments = Object.values(ends).reduce((sum, count) => sum + count, 0);
  const days = Math.round(simulatedMs / 86_400_000);
  const rate = `${((1000 * seconds) / Math.max(1, runs)).toFixed(0)} ms each`;
  return [
    `${runs} runs in ${seconds.toFixed(1)} s (${rate}): ${days} simulated days, ${events} events, ${payments} payments ${JSON.stringify(ends)}`,
    ...writeReviews(doubts, reviews),
    `${broken.length} runs with a violation`,
  ].join('\n');
}

/** Unknown outcomes, and those of them in `review`: by what asking can bring to light, then row by row. */
function writeReviews(doubts: Tally['doubts'], reviews: Tally['reviews']): readonly string[] {
  return Object.entries(doubts)
    .toSorted(([left], [right]) => left.localeCompare(right))
    .flatMap(([asking, all]) => {
      const own = reviewsOf(reviews, asking);
      const inReview = own.reduce((sum, { count }) => sum + count, 0);
      return [
        `unknown for a while, and ${asking}: ${all}, in review: ${inReview}`,
        ...own.map(
          ({ count, cells: [, what = '', failover = '', why = ''] }) =>
            `  ${String(count).padStart(6)}  ${what.padEnd(26)} ${failover.padEnd(9)} ${why}`,
        ),
      ];
    });
}

/** The rows of one kind, the most frequent first. */
const reviewsOf = (
  reviews: Tally['reviews'],
  asking: string,
): readonly { readonly count: number; readonly cells: readonly string[] }[] =>
  Object.entries(reviews)
    .map(([row, count]) => ({ count, cells: row.split('|') }))
    .filter(({ cells }) => cells[0] === asking)
    .toSorted((left, right) => right.count - left.count);
