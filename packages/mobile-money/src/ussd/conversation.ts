import {
  type Clock,
  type Logger,
  maskMsisdn,
  PaymentError,
  type RateLimiter,
  StoreError,
  safeCause,
} from '@canza/core';
import type { CompiledMenu } from './compile.ts';
import type { PaymentRunner } from './effects/payment-runner.ts';
import type { PaymentIntent } from './effects/payments.ts';
import type { Hop } from './hop.ts';
import { type Loader, Lookups } from './lookups.ts';
import { begin, closingText } from './machine.ts';
import type { Phrases } from './menu.ts';
import type { Callers } from './sessions/callers.ts';
import type { SessionRecord } from './sessions/record.ts';
import type { KeptSession, SessionStore, WriteOutcome } from './sessions/session-store.ts';
import type { Dialled } from './steps.ts';
import { tolerate } from './tolerate.ts';
import { type RefusalReason, recordOf, type SessionTimes, type Turn, type TurnContext, takeTurn } from './turn.ts';
import { Welcome } from './welcome.ts';

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

/** Answers hops: finds out what a hop means, takes one step, and writes the session over the version it was taken from. */
export class Conversation {
  readonly #options: ConversationOptions;
  readonly #context: TurnContext;
  readonly #lookups: Lookups;
  readonly #welcome: Welcome;

  constructor(options: ConversationOptions) {
    this.#options = options;
    const { compiled, times, keyOf, operators } = options;
    this.#context = { compiled, times, keyOf, operators };
    this.#lookups = new Lookups({ ...options, timeoutMs: times.loadMs });
    this.#welcome = new Welcome({ ...options, lookups: this.#lookups, resumeMs: times.resumeMs });
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
    const { callers, logger } = this.#options;
    if (turn.kind === 'begin') return this.#begin(hop, kept, turn.dialled, nowMs);
    const record =
      turn.kind === 'write'
        ? turn.record
        : recordOf(this.#context, hop, await this.#lookups.settle(hop, turn.waiting), turn.record, nowMs);
    const { language } = record.state;
    if (callers !== undefined && language !== kept?.record?.state.language) {
      await tolerate(logger, 'a language was not remembered', callers.speak(record.serviceCode, hop.phone, language));
    }
    return this.#store(hop, kept, record);
  }

  async #begin(hop: Hop, replaced: KeptSession | undefined, dialled: readonly string[], nowMs: number): Promise<Taken> {
    const { callers, compiled, logger } = this.#options;
    if (!(await this.#isAdmitted(hop))) return this.#refuse(hop, { reason: 'busy', language: undefined });
    const start = this.#dialled(hop);
    const caller =
      callers === undefined
        ? undefined
        : await tolerate(logger, 'a caller was not met', callers.meet(hop.serviceCode, hop.phone, hop.sessionId));
    const first =
      caller === undefined
        ? await this.#lookups.walk(hop, begin(compiled, start), dialled)
        : await this.#welcome.firstStep({ hop, dialled, start, caller, replaced: replaced?.record, nowMs });
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
    const { callers, logger } = this.#options;
    if (language !== undefined) return { reply: this.refuse(hop, reason, language) };
    const reading = hop.language === undefined ? callers?.read(hop.serviceCode, hop.phone) : undefined;
    const caller = reading === undefined ? undefined : await tolerate(logger, 'a caller was not read', reading);
    return { reply: this.refuse(hop, reason, this.#languageOf(hop.language ?? caller?.language)) };
  }

  #languageOf(told: string | undefined): string {
    const { languages } = this.#options.compiled;
    if (told === undefined) return languages[0] ?? '';
    const short = told.slice(0, 2).toLowerCase();
    return languages.find((language) => language === told || language === short) ?? languages[0] ?? '';
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
