import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

import { describeJournal } from '../contracts/index.ts';
import { JournalError } from '../errors/state.ts';
import type { JournalEntry } from '../journal.ts';
import { createMemoryJournal } from './journal.ts';

describeJournal({ describe, it }, 'the journal in memory', { create: async () => createMemoryJournal() });

const entryOf = (id: string, parts: Partial<JournalEntry> = {}): JournalEntry => ({
  kind: 'payment',
  id,
  version: 1,
  state: 'created',
  dueAtMs: null,
  references: [],
  tags: [],
  createdAtMs: 0,
  updatedAtMs: 0,
  body: { id },
  ...parts,
});

describe('the journal in memory', () => {
  it('refuses that what was handed over is modified afterwards', async () => {
    const journal = createMemoryJournal();
    const body = { status: 'created', attempts: [{ number: 1 }] };
    await journal.insert(entryOf('tx-1', { body }), 'accepted');
    expect(() => {
      body.attempts[0]!.number = 2;
    }).toThrow(TypeError);
    expect(() => body.attempts.push({ number: 2 })).toThrow(TypeError);
  });

  it('takes over parts that were frozen before, as the versions of a record share them', async () => {
    const journal = createMemoryJournal();
    const evidence = [{ detail: 'asked' }];
    await journal.insert(entryOf('tx-1', { body: { evidence } }), 'accepted');
    const next = entryOf('tx-1', { version: 2, body: { evidence: [...evidence, { detail: 'again' }] } });
    expect(await journal.replace(next, 'again')).toEqual({ outcome: 'written' });
    expect(await journal.read('payment', 'tx-1')).toEqual(next);
  });

  it.each<[string, unknown, string]>([
    ['undefined', { attempts: [{ receipt: undefined }] }, 'entry.body.attempts.0.receipt is undefined'],
    ['a bigint', { amountMinor: 5n }, 'entry.body.amountMinor is bigint'],
    ['a function', { next: () => 1 }, 'entry.body.next is function'],
    ['NaN', { at: Number.NaN }, 'entry.body.at is NaN'],
    ['Infinity', [Infinity], 'entry.body.0 is Infinity'],
    ['a Date', { at: new Date(0) }, 'entry.body.at is an object with a class of its own'],
    ['a Map', new Map(), 'entry.body is an object with a class of its own'],
    ['bytes', { raw: new Uint8Array(1) }, 'entry.body.raw is an object with a class of its own'],
  ])(
    'refuses a body with %s in it, which a journal on a server would give back as something else',
    async (_, body, words) => {
      const journal = createMemoryJournal();
      const refused = journal.insert(entryOf('tx-1', { body, references: ['ref:a'], dueAtMs: 0 }), 'accepted');
      await expect(refused).rejects.toThrow(words);
      await expect(refused).rejects.toMatchObject({ code: 'JOURNAL_UNAVAILABLE', moneyMoved: 'no' });
      expect(await journal.read('payment', 'tx-1')).toBeUndefined();
      expect(await journal.findByReference('payment', 'ref:a')).toBeUndefined();
      expect(await journal.claimDue({ kind: 'payment', owner: 'o', nowMs: 5, leaseMs: 5, limit: 5 })).toEqual([]);

      await journal.insert(entryOf('tx-2', { references: ['ref:b'] }), 'accepted');
      await expect(journal.replace(entryOf('tx-2', { version: 2, body }), 'x')).rejects.toBeInstanceOf(JournalError);
      expect((await journal.read('payment', 'tx-2'))?.version).toBe(1);
      expect(await journal.history('payment', 'tx-2')).toHaveLength(1);
    },
  );

  it('refuses a body that goes round in a circle', async () => {
    const body: { self?: unknown } = {};
    body.self = body;
    await expect(createMemoryJournal().insert(entryOf('tx-1', { body }), 'x')).rejects.toThrow('nested too deep');
  });

  it('does nothing for a caller who has called off', async () => {
    const journal = createMemoryJournal();
    const signal = AbortSignal.abort();
    const calls = [
      journal.insert(entryOf('tx-1'), 'x', { signal }),
      journal.replace(entryOf('tx-1', { version: 2 }), 'x', { signal }),
      journal.read('payment', 'tx-1', { signal }),
      journal.findByReference('payment', 'r', { signal }),
      journal.claimDue({ kind: 'payment', owner: 'o', nowMs: 0, leaseMs: 1, limit: 1 }, { signal }),
      journal.release('payment', 'tx-1', 1, { signal }),
      journal.list({ kind: 'payment', limit: 1 }, { signal }),
      journal.history('payment', 'tx-1', { signal }),
      journal.archive({ kind: 'payment', states: [], updatedBeforeMs: 0, limit: 1 }, { signal }),
      journal.forget('payment', [], { signal }),
    ];
    for (const result of await Promise.allSettled(calls)) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'JOURNAL_UNAVAILABLE', moneyMoved: 'no' } });
    }
    expect(journal.size).toBe(0);
  });

  it('says how many entries it holds, of all kinds', async () => {
    const journal = createMemoryJournal();
    await journal.insert(entryOf('tx-1'), 'x');
    await journal.insert(entryOf('tx-1', { kind: 'settlement' }), 'x');
    expect(journal.size).toBe(2);
  });

  it('lists in order also when entries come out of order, change their time or are forgotten', async () => {
    const journal = createMemoryJournal();
    const idsOf = async (): Promise<string[]> =>
      (await journal.list({ kind: 'payment', limit: 100 })).entries.map(({ id }) => id);
    for (const [id, createdAtMs] of [
      ['b', 2],
      ['c', 3],
      ['a', 1],
    ] as const)
      await journal.insert(entryOf(id, { createdAtMs }), 'x');
    expect(await idsOf()).toEqual(['a', 'b', 'c']);
    await journal.insert(entryOf('d', { createdAtMs: 4 }), 'x');
    expect(await idsOf()).toEqual(['a', 'b', 'c', 'd']);
    await journal.replace(entryOf('a', { version: 2, createdAtMs: 9 }), 'x');
    expect(await idsOf()).toEqual(['b', 'c', 'd', 'a']);
    await journal.archive({ kind: 'payment', states: ['created'], updatedBeforeMs: 1, limit: 1 });
    await journal.forget('payment', ['b']);
    expect(await idsOf()).toHaveLength(3);
  });

  it('pages through any entries as through a sorted and filtered array', async () => {
    const entries = fc.uniqueArray(
      fc.record({
        id: fc.stringMatching(/^[a-c:_-]{1,3}$/),
        createdAtMs: fc.integer({ min: 0, max: 4 }),
        state: fc.constantFrom('pending', 'failed'),
        tags: fc.constantFrom<string[]>([], ['x'], ['x', 'y']),
      }),
      { selector: ({ id }) => id, maxLength: 20 },
    );
    const filter = fc.record(
      {
        state: fc.constantFrom('pending', 'failed'),
        tag: fc.constantFrom('x', 'y'),
        createdFromMs: fc.integer({ min: 0, max: 5 }),
        createdBeforeMs: fc.integer({ min: 0, max: 5 }),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(entries, filter, fc.integer({ min: 1, max: 5 }), async (all, wanted, limit) => {
        const journal = createMemoryJournal();
        for (const parts of all) await journal.insert(entryOf(parts.id, parts), 'x');
        const listed: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await journal.list({
            kind: 'payment',
            limit,
            ...wanted,
            ...(cursor === undefined ? {} : { cursor }),
          });
          expect(page.entries.length > 0 || cursor === undefined).toBe(true);
          listed.push(...page.entries.map(({ id }) => id));
          cursor = page.cursor;
        } while (cursor !== undefined);
        const expected = all
          .filter(
            ({ state, tags, createdAtMs }) =>
              (wanted.state === undefined || state === wanted.state) &&
              (wanted.tag === undefined || tags.includes(wanted.tag)) &&
              (wanted.createdFromMs === undefined || createdAtMs >= wanted.createdFromMs) &&
              (wanted.createdBeforeMs === undefined || createdAtMs < wanted.createdBeforeMs),
          )
          .toSorted((left, right) => left.createdAtMs - right.createdAtMs || (left.id < right.id ? -1 : 1))
          .map(({ id }) => id);
        expect(listed).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps a lease also for a claimer whose clock is slow', async () => {
    const journal = createMemoryJournal();
    for (const id of ['a', 'b']) await journal.insert(entryOf(id, { dueAtMs: 0 }), 'x');
    const claim = (nowMs: number, limit: number) =>
      journal.claimDue({ kind: 'payment', owner: 'o', nowMs, leaseMs: 1000, limit });
    await claim(0, 2);
    // A quick clock sees both leases ended and takes one; by the slow clock the other goes on.
    expect(await claim(1000, 1)).toHaveLength(1);
    expect(await claim(500, 2)).toEqual([]);
    expect(await claim(1000, 2)).toHaveLength(1);
  });

  it('gives out a later fence each time, for each entry', async () => {
    const journal = createMemoryJournal();
    await journal.insert(entryOf('a', { dueAtMs: 0 }), 'x');
    const fences: number[] = [];
    for (let nowMs = 0; nowMs < 5000; nowMs += 1000) {
      const [claim] = await journal.claimDue({ kind: 'payment', owner: 'o', nowMs, leaseMs: 1000, limit: 1 });
      fences.push(claim?.fence ?? 0);
    }
    expect(fences).toEqual([...new Set(fences)].toSorted((left, right) => left - right));
    expect(fences).toHaveLength(5);
  });

  it('plays a failover, and tells whoever listens', async () => {
    const journal = createMemoryJournal();
    const told = vi.fn<(state: unknown) => void>();
    const stop = journal.safety.onChange(told);
    journal.suspect(7, 'the server failed over');
    expect(journal.safety.state).toEqual({ verdict: 'suspect', sinceMs: 7, why: 'the server failed over', lost: [] });
    journal.suspect(9, 'again', [{ kind: 'payment', id: 'tx-1', version: 2 }]);
    expect(journal.safety.state).toMatchObject({ sinceMs: 7, lost: [{ id: 'tx-1' }] });
    await journal.safety.reconciled('compared with the statement');
    await journal.safety.reconciled('once more');
    expect(told.mock.calls.map(([state]) => (state as { verdict: string }).verdict)).toEqual([
      'suspect',
      'suspect',
      'sound',
    ]);
    stop();
    journal.suspect(11, 'later');
    expect(told).toHaveBeenCalledTimes(3);
  });
});
