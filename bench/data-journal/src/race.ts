import type { InsertOptions, Journal, JournalEntry } from '@canza/core';

/** One way to make a state change, for one of 64 entries at a time. */
export interface Contestant {
  readonly name: string;
  /** Writes the next version of the entry of that lane. */
  readonly change: (lane: number) => Promise<void>;
}

const LANES = 64;
const CHANGES_A_ROUND = 6_400;
const ROUNDS = 7;

/** An entry of the size that payments have with one attempt and four pieces of evidence: 1.1 kB. */
function paymentEntry(lane: number, version: number): JournalEntry {
  const evidence = Array.from({ length: 4 }, (_, index) => ({
    atMs: 1_767_225_600_000 + index,
    source: 'query',
    attempt: 1,
    moneyMoved: 'maybe',
    code: '4999',
    detail: `The operator does not know yet whether the customer has approved (query ${index}).`,
  }));
  return {
    kind: 'payment',
    id: `tx-${lane}`,
    version,
    state: version % 2 === 0 ? 'pending' : 'sending',
    dueAtMs: 1_767_225_600_000 + version,
    references: [`callback:${lane}`, `attempt:${lane}:1`],
    tags: [`phone:${lane}`],
    createdAtMs: 1_767_225_600_000,
    updatedAtMs: 1_767_225_600_000 + version,
    body: {
      transactionId: `tx-${lane}`,
      amount: '1000.00',
      currency: 'KES',
      msisdn: '254700123456',
      evidence,
      attempts: [
        {
          number: 1,
          routeId: 'mpesa:collection',
          reference: `attempt:${lane}:1`,
          references: { CheckoutRequestID: `ws_CO_${lane}` },
        },
      ],
    },
  };
}

/** Hands out the versions of the entry of each lane, one after the other. */
export function nextEntries(): (lane: number) => JournalEntry {
  const versions = new Map<number, number>();
  return (lane) => {
    const version = (versions.get(lane) ?? 0) + 1;
    versions.set(lane, version);
    return paymentEntry(lane, version);
  };
}

/** Writes an entry as its version asks for. @throws Error when it was not written. */
export async function writeTo(journal: Journal, entry: JournalEntry, options: InsertOptions = {}): Promise<void> {
  const { outcome } =
    entry.version === 1
      ? await journal.insert(entry, 'accepted', options)
      : await journal.replace(entry, 'asked: pending', options);
  if (outcome !== 'written') throw new Error(outcome);
}

/** Runs all of them round about, so that what disturbs the machine disturbs all alike. Changes a second: the median of the rounds. */
export async function race(contestants: readonly Contestant[]): Promise<ReadonlyMap<string, number>> {
  const rates = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { name, change } of contestants) {
      const startedMs = performance.now();
      // One contestant at a time, or they would share the machine.
      // oxlint-disable-next-line no-await-in-loop
      await Promise.all(Array.from({ length: LANES }, (_, lane) => runLane(lane, change)));
      const rate = (CHANGES_A_ROUND / (performance.now() - startedMs)) * 1_000;
      // The first round warms up.
      if (round > 0) rates.get(name)?.push(rate);
    }
  }
  return new Map(
    [...rates].map(([name, all]) => [name, all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0]),
  );
}

async function runLane(lane: number, change: (lane: number) => Promise<void>): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop
  for (let done = 0; done < CHANGES_A_ROUND / LANES; done++) await change(lane);
}

/** Says how one did beside another, and what was promised. */
export function report(rates: ReadonlyMap<string, number>, name: string, beside: string, promised?: number): void {
  const [rate = 0, base = 1] = [rates.get(name), rates.get(beside)];
  const kept = promised === undefined ? '' : ` (promised ${promised})`;
  console.log(
    `${name}: ${Math.round(rate)}/s, ${(rate / base).toFixed(2)} × ${beside} at ${Math.round(base)}/s${kept}`,
  );
}
