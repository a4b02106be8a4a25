import { InvalidRequestError } from '@canza/core';

import { createCallbackReports } from '../callback-reports.ts';
import { createDeliveries, type Delivery } from '../deliveries.ts';
import { createEndpoint, type Endpoint } from '../endpoint.ts';
import type { OperatorReplies } from '../fault-outcome.ts';
import { createFaultPlan, type FaultPlan } from '../faults.ts';
import { createHandsets, type HandsetReaction, type Handsets } from '../handset.ts';
import { createSchedule } from '../schedule.ts';
import { createVodacomBooks, type VodacomBooks } from './books.ts';
import { createBearerKey } from './crypto/bearer.ts';
import type { DeskParts } from './desks/parts.ts';
import { createPaymentDesk } from './desks/payments.ts';
import { createQuestionDesk } from './desks/questions.ts';
import { createReversalDesk } from './desks/reversals.ts';
import { createGate } from './gate.ts';
import { createVodacomIdentifiers } from './identifiers.ts';
import { createProcessing } from './processing.ts';
import { firewallPage, plain, refuse, serverError, turnAway } from './replies.ts';
import { createResults } from './results.ts';
import { createRoutes } from './routes.ts';
import { createSessions, type Sessions } from './sessions.ts';
import {
  DEFAULT_APPLICATION,
  DEFAULT_LIMITS,
  DEFAULT_OPENING_MINOR,
  DEFAULT_SHAPES,
  DEFAULT_TIMINGS,
  type VodacomApplication,
  type VodacomEmulatorOptions,
} from './settings.ts';
import { createSubscribers, type Subscribers } from './subscribers.ts';
import { createTransactions, type VodacomTransaction } from './transactions.ts';

/** The M-Pesa Open API with a payment system behind it, offline. */
export interface VodacomEmulator extends Endpoint {
  readonly name: 'vodacom-mpesa';
  /** What really happened to the money. */
  readonly books: VodacomBooks;
  /** What the phones do. Numbers are E.164 digits; a setting here is stronger than a trigger number. */
  readonly handset: Handsets;
  /** Who can be paid. */
  readonly subscribers: Subscribers;
  /** What goes wrong. */
  readonly faults: FaultPlan;
  /** Every asynchronous result that was sent, and what became of it. */
  readonly deliveries: readonly Delivery[];
  /** Everything that was taken in, paid or not, oldest first. */
  readonly transactions: readonly VodacomTransaction[];
  /** What the application was set up with. */
  readonly application: VodacomApplication;
  /** Base64 SubjectPublicKeyInfo, for API keys and session ids. */
  readonly publicKey: string;
  /** Lets the person with this phone answer the last open prompt now; `false` when there is none. */
  readonly answerPrompt: (msisdn: string, reaction: HandsetReaction) => boolean;
  /**
   * Makes the payments from now on asynchronous, with results to this address; synchronous again for `undefined`.
   * @throws InvalidRequestError for an address that is none.
   */
  readonly setResponseUrl: (url: string | undefined) => void;
  /** Ends every session. */
  readonly endSessions: () => void;
  /** Resolves when nothing is under way; what is still to come does not count. */
  readonly idle: () => Promise<void>;
  /** Cancels what is still to come, breaks open exchanges, and waits for what is under way. */
  readonly close: () => Promise<void>;
}

const NAME = 'vodacom-mpesa';

/** Builds the emulator. Nothing in it reads a clock or a random source but those given. */
export function createVodacomEmulator(options: VodacomEmulatorOptions): VodacomEmulator {
  const { clock, random, deliver, onEvent } = options;
  const application: VodacomApplication = { ...DEFAULT_APPLICATION, ...options.application };
  const timings = { ...DEFAULT_TIMINGS, ...options.timings };
  const shapes = { ...DEFAULT_SHAPES, ...options.shapes };
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const faults = options.faults ?? createFaultPlan();
  const handsets = createHandsets(options.handsets);
  const subscribers = createSubscribers(options.names);
  const schedule = createSchedule(clock);
  const identifiers = createVodacomIdentifiers(random);
  const key = createBearerKey();
  const sessions = createSessions({ clock, identifiers, application, timings, readBearer: key.read });
  const deliveries = createDeliveries({ emulator: NAME, deliver, clock, schedule, onEvent });
  const books = createVodacomBooks(
    options.openingWalletMinor ?? DEFAULT_OPENING_MINOR,
    options.openingOrganisationMinor ?? DEFAULT_OPENING_MINOR,
  );
  const transactions = createTransactions();
  let { responses, responseUrl } = application;
  const results = createResults({
    faults,
    deliveries,
    report: createCallbackReports(faults, deliveries),
    responseUrl: () => responseUrl,
    method: shapes.resultMethod,
    resultDelayMs: timings.resultDelayMs,
    drawTransactionId: identifiers.transaction,
  });
  const processing = createProcessing({
    clock,
    schedule,
    books,
    identifiers,
    transactions,
    results,
    timings,
    responses: () => responses,
    emit: (what, detail) => onEvent?.({ atMs: clock.nowMs(), emulator: NAME, what, detail }),
  });
  const usedIds = new Set<string>();
  const parts: DeskParts = {
    application,
    limits,
    shapes,
    books,
    handsets,
    subscribers,
    transactions,
    processing,
    conversation: identifiers.conversation,
    useId(id) {
      if (usedIds.has(id)) return false;
      usedIds.add(id);
      return true;
    },
  };
  const endpoint = createEndpoint({
    name: NAME,
    faults,
    clock,
    schedule,
    onEvent,
    routes: createRoutes({
      gate: createGate(sessions),
      sessions,
      payments: createPaymentDesk(parts),
      reversals: createReversalDesk(parts),
      questions: createQuestionDesk(parts),
    }),
    replies: repliesWith(sessions),
  });

  return {
    ...endpoint,
    name: NAME,
    books,
    handset: handsets,
    subscribers,
    faults,
    deliveries: deliveries.sent,
    transactions: transactions.all,
    application,
    publicKey: key.publicKey,
    answerPrompt: processing.answerPrompt,
    setResponseUrl(url) {
      if (url !== undefined && !URL.canParse(url)) {
        throw new InvalidRequestError({ field: 'responseUrl', expected: 'an absolute address' });
      }
      responseUrl = url;
      responses = url === undefined ? 'synchronous' : 'asynchronous';
    },
    endSessions: sessions.endAll,
    idle: schedule.idle,
    close: schedule.close,
  };
}

/** A refused session has one spelling, whatever the reason. */
function repliesWith(sessions: Sessions): OperatorReplies {
  const endSession: OperatorReplies['tokenExpired'] = ({ request }) => {
    sessions.end(request);
    return turnAway();
  };
  return {
    unknownPath: () => plain(404),
    wrongMethod: () => plain(405),
    clientError: () => refuse('INS-21'),
    serverError,
    html: firewallPage,
    throttled: () => plain(429),
    tokenExpired: endSession,
    tokenRevoked: endSession,
  };
}
