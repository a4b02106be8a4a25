import { Redis } from 'ioredis';
import type { Contestant } from './contestant.ts';
import { type Session, stepByHand } from './hand-written.ts';

/** Compares the version and writes the session: one round trip a hop, and no more than has to be. */
const SWAP = `
  if (redis.call('HGET', KEYS[1], 'v') or '0') ~= ARGV[1] then return 0 end
  redis.call('HSET', KEYS[1], 'v', ARGV[2], 's', ARGV[3])
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  return 1
`;

type WithSwap = Redis & {
  swapSession(key: string, seen: string, next: string, session: string, ttl: string): Promise<number>;
};

/** The same by hand with sessions on Redis. */
export async function handWrittenOnRedis(url: string): Promise<Contestant & { close(): Promise<unknown> }> {
  const redis = new Redis(url, { enableAutoPipelining: true, maxRetriesPerRequest: 1 }) as WithSwap;
  redis.defineCommand('swapSession', { numberOfKeys: 1, lua: SWAP });
  const sessions = new Map<string, Session>();
  const versions = new Map<string, number>();
  return {
    name: 'hand-written script',
    async answer({ sessionId, text }) {
      const session = sessions.get(sessionId) ?? { at: 0, recipient: '', amount: '', reason: '' };
      const version = versions.get(sessionId) ?? 0;
      const screen =
        session.at === 0
          ? 'Welcome to Pesa\n1. Send money\n2. Balance'
          : stepByHand(sessions, sessionId, session, text.slice(text.lastIndexOf('*') + 1));
      if (session.at === 0) session.at = 1;
      sessions.set(sessionId, session);
      versions.set(sessionId, version + 1);
      const written = await redis.swapSession(
        `hand-${process.pid}:${sessionId}`,
        String(version),
        String(version + 1),
        JSON.stringify({ ...session, screen, text }),
        '1500000',
      );
      if (written !== 1) throw new Error('a race that nobody ran');
      return screen;
    },
    close: () => redis.quit(),
  };
}
