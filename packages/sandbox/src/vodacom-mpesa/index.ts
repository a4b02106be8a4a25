/** `@canza/sandbox/vodacom-mpesa`: the M-Pesa Open API of Vodacom and Vodafone, offline. */

export type {
  Movement as VodacomMovement,
  MovementKind as VodacomMovementKind,
  Purse as VodacomPurse,
  VodacomBooks,
} from './books.ts';
export { createVodacomEmulator, type VodacomEmulator } from './emulator.ts';
export type { MarketName as VodacomMarketName } from './markets.ts';
export type { TransactionStatus as VodacomTransactionStatus } from './outcomes.ts';
export { startVodacomServer, type VodacomServer, type VodacomServerOptions } from './server.ts';
export {
  fasterVodacomTimings,
  type VodacomApplication,
  type VodacomEmulatorOptions,
  type VodacomLimits,
  type VodacomShapes,
  type VodacomTimings,
} from './settings.ts';
export {
  type SubscriberState as VodacomSubscriberState,
  type Subscribers as VodacomSubscribers,
} from './subscribers.ts';
export type { VodacomTransaction } from './transactions.ts';
