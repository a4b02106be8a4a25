import { ConfigError, type Logger } from '@canza/core';

/** What a Redis says of itself, as far as a journal on it depends on it. */
export interface ServerFacts {
  /** `7.0.15`. */
  readonly version: string;
  /** Drawn anew at each start of the process. */
  readonly runId: string;
  readonly role: string;
  /** Drawn anew when a server becomes the master of its data, by promotion or by a start. */
  readonly replicationId: string;
  /** The one before, where this server was promoted; zeros otherwise. */
  readonly formerReplicationId: string;
  readonly replicas: number;
  readonly appendOnly: boolean;
  readonly evictionPolicy: string;
  /** `always`, `everysec`, `no`; `unknown` where the account may not ask. */
  readonly appendFsync: string;
  /** Whether it goes on syncing while it rewrites the append-only file. */
  readonly syncsWhileRewriting: boolean;
}

/** What CONFIG GET has to tell, because INFO does not. */
export interface SyncSettings {
  readonly appendFsync: string;
  readonly syncsWhileRewriting: boolean;
}

export const UNKNOWN_SYNC: SyncSettings = { appendFsync: 'unknown', syncsWhileRewriting: true };

/** Reads a reply to CONFIG GET, names and values in turn. */
export function parseSyncSettings(reply: unknown): SyncSettings {
  if (!Array.isArray(reply)) return UNKNOWN_SYNC;
  const value = (name: string): unknown => reply[reply.indexOf(name) + 1];
  const appendFsync = value('appendfsync');
  if (typeof appendFsync !== 'string') return UNKNOWN_SYNC;
  return { appendFsync, syncsWhileRewriting: value('no-appendfsync-on-rewrite') !== 'yes' };
}

export function parseFacts(infos: readonly string[], sync: SyncSettings): ServerFacts {
  const fields = new Map<string, string>();
  for (const line of infos.join('\n').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1));
  }
  const field = (name: string): string => fields.get(name) ?? '';
  return {
    version: field('redis_version'),
    runId: field('run_id'),
    role: field('role'),
    replicationId: field('master_replid'),
    formerReplicationId: field('master_replid2'),
    replicas: Number(field('connected_slaves')),
    appendOnly: field('aof_enabled') === '1',
    evictionPolicy: field('maxmemory_policy'),
    ...sync,
  };
}

interface Requirement {
  readonly isMet: (facts: ServerFacts) => boolean;
  readonly field: string;
  readonly expected: string;
  /** Whether a server for development must meet it too. */
  readonly always: boolean;
}

const REQUIREMENTS: readonly Requirement[] = [
  {
    isMet: ({ role }) => role === 'master',
    field: 'Redis role',
    expected: 'master: this server is a replica, so connect to its master, by way of Sentinel or the cluster',
    always: true,
  },
  {
    isMet: ({ version }) => Number.parseInt(version, 10) >= 7,
    field: 'Redis version',
    expected: '7 or later: earlier ones were not tried',
    always: true,
  },
  {
    isMet: ({ appendOnly }) => appendOnly,
    field: 'Redis appendonly',
    expected:
      'yes, else a restart loses payments: CONFIG SET appendonly yes, and "appendonly yes" in redis.conf; ' +
      "or say durability: 'development'",
    always: false,
  },
  {
    isMet: ({ appendFsync }) => appendFsync !== 'no',
    field: 'Redis appendfsync',
    expected:
      'always or everysec, else the system decides when payments reach the disk: CONFIG SET appendfsync always, and ' +
      '"appendfsync always" in redis.conf; or say durability: \'development\'',
    always: false,
  },
  {
    isMet: ({ syncsWhileRewriting }) => syncsWhileRewriting,
    field: 'Redis no-appendfsync-on-rewrite',
    expected:
      'no, else nothing is synced while the append-only file is rewritten: CONFIG SET no-appendfsync-on-rewrite no, and ' +
      '"no-appendfsync-on-rewrite no" in redis.conf; or say durability: \'development\'',
    always: false,
  },
  {
    isMet: ({ evictionPolicy }) => evictionPolicy === 'noeviction',
    field: 'Redis maxmemory-policy',
    expected:
      'noeviction, else a full server deletes payments: CONFIG SET maxmemory-policy noeviction, and ' +
      '"maxmemory-policy noeviction" in redis.conf; or say durability: \'development\'',
    always: false,
  },
];

/**
 * Refuses a server that could lose an entry without a word.
 * @throws ConfigError naming the setting and how to change it.
 */
export function checkFacts(facts: ServerFacts, durability: 'required' | 'development', logger: Logger): void {
  const unmet = REQUIREMENTS.filter(({ isMet }) => !isMet(facts));
  const refused = unmet.find(({ always }) => always || durability === 'required');
  if (refused !== undefined) throw new ConfigError({ field: refused.field, expected: refused.expected });
  for (const { field } of unmet) logger.warn({ field }, 'The journal runs on a server that may lose payments.');
  if (facts.appendFsync === 'unknown') {
    const hint = 'allow CONFIG GET appendfsync to this account, or check the setting by hand';
    logger.warn({ field: 'Redis appendfsync', hint }, 'The journal cannot see how soon writes reach the disk.');
  }
}
