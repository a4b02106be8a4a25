import type { RedisConnection } from '../redis/connection.ts';
import type { RedisClusterLike, RedisLike } from '../redis/redis-like.ts';

const isCluster = (client: RedisLike): client is RedisClusterLike =>
  (client as Partial<RedisClusterLike>).isCluster === true &&
  typeof (client as Partial<RedisClusterLike>).nodes === 'function';

/**
 * The client of the one server that holds a key: commands without a key, such as WAIT, go to any server of a cluster otherwise.
 * Rejects with the client's error when no server answers for the key.
 */
export async function ownerNode(connection: RedisConnection, key: string): Promise<RedisLike> {
  await connection.ready();
  const { client } = connection;
  if (!isCluster(client)) return client;
  const asked = client.nodes('master').map(async (node) => {
    await node.call('exists', key);
    return node;
  });
  return Promise.any(asked);
}
