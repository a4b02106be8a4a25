import { Redis } from 'ioredis';
import type { Contestant } from './contestant.ts';

interface Session {
  at: number;
  recipient: string;
  amount: string;
  reason: string;
}

/** What somebody would write without a library: a switch over a map. No checks of length, no repeats, no going back. */
export function handWritten(): Contestant {
  const sessions = new Map<string, Session>();
  return {
    name: 'hand-written step',
    answer({ sessionId, text }) {
      const session = sessions.get(sessionId);
      if (session === undefined) {
        sessions.set(sessionId, { at: 1, recipient: '', amount: '', reason: '' });
        return 'Welcome to Pesa\n1. Send money\n2. Balance';
      }
      return stepByHand(sessions, sessionId, session, text.slice(text.lastIndexOf('*') + 1));
    },
  };
}

function stepByHand(sessions: Map<string, Session>, sessionId: string, session: Session, entry: string): string {
  switch (session.at) {
    case 1:
      if (entry !== '1') return 'You have KES 100.';
      session.at = 2;
      return 'Phone number of the recipient';
    case 2:
      if (!/^\d+$/.test(entry)) return 'Phone number of the recipient';
      session.recipient = entry;
      session.at = 3;
      return `Amount in KES for ${entry}`;
    case 3:
      if (!/^\d+$/.test(entry)) return 'Amount in KES';
      session.amount = entry;
      session.at = 4;
      return 'What is it for?';
    case 4:
      session.reason = entry;
      session.at = 5;
      return `Send KES ${session.amount} to ${session.recipient} for ${entry}?\n1. Confirm\n2. Cancel`;
    default:
      sessions.delete(sessionId);
      return entry === '1' ? `KES ${session.amount} is on its way. Approve it on your phone.` : 'Nothing was sent.';
  }
}

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
