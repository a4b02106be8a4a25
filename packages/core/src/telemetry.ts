import type { Unsubscribe } from './events.ts';
import type { Journal } from './journal.ts';
import type { Payment, PaymentStatus } from './payment.ts';
import type { Operation, ProviderFactory } from './provider.ts';

/**
 * Whatever tells an operator of the service how it is doing, as a port: `createTelemetry()` of `@canza/core/opentelemetry` is one.
 * Nothing that it meets may disturb a payment.
 */
export interface Telemetry {
  /** For `providers` of a bridge: calls to operators, and the HTTP exchanges within. */
  providers(factories: readonly ProviderFactory[]): ProviderFactory[];
  /** For `journal` of a bridge: each write of a payment, in the payment's trace. */
  journal(journal: Journal): Journal;
  /** Counts what comes of payments, and reads the state of routes, the journal and Redis. Returns how to stop. */
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

export interface Watched {
  readonly bridge?: WatchedBridge;
  readonly journal?: Pick<Journal, 'safety'>;
  readonly redis?: WatchedRedis;
}
