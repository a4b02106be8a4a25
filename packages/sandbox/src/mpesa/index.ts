/** `@canza/sandbox/mpesa`: M-PESA's Daraja API, offline. */

export type { Charge, ChargeFilter, DarajaBooks } from './books.ts';
export { createDarajaEmulator, type DarajaEmulator } from './emulator.ts';
export { type DarajaServer, type DarajaServerOptions, startDarajaServer } from './server.ts';
export {
  type DarajaCredentials,
  type DarajaEmulatorOptions,
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
export type { StkPayment } from './stk-push.ts';
export type { StkResult } from './stk-results.ts';
