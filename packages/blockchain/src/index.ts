/** `@canza/blockchain`: settles on a chain, exactly once. Networks are in subpaths, such as `@canza/blockchain/aptos`. */

export type { SettlementBatchResult } from './service/batch.ts';
export { settlementKinds } from './service/books.ts';
export type { SettlementAlert, SettlementEvents } from './service/events.ts';
export type { SettlementMetrics } from './service/metrics.ts';
export type { AlertThresholds, BatchingPolicy, SettlementPolicy } from './service/policy.ts';
export type { QuoteRequest, QuoteSource } from './service/quotes.ts';
export type {
  CurrencyAmount,
  LiquidityRequest,
  SettlementRefundRequest,
  SettlementRequest,
} from './service/request.ts';
export type { SettlementDecision, TransactionDecision } from './service/review.ts';
export type { SettlementPage, SettlementSearch, TransactionPage, TransactionSearch } from './service/search.ts';
export type { SettlementSettings } from './service/settings.ts';
export { SettlementService } from './service/settlement-service.ts';
export type { SettlementTransaction } from './service/transaction-view.ts';
export type { Settlement } from './service/view.ts';
