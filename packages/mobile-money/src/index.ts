/** `@canza/mobile-money`: the bridge over all operators. Each operator's adapter is a subpath of its own. */
export { MMOBridge } from './bridge/bridge.ts';
export type { BridgeEvents } from './bridge/payment-ledger.ts';
export { type BridgePolicy, DEFAULT_POLICY } from './bridge/policy.ts';
export type { BridgeSettings } from './bridge/settings.ts';
export type { TransactionRequest } from './bridge/transaction-request.ts';
