import {
  type Clock,
  ConfigError,
  type Environment,
  type Journal,
  type Logger,
  type NetworkFactory,
  parseUnits,
  type Random,
  type SettlementNetwork,
  silentLogger,
  systemClock,
  systemRandom,
  type Transport,
} from '@canza/core';

import { createDefaultTransport } from '../transport/default-transport.ts';
import {
  type AlertThresholds,
  type BatchingPolicy,
  DEFAULT_ALERTS,
  DEFAULT_BATCHING,
  DEFAULT_POLICY,
  type SettlementPolicy,
} from './policy.ts';
import { MOST_DECIMALS, type QuoteSource } from './quotes.ts';

/** What a settlement service is made of. */
export interface SettlementSettings {
  /** Made by a function such as `aptos({ … })`. */
  readonly network: NetworkFactory;
  /** The store of record. In memory (nothing survives the process) only where that is asked for: `createMemoryJournal()`. */
  readonly journal: Journal;
  /**
   * Most that one settlement may move, as a decimal string: for all currencies, or for each by its name. Compared with the amount as it
   * was asked for. Left out, there is no limit.
   */
  readonly maxSettlementAmount?: string | Readonly<Record<string, string>>;
  /** `false` keeps every settlement until `confirmSettlement`. Default `true`. */
  readonly autoConfirm?: boolean;
  /** Where rates come from, for settlements between two currencies. Without it they are refused. */
  readonly quotes?: QuoteSource;
  readonly batching?: Partial<BatchingPolicy>;
  readonly alerts?: Partial<AlertThresholds>;
  /** How patient the service is, where the defaults do not suit. */
  readonly policy?: Partial<SettlementPolicy>;
  /** Carries requests to nodes. Left out, the service opens its own and closes it at `shutdown`; what you bring is yours to close. */
  readonly transport?: Transport;
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly random?: Random;
}

export interface CheckedSettings {
  readonly network: SettlementNetwork;
  readonly journal: Journal;
  readonly environment: Environment;
  readonly policy: SettlementPolicy;
  readonly batching: BatchingPolicy;
  readonly alerts: AlertThresholds;
  readonly quotes: QuoteSource | undefined;
  readonly autoConfirm: boolean;
  readonly limitOf: (currency: string) => string | undefined;
  /** Ends what the service itself opened. */
  readonly close: () => Promise<void>;
}

/**
 * Checks the settings of a service and makes its network.
 * @throws ConfigError naming the field.
 */
export function checkSettings(settings: SettlementSettings): CheckedSettings {
  if (typeof settings.network !== 'function') {
    throw new ConfigError({ field: 'network', expected: 'a network, such as aptos({ … })' });
  }
  if (typeof (settings.journal as Partial<Journal> | undefined)?.insert !== 'function') {
    throw new ConfigError({ field: 'journal', expected: 'a journal, such as createMemoryJournal() in tests' });
  }
  if (settings.quotes !== undefined && typeof settings.quotes.quote !== 'function') {
    throw new ConfigError({ field: 'quotes', expected: 'an object with a function "quote"' });
  }
  const owned = settings.transport === undefined ? createDefaultTransport() : undefined;
  const transport = settings.transport ?? owned?.transport;
  if (typeof transport !== 'function') {
    throw new ConfigError({ field: 'transport', expected: 'a transport, or none' });
  }
  const environment: Environment = {
    transport,
    clock: settings.clock ?? systemClock,
    random: settings.random ?? systemRandom,
    logger: settings.logger ?? silentLogger,
  };
  const batching = { ...DEFAULT_BATCHING, ...settings.batching };
  if (!Number.isInteger(batching.maxSize) || batching.maxSize < 1) {
    throw new ConfigError({ field: 'batching.maxSize', expected: 'a whole number from 1' });
  }
  if (!(batching.maxDelayMs >= 0)) throw new ConfigError({ field: 'batching.maxDelayMs', expected: 'milliseconds' });
  return {
    network: settings.network(environment),
    journal: settings.journal,
    environment,
    policy: { ...DEFAULT_POLICY, ...settings.policy },
    batching,
    alerts: { ...DEFAULT_ALERTS, ...settings.alerts },
    quotes: settings.quotes,
    autoConfirm: settings.autoConfirm ?? true,
    limitOf: checkLimits(settings.maxSettlementAmount),
    close: async () => owned?.close(),
  };
}

function checkLimits(limits: SettlementSettings['maxSettlementAmount']): CheckedSettings['limitOf'] {
  if (limits === undefined) return () => undefined;
  if (typeof limits === 'string' || typeof limits !== 'object') {
    checkLimit(limits, 'maxSettlementAmount');
    return () => limits;
  }
  for (const [currency, limit] of Object.entries(limits)) checkLimit(limit, `maxSettlementAmount.${currency}`);
  return (currency) => (Object.hasOwn(limits, currency) ? limits[currency] : undefined);
}

function checkLimit(limit: unknown, field: string): void {
  try {
    parseUnits(limit, MOST_DECIMALS, field);
  } catch (cause) {
    throw new ConfigError({ field, expected: 'a decimal string above zero, such as "100000.0"' }, { cause });
  }
}
