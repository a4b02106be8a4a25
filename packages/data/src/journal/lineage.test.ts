import type { LostWrite } from '@canza/core';
import { createRecordingLogger, createSeededRandom, createTurnedClock } from '@canza/core/testing';
import { describe, expect, it } from 'vitest';
import type { RedisConnection } from '../redis/connection.ts';
import type { RedisArgument } from '../redis/redis-like.ts';
import type { RedisScript } from '../redis/script.ts';
import { familyKeys } from './family-keys.ts';
import { type Doubt, Lineage } from './lineage.ts';
import { ADOPT, INSPECT } from './scripts.ts';

const NONE = '0'.repeat(40);

/** A server as far as it can be looked at, and what the family remembers on it. */
class FakeServer {
  runId = 'run-1';
  replicationId = 'descent-1';
  formerReplicationId = NONE;
  meta: Record<string, string> = {};
  /** Adoptions that fail before one succeeds. */
  failures = 0;

  /** A replica that had all but the last changes takes over. */
  promoteReplica(changes: number): void {
    this.formerReplicationId = this.replicationId;
    this.replicationId = 'descent-2';
    this.runId = 'run-2';
    this.meta['writes'] = String(changes);
  }

  get connection(): RedisConnection {
    const call = async (): Promise<unknown> => ['appendfsync', 'always', 'no-appendfsync-on-rewrite', 'no'];
    const runScript = async (script: RedisScript, _: readonly string[], args: readonly RedisArgument[]) =>
      script === INSPECT ? this.#inspect() : script === ADOPT ? this.#adopt(args.map(String)) : undefined;
    return { ready: async () => undefined, client: { call }, runScript } as unknown as RedisConnection;
  }

  #inspect(): string[] {
    const replication = [
      'role:master',
      'connected_slaves:1',
      `master_replid:${this.replicationId}`,
      `master_replid2:${this.formerReplicationId}`,
    ];
    const infos = [
      `redis_version:7.0.15\r\nrun_id:${this.runId}`,
      replication.join('\r\n'),
      'aof_enabled:1',
      'maxmemory_policy:noeviction',
    ];
    return [...infos, ...Object.entries(this.meta).flat()];
  }

  #adopt([seen = '', , epoch = '', server = '', doubt = '']: string[]): number[] {
    if (this.failures-- > 0) throw new Error('the connection is lost');
    if ((this.meta['epoch'] ?? '') !== seen) return [0];
    const epochs = JSON.parse(this.meta['epochs'] ?? '[]') as unknown[];
    if (epoch !== seen) epochs.push([epoch, Number(this.meta['writes'] ?? 0)]);
    const { suspect: former, ...rest } = this.meta;
    const suspect = doubt === '=' ? former : doubt === '' ? undefined : doubt;
    this.meta = {
      ...rest,
      epoch,
      server,
      epochs: JSON.stringify(epochs),
      ...(suspect === undefined ? {} : { suspect }),
    };
    return [1];
  }
}

let seeds = 0;

function watch(server: FakeServer, durability: 'required' | 'development' = 'required') {
  const looks: { doubt: Doubt | undefined; lost: readonly LostWrite[] }[] = [];
  const logger = createRecordingLogger();
  const lineage = new Lineage({
    connection: server.connection,
    keys: familyKeys('canza', 'payment'),
    kind: 'payment',
    durability,
    timeoutMs: 1_000,
    witnessed: 100,
    clock: createTurnedClock(),
    random: createSeededRandom(++seeds),
    logger,
    onLook: (doubt, lost) => looks.push({ doubt, lost }),
  });
  const last = () => looks.at(-1);
  return { lineage, last, logger };
}

describe('the descent of a journal', () => {
  it('names what was lost also when writing down the doubt fails at first', async () => {
    const server = new FakeServer();
    const { lineage, last } = watch(server);
    const standing = await lineage.look();
    lineage.acknowledged(standing, 1, 'kept', 1);
    lineage.acknowledged(standing, 2, 'gone', 1);
    server.promoteReplica(1);
    const another = watch(server);
    await another.lineage.look();
    delete server.meta['suspect'];
    server.failures = 1;
    lineage.distrust();
    await expect(lineage.look()).rejects.toThrow('the connection is lost');
    await lineage.look();
    expect(last()).toMatchObject({
      doubt: { why: 'Acknowledged writes are missing.' },
      lost: [{ kind: 'payment', id: 'gone', version: 1 }],
    });
  });

  it('names what a server acknowledged after another had taken its place', async () => {
    const server = new FakeServer();
    const { lineage, last } = watch(server);
    const before = await lineage.look();
    server.promoteReplica(0);
    lineage.distrust();
    const after = await lineage.look();
    expect(last()).toMatchObject({ doubt: { why: expect.stringContaining('A replica') }, lost: [] });
    lineage.acknowledged(after, 1, 'here', 1);
    lineage.acknowledged(before, 1, 'there', 2);
    expect(lineage.standing).toBeUndefined();
    await lineage.look();
    expect(last()?.lost).toEqual([{ kind: 'payment', id: 'there', version: 2 }]);
  });

  it('is looked at once for all who wait', async () => {
    const server = new FakeServer();
    const { lineage } = watch(server);
    const standings = await Promise.all([lineage.look(), lineage.look(), lineage.look()]);
    expect(new Set(standings).size).toBe(1);
    expect(JSON.parse(server.meta['epochs'] ?? '')).toHaveLength(1);
  });

  it('raises no doubt for development, and says what it saw', async () => {
    const server = new FakeServer();
    const { lineage, last, logger } = watch(server, 'development');
    lineage.acknowledged(await lineage.look(), 5, 'gone', 1);
    server.promoteReplica(1);
    lineage.distrust();
    await lineage.look();
    expect(last()?.doubt).toBeUndefined();
    expect(last()?.lost).toHaveLength(1);
    expect(logger.lines.filter(({ level }) => level === 'error').length).toBeGreaterThan(0);
  });
});
