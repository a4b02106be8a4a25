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
import type { PaymentIntent, RecentPayment } from './effects/payments.ts';
import type { Hop } from './hop.ts';
import {
  begin,
  closingText,
  type Dialled,
  type EndStep,
  type LoadedData,
  mayBeDialled,
  offerResume,
  type ScreenStep,
  type Step,
  supply,
} from './machine.ts';
import type { Phrases } from './menu.ts';
import type { Caller, Callers } from './sessions/callers.ts';
import type { SessionRecord } from './sessions/record.ts';
import type { KeptSession, SessionStore, WriteOutcome } from './sessions/session-store.ts';
import type { Answers, SessionState } from './state.ts';
import {
  enter,
  type RefusalReason,
  recordOf,
  type SessionTimes,
  type Turn,
  type TurnContext,
  takeTurn,
} from './turn.ts';

/** What goes back to the gateway. */
export interface UssdReply {
  readonly sessionId: string;
  /** The screen, without a gateway's own marks. */
  readonly text: string;
  /** Whether the session is over. */
  readonly end: boolean;
}

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
  readonly recentPayments: () => Promise<readonly RecentPayment[]>;
  /** Aborts when the time for this look-up is over. */
  readonly signal: AbortSignal;
}

export interface ConversationOptions {
  readonly compiled: CompiledMenu;
  readonly sessions: SessionStore;
  /** Names a session for all time and for all gateways: part of what its payment is called. */
  readonly keyOf: (sessionId: string) => string;
  readonly callers: Callers | undefined;
  readonly runner: PaymentRunner | undefined;
  readonly data: Readonly<Record<string, Loader>>;
  readonly times: SessionTimes;
  readonly operators: ReadonlyMap<string, string>;
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
  readonly #context: TurnContext;

  constructor(options: ConversationOptions) {
    this.#options = options;
    const { compiled, times, keyOf, operators } = options;
    this.#context = { compiled, times, keyOf, operators };
  }

  /**
   * Answers a hop of a session that is known here, whose fields need no check: they have to agree with what was checked when
   * it began. `undefined`, with nothing done, for a hop that takes more than a step and a write.
   */
  answerKnown(hop: Hop): Promise<UssdReply> | undefined {
    const nowMs = this.#options.clock.nowMs();
    const kept = this.#options.sessions.recall(hop.sessionId, nowMs);
    return kept?.record === undefined ? undefined : this.#answerAtOnce(hop, kept, nowMs);
  }

  /** Answers a hop whose fields were checked. Never rejects: a payer always gets a screen. */
  answer(hop: Hop): Promise<UssdReply> {
    const nowMs = this.#options.clock.nowMs();
    const kept = this.#options.sessions.recall(hop.sessionId, nowMs);
    return this.#answerAtOnce(hop, kept, nowMs) ?? this.#answerAtLength(hop);
  }

  #answerAtOnce(hop: Hop, kept: KeptSession | undefined, nowMs: number): Promise<UssdReply> | undefined {
    const record = this.#recordAtOnce(hop, kept?.record, nowMs);
    if (record === undefined) return undefined;
    let outcome: WriteOutcome | Promise<WriteOutcome>;
    try {
      outcome = this.#options.sessions.write(hop.sessionId, kept, record);
    } catch (error) {
      return Promise.resolve(this.#fail(hop, error));
    }
    if (!(outcome instanceof Promise)) return this.#finishAtOnce(hop, record, outcome);
    return outcome.then(
      (written) => this.#finishAtOnce(hop, record, written),
      (error: unknown) => this.#fail(hop, error),
    );
  }

  /** Somebody was quicker where it was not written: the long way reads what stands there now. */
  #finishAtOnce(hop: Hop, record: SessionRecord, { written }: WriteOutcome): Promise<UssdReply> {
    return written ? Promise.resolve(this.#written(hop, record)) : this.#answerAtLength(hop);
  }

  #recordAtOnce(hop: Hop, before: SessionRecord | undefined, nowMs: number): SessionRecord | undefined {
    const { callers, starts, compiled } = this.#options;
    try {
      const turn = takeTurn(this.#context, hop, before, nowMs);
      if (turn.kind === 'write') {
        const speaksOn = callers === undefined || turn.record.state.language === before?.state.language;
        return speaksOn && turn.record.intent === undefined ? turn.record : undefined;
      }
      const isPlainStart = turn.kind === 'begin' && callers === undefined && starts === undefined;
      if (!isPlainStart || before !== undefined || turn.dialled.length > 0 || !looksNew(hop)) return undefined;
      const first = begin(compiled, this.#dialled(hop));
      return first.kind === 'load' ? undefined : recordOf(this.#context, hop, first, undefined, nowMs);
    } catch {
      // The long way meets it again, and says so.
      return undefined;
    }
  }

  #dialled(hop: Hop): Dialled {
    return { language: this.#languageOf(hop.language), phone: hop.phone, network: hop.network ?? '' };
  }

  async #answerAtLength(hop: Hop): Promise<UssdReply> {
    try {
      return await this.#answer(hop);
    } catch (error) {
      return this.#fail(hop, error);
    }
  }

  /** A closing screen in the payer's language, with the reason in the log. */
  refuse(hop: Partial<Hop>, reason: RefusalReason, language = this.#languageOf(hop.language)): UssdReply {
    const { compiled, logger } = this.#options;
    const phone = hop.phone === undefined ? undefined : maskMsisdn(hop.phone);
    logger.warn({ reason, phone, menu: compiled.menu.name }, 'a hop was answered with a closing screen');
    return { sessionId: hop.sessionId ?? '', text: closingText(compiled, language, PHRASE_OF[reason]), end: true };
  }

  #fail(hop: Hop, error: unknown): UssdReply {
    this.#options.logger.error({ phone: maskMsisdn(hop.phone), cause: safeCause(error) }, 'a hop failed');
    return this.refuse(hop, 'failed');
  }

  async #answer(hop: Hop): Promise<UssdReply> {
    const { sessions, clock } = this.#options;
    const nowMs = clock.nowMs();
    let kept = sessions.recall(hop.sessionId, nowMs);
    if (kept === undefined && !looksNew(hop)) kept = await sessions.read(hop.sessionId);
    for (let race = 0; race < MOST_RACES; race++) {
      const turn = takeTurn(this.#context, hop, kept?.record, nowMs);
      if (turn.kind === 'repeat') return replyOf(hop, turn.record);
      // Each try needs what the last one met.
      // oxlint-disable-next-line no-await-in-loop
      const taken =
        turn.kind === 'refuse' ? await this.#refuse(hop, turn) : await this.#carryOut(hop, kept, turn, nowMs);
      if ('reply' in taken) return taken.reply;
      kept = taken.lostTo;
    }
    throw new StoreError('A session changed too often to be written.');
  }

  async #carryOut(
    hop: Hop,
    kept: KeptSession | undefined,
    turn: Exclude<Turn, { kind: 'repeat' | 'refuse' }>,
    nowMs: number,
  ): Promise<Taken> {
    const { callers } = this.#options;
    if (turn.kind === 'begin') return this.#begin(hop, kept, turn.dialled, nowMs);
    const record =
      turn.kind === 'write'
        ? turn.record
        : recordOf(this.#context, hop, await this.#load(hop, turn.waiting), turn.record, nowMs);
    const { language } = record.state;
    if (callers !== undefined && language !== kept?.record?.state.language) {
      await this.#spare('a language was not remembered', callers.speak(record.serviceCode, hop.phone, language));
    }
    return this.#store(hop, kept, record);
  }

  async #begin(hop: Hop, replaced: KeptSession | undefined, dialled: readonly string[], nowMs: number): Promise<Taken> {
    const { callers, compiled } = this.#options;
    if (!(await this.#isAdmitted(hop))) return this.#refuse(hop, { reason: 'busy', language: undefined });
    const start = this.#dialled(hop);
    const caller =
      callers === undefined
        ? undefined
        : await this.#spare('a caller was not met', callers.meet(hop.serviceCode, hop.phone, hop.sessionId));
    const first =
      caller === undefined
        ? await this.#walk(hop, begin(compiled, start), dialled)
        : await this.#welcomeBack(hop, caller, replaced?.record, start, dialled, nowMs);
    return this.#store(hop, replaced, recordOf(this.#context, hop, first, undefined, nowMs));
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
      // Each entry stands on the screen before.
      // oxlint-disable-next-line no-await-in-loop
      at = await this.#load(hop, enter(compiled, at.state, entry));
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

  async #store(hop: Hop, seen: KeptSession | undefined, record: SessionRecord): Promise<Taken> {
    const { sessions } = this.#options;
    if (record.intent !== undefined) return this.#promise(hop, seen, record, record.intent);
    const written = await sessions.write(hop.sessionId, seen, record);
    if (!written.written) return { lostTo: written.kept };
    return { reply: this.#written(hop, record) };
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
    let written: WriteOutcome;
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
    return { reply: this.#written(hop, record) };
  }

  #written(hop: Hop, record: SessionRecord): UssdReply {
    const { hops, elapsedMs: durationMs, status, state } = record;
    if (status !== 'open') this.#options.logger.info({ hops, durationMs, screen: state.at }, 'a session ended');
    return replyOf(hop, record);
  }

  /** A refusal in the language of the session, else of the gateway, else the one that this number chose last. */
  async #refuse(hop: Hop, { reason, language }: Pick<Refusal, 'reason' | 'language'>): Promise<Taken> {
    const { callers } = this.#options;
    if (language !== undefined) return { reply: this.refuse(hop, reason, language) };
    const reading = hop.language === undefined ? callers?.read(hop.serviceCode, hop.phone) : undefined;
    const caller = reading === undefined ? undefined : await this.#spare('a caller was not read', reading);
    return { reply: this.refuse(hop, reason, this.#languageOf(hop.language ?? caller?.language)) };
  }

  #languageOf(told: string | undefined): string {
    const { languages } = this.#options.compiled;
    if (told === undefined) return languages[0] ?? '';
    const short = told.slice(0, 2).toLowerCase();
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

type Refusal = Extract<Turn, { kind: 'refuse' }>;

const replyOf = ({ sessionId }: Hop, { reply, status }: SessionRecord): UssdReply => ({
  sessionId,
  text: reply,
  end: status !== 'open',
});

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
