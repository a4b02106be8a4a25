import { ConfigError, type Journal, PaymentError } from '@canza/core';
import type { RedisClient, RedisConnection } from '@canza/data';
import { needsJournal } from '../check-config.ts';
import type { JournalConfig } from '../config.ts';
import { openJournal } from '../open-journal.ts';
import { openRedis } from '../open-redis.ts';
import { Resources } from '../resources.ts';
import { type Check, type Finding, fail, ok, type Surroundings, warn } from './check.ts';

/** Whether what is acknowledged is kept: the journal's server, and the Redis that holds sessions. */
export const durability: Check = {
  name: 'durability',
  async run(around) {
    const resources = new Resources();
    try {
      const redis = await connect(around, resources);
      if (redis === 'away')
        return [fail('redis', 'it does not answer', 'start it, or correct its address and password')];
      const sessions = redis === undefined ? [] : await ofSessions(redis, around);
      return [...(await ofJournal(redis, around, resources)), ...sessions];
    } finally {
      await resources.close().catch(() => undefined);
    }
  },
};

async function connect(
  { config, ...around }: Surroundings,
  resources: Resources,
): Promise<RedisClient | 'away' | undefined> {
  if (config.redis === undefined) return undefined;
  const named = config.namespace === undefined ? {} : { namespace: config.namespace };
  try {
    const { clock, random, logger } = around;
    return await openRedis(config.redis, { clock, random, logger, resources, ...named });
  } catch (error) {
    if (ConfigError.isInstance(error)) throw error;
    return 'away';
  }
}

async function ofJournal(
  redis: RedisClient | undefined,
  { config, clock, logger, timeoutMs }: Surroundings,
  resources: Resources,
): Promise<readonly Finding[]> {
  const { journal: where } = config;
  if (where === undefined || !needsJournal(config)) return [];
  if (nameOf(where) === 'memory') {
    return [
      fail(
        'journal',
        'payments are kept in memory',
        'keep them on PostgreSQL or Redis: a restart forgets what was sent',
      ),
    ];
  }
  const named = config.namespace === undefined ? {} : { namespace: config.namespace };
  const { journal, look } = await openJournal(where, { clock, logger, resources, redis: redis?.link, ...named });
  try {
    await look({ timeoutMs });
  } catch (error) {
    return [refusal(error)];
  }
  return [...ofServer(where), ...ofSafety(journal), ...(await ofDisk(where, redis?.link))];
}

const nameOf = (where: JournalConfig): string =>
  typeof where === 'string' ? where : 'on' in where ? where.on : 'a journal of your own';

function refusal(error: unknown): Finding {
  if (ConfigError.isInstance(error)) {
    return fail('journal', `the server could lose a payment: ${error.field}`, `it has to be ${error.expected}`);
  }
  const code = PaymentError.isInstance(error) ? error.code : 'an error';
  return fail('journal', `it cannot be reached (${code})`, 'start it, or correct its address and password');
}

function ofServer(where: JournalConfig): readonly Finding[] {
  if (typeof where === 'object' && 'on' in where && where.durability === 'development') {
    const todo = 'leave "durability" out: then a server that could lose a payment is refused';
    return [fail('journal', 'a server that may lose payments is accepted (durability: development)', todo)];
  }
  if (nameOf(where).startsWith('file:')) {
    const todo = 'back its folder up, and move to a server before a second process is needed';
    return [warn('journal', 'payments are kept in this process, on one disk', todo)];
  }
  return [ok('journal', 'its server keeps what it acknowledges')];
}

function ofSafety({ safety }: Journal): readonly Finding[] {
  const state = safety?.state;
  if (state?.verdict !== 'suspect') return [];
  return [
    fail(
      'journal',
      `it may have forgotten payments: ${state.why}`,
      'compare it with the operators’ books, then call reconciled()',
    ),
  ];
}

/** Every second is enough to start, and not to lose nothing. A server that does not say is not judged. */
async function ofDisk(where: JournalConfig, link: RedisConnection | undefined): Promise<readonly Finding[]> {
  if (nameOf(where) !== 'redis' || link === undefined || link.isCluster) return [];
  const { readServerFacts } = await import('@canza/data/redis');
  const [facts, told] = await Promise.all([
    readServerFacts(link),
    link.run('config', ['get', 'appendfsync'], { repeatable: true }).catch(() => undefined),
  ]);
  const findings: Finding[] = [];
  if (Array.isArray(told) && told[1] !== 'always') {
    const todo =
      'CONFIG SET appendfsync always, and the same in redis.conf; else sends stop after a crash until somebody has compared';
    findings.push(warn('journal', 'a crash of Redis may forget the last second', todo));
  }
  if (facts.connectedReplicas === 0) {
    findings.push(warn('journal', 'Redis has no replica', 'add one, or see to it that its disk is backed up'));
  }
  return findings;
}

/** What USSD keeps there: sessions, and payments that were confirmed and not yet started. */
async function ofSessions(redis: RedisClient, { config, timeoutMs }: Surroundings): Promise<readonly Finding[]> {
  if (config.ussd === undefined || config.ussd.store !== undefined) return [];
  const { servers } = await redis.health({ timeoutMs });
  const loses = servers.filter(({ evictionPolicy, appendOnly }) => evictionPolicy !== 'noeviction' || !appendOnly);
  if (loses.length === 0) return [ok('ussd', 'its Redis keeps confirmed payments until they are started')];
  const what = 'its Redis may forget payments that were confirmed and not yet started';
  return [
    warn('ussd', what, 'set maxmemory-policy noeviction and appendonly yes, or keep orders yourself in onConfirmed'),
  ];
}
