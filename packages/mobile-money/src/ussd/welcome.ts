import type { Logger } from '@canza/core';
import type { CompiledMenu } from './compile.ts';
import { lastPaymentLine, outcomeOf } from './effects/outcome-texts.ts';
import type { PaymentRunner } from './effects/payment-runner.ts';
import type { PaymentIntent } from './effects/payments.ts';
import type { Hop } from './hop.ts';
import type { Lookups } from './lookups.ts';
import { begin, offerResume } from './machine.ts';
import type { Caller } from './sessions/callers.ts';
import type { SessionRecord } from './sessions/record.ts';
import type { SessionStore } from './sessions/session-store.ts';
import type { SessionState } from './state.ts';
import type { Dialled, EndStep, ScreenStep } from './steps.ts';
import { tolerate } from './tolerate.ts';

export interface WelcomeOptions {
  readonly compiled: CompiledMenu;
  readonly sessions: SessionStore;
  readonly lookups: Lookups;
  readonly runner: PaymentRunner | undefined;
  /** How long after its last hop an unfinished session may be taken up again. */
  readonly resumeMs: number;
  readonly logger: Logger;
}

/** What is known of a session that begins. */
export interface Arrival {
  readonly hop: Hop;
  readonly dialled: readonly string[];
  readonly start: Dialled;
  readonly caller: Caller;
  /** The session whose id is used anew, if there was one. */
  readonly replaced: SessionRecord | undefined;
  readonly nowMs: number;
}

/** What a session leaves to the next one of the same number. */
interface Legacy {
  readonly draft?: SessionState;
  readonly intent?: PaymentIntent;
}

const STATUS_TIMEOUT_MS = 1_500;

/** Greets somebody known: in their language, with what is left of last time. */
export class Welcome {
  readonly #options: WelcomeOptions;

  constructor(options: WelcomeOptions) {
    this.#options = options;
  }

  async firstStep(arrival: Arrival): Promise<ScreenStep | EndStep> {
    const { compiled, lookups } = this.#options;
    const { hop, caller, start, dialled } = arrival;
    const language = hop.language === undefined ? (caller.language ?? start.language) : start.language;
    const again = { ...start, language };
    const { draft, intent } = await this.#legacyOf(arrival);
    if (draft !== undefined && dialled.length === 0) return offerResume(compiled, draft, again);
    const banner = intent === undefined ? undefined : await this.#statusLine(intent, language);
    return lookups.walk(hop, begin(compiled, banner === undefined ? again : { ...again, banner }), dialled);
  }

  /**
   * What the last session left. One that is open is closed first, over the version that was read, so that a late hop of it
   * cannot pay what is about to be paid here.
   * @throws StoreError when it cannot be closed.
   */
  async #legacyOf({ hop, caller, replaced, nowMs }: Arrival): Promise<Legacy> {
    const { sessions, logger } = this.#options;
    if (replaced !== undefined) return this.#leftOf(replaced, '', nowMs);
    const { previousId } = caller;
    if (previousId === undefined) return {};
    const found = await tolerate(logger, 'a last session was not read', sessions.read(previousId));
    if (found?.record === undefined || found.record.state.phone !== hop.phone) return {};
    if (found.record.status !== 'open') return this.#leftOf(found.record, hop.sessionId, nowMs);
    const superseded: SessionRecord = { ...found.record, status: 'superseded', successor: hop.sessionId };
    const closed = await sessions.write(previousId, found, superseded);
    const left = closed.written ? superseded : closed.kept?.record;
    return left === undefined ? {} : this.#leftOf(left, hop.sessionId, nowMs);
  }

  /** Its payment, or a draft once something was answered; nothing after too long. */
  #leftOf(record: SessionRecord, successor: string, nowMs: number): Legacy {
    const { status, intent, state, startedAtMs, elapsedMs } = record;
    if (nowMs - startedAtMs - elapsedMs >= this.#options.resumeMs) return {};
    if (intent !== undefined) return { intent };
    if (status === 'closed' || record.successor !== successor) return {};
    const draft = state.draft ?? state;
    return Object.keys(draft.answers).length > 0 ? { draft } : {};
  }

  async #statusLine({ request }: PaymentIntent, language: string): Promise<string | undefined> {
    const found = await this.#options.runner?.lookUp(request.transactionId, STATUS_TIMEOUT_MS);
    const status = found === undefined || found === 'unavailable' ? 'pending' : found.status;
    return lastPaymentLine(outcomeOf(status), language, request);
  }
}
