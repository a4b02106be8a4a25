import assert from 'node:assert/strict';

import type { Journal, JournalEntry } from '../journal.ts';
import { freshName, type SuiteRunner } from './runner.ts';

export interface JournalHarness {
  /** A journal on a store of its own, empty or shared with others that use other kinds. */
  create(): Promise<Journal>;
  close?(journal: Journal): Promise<void>;
}

const NOW_MS = Date.UTC(2026, 0, 1, 12);

/** What every journal promises. Each test uses a kind of its own, so a store may be shared between tests and runs. */
export function describeJournal(runner: SuiteRunner, name: string, harness: JournalHarness): void {
  const test = (title: string, body: (journal: Journal, kind: string) => Promise<void>): void => {
    runner.it(title, async () => {
      const journal = await harness.create();
      try {
        await body(journal, freshName('contract'));
      } finally {
        await harness.close?.(journal);
      }
    });
  };

  runner.describe(`${name} keeps the journal's contract`, () => {
    test('an entry reads back as it was written', async (journal, kind) => {
      const entry = entryOf(kind, 'tx-1', {
        references: ['ref:a'],
        tags: ['phone:x'],
        body: { amount: '10.00', list: [1, null] },
      });
      assert.deepEqual(await journal.insert(entry, 'accepted'), { outcome: 'written' });
      assert.deepEqual(await journal.read(kind, 'tx-1'), entry);
      assert.equal(await journal.read(kind, 'tx-2'), undefined);
      assert.equal(await journal.read(`${kind}-other`, 'tx-1'), undefined);
    });

    test('text of any script survives, and so do empty lists and a long body', async (journal, kind) => {
      const body = { name: 'Ọlá 🇳🇬 "quoted" \\ \u0001', long: 'x'.repeat(100_000), empty: [], nothing: null };
      await journal.insert(entryOf(kind, 'id:with.all-_signs', { body }), 'accepted');
      assert.deepEqual((await journal.read(kind, 'id:with.all-_signs'))?.body, body);
    });

    test('the second insert of an id changes nothing and shows what stands there', async (journal, kind) => {
      const first = entryOf(kind, 'tx-1', { body: { first: true } });
      await journal.insert(first, 'accepted');
      const second = await journal.insert(entryOf(kind, 'tx-1', { body: { first: false } }), 'again');
      assert.deepEqual(second, { outcome: 'exists', entry: first });
      assert.deepEqual(await journal.read(kind, 'tx-1'), first);
      assert.equal((await journal.history(kind, 'tx-1')).length, 1);
    });

    test('of 20 inserts of one id at once exactly one is written', async (journal, kind) => {
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          journal.insert(entryOf(kind, 'tx-1', { body: { index } }), 'accepted'),
        ),
      );
      assert.equal(results.filter(({ outcome }) => outcome === 'written').length, 1);
    });

    test('version n is written over version n − 1 and over no other', async (journal, kind) => {
      const first = entryOf(kind, 'tx-1');
      await journal.insert(first, 'accepted');
      const second = next(first, { state: 'sending', body: { step: 2 } });
      assert.deepEqual(await journal.replace(second, 'sending'), { outcome: 'written' });
      assert.deepEqual(await journal.replace(next(first, { state: 'failed' }), 'stale'), {
        outcome: 'conflict',
        entry: second,
      });
      assert.deepEqual(await journal.replace(next(next(second)), 'skips one'), { outcome: 'conflict', entry: second });
      assert.deepEqual(await journal.read(kind, 'tx-1'), second);
    });

    test('an entry that was never inserted cannot be replaced', async (journal, kind) => {
      const ghost = next(entryOf(kind, 'ghost', { references: ['ref:ghost'] }));
      assert.deepEqual(await journal.replace(ghost, 'ghost'), { outcome: 'conflict', entry: undefined });
      assert.equal(await journal.read(kind, 'ghost'), undefined);
      assert.equal(await journal.findByReference(kind, 'ref:ghost'), undefined);
    });

    test('of 20 writers of one version exactly one wins', async (journal, kind) => {
      const first = entryOf(kind, 'tx-1');
      await journal.insert(first, 'accepted');
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, writer) =>
          journal.replace(next(first, { body: { writer } }), `writer ${writer}`),
        ),
      );
      const winners = results.flatMap(({ outcome }, writer) => (outcome === 'written' ? [writer] : []));
      assert.equal(winners.length, 1);
      assert.deepEqual((await journal.read(kind, 'tx-1'))?.body, { writer: winners[0] });
      assert.equal((await journal.history(kind, 'tx-1')).length, 2);
    });

    test('each write leaves a line of history, in order', async (journal, kind) => {
      const first = entryOf(kind, 'tx-1');
      await journal.insert(first, 'accepted');
      const second = next(first, { state: 'sending' });
      await journal.replace(second, 'sending over route a');
      await journal.replace(next(second, { state: 'pending' }), 'accepted by the operator');
      assert.deepEqual(await journal.history(kind, 'tx-1'), [
        { version: 1, atMs: NOW_MS, state: 'created', note: 'accepted' },
        { version: 2, atMs: NOW_MS + 1, state: 'sending', note: 'sending over route a' },
        { version: 3, atMs: NOW_MS + 2, state: 'pending', note: 'accepted by the operator' },
      ]);
      assert.deepEqual(await journal.history(kind, 'unknown'), []);
    });

    test('an entry is found by any reference it ever had', async (journal, kind) => {
      const first = entryOf(kind, 'tx-1', { references: ['callback:1'] });
      await journal.insert(first, 'accepted');
      await journal.replace(next(first, { references: ['callback:1', 'ws_CO_1'] }), 'accepted by the operator');
      assert.equal((await journal.findByReference(kind, 'callback:1'))?.id, 'tx-1');
      assert.equal((await journal.findByReference(kind, 'ws_CO_1'))?.version, 2);
      assert.equal(await journal.findByReference(kind, 'ws_CO_2'), undefined);
    });

    test('a reference belongs to one entry: the write of another that claims it does nothing at all', async (journal, kind) => {
      await journal.insert(entryOf(kind, 'tx-1', { references: ['ref:a'] }), 'accepted');
      const thief = entryOf(kind, 'tx-2', { references: ['ref:b', 'ref:a'] });
      assert.deepEqual(await journal.insert(thief, 'accepted'), { outcome: 'reference-taken', reference: 'ref:a' });
      assert.equal(await journal.read(kind, 'tx-2'), undefined);
      assert.equal(await journal.findByReference(kind, 'ref:b'), undefined);

      const honest = entryOf(kind, 'tx-3', { references: ['ref:c'] });
      await journal.insert(honest, 'accepted');
      const turned = next(honest, { references: ['ref:c', 'ref:a'] });
      assert.deepEqual(await journal.replace(turned, 'turned'), { outcome: 'reference-taken', reference: 'ref:a' });
      assert.deepEqual(await journal.read(kind, 'tx-3'), honest);
      assert.equal((await journal.findByReference(kind, 'ref:a'))?.id, 'tx-1');
    });

    test('the same reference may stand in two kinds', async (journal, kind) => {
      await journal.insert(entryOf(kind, 'tx-1', { references: ['ref:a'] }), 'accepted');
      const other = entryOf(`${kind}-other`, 'tx-9', { references: ['ref:a'] });
      assert.deepEqual(await journal.insert(other, 'accepted'), { outcome: 'written' });
      assert.equal((await journal.findByReference(`${kind}-other`, 'ref:a'))?.id, 'tx-9');
    });

    test('only what is due is claimed, earliest first, and not more than asked for', async (journal, kind) => {
      await journal.insert(entryOf(kind, 'late', { dueAtMs: NOW_MS - 1 }), 'accepted');
      await journal.insert(entryOf(kind, 'future', { dueAtMs: NOW_MS + 1 }), 'accepted');
      await journal.insert(entryOf(kind, 'early', { dueAtMs: NOW_MS - 100 }), 'accepted');
      await journal.insert(entryOf(kind, 'exact', { dueAtMs: NOW_MS }), 'accepted');
      await journal.insert(entryOf(kind, 'resting', { dueAtMs: null }), 'accepted');
      const first = await journal.claimDue(claimRequest(kind, { limit: 2 }));
      assert.deepEqual(
        first.map(({ entry }) => entry.id),
        ['early', 'late'],
      );
      const second = await journal.claimDue(claimRequest(kind));
      assert.deepEqual(
        second.map(({ entry }) => entry.id),
        ['exact'],
      );
      assert.deepEqual(await journal.claimDue(claimRequest(kind)), []);
    });

    test('a claim shows the latest version', async (journal, kind) => {
      const first = entryOf(kind, 'tx-1', { dueAtMs: NOW_MS });
      await journal.insert(first, 'accepted');
      const second = next(first, { state: 'pending', body: { step: 2 } });
      await journal.replace(second, 'pending');
      assert.deepEqual((await journal.claimDue(claimRequest(kind)))[0]?.entry, second);
    });

    test('what moved to a later time, or to rest, is not claimed at the old time', async (journal, kind) => {
      const moved = entryOf(kind, 'moved', { dueAtMs: NOW_MS });
      const rested = entryOf(kind, 'rested', { dueAtMs: NOW_MS });
      await journal.insert(moved, 'accepted');
      await journal.insert(rested, 'accepted');
      await journal.replace(next(moved, { dueAtMs: NOW_MS + 5000 }), 'later');
      await journal.replace(next(rested, { dueAtMs: null }), 'done');
      assert.deepEqual(await journal.claimDue(claimRequest(kind)), []);
      const later = await journal.claimDue(claimRequest(kind, { nowMs: NOW_MS + 5000 }));
      assert.deepEqual(
        later.map(({ entry }) => entry.id),
        ['moved'],
      );
    });

    test('many owners at once claim each due entry exactly once', async (journal, kind) => {
      const ids = Array.from({ length: 40 }, (_, index) => `tx-${index}`);
      for (const id of ids) await journal.insert(entryOf(kind, id, { dueAtMs: NOW_MS }), 'accepted');
      const claims = await Promise.all(
        Array.from({ length: 8 }, (_, owner) =>
          journal.claimDue(claimRequest(kind, { owner: `owner-${owner}`, limit: 10 })),
        ),
      );
      const claimed = claims.flat().map(({ entry }) => entry.id);
      assert.equal(new Set(claimed).size, claimed.length);
      const rest = await journal.claimDue(claimRequest(kind, { limit: 100 }));
      assert.deepEqual([...claimed, ...rest.map(({ entry }) => entry.id)].toSorted(), ids.toSorted());
    });

    test('a lease that ran out can be claimed again, and the late owner is refused by its fence', async (journal, kind) => {
      const entry = entryOf(kind, 'tx-1', { dueAtMs: NOW_MS });
      await journal.insert(entry, 'accepted');
      const [slow] = await journal.claimDue(claimRequest(kind, { owner: 'slow', leaseMs: 1000 }));
      assert.deepEqual(await journal.claimDue(claimRequest(kind, { nowMs: NOW_MS + 999 })), []);
      const [quick] = await journal.claimDue(claimRequest(kind, { owner: 'quick', nowMs: NOW_MS + 1000 }));
      assert.ok(slow !== undefined && quick !== undefined);
      assert.ok(quick.fence > slow.fence, 'fences only grow');
      const late = await journal.replace(next(entry, { state: 'failed' }), 'late', { fence: slow.fence });
      assert.deepEqual(late, { outcome: 'fenced' });
      assert.deepEqual(await journal.replace(next(entry, { state: 'pending' }), 'quick', { fence: quick.fence }), {
        outcome: 'written',
      });
    });

    test('a write under a fence ends the lease, unless it is kept', async (journal, kind) => {
      const first = entryOf(kind, 'tx-1', { dueAtMs: NOW_MS });
      await journal.insert(first, 'accepted');
      const [claim] = await journal.claimDue(claimRequest(kind));
      assert.ok(claim !== undefined);
      const second = next(first, { state: 'sending' });
      await journal.replace(second, 'sending', { fence: claim.fence, keepLease: true });
      assert.deepEqual(await journal.claimDue(claimRequest(kind)), [], 'still leased');
      await journal.replace(next(second, { state: 'pending' }), 'pending', { fence: claim.fence });
      assert.equal((await journal.claimDue(claimRequest(kind))).length, 1);
    });

    test('a writer without a lease is not held up by one, and the lease holder then meets a conflict', async (journal, kind) => {
      const first = entryOf(kind, 'tx-1', { dueAtMs: NOW_MS });
      await journal.insert(first, 'accepted');
      const [claim] = await journal.claimDue(claimRequest(kind));
      const paid = next(first, { state: 'succeeded', dueAtMs: null });
      assert.deepEqual(await journal.replace(paid, 'the callback came'), { outcome: 'written' });
      const late = await journal.replace(next(first, { state: 'pending' }), 'reply', { fence: claim?.fence ?? 0 });
      assert.deepEqual(late, { outcome: 'conflict', entry: paid });
    });

    test('a released entry can be claimed at once, and an old fence releases nothing', async (journal, kind) => {
      await journal.insert(entryOf(kind, 'tx-1', { dueAtMs: NOW_MS }), 'accepted');
      const [first] = await journal.claimDue(claimRequest(kind));
      await journal.release(kind, 'tx-1', first?.fence ?? 0);
      const [second] = await journal.claimDue(claimRequest(kind));
      assert.ok(first !== undefined && second !== undefined && second.fence > first.fence);
      await journal.release(kind, 'tx-1', first.fence);
      assert.deepEqual(await journal.claimDue(claimRequest(kind)), []);
    });

    test('lists by state, tag and time, in the order of creation, page by page', async (journal, kind) => {
      for (let index = 0; index < 7; index++) {
        const entry = entryOf(kind, `tx-${index}`, {
          state: index % 2 === 0 ? 'pending' : 'failed',
          tags: [index < 4 ? 'phone:a' : 'phone:b'],
          createdAtMs: NOW_MS + index,
        });
        await journal.insert(entry, 'accepted');
      }
      const ids = async (request: object): Promise<string[]> => {
        const collected: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await journal.list({ kind, limit: 2, ...request, ...(cursor === undefined ? {} : { cursor }) });
          assert.ok(page.entries.length <= 2);
          collected.push(...page.entries.map(({ id }) => id));
          cursor = page.cursor;
        } while (cursor !== undefined);
        return collected;
      };
      assert.deepEqual(await ids({}), ['tx-0', 'tx-1', 'tx-2', 'tx-3', 'tx-4', 'tx-5', 'tx-6']);
      assert.deepEqual(await ids({ state: 'failed' }), ['tx-1', 'tx-3', 'tx-5']);
      assert.deepEqual(await ids({ tag: 'phone:b' }), ['tx-4', 'tx-5', 'tx-6']);
      assert.deepEqual(await ids({ state: 'pending', tag: 'phone:a' }), ['tx-0', 'tx-2']);
      assert.deepEqual(await ids({ createdFromMs: NOW_MS + 2, createdBeforeMs: NOW_MS + 5 }), ['tx-2', 'tx-3', 'tx-4']);
      assert.deepEqual(await ids({ tag: 'phone:c' }), []);
    });

    test('an entry that changed its state is listed under the new one only', async (journal, kind) => {
      const first = entryOf(kind, 'tx-1', { state: 'pending' });
      await journal.insert(first, 'accepted');
      await journal.replace(next(first, { state: 'succeeded' }), 'paid');
      assert.deepEqual((await journal.list({ kind, state: 'pending', limit: 10 })).entries, []);
      assert.equal((await journal.list({ kind, state: 'succeeded', limit: 10 })).entries.length, 1);
    });
  });
}

const entryOf = (kind: string, id: string, parts: Partial<JournalEntry> = {}): JournalEntry => ({
  kind,
  id,
  version: 1,
  state: 'created',
  dueAtMs: null,
  references: [],
  tags: [],
  createdAtMs: NOW_MS,
  updatedAtMs: NOW_MS,
  body: { id },
  ...parts,
});

const next = (entry: JournalEntry, parts: Partial<JournalEntry> = {}): JournalEntry => ({
  ...entry,
  version: entry.version + 1,
  updatedAtMs: entry.updatedAtMs + 1,
  ...parts,
});

const claimRequest = (
  kind: string,
  parts: { owner?: string; nowMs?: number; leaseMs?: number; limit?: number } = {},
): { kind: string; owner: string; nowMs: number; leaseMs: number; limit: number } => ({
  kind,
  owner: 'owner-1',
  nowMs: NOW_MS,
  leaseMs: 30_000,
  limit: 10,
  ...parts,
});
