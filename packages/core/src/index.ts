/** `@canza/core`: the words, records and ports that every Canza package shares. */

export { CURRENCY_CODES, type CurrencyCode, exponentOf, isCurrencyCode, WITHDRAWN_CURRENCIES } from './currencies.ts';
export { type Deadline, sleep, waitAtMost, withDeadline } from './deadline.ts';
export { formatUnits, parseUnits } from './decimal.ts';
export { DueLoop, type DueLoopSettings, knownPart } from './due-loop.ts';
export type {
  CallOptions,
  CancelTimer,
  Clock,
  Environment,
  HttpRequest,
  HttpResponse,
  Logger,
  Random,
  Transport,
} from './environment.ts';
export { type MoneyMoved, PaymentError, type PaymentErrorOptions, type SafeCause, safeCause } from './errors/base.ts';
export {
  AuthenticationError,
  DuplicateReferenceError,
  InvalidCallbackError,
  RateLimitError,
  RejectedError,
  RouteClosedError,
  TransportError,
  type TransportFailure,
  UnexpectedResponseError,
} from './errors/provider.ts';
export {
  ConfigError,
  type FieldProblem,
  IdempotencyConflictError,
  InvalidRequestError,
  NotFoundError,
  UnsupportedError,
} from './errors/request.ts';
export {
  AbortedError,
  DeadlineError,
  InvalidTransitionError,
  JournalError,
  NotAcceptingError,
  StoreError,
} from './errors/state.ts';
export { createEvents, type Events, type Unsubscribe } from './events.ts';
export {
  type AttemptReference,
  asUuid,
  attemptReference,
  drawCallbackToken,
  parseTransactionId,
  sha256Hex,
  type TransactionId,
} from './identifiers.ts';
export type {
  ArchiveRequest,
  Claim,
  ClaimRequest,
  HistoryLine,
  InsertOptions,
  InsertResult,
  Journal,
  JournalEntry,
  ListPage,
  ListRequest,
  ReplaceOptions,
  ReplaceResult,
} from './journal.ts';
export { checkFirstVersion, checkJournalEntry } from './journal-entry.ts';
export { type ExportRequest, exportJournal } from './journal-export.ts';
export { type JournalSafety, type LostWrite, type SafetyState, SafetyWatch } from './journal-safety.ts';
export type { KeyValueStore, StoredValue, SwapResult, WriteOptions } from './key-value-store.ts';
export { createMemoryJournal, type MemoryJournal } from './memory/journal.ts';
export { createMemoryKeyValueStore, type MemoryKeyValueStoreOptions } from './memory/key-value-store.ts';
export {
  createMemoryRateLimiter,
  type MemoryRateLimiterSettings,
  type Rate,
} from './memory/rate-limiter.ts';
export {
  decimalsNeeded,
  fitsDecimals,
  formatMoney,
  type Money,
  parseCurrency,
  parseMoney,
  readOperatorAmount,
  sameMoney,
  toOperatorAmount,
} from './money.ts';
export { maskMsisdn, type ParsedMsisdn, type ParseMsisdnOptions, parseMsisdn } from './msisdn.ts';
export {
  type Attempt,
  type AttemptView,
  canMove,
  type Evidence,
  type EvidenceSource,
  fingerprintOf,
  isFinal,
  moneyMovedAt,
  movePayment,
  type Original,
  PAYMENT_STATUSES,
  type Payment,
  type PaymentChange,
  type PaymentRecord,
  type PaymentStatus,
  type VouchedResult,
  viewPayment,
} from './payment.ts';
export {
  type AccountBalance,
  type AccountHolder,
  type CallbackReport,
  type Finding,
  type IncomingCallback,
  type MobileMoneyProvider,
  OPERATION_OF,
  type Operation,
  type OriginalPayment,
  type PaymentType,
  type ProviderCapabilities,
  type ProviderFactory,
  type ProviderReferences,
  type QueryRequest,
  type ResendWindow,
  type Route,
  type RouteTiming,
  refuseUnsupported,
  type SubmitFinding,
  type SubmitRequest,
  type Support,
} from './provider.ts';
export type { AdmitOptions, RateLimiter } from './rate-limiter.ts';
export { FAILURE_REASONS, type FailureReason, liesWith, type ReasonLiesWith } from './reasons.ts';
export {
  type HeldRecord,
  type Insertion,
  RecordBook,
  type RecordBookSettings,
  type UpdateOptions,
} from './record-book.ts';
export { maskDigits, redactText } from './redact.ts';
export { type BatchOptions, runBatch } from './run-batch.ts';
export {
  isSettlementFinal,
  type KeptRefund,
  keepRefunds,
  moveSettlement,
  SETTLEMENT_STATUSES,
  type SettlementAttempt,
  type SettlementChange,
  type SettlementKind,
  type SettlementOriginal,
  type SettlementQuote,
  type SettlementReason,
  type SettlementReceipt,
  type SettlementRecord,
  type SettlementStatus,
  settlementFingerprint,
  settlementMoneyMovedAt,
} from './settlement.ts';
export { restoreCall, type StoredCall, storeCall } from './settlement-call.ts';
export type {
  Abort,
  AbortReason,
  Asset,
  AssetAmount,
  BuildRequest,
  Estimate,
  EstimateRequest,
  Fee,
  LedgerSnapshot,
  LedgerView,
  LookRequest,
  NetworkCall,
  NetworkCapabilities,
  NetworkFactory,
  NetworkOperation,
  NetworkRules,
  SettlementNetwork,
  Sighting,
  SignedTransaction,
  SlotRequest,
  SlotSighting,
  SubmitAnswer,
  SubmitRefusal,
  Transfer,
  TransferProof,
} from './settlement-network.ts';
export {
  type DecidedTransaction,
  isTransactionFinal,
  moveTransaction,
  type TransactionBuild,
  type TransactionChange,
  type TransactionOutcome,
  type TransactionRecord,
  type TransactionStatus,
  transactionMoneyMoved,
} from './settlement-transaction.ts';
export { SharedDeadline } from './shared-deadline.ts';
export { systemClock } from './system/clock.ts';
export { silentLogger } from './system/logger.ts';
export { systemRandom } from './system/random.ts';
export type {
  Telemetry,
  Watched,
  WatchedBridge,
  WatchedRedis,
  WatchedRoute,
  WatchedSettlement,
  WatchedSettlements,
} from './telemetry.ts';
