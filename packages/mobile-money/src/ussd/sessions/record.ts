import type { PaymentIntent } from '../effects/payments.ts';
import { NOTICES, type Notice, type SessionState } from '../state.ts';

/** What is kept of one session between two hops. Written whole, over the version that was read. */
export interface SessionRecord {
  /** The code dialled. */
  readonly serviceCode: string;
  readonly startedAtMs: number;
  /** Milliseconds from the start to the last hop that was answered. */
  readonly elapsedMs: number;
  readonly hops: number;
  /** `superseded`: the payer dialled again and went on there. */
  readonly status: 'open' | 'closed' | 'superseded';
  /** The session that superseded this one; empty for none. */
  readonly successor: string;
  /** What the last answered hop is known by: its text, or the gateway's mark. */
  readonly acknowledged: string;
  /** The screen that was answered with, to be given again when the hop is repeated. */
  readonly reply: string;
  readonly state: SessionState;
  /** The payment that the closing screen promised. */
  readonly intent?: PaymentIntent;
}

/*
 * A record is written at every hop and read only when another process, or another life of this one, wrote it. So it is joined
 * text, which costs a tenth of JSON: fields are separated by control characters, and no text that gets here holds any.
 * What is rare (data, draft, intent) is JSON, which escapes them.
 */
const FIELD = '\u001e';
const PART = '\u001f';
const FORMAT = '1';
const FIELDS = 21;

export function encodeRecord(record: SessionRecord): string {
  const { state } = record;
  let answers = '';
  for (const name in state.answers) answers += name + PART + (state.answers[name] ?? '') + PART;
  return (
    FORMAT +
    FIELD +
    record.startedAtMs +
    FIELD +
    record.elapsedMs +
    FIELD +
    record.hops +
    FIELD +
    record.status +
    FIELD +
    record.acknowledged +
    FIELD +
    record.reply +
    FIELD +
    state.phone +
    FIELD +
    state.network +
    FIELD +
    state.language +
    FIELD +
    state.at +
    FIELD +
    state.page +
    FIELD +
    state.misses +
    FIELD +
    state.notice +
    FIELD +
    state.depth +
    FIELD +
    state.trail +
    FIELD +
    answers +
    FIELD +
    (state.data === undefined && state.draft === undefined && state.banner === undefined
      ? ''
      : JSON.stringify({ data: state.data, draft: state.draft, banner: state.banner })) +
    FIELD +
    (record.intent === undefined ? '' : JSON.stringify(record.intent)) +
    FIELD +
    record.serviceCode +
    FIELD +
    record.successor
  );
}

/** Reads what {@link encodeRecord} wrote; `undefined` for anything else. */
export function decodeRecord(text: string): SessionRecord | undefined {
  const fields = text.split(FIELD);
  if (fields.length !== FIELDS || fields[0] !== FORMAT) return undefined;
  const at = (index: number): string => fields[index] as string;
  const parts = at(16).split(PART);
  const answers: Record<string, string> = {};
  for (let index = 0; index + 1 < parts.length; index += 2)
    answers[parts[index] as string] = parts[index + 1] as string;
  const rare = readJson(at(17));
  const intent = readJson(at(18));
  const numbers = [at(1), at(2), at(3), at(11), at(12), at(14)].map(Number);
  const [startedAtMs = 0, elapsedMs = 0, hops = 0, page = 0, misses = 0, depth = 0] = numbers;
  if (rare === BROKEN || intent === BROKEN || !isStatus(at(4)) || numbers.some((value) => !Number.isFinite(value))) {
    return undefined;
  }
  return {
    serviceCode: at(19),
    successor: at(20),
    startedAtMs,
    elapsedMs,
    hops,
    status: at(4) as SessionRecord['status'],
    acknowledged: at(5),
    reply: at(6),
    state: {
      phone: at(7),
      network: at(8),
      language: at(9),
      at: at(10),
      page,
      misses,
      notice: NOTICES.includes(at(13) as Notice) ? (at(13) as Notice) : 'none',
      depth,
      trail: at(15),
      answers,
      ...(rare as Pick<SessionState, 'data' | 'draft' | 'banner'> | undefined),
    },
    ...(intent === undefined ? {} : { intent: intent as PaymentIntent }),
  };
}

const isStatus = (text: string): boolean => text === 'open' || text === 'closed' || text === 'superseded';

/** Told apart from every value that JSON can hold. */
const BROKEN = Symbol('broken');

function readJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return BROKEN;
  }
}
