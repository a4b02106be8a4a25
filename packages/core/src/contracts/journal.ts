import assert from 'node:assert/strict';

import { JournalError } from '../errors/state.ts';
import type { ArchiveRequest, Journal, JournalEntry } from '../journal.ts';
import { exportJournal } from '../journal-export.ts';
import { freshName, type SuiteRunner } from './runner.ts';

/** How the suite makes journals. */
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

    test('what text cannot hold in some stores survives in a body all the same', async (journal, kind) => {
      const body = {
        'nul\u0000': 'a\u0000b',
        lone: '\ud83d',
        'back\\slash': '\\u0000',
        tiny: 1e-300,
        large: 123456789012345680,
      };
      await journal.insert(entryOf(kind, 'tx-1', { body }), 'accepted');
      assert.deepEqual((await journal.read(kind, 'tx-1'))?.body, body);
      await journal.replace(next(entryOf(kind, 'tx-1'), { body: { plain: true } }), 'plain again');
      assert.deepEqual((await journal.read(kind, 'tx-1'))?.body, { plain: true });
    });

    test('a body may be any JSON value, and null', async (journal, kind) => {
      for (const [index, body] of [null, false, 0, '', [], 'text'].entries()) {
        await journal.insert(entryOf(kind, `tx-${index}`, { body }), 'accepted');
        assert.deepEqual((await journal.read(kind, `tx-${index}`))?.body, body);
      }
    });

    test('an entry that not every store could keep is refused, and nothing is written', async (journal, kind) => {
      const unfit: Partial<JournalEntry>[] = [
        { id: '' },
        { id: 'a\0b' },
        { state: 'x'.repeat(513) },
        { references: ['ref:a', '\ud83d'] },
        { tags: [''] },
        { version: 2 },
        { dueAtMs: 0.5 },
        { createdAtMs: Number.NaN },
      ];
      for (const parts of unfit) {
        await assert.rejects(
          journal.insert(entryOf(kind, 'tx-1', parts), 'accepted'),
          (error) => error instanceof JournalError && error.moneyMoved === 'no',
        );
      }
      assert.equal(await journal.read(kind, 'tx-1'), undefined);
      assert.equal(await journal.findByReference(kind, 'ref:a'), undefined);
    });

    test('a reference that a later version leaves out still finds its entry, and no other may take it', async (journal, kind) => {
      const first = entryOf(kind, 'tx-1', { references: ['ref:a'] });
      await journal.insert(first, 'accepted');
      await journal.replace(next(first, { references: ['ref:b'] }), 'second attempt');
      assert.equal((await journal.findByReference(kind, 'ref:a'))?.version, 2);
      assert.deepEqual(await journal.insert(entryOf(kind, 'tx-2', { references: ['ref:a'] }), 'accepted'), {
        outcome: 'reference-taken',
        reference: 'ref:a',
      });
    });

    test('of 20 entries that claim one reference at once exactly one gets it', async (journal, kind) => {
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          journal.insert(entryOf(kind, `tx-${index}`, { references: [`own:${index}`, 'ref:a'] }), 'accepted'),
        ),
      );
      const winners = results.flatMap(({ outcome }, index) => (outcome === 'written' ? [index] : []));
      assert.equal(winners.length, 1);
      assert.equal((await journal.findByReference(kind, 'ref:a'))?.id, `tx-${winners[0]}`);
      const loser = winners[0] === 0 ? 1 : 0;
      assert.equal(await journal.findByReference(kind, `own:${loser}`), undefined);
    });

    test('entries whose lease ran out are claimed in the order in which they fell due', async (journal, kind) => {
      await journal.insert(entryOf(kind, 'early', { dueAtMs: NOW_MS - 100 }), 'accepted');
      await journal.claimDue(claimRequest(kind, { leaseMs: 1000 }));
      await journal.insert(entryOf(kind, 'late', { dueAtMs: NOW_MS - 1 }), 'accepted');
      const claims = await journal.claimDue(claimRequest(kind, { nowMs: NOW_MS + 1000, limit: 1 }));
      assert.deepEqual(
        claims.map(({ entry }) => entry.id),
        ['early'],
      );
    });

    test('an entry that is made due under a lease is claimed when the lease ends, and not before', async (journal, kind) => {
      const first = entryOf(kind, 'tx-1', { dueAtMs: NOW_MS });
      await journal.insert(first, 'accepted');
      const [claim] = await journal.claimDue(claimRequest(kind, { leaseMs: 1000 }));
      await journal.replace(next(first, { dueAtMs: NOW_MS + 1 }), 'a callback came');
      assert.deepEqual(await journal.claimDue(claimRequest(kind, { nowMs: NOW_MS + 500 })), []);
      await journal.release(kind, 'tx-1', claim?.fence ?? 0);
      assert.equal((await journal.claimDue(claimRequest(kind, { nowMs: NOW_MS + 500 }))).length, 1);
    });

    test('a refused write ends no lease and moves no due time', async (journal, kind) => {
      const first = entryOf(kind, 'tx-1', { dueAtMs: NOW_MS });
      await journal.insert(first, 'accepted');
      const [claim] = await journal.claimDue(claimRequest(kind));
      const skipping = next(next(first, { dueAtMs: null }));
      const refused = await journal.replace(skipping, 'skips one', { fence: claim?.fence ?? 0 });
      assert.equal(refused.outcome, 'conflict');
      assert.deepEqual(await journal.claimDue(claimRequest(kind)), []);
      assert.equal((await journal.claimDue(claimRequest(kind, { nowMs: NOW_MS + 30_000 }))).length, 1);
    });

    test('a write before a send is written like any other', async (journal, kind) => {
      const first = entryOf(kind, 'tx-1');
      assert.deepEqual(await journal.insert(first, 'sending', { beforeSend: true }), { outcome: 'written' });
      const second = next(first, { state: 'sending' });
      assert.deepEqual(await journal.replace(second, 'sending', { beforeSend: true }), { outcome: 'written' });
      assert.deepEqual(await journal.read(kind, 'tx-1'), second);
    });

    test('entries of one moment are listed by id, and paging repeats and drops none', async (journal, kind) => {
      const ids = ['b', 'a', 'a:1', 'a-1', 'A', 'a.b', 'a_', '0', 'é'];
      for (const id of ids) await journal.insert(entryOf(kind, id), 'accepted');
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await journal.list({ kind, limit: 1, ...(cursor === undefined ? {} : { cursor }) });
        seen.push(...page.entries.map(({ id }) => id));
        cursor = page.cursor;
      } while (cursor !== undefined && seen.length < 20);
      assert.deepEqual(seen, ['0', 'A', 'a', 'a-1', 'a.b', 'a:1', 'a_', 'b', 'é']);
    });

    test('an entry whose tags changed is listed under the new ones only', async (journal, kind) => {
      const first = entryOf(kind, 'tx-1', { tags: ['phone:a', 'batch:1'] });
      await journal.insert(first, 'accepted');
      await journal.replace(next(first, { tags: ['batch:1', 'route:x'] }), 'moved');
      const found = async (tag: string): Promise<number> =>
        (await journal.list({ kind, tag, limit: 10 })).entries.length;
      assert.deepEqual([await found('phone:a'), await found('batch:1'), await found('route:x')], [0, 1, 1]);
    });

    test('old entries at rest go to the archive: out of lists, still known by id and reference', async (journal, kind) => {
      const paid = entryOf(kind, 'paid', { state: 'succeeded', references: ['ref:a'], tags: ['phone:a'] });
      await journal.insert(paid, 'accepted');
      await journal.insert(entryOf(kind, 'fresh', { state: 'succeeded', updatedAtMs: NOW_MS + 10 }), 'accepted');
      await journal.insert(entryOf(kind, 'open', { state: 'pending' }), 'accepted');
      await journal.insert(entryOf(kind, 'due', { state: 'succeeded', dueAtMs: NOW_MS + 5 }), 'accepted');
      assert.equal(await journal.archive(archiveRequest(kind)), 1);
      assert.equal(await journal.archive(archiveRequest(kind)), 0);

      const listed = async (request: object): Promise<string[]> =>
        (await journal.list({ kind, limit: 10, ...request })).entries.map(({ id }) => id);
      assert.deepEqual(await listed({}), ['due', 'fresh', 'open']);
      assert.deepEqual(await listed({ tag: 'phone:a' }), []);
      assert.deepEqual(await listed({ archived: true }), ['paid']);
      assert.deepEqual(await listed({ archived: true, state: 'succeeded', tag: 'phone:a' }), ['paid']);
      assert.deepEqual(await listed({ archived: true, state: 'failed' }), []);
      assert.deepEqual(await journal.read(kind, 'paid'), paid);
      assert.equal((await journal.findByReference(kind, 'ref:a'))?.id, 'paid');
      assert.equal((await journal.history(kind, 'paid')).length, 1);
      assert.deepEqual(await journal.insert(entryOf(kind, 'paid'), 'again'), { outcome: 'exists', entry: paid });
    });

    test('the archive takes no more than it is told to, and any of the states', async (journal, kind) => {
      for (const id of ['a', 'b', 'c'])
        await journal.insert(entryOf(kind, id, { state: id === 'a' ? 'failed' : 'succeeded' }), '');
      const request = { ...archiveRequest(kind), states: ['failed', 'succeeded'], limit: 2 };
      assert.deepEqual([await journal.archive(request), await journal.archive(request)], [2, 1]);
    });

    test('an archived entry that is written again is listed again', async (journal, kind) => {
      const paid = entryOf(kind, 'paid', { state: 'succeeded', tags: ['phone:a'] });
      await journal.insert(paid, 'accepted');
      await journal.archive(archiveRequest(kind));
      assert.deepEqual(await journal.replace(next(paid, { dueAtMs: NOW_MS }), 'reopened'), { outcome: 'written' });
      assert.equal((await journal.list({ kind, tag: 'phone:a', limit: 10 })).entries.length, 1);
      assert.deepEqual((await journal.list({ kind, archived: true, limit: 10 })).entries, []);
      assert.equal((await journal.claimDue(claimRequest(kind))).length, 1);
    });

    test('only what is in the archive can be forgotten, and then nothing of it is left', async (journal, kind) => {
      const paid = entryOf(kind, 'paid', { state: 'succeeded', references: ['ref:a'] });
      await journal.insert(paid, 'accepted');
      await journal.replace(next(paid, { references: ['ref:b'] }), 'paid');
      await journal.insert(entryOf(kind, 'open', { references: ['ref:open'] }), 'accepted');
      await journal.archive(archiveRequest(kind));
      assert.equal(await journal.forget(kind, ['paid', 'open', 'unknown']), 1);
      assert.equal(await journal.read(kind, 'paid'), undefined);
      assert.deepEqual(await journal.history(kind, 'paid'), []);
      assert.equal(await journal.findByReference(kind, 'ref:a'), undefined);
      assert.equal(await journal.findByReference(kind, 'ref:b'), undefined);
      assert.deepEqual((await journal.list({ kind, archived: true, limit: 10 })).entries, []);
      assert.equal((await journal.findByReference(kind, 'ref:open'))?.id, 'open');
      assert.equal((await journal.insert(entryOf(kind, 'paid', { references: ['ref:a'] }), 'anew')).outcome, 'written');
      assert.equal((await journal.history(kind, 'paid')).length, 1);
    });

    test('exports entries with their history as JSON lines', async (journal, kind) => {
      const entries = Array.from({ length: 5 }, (_, index) =>
        entryOf(kind, `tx-${index}`, { createdAtMs: NOW_MS + index }),
      );
      for (const entry of entries) await journal.insert(entry, 'line\nbreak');
      const lines: string[] = [];
      for await (const line of exportJournal(journal, { kind, createdFromMs: NOW_MS + 1, limit: 2 })) lines.push(line);
      assert.ok(lines.every((line) => line.indexOf('\n') === line.length - 1));
      const history = [{ version: 1, atMs: NOW_MS, state: 'created', note: 'line\nbreak' }];
      assert.deepEqual(
        lines.map((line) => JSON.parse(line)),
        entries.slice(1).map((entry) => ({ entry, history })),
      );
    });

    test('a call that was called off before it began changes nothing', async (journal, kind) => {
      const called = journal.insert(entryOf(kind, 'tx-1'), 'accepted', { signal: AbortSignal.abort() });
      await assert.rejects(called, (error) => error instanceof JournalError && error.moneyMoved === 'no');
      assert.equal(await journal.read(kind, 'tx-1'), undefined);
    });

    test('it is sound as long as nothing gives rise to doubt', async (journal, kind) => {
      await journal.insert(entryOf(kind, 'tx-1'), 'accepted');
      assert.equal(journal.safety?.state.verdict ?? 'sound', 'sound');
    });
  });
}

const archiveRequest = (kind: string): ArchiveRequest => ({
  kind,
  states: ['succeeded'],
  updatedBeforeMs: NOW_MS + 5,
  limit: 10,
});

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
