import { InvalidRequestError } from '@canza/core';

import { createCallbackReports } from '../callback-reports.ts';
import { createDeliveries, type Delivery } from '../deliveries.ts';
import { createEndpoint, type Endpoint } from '../endpoint.ts';
import { createFaultPlan, type FaultPlan } from '../faults.ts';
import { createHandsets, type HandsetReaction, type Handsets } from '../handset.ts';
import { createSchedule } from '../schedule.ts';
import { textReply } from '../wire.ts';
import { type AirtelBooks, createAirtelBooks } from './books.ts';
import { createEncryption } from './crypto/encryption.ts';
import { createAccountDesk } from './desks/accounts.ts';
import { createCollectionDesk } from './desks/collections.ts';
import type { DeskParts } from './desks/parts.ts';
import { createPayoutDesk } from './desks/payouts.ts';
import { createRefundDesk } from './desks/refunds.ts';
import { createRemittanceDesk } from './desks/remittances.ts';
import { createEnquiry } from './enquiry.ts';
import { createGate } from './gate.ts';
import { createAirtelIdentifiers } from './identifiers.ts';
import { formatBalance } from './money.ts';
import { createNotices } from './notices.ts';
import { createPinCheck } from './pin.ts';
import { firewallPage, gatewayReply, internalError, invalidToken, noRoute } from './replies.ts';
import { createRoutes } from './routes.ts';
import {
  type AirtelApplication,
  type AirtelEmulatorOptions,
  DEFAULT_APPLICATION,
  DEFAULT_LIMITS,
  DEFAULT_OPENING_MINOR,
  DEFAULT_SHAPES,
  DEFAULT_TIMINGS,
} from './settings.ts';
import { createSubscribers, type Subscribers } from './subscribers.ts';
import { createAirtelTokens } from './tokens.ts';
import { type AirtelTransaction, createTransactions } from './transactions.ts';

/** Airtel Money's API with a payment system behind it, offline. */
export interface AirtelEmulator extends Endpoint {
  readonly name: 'airtel-money';
  /** What really happened to the money. */
  readonly books: AirtelBooks;
  /** What the phones do. Numbers are E.164 digits; a setting here is stronger than the number's last digits. */
  readonly handset: Handsets;
  /** Who can be paid. */
  readonly subscribers: Subscribers;
  /** What goes wrong. */
  readonly faults: FaultPlan;
  /** Every callback that was sent, and what became of it. */
  readonly deliveries: readonly Delivery[];
  /** Everything that was accepted, paid or not, oldest first. */
  readonly transactions: readonly AirtelTransaction[];
  /** What the application was set up with. */
  readonly application: AirtelApplication;
  /** Base64 SubjectPublicKeyInfo, for PINs and message keys. */
  readonly publicKey: string;
  /** Lets the person with this phone answer the last open prompt now; `false` when there is none. */
  readonly answerPrompt: (msisdn: string, reaction: HandsetReaction) => boolean;
  /**
   * Sets the address of callbacks, as in the portal; `undefined` for none.
   * @throws InvalidRequestError for an address that is none.
   */
  readonly setCallbackUrl: (url: string | undefined) => void;
  /** Strikes off every token. */
  readonly revokeTokens: () => void;
  /** Resolves when nothing is under way; what is still to come does not count. */
  readonly idle: () => Promise<void>;
  /** Cancels what is still to come, breaks open exchanges, and waits for what is under way. */
  readonly close: () => Promise<void>;
}

const NAME = 'airtel-money';

/** Builds the emulator. Nothing in it reads a clock or a random source but those given. */
export function createAirtelEmulator(options: AirtelEmulatorOptions): AirtelEmulator {
  const { clock, random, deliver, onEvent, magicNumbers = true } = options;
  const application: AirtelApplication = { ...DEFAULT_APPLICATION, ...options.application };
  const timings = { ...DEFAULT_TIMINGS, ...options.timings };
  const shapes = { ...DEFAULT_SHAPES, ...options.shapes };
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const faults = options.faults ?? createFaultPlan();
  const handsets = createHandsets(options.handsets);
  const subscribers = createSubscribers(options.names);
  const schedule = createSchedule(clock);
  const identifiers = createAirtelIdentifiers(random);
  const encryption = createEncryption(application.pinPadding);
  const tokens = createAirtelTokens({ clock, identifiers, application, shapes });
  const deliveries = createDeliveries({ emulator: NAME, deliver, clock, schedule, onEvent });
  const books = createAirtelBooks(
    options.openingWalletMinor ?? DEFAULT_OPENING_MINOR,
    options.openingAccountMinor ?? DEFAULT_OPENING_MINOR,
  );
  const transactions = createTransactions();
  let callbackUrl = application.callbackUrl;
  const notices = createNotices({
    faults,
    deliveries,
    report: createCallbackReports(faults, deliveries),
    settings: () =>
      callbackUrl === undefined
        ? undefined
        : { url: callbackUrl, key: application.callbackKey, input: shapes.hashInput },
    callbackDelayMs: timings.callbackDelayMs,
    drawMoneyId: () => identifiers.moneyId('MP', clock.nowMs()),
    describe: ({ amountMinor, airtelMoneyId = '' }, surplusMinor) => {
      const amount = formatBalance(amountMinor + surplusMinor, application.currency);
      return `Paid ${application.currency} ${amount} to SANDBOX. Trans ID ${airtelMoneyId}.`;
    },
  });
  const parts: DeskParts = {
    clock,
    schedule,
    application,
    books,
    handsets,
    subscribers,
    transactions,
    notices,
    identifiers,
    timings,
    shapes,
    limits,
    hasMagic: (msisdn) => magicNumbers && !handsets.isSet(msisdn),
    emit: (what, detail) => onEvent?.({ atMs: clock.nowMs(), emulator: NAME, what, detail }),
  };
  const checkPin = createPinCheck(application.pin, encryption.read);
  const collections = createCollectionDesk(parts);
  const endpoint = createEndpoint({
    name: NAME,
    faults,
    clock,
    schedule,
    onEvent,
    routes: createRoutes({
      gate: createGate({ application, tokens, identifiers, readSecret: encryption.read }),
      tokens,
      context: parts,
      checkPin,
      collections,
      enquire: createEnquiry(transactions, shapes),
      payouts: createPayoutDesk(parts),
      refunds: createRefundDesk(parts),
      remittances: createRemittanceDesk(parts, checkPin),
      accounts: createAccountDesk(parts, encryption.publicKey),
    }),
    replies: {
      unknownPath: noRoute,
      wrongMethod: () => textReply(405, '', 'text/plain'),
      clientError: () => gatewayReply(400, 'ROUTER003', 'A field of the header or the body is missing'),
      serverError: internalError,
      html: firewallPage,
      throttled: () => textReply(429, '', 'text/plain'),
      tokenExpired({ request }) {
        tokens.revoke(request);
        return invalidToken();
      },
      tokenRevoked({ request }) {
        tokens.revoke(request);
        return invalidToken(403);
      },
    },
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
    publicKey: encryption.publicKey,
    answerPrompt: collections.answerPrompt,
    setCallbackUrl(url) {
      if (url !== undefined && !URL.canParse(url)) {
        throw new InvalidRequestError({ field: 'callbackUrl', expected: 'an absolute address' });
      }
      callbackUrl = url;
    },
    revokeTokens: tokens.revokeAll,
    idle: schedule.idle,
    close: schedule.close,
  };
}
