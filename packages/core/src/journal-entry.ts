import { JournalError } from './errors/state.ts';
import type { JournalEntry } from './journal.ts';

const LONGEST_TEXT = 512;

/**
 * Refuses an entry that not every store can keep and index, before anything is written.
 * @throws JournalError with `moneyMoved: 'no'`, naming the field and what was expected, never its value.
 */
export function checkJournalEntry(entry: JournalEntry): void {
  checkText('kind', entry.kind);
  checkText('id', entry.id);
  checkText('state', entry.state);
  for (const reference of entry.references) checkText('references', reference);
  for (const tag of entry.tags) checkText('tags', tag);
  checkCount('version', entry.version, 1);
  checkCount('createdAtMs', entry.createdAtMs, 0);
  checkCount('updatedAtMs', entry.updatedAtMs, 0);
  if (entry.dueAtMs !== null) checkCount('dueAtMs', entry.dueAtMs, 0);
}

/**
 * The same, for an entry that is to be inserted: it begins at version 1.
 * @throws JournalError with `moneyMoved: 'no'`.
 */
export function checkFirstVersion(entry: JournalEntry): void {
  checkJournalEntry(entry);
  if (entry.version !== 1) refuse('version', '1 in an entry that is inserted');
}

function checkText(field: string, text: string): void {
  if (text.length > 0 && text.length <= LONGEST_TEXT && !text.includes('\0') && text.isWellFormed()) return;
  refuse(field, `1 to ${LONGEST_TEXT} characters of well-formed text without NUL`);
}

function checkCount(field: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) refuse(field, `a whole number from ${least}`);
}

function refuse(field: string, expected: string): never {
  throw new JournalError(`The journal does not take this entry: expected in "${field}" ${expected}.`, 'no');
}
