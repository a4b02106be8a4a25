import type { SessionRecord } from './sessions/record.ts';

/** One request of a gateway, in words that are the same for all of them. */
export interface Hop {
  /** As the gateway spells it. */
  readonly sessionId: string;
  /** E.164 with a plus. */
  readonly phone: string;
  /** The code dialled: `*384#`. Empty where the gateway does not tell. */
  readonly serviceCode: string;
  /**
   * `accumulated`: every entry so far, joined with `*`, comes each time.
   * `last`: only the newest one.
   */
  readonly input: 'accumulated' | 'last';
  readonly text: string;
  /** What the gateway says of it; left out where it says nothing. */
  readonly isNew?: boolean;
  /** A number or id that the gateway gives to each hop, and repeats when it repeats the hop. */
  readonly mark?: string;
  /** Entries dialled behind the code, where a `last` gateway tells them apart. */
  readonly dialled?: readonly string[];
  readonly network?: string;
  readonly language?: string;
}

/** What a hop is to the session it belongs to. */
export type Meaning =
  /** The session begins; `dialled` are the entries behind the code. */
  | { readonly kind: 'first'; readonly dialled: readonly string[] }
  | { readonly kind: 'entry'; readonly entry: string }
  /** Answered before, or older than what was answered last: the stored screen again, and nothing happens. */
  | { readonly kind: 'repeat' }
  | { readonly kind: 'unreadable'; readonly reason: 'unknown-session' | 'history-mismatch' };

const REPEAT: Meaning = { kind: 'repeat' };
const FIRST: Meaning = { kind: 'first', dialled: [] };
const UNKNOWN: Meaning = { kind: 'unreadable', reason: 'unknown-session' };
const MISMATCH: Meaning = { kind: 'unreadable', reason: 'history-mismatch' };
const STAR = 42;

/** Entries dialled behind the code that are heeded at most. */
const MOST_DIALLED = 12;

export interface RepeatWindow {
  /**
   * Milliseconds in which an equal entry of a gateway without marks counts as the same hop once more. Nobody types, sends and
   * reads two screens faster; 0 turns it off. Source: docs/ussd.md#repeated-hops (not confirmed for any gateway)
   */
  readonly repeatWindowMs: number;
}

/** A gateway that got no answer to a start tries again within its own time-out; later it is somebody who dials again. */
const START_REPEATED_WITHIN_MS = 15_000;

/** Reads a hop against what was acknowledged last. Pure. */
export function meaningOf(hop: Hop, record: SessionRecord | undefined, nowMs: number, window: RepeatWindow): Meaning {
  if (record === undefined) {
    if (hop.isNew === false) return UNKNOWN;
    if (hop.input === 'last') return hop.dialled === undefined ? FIRST : { kind: 'first', dialled: hop.dialled };
    return hop.text === '' ? FIRST : { kind: 'first', dialled: hop.text.split('*').slice(0, MOST_DIALLED) };
  }
  return hop.input === 'accumulated'
    ? accumulatedMeaning(hop.text, record.acknowledged)
    : lastMeaning(hop, record, nowMs, window);
}

/** Only what stands behind the acknowledged text is new; so a `*` inside an entry cannot shift what came before it. */
function accumulatedMeaning(text: string, acknowledged: string): Meaning {
  if (text === acknowledged) return REPEAT;
  if (acknowledged === '') return { kind: 'entry', entry: text };
  const known = acknowledged.length;
  if (text.length > known && text.charCodeAt(known) === STAR && text.startsWith(acknowledged)) {
    return { kind: 'entry', entry: text.slice(known + 1) };
  }
  const isOlder = text === '' || (acknowledged.charCodeAt(text.length) === STAR && acknowledged.startsWith(text));
  return isOlder ? REPEAT : MISMATCH;
}

function lastMeaning(hop: Hop, record: SessionRecord, nowMs: number, { repeatWindowMs }: RepeatWindow): Meaning {
  if (hop.isNew === true) {
    const window = record.hops === 1 ? START_REPEATED_WITHIN_MS : repeatWindowMs;
    const isSameStart = nowMs - record.startedAtMs < window;
    return isSameStart && record.status !== 'superseded' ? REPEAT : { kind: 'first', dialled: hop.dialled ?? [] };
  }
  if (hop.mark !== undefined) {
    const isOlder = hop.mark === record.acknowledged || isEarlierNumber(hop.mark, record.acknowledged);
    return isOlder ? REPEAT : { kind: 'entry', entry: hop.text };
  }
  const isSoon = nowMs - record.startedAtMs - record.elapsedMs < repeatWindowMs;
  return isSoon && record.hops > 1 && hop.text === record.acknowledged ? REPEAT : { kind: 'entry', entry: hop.text };
}

const NUMBER = /^\d{1,15}$/;
const isEarlierNumber = (mark: string, acknowledged: string): boolean =>
  NUMBER.test(mark) && NUMBER.test(acknowledged) && Number(mark) < Number(acknowledged);

/** What to remember of a hop, to know it again. */
export const acknowledgementOf = (hop: Hop): string => hop.mark ?? hop.text;

/** Longest text of a hop that is read at all. */
export const LONGEST_TEXT = 2_000;
/** Longest entry that is given to a screen. */
export const LONGEST_ENTRY = 64;

/** Whether a text holds what no handset can send over USSD: control characters, or characters beyond UCS-2 such as emoji. */
export function isUnsendable(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0xd800 && code < 0xe000) || code === 0xfffd)
      return true;
  }
  return false;
}

const OTHER_DIGITS = /[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g;

/** An entry as screens read it: trimmed, with full-width and Arabic-Indic digits as plain ones. */
export function normaliseEntry(entry: string): string {
  return isPlainEntry(entry) ? entry : entry.trim().replace(OTHER_DIGITS, (digit) => String(digit.charCodeAt(0) & 0xf));
}

/** Nearly every entry is a few ASCII characters, with no blank around them. */
function isPlainEntry(entry: string): boolean {
  const last = entry.length - 1;
  if (last >= 0 && (entry.charCodeAt(0) === 0x20 || entry.charCodeAt(last) === 0x20)) return false;
  for (let index = 0; index <= last; index++) if (entry.charCodeAt(index) > 0x7f) return false;
  return true;
}
