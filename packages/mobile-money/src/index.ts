/** `@canza/mobile-money`: the bridge over all operators. Each operator's adapter is a subpath of its own. */
export type { BatchOptions } from '@canza/core';
export type { BatchResult } from './bridge/batch.ts';
export { MMOBridge, type TransactionPage, type TransactionSearch } from './bridge/bridge.ts';
export type { AccountFinding, AccountQuestion, BalanceFinding } from './bridge/enquiries.ts';
export type { PayerGuidance } from './bridge/payer-guidance.ts';
export type { Decision } from './bridge/payment-learning.ts';
export type { BridgeEvents } from './bridge/payment-ledger.ts';
export { type BridgePolicy, DEFAULT_POLICY } from './bridge/policy.ts';
export type { Difference, ReconciliationReport, Statement, StatementLine } from './bridge/reconciliation.ts';
export type { RefundRequest } from './bridge/refund-request.ts';
export type { PlannedRoute, RoutePlan } from './bridge/route-plan.ts';
export type { BridgeSettings } from './bridge/settings.ts';
export type { TransactionRequest } from './bridge/transaction-request.ts';
export { DEFAULT_HEALTH, type HealthPolicy, type RouteHealth } from './routing/route-health.ts';
export type { RouteTerms } from './routing/route-score.ts';
export { DEFAULT_ROUTING, type RouteReport, type RoutingPolicy } from './routing/router.ts';
