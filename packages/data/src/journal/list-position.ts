import { JournalError } from '@canza/core';

/** A place in the order of `list`: behind the entry of that time and id. */
export interface ListPosition {
  readonly createdAtMs: number;
  readonly id: string;
}

const TIME_DIGITS = 16;
const CURSOR = /^\d{16}:/;

/** The position as text that sorts as the list does: sixteen digits of the time, a colon, the id. */
export const formatPosition = ({ createdAtMs, id }: ListPosition): string =>
  `${String(createdAtMs).padStart(TIME_DIGITS, '0')}:${id}`;

/**
 * Reads a cursor that `list` gave out.
 * @throws JournalError with `moneyMoved: 'no'` when it is none.
 */
export function parsePosition(cursor: string): ListPosition {
  if (!CURSOR.test(cursor)) throw new JournalError('A list begins at a cursor that an earlier page gave out.', 'no');
  return { createdAtMs: Number(cursor.slice(0, TIME_DIGITS)), id: cursor.slice(TIME_DIGITS + 1) };
}
