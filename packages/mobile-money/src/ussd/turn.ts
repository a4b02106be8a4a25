import type { CompiledMenu } from './compile.ts';
import { type PaymentRequest, planPayment } from './effects/payments.ts';
import {
  acknowledgementOf,
  type Hop,
  isUnsendable,
  LONGEST_ENTRY,
  LONGEST_TEXT,
  meaningOf,
  normaliseEntry,
} from './hop.ts';
import { misread, step } from './machine.ts';
import type { SessionRecord } from './sessions/record.ts';
import type { SessionState } from './state.ts';
import type { EndStep, LoadStep, ScreenStep, Step } from './steps.ts';

/** Why a hop was answered with a closing screen instead of the menu's. */
export type RefusalReason =
  | 'missing-field'
  | 'too-long'
  | 'unsendable-characters'
  | 'unknown-session'
  | 'history-mismatch'
  | 'phone-mismatch'
  | 'expired'
  | 'over'
  | 'busy'
  | 'failed'
  | 'shutting-down';

/** Milliseconds, all of them. Source: docs/ussd.md#times */
export interface SessionTimes {
  /** A whole session, from the first hop. */
  readonly sessionMs: number;
  /** Between two hops. */
  readonly idleMs: number;
  /** How long after its last hop an unfinished session may be taken up again; 0 for never. */
  readonly resumeMs: number;
  /** In which an equal entry counts as the same hop, where a gateway gives hops no number. */
  readonly repeatWindowMs: number;
  /** One look-up of a menu's data. */
  readonly loadMs: number;
  /** From the closing screen to the start of the payment. */
  readonly paymentDelayMs: number;
  /** A payment that could not be started for so long is not started any more. */
  readonly startWithinMs: number;
}

export interface TurnContext {
  readonly compiled: CompiledMenu;
  readonly times: SessionTimes;
  readonly keyOf: (sessionId: string) => string;
  /** Whose wallets are behind each network code. */
  readonly operators: ReadonlyMap<string, string>;
}

/** What is to be done about a hop. */
export type Turn =
  /** Answered before. */
  | { readonly kind: 'repeat'; readonly record: SessionRecord }
  /** In the session's language, where it is known. */
  | { readonly kind: 'refuse'; readonly reason: RefusalReason; readonly language: string | undefined }
  | { readonly kind: 'begin'; readonly dialled: readonly string[] }
  /** The entry leads to a screen whose data has to be looked up. */
  | { readonly kind: 'load'; readonly waiting: LoadStep; readonly record: SessionRecord }
  | { readonly kind: 'write'; readonly record: SessionRecord };

/** Reads a hop against what is stored and takes one step. Pure, so that whoever loses a race simply takes it again. */
export function takeTurn(context: TurnContext, hop: Hop, record: SessionRecord | undefined, nowMs: number): Turn {
  if (hop.text.length > LONGEST_TEXT) return refusal('too-long', hop, record);
  if (record !== undefined && record.state.phone !== hop.phone) return refusal('phone-mismatch', hop, undefined);
  const meaning = meaningOf(hop, record, nowMs, context.times);
  switch (meaning.kind) {
    case 'first':
      if (meaning.dialled.some(isUnsendable)) return refusal('unsendable-characters', hop, undefined);
      return { kind: 'begin', dialled: meaning.dialled };
    case 'unreadable':
      return refusal(meaning.reason, hop, record);
    case 'repeat':
      return record === undefined ? { kind: 'begin', dialled: [] } : { kind: 'repeat', record };
    case 'entry':
      break;
  }
  return record === undefined ? { kind: 'begin', dialled: [] } : takeEntry(context, hop, record, meaning.entry, nowMs);
}

function takeEntry(context: TurnContext, hop: Hop, record: SessionRecord, entry: string, nowMs: number): Turn {
  const { times, compiled } = context;
  if (record.status !== 'open') return refusal('over', hop, record);
  const elapsedMs = nowMs - record.startedAtMs;
  if (elapsedMs > times.sessionMs || elapsedMs - record.elapsedMs > times.idleMs)
    return refusal('expired', hop, record);
  if (isUnsendable(entry)) return refusal('unsendable-characters', hop, record);
  const taken = enter(compiled, record.state, entry);
  return taken.kind === 'load'
    ? { kind: 'load', waiting: taken, record }
    : { kind: 'write', record: recordOf(context, hop, taken, record, nowMs) };
}

/** One entry on a screen, as the payer typed it. */
export function enter(compiled: CompiledMenu, state: SessionState, entry: string): Step {
  const clean = normaliseEntry(entry);
  return clean.length > LONGEST_ENTRY ? misread(compiled, state) : step(compiled, state, clean);
}

/**
 * The record after a step; `before` is left out for the first of a session.
 * @throws InvalidRequestError when the step pays, and what it pays is no payment.
 */
export function recordOf(
  { keyOf, times, operators }: TurnContext,
  hop: Hop,
  taken: ScreenStep | EndStep,
  before: SessionRecord | undefined,
  nowMs: number,
): SessionRecord {
  const startedAtMs = before?.startedAtMs ?? nowMs;
  const isOver = taken.kind === 'end';
  const effect = isOver ? taken.effects[0] : undefined;
  const record: SessionRecord = {
    startedAtMs,
    serviceCode: before?.serviceCode ?? hop.serviceCode,
    elapsedMs: nowMs - startedAtMs,
    hops: (before?.hops ?? 0) + 1,
    status: isOver ? 'closed' : 'open',
    successor: '',
    acknowledged: acknowledgementOf(hop),
    reply: taken.text,
    state: isOver && effect === undefined ? withoutAnswers(taken.state) : taken.state,
  };
  if (effect === undefined) return record;
  const { paymentDelayMs: delayMs, startWithinMs } = times;
  const session = { key: keyOf(hop.sessionId), startedAtMs };
  // The SIM is on that network now, whatever its number says; it tells nothing of anybody else's wallet.
  const isOwn = effect.payment.phoneNumber === taken.state.phone;
  const wallet = isOwn ? walletBehind(taken.state.network, operators) : {};
  return { ...record, intent: planPayment(session, effect, wallet, { nowMs, delayMs, startWithinMs }) };
}

/** As much as every bridge takes. */
const LONGEST_NETWORK = 32;

/** Where nobody has named the wallets behind a network, the bridge weighs it with what else it knows. */
function walletBehind(
  network: string,
  operators: TurnContext['operators'],
): Pick<PaymentRequest, 'operator' | 'network'> {
  const operator = operators.get(network);
  if (operator !== undefined) return { operator };
  return network === '' || network.length > LONGEST_NETWORK ? {} : { network };
}

/** What a session that is over is still needed for: to know its repeated hops again. */
const withoutAnswers = ({ at, language, phone, network }: SessionState): SessionState => ({
  at,
  language,
  page: 0,
  misses: 0,
  notice: 'none',
  answers: {},
  trail: '',
  depth: 0,
  phone,
  network,
});

const refusal = (reason: RefusalReason, hop: Hop, record: SessionRecord | undefined): Turn => ({
  kind: 'refuse',
  reason,
  language: record !== undefined && record.state.phone === hop.phone ? record.state.language : undefined,
});
