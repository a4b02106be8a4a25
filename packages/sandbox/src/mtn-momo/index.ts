/** `@canza/sandbox/mtn-momo`: MTN's MoMo Open API, offline. */

export type { MomoBooks, Movement, MovingOperation } from './books.ts';
export { createMomoEmulator, type MomoEmulator } from './emulator.ts';
export type { MomoPayment } from './payments/desk.ts';
export type { PaymentEnd } from './payments/statement.ts';
export type { PreApproval } from './preapprovals.ts';
export { type MomoServer, type MomoServerOptions, startMomoServer } from './server.ts';
export {
  fasterMomoTimings,
  type MomoCredentials,
  type MomoEmulatorOptions,
  type MomoEnvironment,
  type MomoShapes,
  type MomoTimings,
  SANDBOX_ENVIRONMENT,
} from './settings.ts';
export type { MomoSubscriberState, MomoSubscribers } from './subscribers.ts';
