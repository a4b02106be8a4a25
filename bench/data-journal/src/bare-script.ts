import type { Redis } from 'ioredis';
import { familyKeys, membersOf } from '../../../packages/data/src/journal/family-keys.ts';
import { WRITE } from '../../../packages/data/src/journal/scripts.ts';
import { type Contestant, nextEntries } from './race.ts';

/** The journal's script by ioredis alone, with the same keys and arguments: no deadline, no check, no look at the reply. */
export async function bareScript(name: string, client: Redis): Promise<Contestant> {
  const keys = familyKeys('bare', 'payment');
  const [, replicationId = ''] = /master_replid:(\w+)/.exec(await client.info('replication')) ?? [];
  await client.hset(keys.meta, 'epoch', 'bench');
  await client.script('LOAD', WRITE.lua);
  const next = nextEntries();
  return {
    name,
    async change(lane) {
      const entry = next(lane);
      const { version } = entry;
      const line = { version, atMs: entry.updatedAtMs, state: entry.state, note: 'asked: pending' };
      await client.evalsha(
        WRITE.sha1,
        6,
        keys.meta,
        keys.entryPrefix + entry.id,
        keys.references,
        keys.index,
        keys.due,
        keys.leases,
        replicationId,
        'bench',
        entry.id,
        version,
        JSON.stringify(entry),
        JSON.stringify(line),
        entry.dueAtMs ?? '',
        entry.updatedAtMs,
        membersOf(entry),
        '',
        0,
        ...entry.references,
      );
    },
  };
}
