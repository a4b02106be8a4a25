/** `@canza/sandbox/airtel-money`: Airtel Money's API, offline. */

export type {
  Account as AirtelAccount,
  AirtelBooks,
  Collection as AirtelCollection,
  Payout as AirtelPayout,
  Refund as AirtelRefund,
} from './books.ts';
export type { AirtelCountryCode } from './countries.ts';
export type { HashInput } from './crypto/callback-hash.ts';
export { PIN_PADDINGS, type PinPadding } from './crypto/encryption.ts';
export { type AirtelEmulator, createAirtelEmulator } from './emulator.ts';
export type { TransactionStatus as AirtelTransactionStatus } from './outcomes.ts';
export { type AirtelServer, type AirtelServerOptions, startAirtelServer } from './server.ts';
export {
  type AirtelApplication,
  type AirtelEmulatorOptions,
  type AirtelLimits,
  type AirtelShapes,
  type AirtelTimings,
  fasterAirtelTimings,
} from './settings.ts';
export {
  type SubscriberState as AirtelSubscriberState,
  type Subscribers as AirtelSubscribers,
} from './subscribers.ts';
export type { AirtelTransaction } from './transactions.ts';
