import type { Clock } from '@canza/core';
import type { KeptSession, SessionStore, WriteOutcome } from './session-store.ts';

export interface MemorySessionsOptions {
  readonly clock: Clock;
  /** Milliseconds that a session is kept after its last hop. Default 25 minutes. */
  readonly keepMs?: number;
  /** Sessions at most; the one written longest ago makes room. Default 100,000. */
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
  // Two generations instead of an order: when the young one is full, the old one is let go. No hop has to reorder anything.
  const generationSize = Math.max(1, Math.ceil(maxSessions / 2));
  let young = new Map<string, KeptSession>();
  let old = new Map<string, KeptSession>();
  let versions = 0;

  const isLive = ({ record }: KeptSession, nowMs: number): boolean =>
    record !== undefined && record.startedAtMs + record.elapsedMs + keepMs > nowMs;
  const present = (sessionId: string): KeptSession | undefined => young.get(sessionId) ?? old.get(sessionId);
  const find = (sessionId: string, nowMs: number): KeptSession | undefined => {
    const kept = present(sessionId);
    return kept !== undefined && isLive(kept, nowMs) ? kept : undefined;
  };
  const put = (sessionId: string, kept: KeptSession): void => {
    if (young.size >= generationSize && !young.has(sessionId)) {
      old = young;
      young = new Map();
    }
    young.set(sessionId, kept);
  };

  return {
    recall: find,
    read: async (sessionId) => find(sessionId, clock.nowMs()),
    write(sessionId, seen, record): WriteOutcome {
      // What was seen was live a moment ago.
      const kept = seen === undefined ? find(sessionId, clock.nowMs()) : present(sessionId);
      if (kept?.version !== seen?.version) return { written: false, kept };
      versions += 1;
      const next = { record, version: versions };
      put(sessionId, next);
      return { written: true, kept: next };
    },
  };
}
