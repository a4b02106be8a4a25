import type { Clock } from '@canza/core';
import { createGenerations } from './generations.ts';
import type { KeptSession, SessionStore, WriteOutcome } from './session-store.ts';

/** How many sessions are kept in this process, and how long. */
export interface MemorySessionsOptions {
  readonly clock: Clock;
  /** Milliseconds that a session is kept after its last hop. Default 25 minutes. */
  readonly keepMs?: number;
  /** Sessions at most; those written longest ago make room. Default 100,000. */
  readonly maxSessions?: number;
}

/**
 * Sessions of one process, kept as they are: nothing is encoded, nothing waits. They end with the process, and payments that
 * were promised and not started end with them; over a key-value store neither does. One for each handler, because gateways do
 * not know of each other's session ids.
 */
export function createMemorySessions({
  clock,
  keepMs = 1_500_000,
  maxSessions = 100_000,
}: MemorySessionsOptions): SessionStore {
  const sessions = createGenerations<KeptSession>(maxSessions);
  let versions = 0;

  const isLive = ({ record }: KeptSession, nowMs: number): boolean =>
    record !== undefined && record.startedAtMs + record.elapsedMs + keepMs > nowMs;
  const find = (sessionId: string, nowMs: number): KeptSession | undefined => {
    const kept = sessions.get(sessionId);
    return kept !== undefined && isLive(kept, nowMs) ? kept : undefined;
  };
  return {
    recall: find,
    read: async (sessionId) => find(sessionId, clock.nowMs()),
    write(sessionId, seen, record): WriteOutcome {
      // What was seen was live a moment ago.
      const kept = seen === undefined ? find(sessionId, clock.nowMs()) : sessions.get(sessionId);
      if (kept?.version !== seen?.version) return { written: false, kept };
      versions += 1;
      const next = { record, version: versions };
      sessions.set(sessionId, next);
      return { written: true, kept: next };
    },
  };
}
