import { expect, it } from 'vitest';
import type { Clock } from './environment.ts';
import { JournalError } from './errors/state.ts';
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

const bookOn = (journal: Journal, clock: Clock = createTurnedClock()): RecordBook<Note> =>
  new RecordBook<Note>({
    journal,
    clock,
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

const three: readonly Note[] = ['a', 'b', 'c'].map((id) => ({ id, version: 1, text: id }));
const textsIn = async (journal: Journal): Promise<unknown[]> =>
  Promise.all(three.map(async ({ id }) => (await bookOn(journal).read(id))?.text));

it('changes every one of many, also the one that somebody else was quicker with', async () => {
  const journal = createMemoryJournal();
  const book = bookOn(journal);
  for (const note of three) await book.insert(note, 'made');
  await bookOn(journal).update(three[1] as Note, 'changed by somebody else', () => ({
    id: 'b',
    version: 2,
    text: 'B',
  }));
  const after = await book.updateEach(three, 1000, 'changed', goOn);
  expect(after.map(({ text }) => text)).toEqual(['a, and on', 'B, and on', 'c, and on']);
  expect(await textsIn(journal)).toEqual(after.map(({ text }) => text));
});

it('changes the others although one may not be changed, and says so', async () => {
  const journal = createMemoryJournal();
  const book = bookOn(journal);
  for (const note of three) await book.insert(note, 'made');
  const changed = book.updateEach(three, 1000, 'changed', (note) => {
    if (note.id === 'b') throw new RangeError('not this one');
    return goOn(note);
  });
  await expect(changed).rejects.toThrow('not this one');
  expect(await textsIn(journal)).toEqual(['a, and on', 'b', 'c, and on']);
});

it('recognises the write of one among many whose answer was lost, and does not change it twice', async () => {
  const memory = createMemoryJournal();
  for (const note of three) await bookOn(memory).insert(note, 'made');
  let lost = false;
  const journal: Journal = {
    ...memory,
    replace: async (entry, ...rest) => {
      const result = await memory.replace(entry, ...rest);
      if (entry.id !== 'c' || lost) return result;
      lost = true;
      throw new JournalError('The answer was lost.', 'maybe');
    },
  };
  const clock = createTurnedClock();
  const after = await clock.runUntil(bookOn(journal, clock).updateEach(three, 1000, 'changed', goOn));
  expect(after.map(({ version }) => version)).toEqual([2, 2, 2]);
  expect(await textsIn(memory)).toEqual(['a, and on', 'b, and on', 'c, and on']);
});

it('tries again while the journal is away, for as long as it may, and then says so', async () => {
  const clock = createTurnedClock();
  const book = bookOn(createMemoryJournal(), clock);
  let tries = 0;
  const away = async (): Promise<never> => {
    tries += 1;
    throw new JournalError('The journal is away.', 'maybe');
  };
  await expect(clock.runUntil(book.insist(10_000, away))).rejects.toMatchObject({ code: 'JOURNAL_UNAVAILABLE' });
  expect(tries).toBeGreaterThan(3);
  expect(clock.monotonicMs()).toBeLessThanOrEqual(10_000);
  expect(clock.pendingTimers).toBe(0);
});

it('tries nothing again that failed for another reason', async () => {
  let tries = 0;
  const failing = bookOn(createMemoryJournal()).insist(10_000, async () => {
    tries += 1;
    throw new RangeError('not this one');
  });
  await expect(failing).rejects.toThrow('not this one');
  expect(tries).toBe(1);
});

it.each([
  ['insert', 'maybe', (book: RecordBook<Note>) => book.insert({ id: 'a', version: 1, text: 'first' }, 'made')],
  ['read', 'no', (book: RecordBook<Note>) => book.read('a')],
] as const)(
  'of a journal that fails in a way of its own, an %s says "%s" of the money',
  async (_, moneyMoved, call) => {
    const failing = (): Promise<never> => Promise.reject(new TypeError('254700123456 is not iterable'));
    const journal: Journal = { ...createMemoryJournal(), insert: failing, read: failing };
    const error = await call(bookOn(journal)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'JOURNAL_UNAVAILABLE', moneyMoved });
    expect(JSON.stringify(error)).not.toContain('254700123456');
  },
);
