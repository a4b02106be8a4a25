import { describe, expect, it } from 'vitest';

import { JournalError } from './errors/state.ts';
import type { JournalEntry } from './journal.ts';
import { checkFirstVersion, checkJournalEntry } from './journal-entry.ts';

const entry: JournalEntry = {
  kind: 'payment',
  id: 'tx-1',
  version: 1,
  state: 'created',
  dueAtMs: null,
  references: ['ref:a'],
  tags: ['phone:x'],
  createdAtMs: 0,
  updatedAtMs: 0,
  body: null,
};

/** What is said of an entry, or `taken`. */
function wordsOf(check: (entry: JournalEntry) => void, parts: Partial<JournalEntry>): string {
  try {
    check({ ...entry, ...parts });
  } catch (error) {
    if (JournalError.isInstance(error) && error.moneyMoved === 'no') return error.message;
    throw error;
  }
  return 'taken';
}

describe('an entry that every store can keep', () => {
  it('is taken: any script, 512 characters, no references', () => {
    for (const parts of [
      {},
      { id: 'Ọlá-🇳🇬' },
      { id: 'x'.repeat(512) },
      { references: [], tags: [] },
      { dueAtMs: 5, version: 9 },
    ]) {
      expect(wordsOf(checkJournalEntry, parts)).toBe('taken');
    }
  });

  it.each<[string, Partial<JournalEntry>, string]>([
    ['an empty kind', { kind: '' }, '"kind" 1 to 512 characters'],
    ['an id of 513 characters', { id: 'x'.repeat(513) }, '"id" 1 to 512 characters'],
    ['a NUL', { id: 'a\0b' }, '"id"'],
    ['half a surrogate pair', { tags: ['\ud83d'] }, '"tags"'],
    ['an empty reference', { references: ['a', ''] }, '"references"'],
    ['an empty state', { state: '' }, '"state"'],
    ['version 0', { version: 0 }, '"version" a whole number from 1'],
    ['a fraction of a millisecond', { dueAtMs: 1.5 }, '"dueAtMs" a whole number from 0'],
    ['no time', { createdAtMs: Number.NaN }, '"createdAtMs"'],
    ['a time before 1970', { updatedAtMs: -1 }, '"updatedAtMs"'],
  ])('has not %s: refused by the name of the field, without the value', (_, parts, words) => {
    const told = wordsOf(checkJournalEntry, parts);
    expect(told).toContain(words);
    expect(told).not.toContain('xxx');
  });

  it('begins at version 1', () => {
    expect(wordsOf(checkFirstVersion, {})).toBe('taken');
    expect(wordsOf(checkFirstVersion, { version: 2 })).toContain('"version" 1 in an entry that is inserted');
  });
});
