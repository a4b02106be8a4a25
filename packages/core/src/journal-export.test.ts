import { describe, expect, it, vi } from 'vitest';

import type { JournalEntry } from './journal.ts';
import { exportJournal } from './journal-export.ts';
import { createMemoryJournal } from './memory/journal.ts';

const entryOf = (id: string, createdAtMs: number): JournalEntry => ({
  kind: 'payment',
  id,
  version: 1,
  state: 'created',
  dueAtMs: null,
  references: [],
  tags: [],
  createdAtMs,
  updatedAtMs: createdAtMs,
  body: { id },
});

describe('an export', () => {
  it('is one line of JSON an entry, with its history, over every page, and holds what was asked for', async () => {
    const journal = createMemoryJournal();
    for (let index = 0; index < 7; index++) await journal.insert(entryOf(`tx-${index}`, index), 'accepted');
    const lines: string[] = [];
    for await (const line of exportJournal(journal, { kind: 'payment', limit: 2, createdFromMs: 1 })) lines.push(line);
    expect(lines.every((line) => line.endsWith('}\n') && !line.slice(0, -1).includes('\n'))).toBe(true);
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      [1, 2, 3, 4, 5, 6].map((index) => ({
        entry: entryOf(`tx-${index}`, index),
        history: [{ version: 1, atMs: index, state: 'created', note: 'accepted' }],
      })),
    );
  });

  it('begins where a cursor says, reads 100 at a time, and passes on how long it may wait', async () => {
    const journal = createMemoryJournal();
    for (let index = 0; index < 3; index++) await journal.insert(entryOf(`tx-${index}`, index), 'accepted');
    const { cursor } = await journal.list({ kind: 'payment', limit: 1 });
    const list = vi.spyOn(journal, 'list');
    const { signal } = new AbortController();
    const lines: string[] = [];
    for await (const line of exportJournal(journal, { kind: 'payment', cursor: cursor ?? '', signal, timeoutMs: 5 }))
      lines.push(line);
    expect(lines).toHaveLength(2);
    expect(list.mock.calls).toEqual([
      [
        { kind: 'payment', cursor, limit: 100 },
        { signal, timeoutMs: 5 },
      ],
    ]);
  });

  it('ends with the journal’s own error', async () => {
    const lines = exportJournal(createMemoryJournal(), { kind: 'payment', signal: AbortSignal.abort() });
    await expect(lines.next()).rejects.toMatchObject({ code: 'JOURNAL_UNAVAILABLE' });
  });
});
