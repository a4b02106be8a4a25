import { expect, it } from 'vitest';
import type { Journal } from './journal.ts';
import { createMemoryJournal } from './memory/journal.ts';
import { RecordBook } from './record-book.ts';
import { silentLogger } from './system/logger.ts';
import { createTurnedClock } from './testing/turned-clock.ts';

interface Note {
  readonly id: string;
  readonly version: number;
  readonly text: string;
}

const bookOn = (journal: Journal): RecordBook<Note> =>
  new RecordBook<Note>({
    journal,
    clock: createTurnedClock(),
    logger: silentLogger,
    journalTimeoutMs: 1000,
    kind: 'note',
    noun: 'note',
    entryOf: ({ id }) => ({
      id,
      state: 'open',
      dueAtMs: null,
      references: [],
      tags: [],
      createdAtMs: 0,
      updatedAtMs: 0,
    }),
  });

const goOn = ({ id, version, text }: Note): Note => ({ id, version: version + 1, text: `${text}, and on` });

it('writes no change of a lost version over another one that has its number by now', async () => {
  const journal = createMemoryJournal();
  const book = bookOn(journal);
  const first: Note = { id: 'a', version: 1, text: 'first' };
  const lost: Note = { id: 'a', version: 2, text: 'lost' };
  await book.insert(first, 'made');
  await book.update(first, 'changed by somebody else', () => ({ ...lost, text: 'standing' }));
  journal.suspect(0, 'a replica took over', [{ kind: 'note', id: 'a', version: 2 }]);
  expect(await book.update(lost, 'changed', goOn)).toEqual({ id: 'a', version: 3, text: 'standing, and on' });
  expect((await book.read('a'))?.text).toBe('standing, and on');
});

it('writes no change of a lost version over one that is put there while it looks', async () => {
  const memory = createMemoryJournal();
  const standing: Note = { id: 'a', version: 1, text: 'standing' };
  const journal: Journal = {
    ...memory,
    read: async (...args) => {
      const found = await memory.read(...args);
      await bookOn(memory).insert(standing, 'made by somebody else');
      return found;
    },
  };
  memory.suspect(0, 'a replica took over', [{ kind: 'note', id: 'a', version: 1 }]);
  const lost: Note = { id: 'a', version: 1, text: 'lost' };
  await expect(bookOn(journal).update(lost, 'changed', goOn)).rejects.toMatchObject({ code: 'JOURNAL_UNAVAILABLE' });
  expect(await bookOn(memory).read('a')).toEqual(standing);
});
