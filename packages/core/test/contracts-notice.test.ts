import { describe, expect, it } from 'vitest';

import { describeJournal, describeKeyValueStore } from '../src/contracts/index.ts';
import { createMemoryJournal, createMemoryKeyValueStore, type Journal, type KeyValueStore } from '../src/index.ts';
import { createTurnedClock } from '../src/testing/index.ts';
import { verdictOf } from './suite-verdict.ts';

/** Titles of the suite that fail on a journal in memory of which something is broken. */
async function journalFailures(sabotage: (journal: Journal) => Partial<Journal>): Promise<readonly string[]> {
  const create = async (): Promise<Journal> => {
    const journal = createMemoryJournal();
    return { ...journal, safety: journal.safety, ...sabotage(journal) };
  };
  const { failed } = await verdictOf((runner) => describeJournal(runner, 'x', { create }));
  return failed;
}

describe('the journal’s contract notices a journal', () => {
  it('that keeps it all: no test fails', async () => {
    expect(await journalFailures(() => ({}))).toEqual([]);
  });

  it.each<[string, (journal: Journal) => Partial<Journal>, RegExp]>([
    [
      'that inserts over what stands there',
      (journal) => ({
        insert: async (entry, note) => {
          const result = await journal.insert(entry, note);
          return result.outcome === 'exists' ? { outcome: 'written' } : result;
        },
      }),
      /second insert of an id|20 inserts of one id/,
    ],
    [
      'that writes over any version',
      (journal) => ({
        replace: async (entry, note, options) => {
          const standing = await journal.read(entry.kind, entry.id);
          return journal.replace({ ...entry, version: (standing?.version ?? 0) + 1 }, note, options);
        },
      }),
      /over no other|20 writers of one version/,
    ],
    [
      'that does not look at the fence',
      (journal) => ({
        replace: (entry, note, { keepLease = false } = {}) => journal.replace(entry, note, { keepLease }),
      }),
      /refused by its fence/,
    ],
    [
      'that gives what is leased to the next who asks',
      (journal) => ({
        claimDue: async (request, options) => {
          const claims = await journal.claimDue(request, options);
          for (const { entry, fence } of claims) await journal.release(entry.kind, entry.id, fence);
          return claims;
        },
      }),
      /exactly once|lease/,
    ],
    [
      'that never ends a lease',
      (journal) => ({
        claimDue: (request, options) => journal.claimDue({ ...request, leaseMs: request.leaseMs * 1000 }, options),
      }),
      /lease that ran out/,
    ],
    [
      'that claims what is not due yet',
      (journal) => ({
        claimDue: (request, options) => journal.claimDue({ ...request, nowMs: request.nowMs + 1 }, options),
      }),
      /only what is due/,
    ],
    [
      'that claims more than it was asked for',
      (journal) => ({ claimDue: (request, options) => journal.claimDue({ ...request, limit: 100 }, options) }),
      /not more than asked for/,
    ],
    [
      'that gives every claim the same fence',
      (journal) => ({
        claimDue: async (request, options) =>
          (await journal.claimDue(request, options)).map(({ entry }) => ({ entry, fence: 1 })),
      }),
      /fence/,
    ],
    ['that releases nothing', () => ({ release: async () => undefined }), /released entry/],
    [
      'that forgets references',
      (journal) => ({ insert: (entry, note) => journal.insert({ ...entry, references: [] }, note) }),
      /found by any reference|belongs to one entry/,
    ],
    [
      'that lists the last page first',
      (journal) => ({
        list: async (request, options) => {
          const page = await journal.list(request, options);
          return { ...page, entries: page.entries.toReversed() };
        },
      }),
      /in the order of creation/,
    ],
    ['that has no history', () => ({ history: async () => [] }), /line of history/],
    [
      'that archives what is still open',
      (journal) => ({ archive: (request) => journal.archive({ ...request, states: [...request.states, 'pending'] }) }),
      /archive/,
    ],
  ])('%s', async (_, sabotage, noticed) => {
    const failed = await journalFailures(sabotage);
    expect(failed.filter((title) => noticed.test(title))).not.toEqual([]);
  });
});

async function storeFailures(sabotage: (store: KeyValueStore) => Partial<KeyValueStore>): Promise<readonly string[]> {
  const clock = createTurnedClock();
  const create = async (): Promise<KeyValueStore> => {
    const store = createMemoryKeyValueStore({ clock });
    return { ...store, ...sabotage(store) };
  };
  const pass = (durationMs: number): Promise<void> => clock.advance(durationMs);
  return (await verdictOf((runner) => describeKeyValueStore(runner, 'x', { create, pass }))).failed;
}

describe('the key-value store’s contract notices a store', () => {
  it('that keeps it all: no test fails', async () => {
    expect(await storeFailures(() => ({}))).toEqual([]);
  });

  it.each<[string, (store: KeyValueStore) => Partial<KeyValueStore>, RegExp]>([
    [
      'that swaps whatever stands there',
      (store) => ({
        swap: async (key, _seen, value, options) =>
          store.swap(key, (await store.get(key))?.version ?? 0, value, options),
      }),
      /20 swaps|version that was seen/,
    ],
    ['that keeps values for ever', (store) => ({ set: (key, value) => store.set(key, value) }), /time to live is gone/],
    [
      'that prolongs a count with each increment',
      (store) => ({
        increment: async (key, by, options) => {
          const sum = await store.increment(key, by, options);
          await store.set(key, String(sum), { ttlMs: 60_000 });
          return sum;
        },
      }),
      /first time to live/,
    ],
    [
      'that counts on text',
      (store) => ({
        increment: async (key, by, options) => {
          if (Number.isNaN(Number((await store.get(key))?.value ?? 0))) await store.set(key, '0');
          return store.increment(key, by, options);
        },
      }),
      /no number cannot be incremented/,
    ],
    [
      'that always says that it deleted',
      (store) => ({ delete: async (key) => (await store.delete(key)) || true }),
      /delete says/,
    ],
    [
      'that begins anew with the same versions',
      (store) => ({
        get: async (key) => {
          const stored = await store.get(key);
          return stored === undefined ? undefined : { ...stored, version: 1 };
        },
      }),
      /version grows/,
    ],
  ])('%s', async (_, sabotage, noticed) => {
    const failed = await storeFailures(sabotage);
    expect(failed.filter((title) => noticed.test(title))).not.toEqual([]);
  });
});
