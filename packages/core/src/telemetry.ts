import type { Unsubscribe } from './events.ts';
import type { Journal } from './journal.ts';
import type { Payment, PaymentStatus } from './payment.ts';
import type { Operation, ProviderFactory } from './provider.ts';
import type { SettlementRecord, SettlementStatus } from './settlement.ts';
import type { NetworkFactory } from './settlement-network.ts';

/**
 * Whatever tells an operator of the service how it is doing, as a port: `createTelemetry()` of `@canza/core/opentelemetry` is one.
 * Nothing that it meets may disturb a payment.
 */
export interface Telemetry {
  /** For `providers` of a bridge: calls to operators, and the HTTP exchanges within. */
  providers(factories: readonly ProviderFactory[]): ProviderFactory[];
  /** For `network` of a settlement service: questions to nodes, and submissions. */
  network(factory: NetworkFactory): NetworkFactory;
  /** For `journal` of a bridge or a settlement service: each write, in the trace of what is written. */
  journal(journal: Journal): Journal;
  /** Counts what comes of payments and settlements, and reads the state of routes, the journal and Redis. Returns how to stop. */
  watch(watched: Watched): Unsubscribe;
}

/** What is watched of a bridge: an `MMOBridge` has it. */
export interface WatchedBridge {
  on(
    name: 'payment.changed',
    listener: (event: { readonly payment: Payment; readonly from: PaymentStatus | undefined }) => void,
  ): Unsubscribe;
  on(name: 'payment.settled', listener: (event: { readonly payment: Payment }) => void): Unsubscribe;
  on(name: 'callback.ignored', listener: (event: { readonly contradicts: boolean }) => void): Unsubscribe;
  health(): readonly WatchedRoute[];
  findTransactions(search: {
    readonly status: PaymentStatus;
    readonly limit: number;
  }): Promise<{ readonly payments: readonly Payment[] }>;
}

/** How one route is doing, as a bridge reports it. */
export interface WatchedRoute {
  readonly routeId: string;
  readonly provider: string;
  readonly country: string;
  readonly operation: Operation;
  readonly state: 'operational' | 'delayed' | 'closed';
}

/** What is watched of a link to Redis: a `RedisConnection` of `@canza/data` has it. */
export interface WatchedRedis {
  readonly metrics: {
    readonly inFlight: number;
    readonly waiting: number;
    readonly replies: number;
    readonly refusals: number;
    readonly timeouts: number;
    readonly losses: number;
    readonly connections: number;
  };
}

/** What is watched of a settlement service: a `SettlementService` has it. */
export interface WatchedSettlements {
  on(
    name: 'settlement.changed',
    listener: (event: { readonly settlement: WatchedSettlement; readonly from: SettlementStatus | undefined }) => void,
  ): Unsubscribe;
  on(name: 'settlement.ended', listener: (event: { readonly settlement: WatchedSettlement }) => void): Unsubscribe;
  on(name: 'alert', listener: (event: { readonly alert: string }) => void): Unsubscribe;
  metrics(): {
    readonly transactions: { readonly open: number; readonly stuck: number; readonly oldestOpenMs: number };
    readonly feesPaid: string;
  };
}

/** A settlement, as far as it is measured. */
export type WatchedSettlement = Pick<
  SettlementRecord,
  'kind' | 'moneyMoved' | 'network' | 'reason' | 'settlementId' | 'status' | 'toCurrency'
> & { readonly transactionHash?: string; readonly createdAt: string; readonly updatedAt: string };

/** What is looked at whenever metrics are collected. */
export interface Watched {
  readonly bridge?: WatchedBridge;
  readonly settlements?: WatchedSettlements;
  readonly journal?: Pick<Journal, 'safety'>;
  readonly redis?: WatchedRedis;
}
