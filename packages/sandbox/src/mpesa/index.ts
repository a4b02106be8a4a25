/** `@canza/sandbox/mpesa`: M-PESA's Daraja API, offline. */

export type { Charge, DarajaBooks, Payout, Reversal, Transfer } from './books.ts';
export type { CustomerPaymentOutcome } from './c2b/desk.ts';
export type { CustomerPayment } from './c2b/request.ts';
export { createDarajaEmulator, type DarajaEmulator } from './emulator.ts';
export type { Conversation, ForcedResult } from './initiator/conversations.ts';
export type { AccountName, Initiator, InitiatorOperation, Organisation } from './organisations.ts';
export { type DarajaClientSettings, type DarajaServer, type DarajaServerOptions, startDarajaServer } from './server.ts';
export {
  type DarajaCredentials,
  type DarajaEmulatorOptions,
  type DarajaFees,
  type DarajaInitiator,
  type DarajaLimits,
  type DarajaShapes,
  type DarajaTimings,
  fasterTimings,
  type PendingShape,
  type StkShortcode,
  TEST_MSISDN,
  TEST_SHORTCODE,
  TEST_STORE,
} from './settings.ts';
export type { StkPayment } from './stk/desk.ts';
export type { StkResult } from './stk/results.ts';
export type { SubscriberState, Subscribers } from './subscribers.ts';
