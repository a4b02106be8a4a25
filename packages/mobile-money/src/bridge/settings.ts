import {
  type Clock,
  ConfigError,
  createMemoryKeyValueStore,
  createMemoryRateLimiter,
  type Environment,
  type Journal,
  type KeyValueStore,
  type Logger,
  type MobileMoneyProvider,
  type ProviderFactory,
  type Random,
  type Rate,
  type RateLimiter,
  silentLogger,
  systemClock,
  systemRandom,
  type Transport,
} from '@canza/core';
import { DEFAULT_ROUTING, type RoutingPolicy } from '../routing/router.ts';
import { createDefaultTransport } from './default-transport.ts';
import { type BridgePolicy, DEFAULT_POLICY } from './policy.ts';
import { WalletMemory } from './wallet-memory.ts';

/** What a bridge is made of. */
export interface BridgeSettings {
  /** Each made by a function such as `mpesa({ … })`. */
  readonly providers: readonly ProviderFactory[];
  /** The store of record. In memory (nothing survives the process) only where that is asked for: `createMemoryJournal()`. */
  readonly journal: Journal;
  readonly callbacks: {
    /** Where operators reach {@link MMOBridge.handleCallback}, without a slash at the end: `https://pay.example.com/callbacks`. */
    readonly baseUrl: string;
  };
  /**
   * Carries requests to operators. Left out, the bridge makes `createHttpTransport()` of `@canza/mobile-money/transport` and
   * closes it at `shutdown`; what you bring is yours to close.
   */
  readonly transport?: Transport;
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly random?: Random;
  /** How patient the bridge is, where the defaults do not suit. */
  readonly policy?: Partial<BridgePolicy>;
  /** How routes are chosen, where the defaults do not suit. */
  readonly routing?: Partial<RoutingPolicy>;
  /** Limits in this process, by provider name. */
  readonly rateLimits?: Readonly<Record<string, Rate>>;
  /**
   * Where it is remembered at which operators the payments of a number succeeded: evidence for whose wallet it is, where a number may have
   * several. Left out, each process remembers for itself. Numbers are kept under a digest with `digestKey`, the same in all processes.
   */
  readonly cache?: { readonly store: KeyValueStore; readonly digestKey: string };
  /** A limiter that several processes share, in the place of `rateLimits`; asked by provider name. */
  readonly rateLimiter?: RateLimiter;
}

export interface CheckedSettings {
  readonly providers: readonly MobileMoneyProvider[];
  readonly journal: Journal;
  readonly environment: Environment;
  readonly policy: BridgePolicy;
  readonly routing: RoutingPolicy;
  readonly rateLimiter: RateLimiter | undefined;
  readonly callbackBaseUrl: string;
  readonly memory: WalletMemory;
  /** Ends what the bridge itself opened. */
  readonly close: () => Promise<void>;
}

/**
 * Checks the settings of a bridge and makes its providers.
 * @throws ConfigError naming the field.
 */
export function checkSettings(settings: BridgeSettings): CheckedSettings {
  const owned = settings.transport === undefined ? createDefaultTransport() : undefined;
  const transport = settings.transport ?? owned?.transport;
  if (typeof transport !== 'function') {
    throw new ConfigError({ field: 'transport', expected: 'a transport, such as createHttpTransport()' });
  }
  const environment: Environment = {
    transport,
    clock: settings.clock ?? systemClock,
    random: settings.random ?? systemRandom,
    logger: settings.logger ?? silentLogger,
  };
  if (typeof (settings.journal as Partial<Journal> | undefined)?.insert !== 'function') {
    throw new ConfigError({ field: 'journal', expected: 'a journal, such as createMemoryJournal() in tests' });
  }
  if (!Array.isArray(settings.providers) || settings.providers.length === 0) {
    throw new ConfigError({ field: 'providers', expected: 'at least one provider, such as [mpesa({ … })]' });
  }
  const providers = settings.providers.map((factory: ProviderFactory) => factory(environment));
  const names = providers.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new ConfigError({
      field: 'providers',
      expected: `a name of its own for each provider: "${repeated}" comes twice`,
    });
  }
  return {
    providers,
    journal: settings.journal,
    environment,
    policy: { ...DEFAULT_POLICY, ...settings.policy },
    routing: { ...DEFAULT_ROUTING, ...settings.routing },
    rateLimiter: settings.rateLimiter ?? limiterOf(settings.rateLimits, environment.clock, names),
    callbackBaseUrl: checkCallbackBaseUrl(settings.callbacks?.baseUrl),
    memory: new WalletMemory({ ...environment, ...memoryStore(settings.cache, environment) }),
    close: async () => owned?.close(),
  };
}

/** Numbers that one process remembers for itself. */
const REMEMBERED_NUMBERS = 20_000;
const SHORTEST_DIGEST_KEY = 16;

function memoryStore(
  cache: BridgeSettings['cache'],
  { clock, random }: Environment,
): { store: KeyValueStore; digestKey: string | Uint8Array } {
  if (cache === undefined) {
    const store = createMemoryKeyValueStore({ clock, maxKeys: REMEMBERED_NUMBERS });
    return { store, digestKey: random.bytes(32) };
  }
  if (typeof (cache.store as Partial<KeyValueStore> | undefined)?.swap !== 'function') {
    throw new ConfigError({ field: 'cache.store', expected: 'a key-value store' });
  }
  if (typeof cache.digestKey !== 'string' || cache.digestKey.length < SHORTEST_DIGEST_KEY) {
    throw new ConfigError({
      field: 'cache.digestKey',
      expected: `a secret of ${SHORTEST_DIGEST_KEY} characters or more`,
    });
  }
  return cache;
}

function limiterOf(
  rates: Readonly<Record<string, Rate>> | undefined,
  clock: Clock,
  names: readonly string[],
): RateLimiter | undefined {
  if (rates === undefined) return undefined;
  const stranger = Object.keys(rates).find((name) => !names.includes(name));
  if (stranger !== undefined) {
    throw new ConfigError({ field: `rateLimits.${stranger}`, expected: `a configured provider: ${names.join(', ')}` });
  }
  return createMemoryRateLimiter({ clock, rates });
}

function checkCallbackBaseUrl(baseUrl: unknown): string {
  const url = typeof baseUrl === 'string' && URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const usable = url !== undefined && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '';
  if (!usable) {
    throw new ConfigError({
      field: 'callbacks.baseUrl',
      expected: 'an absolute http(s) address without query, such as "https://pay.example.com/callbacks"',
    });
  }
  return String(baseUrl).replace(/\/+$/, '');
}
