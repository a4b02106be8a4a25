import type { ServerFacts } from './server-facts.ts';

/** What is remembered of the server that a family of entries was trusted to. */
export interface TrustedServer {
  readonly runId: string;
  readonly replicationId: string;
  readonly appendFsync: string;
  /** Whether it ever had a replica that could have taken its place. */
  readonly hadReplicas: boolean;
}

export type Judgement =
  /** The same server, without a break. */
  | { readonly verdict: 'same' }
  /** Another life or another name of it, in which every acknowledged write is. */
  | { readonly verdict: 'whole' }
  /** One in which acknowledged writes may be missing. */
  | { readonly verdict: 'doubtful'; readonly why: string };

const NEVER_PROMOTED = /^0*$/;

/**
 * Says whether the server that answers now has all that the trusted one acknowledged.
 * Source: docs/journal.md#failover
 */
export function judgeServer(trusted: TrustedServer, now: ServerFacts): Judgement {
  const isPromoted = !NEVER_PROMOTED.test(now.formerReplicationId);
  if (trusted.runId === now.runId) {
    if (trusted.replicationId === now.replicationId) return { verdict: 'same' };
    // A master without replicas changes its id after an hour; one that was a replica in between shows whose.
    return isPromoted ? doubtful('The server was a replica of another for a while.') : { verdict: 'whole' };
  }
  if (now.formerReplicationId === trusted.replicationId) {
    return doubtful('A replica took the place of the master, and may have lagged behind it.');
  }
  if (isPromoted) return doubtful('Another server took the place of the master, and may have lagged behind it.');
  if (trusted.hadReplicas) {
    return doubtful('A server was started anew; whether it is the master or a replica of it cannot be told.');
  }
  if (trusted.appendFsync !== 'always' || now.appendFsync !== 'always') {
    return doubtful(
      'The server was started anew, and did not sync every write to the disk (appendfsync is not always).',
    );
  }
  return { verdict: 'whole' };
}

const doubtful = (why: string): Judgement => ({ verdict: 'doubtful', why });

export const trustedServer = (facts: ServerFacts, hadReplicas: boolean): TrustedServer => ({
  runId: facts.runId,
  replicationId: facts.replicationId,
  appendFsync: facts.appendFsync,
  hadReplicas: hadReplicas || facts.replicas > 0,
});
