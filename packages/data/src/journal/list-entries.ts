import type { JournalEntry, ListPage, ListRequest } from '@canza/core';
import { ALL, ARCHIVED, ofState, ofTag } from './family-keys.ts';
import { formatPosition, parsePosition } from './list-position.ts';

/** A stretch of one list within the index, as ZRANGEBYLEX takes it. */
export interface Stretch {
  readonly from: string;
  readonly to: string;
  readonly limit: number;
  /** Bytes of a member before its id. */
  readonly prefixBytes: number;
}

/** Sixteen digits of time and a colon. */
const POSITION_PREFIX = 17;

/**
 * Reads one page from the narrowest list that holds all that is asked for, and passes over what does not fit: of tag, state and
 * archive, a list is kept for each alone.
 */
export async function listEntries(
  request: ListRequest,
  read: (stretch: Stretch) => Promise<readonly JournalEntry[]>,
): Promise<ListPage> {
  const { state, tag, archived = false, limit } = request;
  const list = archived ? ARCHIVED : tag !== undefined ? ofTag(tag) : state !== undefined ? ofState(state) : ALL;
  const fits = (entry: JournalEntry): boolean =>
    (state === undefined || entry.state === state) && (tag === undefined || entry.tags.includes(tag));
  const prefixBytes = Buffer.byteLength(list) + POSITION_PREFIX;
  const to = endOf(list, request);
  const found: JournalEntry[] = [];
  for (let from = beginningOf(list, request); ; ) {
    // Stretch by stretch until enough of them fit.
    // oxlint-disable-next-line no-await-in-loop
    const entries = await read({ from, to, limit: limit + 1, prefixBytes });
    found.push(...entries.filter(fits));
    const last = entries.at(-1);
    if (found.length > limit || entries.length <= limit || last === undefined) break;
    from = behind(list, formatPosition(last));
  }
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return found.length > limit && last !== undefined
    ? { entries: shown, cursor: formatPosition(last) }
    : { entries: shown };
}

function beginningOf(list: string, { createdFromMs, cursor }: ListRequest): string {
  const time = createdFromMs === undefined ? '' : formatPosition({ createdAtMs: createdFromMs, id: '' });
  const position = cursor === undefined ? '' : formatPosition(parsePosition(cursor));
  return position !== '' && position >= time ? behind(list, position) : `[${list}${time}`;
}

/** A colon sorts behind every digit. */
const endOf = (list: string, { createdBeforeMs }: ListRequest): string =>
  `(${list}${createdBeforeMs === undefined ? ':' : formatPosition({ createdAtMs: createdBeforeMs, id: '' })}`;

const behind = (list: string, position: string): string => `(${list}${position}`;
