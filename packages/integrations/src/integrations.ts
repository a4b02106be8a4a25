import {
  type CallOptions,
  ConfigError,
  type Journal,
  type Logger,
  type Payment,
  safeCause,
  silentLogger,
  systemClock,
  systemRandom,
} from '@canza/core';
import type { RedisClient } from '@canza/data';
import type { MMOBridge } from '@canza/mobile-money';
import type { USSDProtocolHandler } from '@canza/mobile-money/ussd';
import { checkConfig, hasOperators } from './check-config.ts';
import type { IntegrationsConfig } from './config.ts';
import { loadOperators } from './load-operators.ts';
import { type OpenedJournal, openJournal } from './open-journal.ts';
import { openRedis } from './open-redis.ts';
import { openUssd } from './open-ussd.ts';
import { Resources } from './resources.ts';
import { createSharedLimits } from './shared-limits.ts';

/** Everything that one deployment uses, put together. Reading a part that was not configured is a ConfigError. */
export interface Integrations {
  /** Moves money over the configured operators. */
  readonly bridge: MMOBridge;
  /** The store of record that the bridge writes to. */
  readonly journal: Journal;
  /** The configured Redis, with what values and locks the app itself keeps there. */
  readonly redis: RedisClient;
  /** The USSD service. */
  readonly ussd: USSDProtocolHandler<string>;
  /**
   * Looks at the journal's server, takes up what a crash left open, and begins to take payments and hops.
   * When a part cannot start, everything is closed again.
   * @throws ConfigError when the journal's server could lose a payment; JournalError when it cannot be reached.
   */
  initialize(options?: CallOptions): Promise<void>;
  /**
   * Ends what takes in work before what does it, and what does it before what keeps it: USSD, the bridge, the journal, Redis.
   * Open payments stay in the journal for the next start.
   * @throws DeadlineError when payments are still under way after `timeoutMs` (default 30 s); all else is closed all the same.
   */
  shutdown(options?: CallOptions): Promise<void>;
}

interface Parts {
  readonly opened: OpenedJournal | undefined;
  readonly bridge: MMOBridge | undefined;
  readonly redis: RedisClient | undefined;
  readonly ussd: USSDProtocolHandler<string> | undefined;
}

/**
 * Puts together what a configuration names, and loads nothing else. Connects to Redis where one is configured; takes no work
 * until `initialize`.
 * @throws ConfigError naming the field, never its value; RedisUnavailableError when Redis does not answer.
 */
export async function createIntegrations(config: IntegrationsConfig): Promise<Integrations> {
  checkConfig(config);
  const resources = new Resources();
  try {
    return assemble(await open(config, resources), resources, config.logger ?? silentLogger);
  } catch (error) {
    await resources.close().catch(() => undefined);
    throw error;
  }
}

async function open(config: IntegrationsConfig, resources: Resources): Promise<Parts> {
  const { clock = systemClock, random = systemRandom, logger = silentLogger } = config;
  const named = config.namespace === undefined ? {} : { namespace: config.namespace };
  const around = { ...named, clock, random, logger, resources };
  const redis = config.redis === undefined ? undefined : await openRedis(config.redis, around);
  if (!hasOperators(config)) {
    const ussd = config.ussd && (await openUssd(config.ussd, { ...around, bridge: undefined, redis }));
    return { opened: undefined, bridge: undefined, redis, ussd };
  }
  const { telemetry } = config;
  const operators = await loadOperators(config);
  const opened = await openJournal(config.journal ?? '', { ...around, redis: redis?.link });
  const { MMOBridge } = await import('@canza/mobile-money');
  const { rateLimits: rates, processes = 1, callbacks = { baseUrl: '' } } = config;
  const limits =
    rates !== undefined && redis !== undefined
      ? { rateLimiter: await createSharedLimits({ ...around, rates, processes, connection: redis.link }) }
      : pick(config, 'rateLimits');
  const bridge = new MMOBridge({
    ...pick(config, 'transport', 'policy', 'routing', 'cache'),
    ...limits,
    providers: telemetry?.providers(operators) ?? operators,
    journal: telemetry?.journal(opened.journal) ?? opened.journal,
    callbacks,
    clock,
    random,
    logger,
  });
  const watched = { bridge, journal: opened.journal, ...(redis === undefined ? {} : { redis: redis.link }) };
  const stopWatching = telemetry?.watch(watched);
  if (stopWatching !== undefined) resources.hold(async () => stopWatching());
  // A misspelled name would leave its operator without a limit.
  const known = new Set(bridge.health().map(({ provider }) => provider));
  const stranger = Object.keys(rates ?? {}).find((name) => !known.has(name));
  if (stranger !== undefined) missing(`rateLimits.${stranger}`, `a configured provider: ${[...known].join(', ')}`);
  const ussd = config.ussd && (await openUssd(config.ussd, { ...around, bridge, redis }));
  return { opened, bridge, redis, ussd };
}

function assemble({ opened, bridge, redis, ussd }: Parts, resources: Resources, logger: Logger): Integrations {
  let closing: Promise<void> | undefined;
  const tellings = new Set<Promise<void>>();
  const close = async (options?: CallOptions): Promise<void> => {
    // Held last, closed first: USSD hands payments to the bridge, and the bridge writes to the journal.
    resources.hold(async () => void (await Promise.allSettled(tellings)));
    if (bridge !== undefined) resources.hold(() => bridge.shutdown(options));
    if (ussd !== undefined) resources.hold(() => ussd.shutdown());
    await resources.close();
  };
  const shutdown = (options?: CallOptions): Promise<void> => (closing ??= close(options));
  const tell = async (payment: Payment): Promise<void> => {
    try {
      await ussd?.tellOutcome(payment);
    } catch (error) {
      logger.warn({ transactionId: payment.transactionId, cause: safeCause(error) }, 'an outcome could not be told');
    }
  };
  const tellPayers = (): void =>
    void bridge?.on('payment.settled', ({ payment }) => {
      const telling = tell(payment).finally(() => tellings.delete(telling));
      tellings.add(telling);
    });
  return {
    get bridge() {
      return bridge ?? missing('mpesa', 'an operator, for a bridge');
    },
    get journal() {
      return opened?.journal ?? missing('journal', 'a journal, and an operator');
    },
    get redis() {
      return redis ?? missing('redis', 'the address of a Redis');
    },
    get ussd() {
      return ussd ?? missing('ussd', 'a menu and a gateway');
    },
    async initialize(options) {
      try {
        await opened?.look(options);
        if (ussd !== undefined) tellPayers();
        await bridge?.initialize();
        await ussd?.initialize();
      } catch (error) {
        await shutdown(options).catch(() => undefined);
        throw error;
      }
    },
    shutdown,
  };
}

function missing(field: string, expected: string): never {
  throw new ConfigError({ field, expected });
}

/** The named fields of an object, without those that are left out. */
function pick<T extends object, K extends keyof T>(from: T, ...fields: readonly K[]): Pick<T, K> {
  const given = fields.filter((field) => from[field] !== undefined).map((field) => [field, from[field]]);
  return Object.fromEntries(given) as Pick<T, K>;
}
