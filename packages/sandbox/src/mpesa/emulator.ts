import { InvalidRequestError, safeCause } from '@canza/core';

import { createCallbackReports } from '../callback-reports.ts';
import { createDeliveries, type Delivery } from '../deliveries.ts';
import { drawText, HEX } from '../draw.ts';
import { createEndpoint, type Endpoint } from '../endpoint.ts';
import { createFaultPlan, type FaultPlan } from '../faults.ts';
import { createHandsets, type HandsetReaction, type Handsets } from '../handset.ts';
import { createSchedule } from '../schedule.ts';
import { createB2bExpressDesk } from './b2b-express.ts';
import { createDarajaBooks, type DarajaBooks } from './books.ts';
import { type CustomerPaymentOutcome, createC2bDesk } from './c2b/desk.ts';
import type { CustomerPayment } from './c2b/request.ts';
import { createDarajaErrors } from './error-replies.ts';
import { createGate } from './gate.ts';
import { createDarajaIdentifiers } from './identifiers.ts';
import { type Conversation, createConversations, type ForcedResult } from './initiator/conversations.ts';
import { createInitiatorCheck } from './initiator/initiators.ts';
import { SANDBOX_CERTIFICATE, SANDBOX_PRIVATE_KEY } from './initiator/sandbox-key.ts';
import { createCredentialReader } from './initiator/security-credential.ts';
import { type InitiatorOperation, listOrganisations, type Organisation, TEST_INITIATOR } from './organisations.ts';
import { createPullDesk } from './pull.ts';
import { createRoutes, type DarajaRoute } from './routes.ts';
import {
  type DarajaCredentials,
  type DarajaEmulatorOptions,
  type DarajaInitiator,
  DEFAULT_CREDENTIALS,
  DEFAULT_FEES,
  DEFAULT_LIMITS,
  DEFAULT_OPENING_WALLET_MINOR,
  DEFAULT_SHAPES,
  DEFAULT_TIMINGS,
  type StkShortcode,
  TEST_MSISDN,
  TEST_SHORTCODE,
  TEST_STORE,
} from './settings.ts';
import { createStkDesk, type StkPayment } from './stk/desk.ts';
import { createSubscribers, type Subscribers } from './subscribers.ts';
import { createDarajaTokens } from './tokens.ts';

/** M-PESA's Daraja API with a payment system behind it, offline. */
export interface DarajaEmulator extends Endpoint {
  readonly name: 'mpesa';
  /** What really happened to the money. */
  readonly books: DarajaBooks;
  /** What the phones do. */
  readonly handset: Handsets;
  /** Who can be paid. */
  readonly subscribers: Subscribers;
  /** What goes wrong. */
  readonly faults: FaultPlan;
  /** Every callback that was sent, and what became of it. */
  readonly deliveries: readonly Delivery[];
  /** Every prompt, paid or not, oldest first. */
  readonly prompts: readonly StkPayment[];
  /** Every request of an API user that was accepted, oldest first. */
  readonly conversations: readonly Conversation[];
  /** Lets the person with this phone answer the open prompt now; `false` when there is none. */
  readonly answerPrompt: (msisdn: string, reaction: HandsetReaction) => boolean;
  /**
   * A customer pays from the phone's menu, without having been asked.
   * @throws InvalidRequestError for a shortcode that nobody has.
   */
  readonly customerPays: (payment: CustomerPayment) => Promise<CustomerPaymentOutcome>;
  /** Ends the next requests of an operation with a code of the caller's choice, and moves nothing. */
  readonly forceResult: (operation: InitiatorOperation, result: ForcedResult) => void;
  /** Strikes off every token that was handed out. */
  readonly revokeTokens: () => void;
  /** What a client has to be configured with. */
  readonly credentials: DarajaCredentials;
  readonly initiator: DarajaInitiator;
  readonly stkShortcodes: readonly StkShortcode[];
  readonly organisations: readonly Organisation[];
  /** Resolves when every callback under way has been answered; what is still to come does not count. */
  readonly idle: () => Promise<void>;
  /** Cancels what is still to come, breaks open exchanges, and waits for what is under way. */
  readonly close: () => Promise<void>;
}

/** Builds the emulator. Nothing in it reads a clock or a random source but those given. */
export function createDarajaEmulator(options: DarajaEmulatorOptions): DarajaEmulator {
  const { clock, random, deliver, onEvent } = options;
  const timings = { ...DEFAULT_TIMINGS, ...options.timings };
  const shapes = { ...DEFAULT_SHAPES, ...options.shapes };
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const fees = { ...DEFAULT_FEES, ...options.fees };
  const faults = options.faults ?? createFaultPlan();
  const handset = createHandsets({ [TEST_MSISDN]: 'unreachable', ...options.handsets });
  const subscribers = createSubscribers(options.names);
  const stkShortcodes = options.stkShortcodes ?? [TEST_SHORTCODE, TEST_STORE];
  const initiators = options.initiators ?? [TEST_INITIATOR];
  const organisations = listOrganisations(stkShortcodes, options.organisations);
  const schedule = createSchedule(clock, (error) =>
    onEvent?.({ atMs: clock.nowMs(), emulator: 'mpesa', what: 'defect', detail: safeCause(error).message }),
  );
  const identifiers = createDarajaIdentifiers(random);
  const errors = createDarajaErrors(identifiers);
  const apiKeys = options.credentials ?? DEFAULT_CREDENTIALS;
  const tokens = createDarajaTokens({ clock, identifiers, errors, credentials: apiKeys, shapes });
  const deliveries = createDeliveries({ emulator: 'mpesa', deliver, clock, schedule, onEvent });
  const report = createCallbackReports(faults, deliveries);
  const books = createDarajaBooks(options.openingWalletMinor ?? DEFAULT_OPENING_WALLET_MINOR, organisations);
  const parts = { clock, schedule, deliveries, report, faults, books, identifiers, errors, timings, shapes, limits };

  const c2b = createC2bDesk({ ...parts, organisations, nameOf: subscribers.nameOf });
  const stk = createStkDesk({
    ...parts,
    handsets: handset,
    receivers: new Set([...organisations.keys(), ...stkShortcodes.map(({ shortcode }) => shortcode)]),
    onEvent,
    confirm: shapes.confirmsStk ? c2b.confirm : undefined,
  });
  const conversations = createConversations({
    ...parts,
    onEvent,
    check: createInitiatorCheck({
      organisations,
      initiators,
      lockedAfter: options.lockedAfterWrongPasswords ?? 0,
      readCredential: createCredentialReader(SANDBOX_PRIVATE_KEY),
    }),
  });
  const routes: readonly DarajaRoute[] = createRoutes({
    gate: createGate(tokens, errors),
    tokens,
    stk,
    stkShortcodes: new Map(stkShortcodes.map((one) => [one.shortcode, one])),
    longTexts: shapes.longTexts,
    c2b,
    context: { ...parts, conversations, organisations, subscribers, fees },
    pull: createPullDesk({ ...parts, organisations, drawReference: () => drawText(random, HEX, 32) }),
    b2bExpress: createB2bExpressDesk({ ...parts, handsets: handset, organisations }),
  });
  const firstFields = new Map(routes.map(({ operation, firstField }) => [operation, firstField]));

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
      clientError: ({ operation }) => errors.invalidField(firstFields.get(operation) ?? 'request'),
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
    subscribers,
    faults,
    deliveries: deliveries.sent,
    prompts: stk.payments,
    conversations: conversations.all,
    answerPrompt: stk.answerPrompt,
    async customerPays(payment) {
      if (organisations.has(payment.shortcode)) return c2b.pay(payment);
      throw new InvalidRequestError({ field: 'shortcode', expected: 'a business of this emulator' });
    },
    forceResult: conversations.force,
    revokeTokens: tokens.revokeAll,
    credentials: apiKeys,
    initiator: {
      name: initiators[0]?.name ?? '',
      password: initiators[0]?.password ?? '',
      certificate: SANDBOX_CERTIFICATE,
    },
    stkShortcodes,
    organisations: [...organisations.values()],
    idle: schedule.idle,
    close: schedule.close,
  };
}
