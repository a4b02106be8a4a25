/** M-Pesa in Kenya over Daraja: `@canza/mobile-money/mpesa`. */

export type { BalanceReport } from './account-balance/results.ts';
export type { BusinessPayment, TillPrompt } from './b2b/requests.ts';
export {
  acceptPayment,
  type NoticeAnswer,
  type NoticeRefusal,
  noteConfirmation,
  type PaymentNotice,
  refusePayment,
} from './c2b/notices.ts';
export type { PaymentNotices, SimulatedPayment } from './c2b/requests.ts';
export { DARAJA_CALLBACK_SOURCES } from './callback-sources.ts';
export type { MpesaInitiatorSettings, MpesaSettings, PayoutCommand } from './config.ts';
export type { AnswerAddresses } from './initiator/addresses.ts';
export type { MpesaOperations, MpesaProvider } from './operations.ts';
export { mpesa } from './provider.ts';
export type { PullPeriod, PullRegistration } from './pull/requests.ts';
export type { PulledPayment } from './pull/responses.ts';
export type { QrPayment } from './qr/requests.ts';
export { parseStkCallback } from './stk/callbacks.ts';
export type { TransactionInDoubt } from './transaction-status/requests.ts';
