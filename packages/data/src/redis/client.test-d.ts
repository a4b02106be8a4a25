import { expectTypeOf } from 'vitest';
import type { RedisClient } from './client.ts';
import type { KeySpace } from './key-space.ts';
import type { RedisLike } from './redis-like.ts';

declare const client: RedisClient;
declare const sessions: KeySpace<{ step: number }>;

expectTypeOf(client.get('key')).resolves.toEqualTypeOf<unknown>();
expectTypeOf(sessions.get('key')).resolves.toEqualTypeOf<{ step: number } | undefined>();
expectTypeOf(sessions.hashes.all('key')).resolves.toEqualTypeOf<Map<string, { step: number }>>();
// @ts-expect-error A space takes values of its own type alone.
void sessions.set('key', { step: 'one' });

const { values } = sessions.operations;
expectTypeOf(
  client.transaction([values.get('key'), values.set('key', { step: 1 }), values.increment('n')]),
).resolves.toEqualTypeOf<readonly [{ step: number } | undefined, boolean, number]>();

// The clients of ioredis have the shape that we ask for.
expectTypeOf<import('ioredis').Redis>().toExtend<RedisLike>();
expectTypeOf<import('ioredis').Cluster>().toExtend<RedisLike>();
