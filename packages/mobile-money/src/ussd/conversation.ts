import {
  type Clock,
  type Logger,
  maskMsisdn,
  PaymentError,
  type RateLimiter,
  StoreError,
  safeCause,
  withDeadline,
} from '@canza/core';
import type { CompiledMenu } from './compile.ts';
import { lastPaymentLine, outcomeOf } from './effects/outcome-texts.ts';
import type { PaymentRunner } from './effects/payment-runner.ts';
import { type PaymentIntent, planPayment, type RecentPayment } from './effects/payments.ts';
import {
  acknowledgementOf,
  type Hop,
  isUnsendable,
  LONGEST_ENTRY,
  LONGEST_TEXT,
  meaningOf,
  normaliseEntry,
} from './hop.ts';
import {
  begin,
  closingText,
  type Dialled,
  type EndStep,
  type LoadedData,
  mayBeDialled,
  misread,
  offerResume,
  type ScreenStep,
  type Step,
  step,
  supply,
} from './machine.ts';
import type { Phrases } from './menu.ts';
import type { Caller, Callers } from './sessions/callers.ts';
import type { KeptSession, SessionKeeper } from './sessions/keeper.ts';
import type { SessionRecord } from './sessions/record.ts';
import type { Answers, SessionState } from './state.ts';

/** What goes back to the gateway. */
export interface UssdReply {
  readonly sessionId: string;
  /** The screen, without a gateway's own marks. */
  readonly text: string;
  /** Whether the session is over. */
  readonly end: boolean;
}

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

const PHRASE_OF: Readonly<Record<RefusalReason, keyof Phrases>> = {
  'missing-field': 'notUnderstood',
  'too-long': 'notUnderstood',
  'unsendable-characters': 'notUnderstood',
  'unknown-session': 'expired',
  'history-mismatch': 'notUnderstood',
  'phone-mismatch': 'notUnderstood',
  expired: 'expired',
  over: 'over',
  busy: 'busy',
  failed: 'failed',
  'shutting-down': 'failed',
};

/** Brings what a menu's `load` names. What it throws is logged, and the payer stays where they are. */
export type Loader = (context: LoaderContext) => Promise<LoadedData>;

export interface LoaderContext {
  /** The payer's number, E.164 with a plus. */
  readonly phoneNumber: string;
  readonly language: string;
  readonly network: string;
  readonly answers: Answers;
  /** Payments that this number started here, newest first. */
  recentPayments(): Promise<readonly RecentPayment[]>;
  /** Aborts when the time for this look-up is over. */
  readonly signal: AbortSignal;
}

/** Milliseconds, all of them. Source: docs/ussd.md#times */
export interface SessionTimes {
  /** A whole session, from the first hop. */
  readonly sessionMs: number;
  /** Between two hops. */
  readonly idleMs: number;
  /** How long after its last hop an unfinished session may be taken up again; 0 for never. */
  readonly resumeMs: number;
  readonly repeatWindowMs: number;
  /** One look-up of a menu's data. */
  readonly loadMs: number;
  /** From the closing screen to the start of the payment. */
  readonly paymentDelayMs: number;
  /** A payment that could not be started for so long is not started any more. */
  readonly startWithinMs: number;
}

export interface ConversationOptions {
  readonly compiled: CompiledMenu;
  readonly sessions: SessionKeeper;
  readonly callers: Callers | undefined;
  readonly runner: PaymentRunner | undefined;
  readonly data: Readonly<Record<string, Loader>>;
  readonly times: SessionTimes;
  /** How often one number may begin a session. */
  readonly starts: RateLimiter | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

const MOST_RACES = 8;
const MOST_LOADS = 5;
const STATUS_TIMEOUT_MS = 1_500;

/** Answers hops: finds out what a hop means, takes one step, and writes the session over the version it was taken from. */
export class Conversation {
  readonly #options: ConversationOptions;

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  /** Never throws: a payer always gets a screen. */
  async answer(hop: Hop): Promise<UssdReply> {
    try {
      return await this.#answer(hop);
    } catch (error) {
      this.#options.logger.error({ phone: maskMsisdn(hop.phone), cause: safeCause(error) }, 'a hop failed');
      return this.refuse(hop, 'failed');
    }
  }

  /** A closing screen in the payer's language, with the reason in the log. */
  refuse(hop: Partial<Hop>, reason: RefusalReason, language = this.#languageOf(hop.language)): UssdReply {
    const { compiled, logger } = this.#options;
    const phone = hop.phone === undefined ? undefined : maskMsisdn(hop.phone);
    logger.warn({ reason, phone, menu: compiled.menu.name }, 'a hop was answered with a closing screen');
    return { sessionId: hop.sessionId ?? '', text: closingText(compiled, language, PHRASE_OF[reason]), end: true };
  }

  async #answer(hop: Hop): Promise<UssdReply> {
    const { sessions, clock, times } = this.#options;
    if (hop.text.length > LONGEST_TEXT) return this.#refuseKnown(hop, 'too-long');
    const nowMs = clock.nowMs();
    let kept = sessions.recall(hop.sessionId);
    if (kept === undefined && !looksNew(hop)) kept = await sessions.read(hop.sessionId);
    for (let race = 0; race < MOST_RACES; race++) {
      const record = kept?.record;
      if (record !== undefined && record.state.phone !== hop.phone) return this.refuse(hop, 'phone-mismatch');
      const meaning = meaningOf(hop, record, nowMs, times);
      if (meaning.kind === 'repeat' && record !== undefined) {
        return { sessionId: hop.sessionId, text: record.reply, end: record.status !== 'open' };
      }
      // Each try needs what the last one met.
      /* oxlint-disable no-await-in-loop */
      if (meaning.kind === 'unreadable') return this.#refuseKnown(hop, meaning.reason, record);
      const taken =
        meaning.kind === 'entry' && record !== undefined
          ? await this.#enter(hop, kept as KeptSession, record, meaning.entry, nowMs)
          : await this.#begin(hop, kept, meaning.kind === 'first' ? meaning.dialled : [], nowMs);
      /* oxlint-enable no-await-in-loop */
      if ('reply' in taken) return taken.reply;
      kept = taken.lostTo;
    }
    throw new StoreError('A session changed too often to be written.');
  }

  async #enter(hop: Hop, kept: KeptSession, record: SessionRecord, entry: string, nowMs: number): Promise<Taken> {
    const { compiled, times, callers } = this.#options;
    const { language } = record.state;
    if (record.status !== 'open') return { reply: this.refuse(hop, 'over', language) };
    const elapsedMs = nowMs - record.startedAtMs;
    if (elapsedMs > times.sessionMs || elapsedMs - record.elapsedMs > times.idleMs) {
      return { reply: this.refuse(hop, 'expired', language) };
    }
    if (isUnsendable(entry)) return { reply: this.refuse(hop, 'unsendable-characters', language) };
    const clean = normaliseEntry(entry);
    const stepped =
      clean.length > LONGEST_ENTRY ? misread(compiled, record.state) : step(compiled, record.state, clean);
    const settled = stepped.kind === 'load' ? await this.#load(hop, stepped) : stepped;
    const next = this.#recordOf(hop, settled, record.startedAtMs, elapsedMs, record.hops + 1, nowMs);
    if (settled.state.language !== language && callers !== undefined) {
      await this.#spare(
        'a language was not remembered',
        callers.speak(record.serviceCode, hop.phone, settled.state.language),
      );
    }
    return this.#store(hop, kept, next);
  }

  async #begin(hop: Hop, replaced: KeptSession | undefined, dialled: readonly string[], nowMs: number): Promise<Taken> {
    const { callers, compiled } = this.#options;
    if (dialled.some(isUnsendable)) return { reply: await this.#refuseKnown(hop, 'unsendable-characters') };
    if (!(await this.#isAdmitted(hop))) return { reply: await this.#refuseKnown(hop, 'busy') };
    const start: Dialled = { language: this.#languageOf(hop.language), phone: hop.phone, network: hop.network ?? '' };
    const caller =
      callers === undefined
        ? undefined
        : await this.#spare('a caller was not met', callers.meet(hop.serviceCode, hop.phone, hop.sessionId));
    const first =
      caller === undefined
        ? await this.#walk(hop, begin(compiled, start), dialled)
        : await this.#welcomeBack(hop, caller, replaced?.record, start, dialled, nowMs);
    return this.#store(hop, replaced, this.#recordOf(hop, first, nowMs, 0, 1, nowMs));
  }

  async #isAdmitted(hop: Hop): Promise<boolean> {
    try {
      await this.#options.starts?.admit(`${hop.serviceCode}:${hop.phone}`);
      return true;
    } catch (error) {
      // A limiter that is away must not close the service.
      return !PaymentError.isInstance(error) || error.code !== 'RATE_LIMITED';
    }
  }

  /** The first screen for somebody known: in their language, with what is left of last time. */
  async #welcomeBack(
    hop: Hop,
    caller: Caller,
    replaced: SessionRecord | undefined,
    start: Dialled,
    dialled: readonly string[],
    nowMs: number,
  ): Promise<ScreenStep | EndStep> {
    const { compiled } = this.#options;
    const language = hop.language === undefined ? (caller.language ?? start.language) : start.language;
    const again = { ...start, language };
    const last = await this.#lastSession(hop, caller, replaced, nowMs);
    if (last?.draft !== undefined && dialled.length === 0)
      return settledOrThrow(offerResume(compiled, last.draft, again));
    const banner = last?.intent === undefined ? undefined : await this.#statusLine(last.intent, language);
    return this.#walk(hop, begin(compiled, banner === undefined ? again : { ...again, banner }), dialled);
  }

  /**
   * What the payer's last session left: a draft to go on with, or a payment. An open one is closed first, over the version
   * that was read, so that a late hop of it cannot pay what is about to be paid here.
   */
  async #lastSession(
    hop: Hop,
    caller: Caller,
    replaced: SessionRecord | undefined,
    nowMs: number,
  ): Promise<{ readonly draft?: SessionState; readonly intent?: PaymentIntent } | undefined> {
    const { sessions, times } = this.#options;
    const isRecent = (record: SessionRecord): boolean =>
      record.state.phone === hop.phone && nowMs - record.startedAtMs - record.elapsedMs <= times.resumeMs;
    if (replaced !== undefined) return isRecent(replaced) ? leftOf(replaced) : undefined;
    const { previousId } = caller;
    if (previousId === undefined) return undefined;
    const found = await this.#spare('a last session was not read', sessions.read(previousId));
    if (found?.record === undefined || !isRecent(found.record)) return undefined;
    if (found.record.status !== 'open') return leftOf(found.record, hop.sessionId);
    const superseded: SessionRecord = { ...found.record, status: 'superseded', successor: hop.sessionId };
    const closed = await sessions.write(previousId, found, superseded);
    const left = closed.written ? superseded : closed.kept?.record;
    return left === undefined ? undefined : leftOf(left, hop.sessionId);
  }

  async #statusLine({ request }: PaymentIntent, language: string): Promise<string | undefined> {
    const found = await this.#options.runner?.lookUp(request.transactionId, STATUS_TIMEOUT_MS);
    const status = found === undefined || found === 'unavailable' ? 'pending' : found.status;
    return lastPaymentLine(outcomeOf(status), language, request);
  }

  /** Answers screens with what was dialled behind the code, up to the first that has to be seen. */
  async #walk(hop: Hop, first: Step, dialled: readonly string[]): Promise<ScreenStep | EndStep> {
    const { compiled } = this.#options;
    let at = await this.#load(hop, first);
    for (const entry of dialled) {
      if (at.kind !== 'screen' || !mayBeDialled(compiled, at.state)) break;
      const clean = normaliseEntry(entry);
      const next = clean.length > LONGEST_ENTRY ? misread(compiled, at.state) : step(compiled, at.state, clean);
      // Each entry stands on the screen before.
      // oxlint-disable-next-line no-await-in-loop
      const settled = await this.#load(hop, next);
      if (settled.kind === 'end' && settled.effects.length > 0) break;
      at = settled;
      if (at.state.misses > 0) break;
    }
    return at;
  }

  async #load(hop: Hop, taken: Step): Promise<ScreenStep | EndStep> {
    let at = taken;
    for (let loads = 0; at.kind === 'load' && loads < MOST_LOADS; loads++) {
      // A list without items leads on, perhaps to another look-up.
      // oxlint-disable-next-line no-await-in-loop
      at = supply(this.#options.compiled, at, await this.#lookUp(hop, at.load, at.state));
    }
    return settledOrThrow(at);
  }

  #lookUp(hop: Hop, name: string, state: SessionState): Promise<LoadedData | undefined> {
    const { data, clock, times, callers } = this.#options;
    const { phone, language, network, answers } = state;
    const recentPayments = async (): Promise<readonly RecentPayment[]> =>
      callers === undefined ? [] : (await callers.read(hop.serviceCode, hop.phone)).payments;
    const work = async (signal: AbortSignal): Promise<LoadedData> => {
      const loader = data[name];
      if (loader === undefined) throw new Error(`There is no loader for "${name}".`);
      return loader({ phoneNumber: phone, language, network, answers, recentPayments, signal });
    };
    const looked = withDeadline(clock, { timeoutMs: times.loadMs, what: `Looking up "${name}"` }, work);
    return this.#spare(`the data "${name}" could not be had`, looked);
  }

  #recordOf(
    hop: Hop,
    settled: ScreenStep | EndStep,
    startedAtMs: number,
    elapsedMs: number,
    hops: number,
    nowMs: number,
  ): SessionRecord {
    const record: SessionRecord = {
      serviceCode: hop.serviceCode,
      startedAtMs,
      elapsedMs,
      hops,
      status: settled.kind === 'end' ? 'closed' : 'open',
      successor: '',
      acknowledged: acknowledgementOf(hop),
      reply: settled.text,
      state: settled.state,
    };
    const [effect] = settled.kind === 'end' ? settled.effects : [];
    if (effect === undefined) return record;
    const { sessions, times } = this.#options;
    const key = sessions.keyOf(hop.sessionId);
    const { paymentDelayMs: delayMs, startWithinMs } = times;
    return { ...record, intent: planPayment({ key, startedAtMs }, effect, { nowMs, delayMs, startWithinMs }) };
  }

  async #store(hop: Hop, seen: KeptSession | undefined, record: SessionRecord): Promise<Taken> {
    const { sessions, logger } = this.#options;
    if (record.intent !== undefined) return this.#promise(hop, seen, record, record.intent);
    const written = await sessions.write(hop.sessionId, seen, record);
    if (!written.written) return { lostTo: written.kept };
    if (record.status !== 'open') {
      logger.info({ hops: record.hops, durationMs: record.elapsedMs, screen: record.state.at }, 'a session ended');
    }
    return {
      reply: { sessionId: hop.sessionId, text: record.reply, end: record.status !== 'open' },
    };
  }

  /** Closes a session that promises a payment. The promise is noted first, so that no crash can forget it. */
  async #promise(
    hop: Hop,
    seen: KeptSession | undefined,
    record: SessionRecord,
    intent: PaymentIntent,
  ): Promise<Taken> {
    const { sessions, runner, logger } = this.#options;
    await runner?.note(hop.sessionId);
    let written: Awaited<ReturnType<SessionKeeper['write']>>;
    try {
      written = await sessions.write(hop.sessionId, seen, record);
    } catch (error) {
      // It may stand there all the same; then a sweep starts the payment, and the payer must not try again unseeing.
      logger.error({ transactionId: intent.request.transactionId, cause: safeCause(error) }, 'a promise may be stored');
      const text = closingText(this.#options.compiled, record.state.language, 'unclear');
      return { reply: { sessionId: hop.sessionId, text, end: true } };
    }
    if (!written.written) return { lostTo: written.kept };
    const { phone, language, answers } = record.state;
    runner?.start({ sessionId: hop.sessionId, serviceCode: hop.serviceCode, phone, language, answers, intent });
    logger.info({ hops: record.hops, durationMs: record.elapsedMs, screen: record.state.at }, 'a session ended');
    return { reply: { sessionId: hop.sessionId, text: record.reply, end: true } };
  }

  /** A refusal in the language that this payer is known to speak. */
  async #refuseKnown(hop: Hop, reason: RefusalReason, record?: SessionRecord): Promise<UssdReply> {
    const { callers, sessions } = this.#options;
    if (hop.language !== undefined) return this.refuse(hop, reason);
    const known = record ?? sessions.recall(hop.sessionId)?.record;
    if (known !== undefined && known.state.phone === hop.phone) return this.refuse(hop, reason, known.state.language);
    const reading = callers?.read(hop.serviceCode, hop.phone);
    const caller = reading === undefined ? undefined : await this.#spare('a caller was not read', reading);
    return this.refuse(hop, reason, this.#languageOf(caller?.language));
  }

  #languageOf(told: string | undefined): string {
    const { languages } = this.#options.compiled;
    const short = told?.slice(0, 2).toLowerCase();
    return languages.find((language) => language === told || language === short) ?? languages[0] ?? '';
  }

  /** For what a screen can do without: its failure is logged, and nothing more. */
  async #spare<T>(message: string, work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (error) {
      this.#options.logger.warn({ cause: safeCause(error) }, message);
      return undefined;
    }
  }
}

/** A hop answered and stored, or another one that was quicker. */
type Taken = { readonly reply: UssdReply } | { readonly lostTo: KeptSession | undefined };

/** Whether a hop is likely the first of its session, so that it is worth writing before reading. */
const looksNew = (hop: Hop): boolean =>
  hop.isNew ?? (hop.input === 'accumulated' ? hop.text === '' : hop.dialled !== undefined);

/** What a session left to its successor: its payment, or a draft once something was answered. */
function leftOf(record: SessionRecord, successor = ''): { draft?: SessionState; intent?: PaymentIntent } {
  const { status, intent, state } = record;
  if (intent !== undefined) return { intent };
  if (status === 'closed' || record.successor !== successor) return {};
  const draft = state.draft ?? state;
  return Object.keys(draft.answers).length > 0 ? { draft } : {};
}

function settledOrThrow(taken: Step): ScreenStep | EndStep {
  if (taken.kind === 'load') throw new Error('The menu looks up data without end.');
  return taken;
}
