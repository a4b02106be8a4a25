import { type CallOptions, type Clock, ConfigError, createMemoryJournal, type Journal, type Logger } from '@canza/core';
import type { RedisConnection } from '@canza/data';
import type { JournalConfig, JournalSettings } from './config.ts';
import type { Resources } from './resources.ts';

/** What a journal may need of its surroundings. */
export interface JournalSurroundings {
  readonly namespace?: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly resources: Resources;
  /** The configured Redis, without fallback. */
  readonly redis: RedisConnection | undefined;
}

/** A journal, and the look at its server where it has one. */
export interface OpenedJournal {
  readonly journal: Journal;
  readonly look: (options?: CallOptions) => Promise<void>;
}

/**
 * Opens the journal that a text names. Nothing of ioredis, `pg` or PGlite is loaded for another one.
 * @throws ConfigError when the text names none, or the package that it needs is not installed.
 */
export async function openJournal(config: JournalConfig, around: JournalSurroundings): Promise<OpenedJournal> {
  if (typeof config !== 'string' && !('on' in config)) return { journal: config, look: lookOf(config) };
  const { on, ...settings } = typeof config === 'string' ? { on: config } : config;
  if (on === 'memory') return { journal: createMemoryJournal(), look: async () => undefined };
  if (on === 'redis' || /^rediss?:/.test(on)) return openOnRedis(on, settings, around);
  if (on.startsWith(FILE) || /^postgres(?:ql)?:/.test(on)) return openOnPostgres(on, settings, around);
  throw new ConfigError({
    field: 'journal',
    expected: '"memory", "redis", "file:<folder>", or a postgres:// or redis:// address',
  });
}

/** A PostgreSQL in this process, by its folder. */
const FILE = 'file:';

type Settings = Omit<JournalSettings, 'on'>;

async function openOnRedis(on: string, settings: Settings, around: JournalSurroundings): Promise<OpenedJournal> {
  const { clock, logger, resources } = around;
  const { createRedisJournal } = await import('@canza/data/journal');
  let connection = around.redis;
  if (on !== 'redis' || connection === undefined) {
    const { openRedis } = await import('@canza/data/redis');
    const own = await openRedis({ server: { url: on }, connectionName: 'canza-journal', clock, logger });
    resources.hold(() => own.close());
    connection = own;
  }
  const journal = createRedisJournal({ ...settings, ...keysOf(around), connection, clock, logger });
  resources.hold(() => journal.close());
  return { journal, look: (options) => journal.initialize(options) };
}

async function openOnPostgres(on: string, settings: Settings, around: JournalSurroundings): Promise<OpenedJournal> {
  const { clock, logger, resources } = around;
  const { beforeSend: _, ...others } = settings;
  const options = { ...others, ...schemaOf(around), clock, logger };
  const { openEmbeddedJournal, openPostgresJournal } = await import('@canza/data/postgres');
  const journal = on.startsWith(FILE)
    ? await openEmbeddedJournal({ ...options, folder: on.slice(FILE.length) })
    : await openPostgresJournal({ ...options, url: on });
  resources.hold(() => journal.close());
  return { journal, look: (call) => journal.initialize(call) };
}

/** Keys begin with the namespace, and a schema is called after it. */
const keysOf = ({ namespace }: JournalSurroundings) => (namespace === undefined ? {} : { namespace });
const schemaOf = ({ namespace }: JournalSurroundings) =>
  namespace === undefined ? {} : { schema: `${namespace.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_')}_journal` };

/** A journal that was handed in is looked at where it lets itself be. */
function lookOf(journal: Journal): OpenedJournal['look'] {
  const { initialize } = journal as { initialize?: OpenedJournal['look'] };
  return async (options) => initialize?.call(journal, options);
}
