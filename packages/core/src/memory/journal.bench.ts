import { it } from 'vitest';

import type { Journal, JournalEntry } from '../journal.ts';
import { createMemoryJournal } from './journal.ts';

const entryOf = (index: number, version: number, dueAtMs: number): JournalEntry => ({
  kind: 'payment',
  id: `tx-${index}`,
  version,
  state: 'pending',
  dueAtMs,
  references: [`callback:${index}`],
  tags: [],
  createdAtMs: index,
  updatedAtMs: dueAtMs,
  body: { transactionId: `tx-${index}`, amount: '10.00', evidence: [{ atMs: dueAtMs, detail: 'still pending' }] },
});

/** A journal with that many open payments, and a poll of the one that is due first. */
async function pollOf(open: number): Promise<() => Promise<void>> {
  const journal: Journal = createMemoryJournal();
  for (let index = 0; index < open; index++) await journal.insert(entryOf(index, 1, index), 'accepted');
  let nowMs = open;
  return async () => {
    nowMs += 1;
    const [claim] = await journal.claimDue({ kind: 'payment', owner: 'o', nowMs, leaseMs: 1000, limit: 1 });
    if (claim === undefined) throw new Error('Nothing is due.');
    const next = entryOf(Number(claim.entry.id.slice(3)), claim.entry.version + 1, nowMs);
    await journal.replace(next, 'asked', { fence: claim.fence });
  };
}

// oxlint-disable-next-line vitest/expect-expect -- figures to read: how fast it is, the machine decides.
it('what a poll costs with few and with many open payments', async ({ bench }) => {
  await bench.compare(bench('of 10', await pollOf(10)), bench('of 10,000', await pollOf(10_000)));
});

// oxlint-disable-next-line vitest/expect-expect -- figures to read: how fast it is, the machine decides.
it('what a page of 100 costs at the beginning and at the end of 10,000 entries', async ({ bench }) => {
  const journal = createMemoryJournal();
  for (let index = 0; index < 10_000; index++) await journal.insert(entryOf(index, 1, index), 'accepted');
  const cursor = `${String(9899).padStart(16, '0')}:tx-9899`;
  await bench.compare(
    bench('the first page', async () => void (await journal.list({ kind: 'payment', limit: 100 }))),
    bench('the last page', async () => void (await journal.list({ kind: 'payment', limit: 100, cursor }))),
  );
});
