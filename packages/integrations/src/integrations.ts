import type { SettlementService } from '@canza/blockchain';
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
import { checkConfig, hasOperators, needsJournal } from './check-config.ts';
import type { IntegrationsConfig } from './config.ts';
import { openBridge } from './open-bridge.ts';
import { type OpenedJournal, openJournal } from './open-journal.ts';
import { openRedis } from './open-redis.ts';
import { openSettlement } from './open-settlement.ts';
import { openUssd } from './open-ussd.ts';
import { pick } from './pick.ts';
import { Resources } from './resources.ts';

/** Everything that one deployment uses, put together. Reading a part that was not configured is a ConfigError. */
export interface Integrations {
  /** Moves money over the configured operators. */
  readonly bridge: MMOBridge;
  /** Settles on a chain. */
  readonly settlement: SettlementService;
  /** The store of record that bridge and settlement write to. */
  readonly journal: Journal;
  /** The configured Redis, with what values and locks the app itself keeps there. */
  readonly redis: RedisClient;
  /** The USSD service. */
  readonly ussd: USSDProtocolHandler<string>;
  /**
   * Looks at the journal's server and the chain, takes up what a crash left open, and begins to take payments and hops.
   * When a part cannot start, everything is closed again.
   * @throws ConfigError when the journal's server could lose a payment; JournalError when it cannot be reached.
   */
  initialize(options?: CallOptions): Promise<void>;
  /**
   * Ends what takes in work before what does it, and what does it before what keeps it: USSD, the bridge,
   * settlement, the journal, Redis.
   * Open payments stay in the journal for the next start.
   * @throws DeadlineError when payments are still under way after `timeoutMs` (default 30 s); all else is closed all the same.
   */
  shutdown(options?: CallOptions): Promise<void>;
}

interface Parts {
  readonly opened: OpenedJournal | undefined;
  readonly bridge: MMOBridge | undefined;
  readonly settlement: SettlementService | undefined;
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
  const around = { ...pick(config, 'namespace'), clock, random, logger, resources };
  const redis = config.redis === undefined ? undefined : await openRedis(config.redis, around);
  const where = { ...around, redis: redis?.link };
  const opened = needsJournal(config) ? await openJournal(config.journal ?? '', where) : undefined;
  const { telemetry } = config;
  const journal = opened && (telemetry?.journal(opened.journal) ?? opened.journal);
  const bridge =
    journal !== undefined && hasOperators(config) ? await openBridge(config, { ...around, journal, redis }) : undefined;
  const settlement =
    journal !== undefined && config.settlement !== undefined
      ? await openSettlement(config.settlement, {
          ...pick(config, 'transport', 'telemetry'),
          clock,
          random,
          logger,
          journal,
        })
      : undefined;
  const watched = {
    ...(bridge === undefined ? {} : { bridge }),
    ...(settlement === undefined ? {} : { settlements: settlement }),
    ...(redis === undefined ? {} : { redis: redis.link }),
    ...(journal === undefined ? {} : { journal }),
  };
  const stopWatching = telemetry?.watch(watched);
  if (stopWatching !== undefined) resources.hold(async () => stopWatching());
  const ussd = config.ussd && (await openUssd(config.ussd, { ...around, bridge, redis }));
  return { opened, bridge, settlement, redis, ussd };
}

function assemble(
  { opened, bridge, settlement, redis, ussd }: Parts,
  resources: Resources,
  logger: Logger,
): Integrations {
  let closing: Promise<void> | undefined;
  const tellings = new Set<Promise<void>>();
  const close = async (options?: CallOptions): Promise<void> => {
    // Held last, closed first: USSD hands payments to the bridge, what it collects is settled, and both write to the journal.
    resources.hold(async () => void (await Promise.allSettled(tellings)));
    if (settlement !== undefined) resources.hold(() => settlement.shutdown(options));
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
    get settlement() {
      return settlement ?? missing('settlement', 'a network, such as Aptos');
    },
    get journal() {
      return opened?.journal ?? missing('journal', 'a journal, and an operator or a settlement');
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
        await settlement?.initialize(options);
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
