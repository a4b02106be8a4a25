import type { PaymentIntent } from '../effects/payments.ts';
import { NOTICES, type Notice, type SessionState } from '../state.ts';

/** What is kept of one session between two hops. Written whole, over the version that was read. */
export interface SessionRecord {
  readonly startedAtMs: number;
  /** The code dialled. */
  readonly serviceCode: string;
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
  const { state, intent } = record;
  let answers = '';
  for (const name in state.answers) answers += name + PART + (state.answers[name] ?? '') + PART;
  const isRare = state.data !== undefined || state.draft !== undefined || state.banner !== undefined;
  // Joined in one go: a text that grows piece by piece keeps every piece in memory as long as it is stored.
  return [
    FORMAT,
    record.startedAtMs,
    record.serviceCode,
    record.elapsedMs,
    record.hops,
    record.status,
    record.successor,
    record.acknowledged,
    record.reply,
    state.phone,
    state.network,
    state.language,
    state.at,
    state.page,
    state.misses,
    state.notice,
    state.depth,
    state.trail,
    answers,
    isRare ? JSON.stringify({ data: state.data, draft: state.draft, banner: state.banner }) : '',
    intent === undefined ? '' : JSON.stringify(intent),
  ].join(FIELD);
}

/** Reads what {@link encodeRecord} wrote; `undefined` for anything else. */
export function decodeRecord(text: string): SessionRecord | undefined {
  const fields = text.split(FIELD);
  if (fields.length !== FIELDS || fields[0] !== FORMAT) return undefined;
  const at = (index: number): string => fields[index] as string;
  const parts = at(18).split(PART);
  const answers: Record<string, string> = {};
  for (let index = 0; index + 1 < parts.length; index += 2)
    answers[parts[index] as string] = parts[index + 1] as string;
  const rare = readJson(at(19));
  const intent = readJson(at(20));
  const numbers = [at(1), at(3), at(4), at(13), at(14), at(16)].map(Number);
  const [startedAtMs = 0, elapsedMs = 0, hops = 0, page = 0, misses = 0, depth = 0] = numbers;
  const isSound = isStatus(at(5)) && rare !== BROKEN && intent !== BROKEN && numbers.every(Number.isFinite);
  if (!isSound) return undefined;
  return {
    startedAtMs,
    serviceCode: at(2),
    elapsedMs,
    hops,
    status: at(5) as SessionRecord['status'],
    successor: at(6),
    acknowledged: at(7),
    reply: at(8),
    state: {
      phone: at(9),
      network: at(10),
      language: at(11),
      at: at(12),
      page,
      misses,
      notice: NOTICES.includes(at(15) as Notice) ? (at(15) as Notice) : 'none',
      depth,
      trail: at(17),
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
