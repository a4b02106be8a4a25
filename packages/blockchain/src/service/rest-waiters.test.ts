import { JournalError, type SettlementRecord } from '@canza/core';
import { createTurnedClock } from '@canza/core/testing';
import { expect, it } from 'vitest';

import { RestWaiters } from './rest-waiters.ts';

const ended = (settlementId: string): SettlementRecord => ({ settlementId, status: 'settled' }) as SettlementRecord;

function world() {
  const clock = createTurnedClock();
  const stored = new Map(['s1', 's2'].map((id) => [id, { settlementId: id, status: 'pending' } as SettlementRecord]));
  const asked: string[] = [];
  let failure: Error | undefined;
  const waiters = new RestWaiters({
    clock,
    everyMs: 1000,
    read: async (id) => {
      asked.push(id);
      if (failure !== undefined) throw failure;
      return stored.get(id);
    },
  });
  return { clock, stored, asked, waiters, fail: (error: Error) => void (failure = error) };
}

it('tells everybody who waits for a settlement, and nobody else, without asking the journal again', async () => {
  const { clock, asked, waiters } = world();
  const [one, other, stranger] = [waiters.wait('s1'), waiters.wait('s1'), waiters.wait('s2')];
  let told = false;
  void stranger.atRest.then(() => (told = true));
  waiters.tell(ended('s1'));
  expect(await Promise.all([one.atRest, other.atRest])).toEqual([ended('s1'), ended('s1')]);
  expect([told, asked]).toEqual([false, ['s1', 's1', 's2']]);
  stranger.stop();
  expect(clock.pendingTimers).toBe(0);
});

it('finds out what another process has ended, with one question for all who wait for it', async () => {
  const { clock, stored, asked, waiters } = world();
  const waits = [waiters.wait('s1'), waiters.wait('s1')];
  await clock.advance(999);
  stored.set('s1', ended('s1'));
  asked.length = 0;
  await clock.advance(1);
  expect(await Promise.all(waits.map(({ atRest }) => atRest))).toEqual([ended('s1'), ended('s1')]);
  expect([asked, clock.pendingTimers]).toEqual([['s1'], 0]);
});

it('goes on asking for those who still wait, and ends a wait with the error of its question', async () => {
  const { clock, stored, waiters, fail } = world();
  const [first, second] = [waiters.wait('s1'), waiters.wait('s2')];
  stored.set('s1', ended('s1'));
  await clock.advance(1000);
  expect(await first.atRest).toEqual(ended('s1'));
  fail(new JournalError('The journal is away.', 'no'));
  const outcome = second.atRest.catch((error: unknown) => error);
  await clock.advance(1000);
  expect(await outcome).toMatchObject({ code: 'JOURNAL_UNAVAILABLE' });
  expect(clock.pendingTimers).toBe(0);
});
