import type { HttpResponse } from '@canza/core';

import { createDeliveries, type Delivery } from '../deliveries.ts';
import { createEndpoint, type Endpoint } from '../endpoint.ts';
import { createFaultPlan, type FaultPlan } from '../faults.ts';
import { createHandsets, type HandsetReaction, type Handsets } from '../handset.ts';
import type { Call, Route } from '../router.ts';
import { createSchedule } from '../schedule.ts';
import { headerOf, readJsonFields } from '../wire.ts';
import { createDarajaBooks, type DarajaBooks } from './books.ts';
import { createDarajaErrors } from './error-replies.ts';
import { createDarajaIdentifiers } from './identifiers.ts';
import {
  type DarajaCredentials,
  type DarajaEmulatorOptions,
  DEFAULT_CREDENTIALS,
  DEFAULT_LIMITS,
  DEFAULT_SHAPES,
  DEFAULT_TIMINGS,
  type StkShortcode,
  TEST_MSISDN,
  TEST_SHORTCODE,
  TEST_STORE,
} from './settings.ts';
import { createStkDesk, type StkPayment } from './stk-push.ts';
import { type Read, readStkPush, readStkQuery } from './stk-request.ts';
import { createDarajaTokens } from './tokens.ts';

/** M-PESA's Daraja API with a payment system behind it, offline. */
export interface DarajaEmulator extends Endpoint {
  readonly name: 'mpesa';
  /** What really happened to the money. */
  readonly books: DarajaBooks;
  /** What the phones do. */
  readonly handset: Handsets;
  /** What goes wrong. */
  readonly faults: FaultPlan;
  /** Every callback that was sent, and what became of it. */
  readonly deliveries: readonly Delivery[];
  /** Every prompt, paid or not, oldest first. */
  readonly prompts: readonly StkPayment[];
  /** Lets the person with this phone answer the open prompt now; `false` when there is none. */
  readonly answerPrompt: (msisdn: string, reaction: HandsetReaction) => boolean;
  /** Strikes off every token that was handed out. */
  readonly revokeTokens: () => void;
  readonly credentials: DarajaCredentials;
  readonly stkShortcodes: readonly StkShortcode[];
  /** Resolves when every callback under way has been answered; what is still to come does not count. */
  readonly idle: () => Promise<void>;
  /** Cancels what is still to come, breaks open exchanges, and waits for what is under way. */
  readonly close: () => Promise<void>;
}

/** Builds the emulator. Nothing in it reads a clock or a random source but those given. */
export function createDarajaEmulator(options: DarajaEmulatorOptions): DarajaEmulator {
  const { clock, random, deliver, onEvent } = options;
  const credentials = options.credentials ?? DEFAULT_CREDENTIALS;
  const stkShortcodes = options.stkShortcodes ?? [TEST_SHORTCODE, TEST_STORE];
  const timings = { ...DEFAULT_TIMINGS, ...options.timings };
  const shapes = { ...DEFAULT_SHAPES, ...options.shapes };
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const faults = options.faults ?? createFaultPlan();
  const handset = createHandsets({ [TEST_MSISDN]: 'unreachable', ...options.handsets });
  const schedule = createSchedule(clock);
  const identifiers = createDarajaIdentifiers(random);
  const errors = createDarajaErrors(identifiers);
  const tokens = createDarajaTokens({ clock, identifiers, errors, credentials, shapes });
  const deliveries = createDeliveries({ emulator: 'mpesa', deliver, clock, schedule, onEvent });
  const tills = stkShortcodes.flatMap(({ till }) => till ?? []);
  const books = createDarajaBooks(options.openingWalletMinor ?? limits.largestWalletMinor, new Set(tills));
  const byShortcode = new Map(stkShortcodes.map((one) => [one.shortcode, one]));
  const stk = createStkDesk({
    clock,
    schedule,
    deliveries,
    books,
    handsets: handset,
    faults,
    identifiers,
    errors,
    timings,
    shapes,
    limits,
    receivers: new Set([...byShortcode.keys(), ...tills]),
    onEvent,
  });

  /** What stands before every endpoint but the token's: the bearer, the content type, a JSON object. */
  const authorised =
    <T>(
      read: (fields: Readonly<Record<string, unknown>>) => Read<T>,
      firstField: string,
      answer: (value: T, call: Call) => HttpResponse | Promise<HttpResponse>,
    ) =>
    async (call: Call): Promise<HttpResponse> => {
      const refusal = tokens.check(call.request, '404.001.03');
      if (refusal !== undefined) return refusal;
      if (!/^application\/json\b/i.test(headerOf(call.request, 'content-type') ?? '')) {
        return errors.invalidField(firstField);
      }
      const fields = readJsonFields(call.request.body);
      if (fields === undefined) return errors.invalidPayload();
      const request = read(fields);
      return request.ok ? answer(request.value, call) : request.refusal;
    };

  const routes: readonly Route[] = [
    { method: 'GET', path: '/oauth/v1/generate', stage: 'token', operation: 'token', handle: tokens.issue },
    {
      method: 'POST',
      path: '/mpesa/stkpush/v1/processrequest',
      stage: 'submit',
      operation: 'stk-push',
      handle: authorised(
        (fields) => readStkPush(fields, byShortcode, errors),
        'BusinessShortCode',
        (push, { request }) => stk.push(push, request),
      ),
    },
    {
      method: 'POST',
      path: '/mpesa/stkpushquery/v1/query',
      stage: 'query',
      operation: 'stk-query',
      handle: authorised(
        (fields) => readStkQuery(fields, byShortcode, errors),
        'BusinessShortCode',
        (query) => stk.query(query),
      ),
    },
  ];

  const endpoint = createEndpoint({
    name: 'mpesa',
    routes,
    faults,
    clock,
    schedule,
    onEvent,
    replies: {
      unknownPath: errors.unknownPath,
      wrongMethod: errors.wrongMethod,
      clientError: ({ operation }) => errors.invalidField(operation === 'token' ? 'grant_type' : 'BusinessShortCode'),
      serverError: errors.internal,
      html: errors.firewall,
      throttled: errors.throttled,
      tokenExpired({ request }) {
        tokens.revoke(request);
        return errors.invalidToken('401.003.01');
      },
      tokenRevoked({ request }) {
        tokens.revoke(request);
        return errors.invalidToken('404.001.03');
      },
    },
  });

  return {
    ...endpoint,
    name: 'mpesa',
    books,
    handset,
    faults,
    deliveries: deliveries.sent,
    prompts: stk.payments,
    answerPrompt: stk.answerPrompt,
    revokeTokens: tokens.revokeAll,
    credentials,
    stkShortcodes,
    idle: schedule.idle,
    close: schedule.close,
  };
}
