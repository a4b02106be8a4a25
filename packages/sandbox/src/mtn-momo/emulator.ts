import { exponentOf, safeCause } from '@canza/core';

import { createCallbackReports } from '../callback-reports.ts';
import { createDeliveries, type Delivery } from '../deliveries.ts';
import { createEndpoint, type Endpoint } from '../endpoint.ts';
import { createFaultPlan, type FaultPlan } from '../faults.ts';
import { createHandsets, type HandsetReaction, type Handsets } from '../handset.ts';
import { createSchedule } from '../schedule.ts';
import { createApiUsers } from './api-users.ts';
import { createMomoBooks, type MomoBooks } from './books.ts';
import {
  badRequest,
  firewall,
  gatewayError,
  throttled,
  tokenRefused,
  tokenRefusedBarely,
  walletError,
} from './error-replies.ts';
import { createGate } from './gate.ts';
import { createMomoIdentifiers } from './identifiers.ts';
import { createPaymentDesk, type MomoPayment } from './payments/desk.ts';
import { createPreApprovalDesk, type PreApproval } from './preapprovals.ts';
import { createRoutes } from './routes.ts';
import {
  DEFAULT_MOMO_CREDENTIALS,
  DEFAULT_MOMO_SHAPES,
  DEFAULT_MOMO_TIMINGS,
  type MomoCredentials,
  type MomoEmulatorOptions,
  type MomoEnvironment,
  type Product,
  SANDBOX_ENVIRONMENT,
} from './settings.ts';
import { createMomoSubscribers, type MomoSubscribers } from './subscribers.ts';
import { createMomoTokens } from './tokens.ts';
import { createWalletDesk } from './wallet.ts';

/** MTN's MoMo Open API with a wallet system behind it, offline. */
export interface MomoEmulator extends Endpoint {
  readonly name: 'mtn-momo';
  /** What really happened to the money. */
  readonly books: MomoBooks;
  /** What the phones do. */
  readonly handset: Handsets;
  /** Who has a wallet. */
  readonly subscribers: MomoSubscribers;
  /** What goes wrong. */
  readonly faults: FaultPlan;
  /** Every callback that was sent, and what became of it. */
  readonly deliveries: readonly Delivery[];
  /** Every payment that was accepted, oldest first. */
  readonly payments: readonly MomoPayment[];
  /** Every standing approval that was asked for, oldest first. */
  readonly preApprovals: readonly PreApproval[];
  /** Lets the person with this phone answer the prompt that has waited longest; `false` when there is none. */
  readonly answerPrompt: (msisdn: string, reaction: HandsetReaction) => boolean;
  /** Strikes off every token that was handed out. */
  readonly revokeTokens: () => void;
  /** What a client has to be configured with. */
  readonly credentials: Readonly<Record<Product, MomoCredentials>>;
  readonly environment: MomoEnvironment;
  /** The only host that those credentials may be called back at. */
  readonly callbackHost: string;
  /** Resolves when every callback under way has been answered; what is still to come does not count. */
  readonly idle: () => Promise<void>;
  /** Cancels what is still to come, breaks open exchanges, and waits for what is under way. */
  readonly close: () => Promise<void>;
}

const NAME = 'mtn-momo';
const SECOND_MS = 1000;

/** Builds the emulator. Nothing in it reads a clock or a random source but those given. */
export function createMomoEmulator(options: MomoEmulatorOptions): MomoEmulator {
  const { clock, random, deliver, onEvent } = options;
  const environment = options.environment ?? SANDBOX_ENVIRONMENT;
  const credentials = options.credentials ?? DEFAULT_MOMO_CREDENTIALS;
  const callbackHost = options.callbackHost ?? '127.0.0.1';
  const timings = { ...DEFAULT_MOMO_TIMINGS, ...options.timings };
  const shapes = { ...DEFAULT_MOMO_SHAPES, ...options.shapes };
  const faults = options.faults ?? createFaultPlan();
  const handset = createHandsets(options.handsets);
  const subscribers = createMomoSubscribers(options.names);
  const schedule = createSchedule(clock, (error) =>
    onEvent?.({ atMs: clock.nowMs(), emulator: NAME, what: 'defect', detail: safeCause(error).message }),
  );
  const identifiers = createMomoIdentifiers(random);
  const deliveries = createDeliveries({ emulator: NAME, deliver, clock, schedule, onEvent });
  const report = createCallbackReports(faults, deliveries);
  const one = 10n ** BigInt(exponentOf(environment.currency));
  const books = createMomoBooks(
    options.openingWalletMinor ?? 10_000n * one,
    options.openingAccountMinor ?? 100_000n * one,
  );
  const users = createApiUsers({ credentials, callbackHost, environment, identifiers });
  const tokens = createMomoTokens({ clock, users, identifiers, shapes });
  const parts = { clock, schedule, deliveries, report, faults, books, subscribers, identifiers, environment };
  const payments = createPaymentDesk({ ...parts, handsets: handset, timings, shapes, onEvent });
  const preApprovals = createPreApprovalDesk({ ...parts, handsets: handset, timings, shapes });

  let asked: number[] = [];
  const isTooOften = (): boolean => {
    if (shapes.queriesPerSecond === 0) return false;
    const nowMs = clock.nowMs();
    asked = asked.filter((atMs) => nowMs - atMs < SECOND_MS);
    if (asked.length >= shapes.queriesPerSecond) return true;
    asked.push(nowMs);
    return false;
  };

  const endpoint = createEndpoint({
    name: NAME,
    routes: createRoutes({
      gate: createGate({ credentials, environment, tokens, isTooOften }),
      credentials,
      environment,
      users,
      tokens,
      payments,
      preApprovals,
      wallet: createWalletDesk(parts),
    }),
    faults,
    clock,
    schedule,
    onEvent,
    replies: {
      unknownPath: () => gatewayError(404, 'Resource not found'),
      wrongMethod: () => gatewayError(404, 'Resource not found'),
      clientError: badRequest,
      serverError: () => walletError('INTERNAL_PROCESSING_ERROR'),
      html: firewall,
      throttled,
      tokenExpired({ request }) {
        tokens.revoke(request);
        return tokenRefused();
      },
      tokenRevoked({ request }) {
        tokens.revoke(request);
        return tokenRefusedBarely();
      },
    },
  });

  return {
    ...endpoint,
    name: NAME,
    books,
    handset,
    subscribers,
    faults,
    deliveries: deliveries.sent,
    payments: payments.payments,
    preApprovals: preApprovals.all,
    answerPrompt: payments.answerPrompt,
    revokeTokens: tokens.revokeAll,
    credentials,
    environment,
    callbackHost,
    idle: schedule.idle,
    close: schedule.close,
  };
}
