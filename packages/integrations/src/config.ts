import type { SettlementSettings } from '@canza/blockchain';
import type { AptosSettings } from '@canza/blockchain/aptos';
import type {
  Clock,
  Journal,
  KeyValueStore,
  Logger,
  NetworkFactory,
  ProviderFactory,
  Random,
  Rate,
  Telemetry,
  Transport,
} from '@canza/core';
import type { RedisClientOptions } from '@canza/data';
import type { RedisJournalOptions } from '@canza/data/journal';
import type { BridgePolicy, BridgeSettings, RoutingPolicy } from '@canza/mobile-money';
import type { AirtelMoneySettings } from '@canza/mobile-money/airtel-money';
import type { MpesaSettings } from '@canza/mobile-money/mpesa';
import type { MtnMomoSettings } from '@canza/mobile-money/mtn-momo';
import type { Gateway, GatewaySettings, ReadyMenuOptions, UssdHandlerOptions } from '@canza/mobile-money/ussd';
import type { VodacomMpesaSettings } from '@canza/mobile-money/vodacom-mpesa';

/** One credential, or several at the same operator, each with a `name` of its own. */
type OneOrMore<Settings> = Settings | readonly Settings[];

/** The operators whose adapters come with us. What is not named here is not loaded. */
export interface OperatorsConfig {
  readonly mpesa?: OneOrMore<MpesaSettings>;
  readonly mtnMomo?: OneOrMore<MtnMomoSettings>;
  readonly airtelMoney?: OneOrMore<AirtelMoneySettings>;
  readonly vodacomMpesa?: OneOrMore<VodacomMpesaSettings>;
}

/**
 * Where payments are kept. As text:
 * `postgres://…` a PostgreSQL server; `file:./payments` a PostgreSQL in this process, for one process at a time;
 * `redis` the configured Redis, or `redis://…` another one; `memory` nothing survives the process.
 */
export type JournalConfig = string | JournalSettings | Journal;

/** The same, with what else a journal may be told. */
export interface JournalSettings extends Pick<RedisJournalOptions, 'beforeSend' | 'durability' | 'timeoutMs'> {
  /** Where: as in {@link JournalConfig}. */
  readonly on: string;
}

/** Gateways that can be named in text; the others are made by hand. */
export const GATEWAY_NAMES = ['africas-talking', 'hubtel', 'arkesel', 'nalo', 'infobip'] as const;

/** A gateway that can be named in text. */
export type GatewayName = (typeof GATEWAY_NAMES)[number];

/** A gateway by its name. */
export interface NamedGateway extends GatewaySettings {
  readonly name: GatewayName;
  /** Your code, for gateways whose requests do not tell it. */
  readonly serviceCode?: string;
}

/** A USSD service: the ready menu, or one of your own. What it pays, the bridge pays. */
export interface UssdConfig
  extends Omit<UssdHandlerOptions<string>, 'clock' | 'data' | 'gateway' | 'logger' | 'menu' | 'payments' | 'store'> {
  readonly gateway?: Gateway | NamedGateway;
  /** The menu that comes with us. */
  readonly ready?: Omit<ReadyMenuOptions, 'payments'>;
  /** A menu of your own, in its place, with what its screens look up. */
  readonly menu?: UssdHandlerOptions<string>['menu'];
  readonly data?: UssdHandlerOptions<string>['data'];
  /**
   * Where sessions live. Default: the configured Redis. `memory` lives as long as the process and in it alone, and forgets with it
   * payments that were confirmed and not yet started.
   */
  readonly store?: 'memory' | KeyValueStore;
}

/** Settlement on a chain: Aptos by its settings, or a network of your own. The rest as the service takes it. */
export interface SettlementConfig
  extends Omit<SettlementSettings, 'clock' | 'journal' | 'logger' | 'network' | 'random' | 'transport'> {
  readonly aptos?: AptosSettings;
  /** A network that is made by hand, in its place. */
  readonly network?: NetworkFactory;
}

/** Everything that one deployment configures. Each part may be left out; what is left out is not loaded. */
export interface IntegrationsConfig extends OperatorsConfig {
  /** Adapters of your own, beside those that are configured by name. */
  readonly providers?: readonly ProviderFactory[];
  readonly settlement?: SettlementConfig;
  /** Needed once an operator or a settlement is configured; never assumed. */
  readonly journal?: JournalConfig;
  /** Where operators reach `bridge.handleCallback`; needed once an operator is configured. */
  readonly callbacks?: { readonly baseUrl: string };
  /** A Redis for USSD sessions, shared limits and the caller's own use: its address, or all that a client takes. */
  readonly redis?: string | RedisClientOptions;
  readonly ussd?: UssdConfig;
  /** Stands in front of every key and names the schema. Default `canza`. */
  readonly namespace?: string;
  /**
   * Limits by provider name. With a Redis they hold for all processes together, as whole calls in whole seconds: a second's calls may come at
   * once, and `burst` says nothing then.
   */
  readonly rateLimits?: Readonly<Record<string, Rate>>;
  /** How many processes share the limits: while Redis is away, each keeps to its part. Default 1. */
  readonly processes?: number;
  /** How patient the bridge is, where the defaults do not suit. */
  readonly policy?: Partial<BridgePolicy>;
  /** How routes are chosen, where the defaults do not suit. */
  readonly routing?: Partial<RoutingPolicy>;
  /** Where it is remembered whose wallets numbers have; left out, each process remembers for itself. */
  readonly cache?: NonNullable<BridgeSettings['cache']>;
  readonly transport?: Transport;
  readonly logger?: Logger;
  /** Traces and metrics: `createTelemetry()` of `@canza/core/opentelemetry`, made after your SDK was started. */
  readonly telemetry?: Telemetry;
  readonly clock?: Clock;
  readonly random?: Random;
}
