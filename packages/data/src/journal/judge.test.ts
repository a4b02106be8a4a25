import { describe, expect, it } from 'vitest';
import { judgeServer, type TrustedServer, trustedServer } from './judge.ts';
import type { ServerFacts } from './server-facts.ts';

const NONE = '0'.repeat(40);

const facts: ServerFacts = {
  version: '7.0.15',
  runId: 'run-1',
  role: 'master',
  replicationId: 'descent-1',
  formerReplicationId: NONE,
  replicas: 0,
  appendOnly: true,
  evictionPolicy: 'noeviction',
  appendFsync: 'always',
  syncsWhileRewriting: true,
};
const trusted: TrustedServer = {
  runId: 'run-1',
  replicationId: 'descent-1',
  appendFsync: 'always',
  hadReplicas: false,
};
const verdict = (now: Partial<ServerFacts>, before: Partial<TrustedServer> = {}): string =>
  judgeServer({ ...trusted, ...before }, { ...facts, ...now }).verdict;

const restarted = { runId: 'run-2', replicationId: 'descent-2' };

describe('whether a server has all that was acknowledged', () => {
  it('is not asked of the same server again', () => {
    expect(verdict({})).toBe('same');
    expect(verdict({ replicas: 2 }, { hadReplicas: true })).toBe('same');
    expect(verdict({ formerReplicationId: 'descent-0' })).toBe('same');
  });

  it('is certain of a server that only changed the name of its descent', () => {
    expect(verdict({ replicationId: 'descent-2' })).toBe('whole');
  });

  it('is in doubt of a server that was a replica in between', () => {
    expect(verdict({ replicationId: 'descent-2', formerReplicationId: 'descent-x' })).toBe('doubtful');
  });

  it('is certain of a lone server that synced every write and was started anew', () => {
    expect(verdict(restarted)).toBe('whole');
  });

  it.each(['everysec', 'no', 'unknown'])('is in doubt of one started anew that had appendfsync %s', (appendFsync) => {
    expect(verdict(restarted, { appendFsync })).toBe('doubtful');
    expect(verdict({ ...restarted, appendFsync })).toBe('doubtful');
  });

  it('is in doubt when the one started anew may have been a replica', () => {
    expect(verdict(restarted, { hadReplicas: true })).toBe('doubtful');
  });

  it('remembers replicas that are not seen just now: one of them may be the server that is started next', () => {
    expect(trustedServer({ ...facts, replicas: 1 }, false).hadReplicas).toBe(true);
    const afterwards = trustedServer({ ...facts, replicas: 0 }, true);
    expect(afterwards.hadReplicas).toBe(true);
    expect(judgeServer(afterwards, { ...facts, ...restarted }).verdict).toBe('doubtful');
    expect(trustedServer(facts, false).hadReplicas).toBe(false);
  });

  it('is in doubt of a replica that took the place of the master, or of any other server', () => {
    expect(verdict({ ...restarted, formerReplicationId: 'descent-1' })).toBe('doubtful');
    expect(verdict({ ...restarted, formerReplicationId: 'descent-x' })).toBe('doubtful');
  });
});
