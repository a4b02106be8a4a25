import { JournalError } from '@canza/core';
import { createTurnedClock } from '@canza/core/testing';
import { describe, expect, it } from 'vitest';
import type { RedisConnection } from '../redis/connection.ts';
import type { RedisArgument } from '../redis/redis-like.ts';
import { ReplicaBarrier } from './replica-barrier.ts';

/** A connection to one server whose waits end as `answers` say, one after the other; without one, never. */
function connectionThat(...answers: readonly unknown[]) {
  const sent: string[] = [];
  const rest = [...answers];
  const call = async (command: string, ...args: RedisArgument[]): Promise<unknown> => {
    sent.push([command, ...args].join(' '));
    if (!command.startsWith('wait')) return 1;
    return rest.length === 0 ? new Promise(() => undefined) : rest.shift();
  };
  const connection = { ready: async () => undefined, client: { call } } as unknown as RedisConnection;
  return { connection, sent };
}

const outcome = (passed: Promise<void>): Promise<string> =>
  passed.then(
    () => 'passed',
    (error: unknown) => (error instanceof JournalError ? error.moneyMoved : String(error)),
  );

const clock = createTurnedClock();

describe('the wait for replicas', () => {
  it('comes after a write of its own, and is shared by all that ask at once', async () => {
    const { connection, sent } = connectionThat(2, 2);
    const barrier = new ReplicaBarrier(connection, 'key', { replicas: 2 }, clock);
    await Promise.all([barrier.pass(), barrier.pass(), barrier.pass()]);
    expect(sent).toEqual(['incr key', 'wait 2 1000']);
  });

  it('is another one for who asks while one is under way: that one began too early for him', async () => {
    const { connection, sent } = connectionThat(1, 1);
    const barrier = new ReplicaBarrier(connection, 'key', { replicas: 1 }, clock);
    const first = barrier.pass();
    await new Promise((resolve) => void setImmediate(resolve));
    await Promise.all([first, barrier.pass(), barrier.pass()]);
    expect(sent).toEqual(['incr key', 'wait 1 1000', 'incr key', 'wait 1 1000']);
  });

  it('fails when too few replicas answer in time, and the next one begins anew', async () => {
    const { connection } = connectionThat(1, 2);
    const barrier = new ReplicaBarrier(connection, 'key', { replicas: 2 }, clock);
    expect(await outcome(barrier.pass())).toBe('maybe');
    expect(await outcome(barrier.pass())).toBe('passed');
  });

  it('looks at the disks as well where that was asked for: here, and there', async () => {
    const { connection, sent } = connectionThat([1, 1], [0, 1], [1, 0]);
    const barrier = new ReplicaBarrier(connection, 'key', { replicas: 1, onDisk: true, timeoutMs: 50 }, clock);
    expect(await outcome(barrier.pass())).toBe('passed');
    expect(await outcome(barrier.pass())).toBe('maybe');
    expect(await outcome(barrier.pass())).toBe('maybe');
    expect(sent[1]).toBe('waitaof 1 1 50');
  });

  it('is given up at the deadline when the server hangs', async () => {
    const { connection } = connectionThat();
    const barrier = new ReplicaBarrier(connection, 'key', { replicas: 1 }, clock);
    const passed = outcome(barrier.pass({ timeoutMs: 200 }));
    await clock.advance(200);
    expect(await passed).toBe('maybe');
    expect(clock.pendingTimers).toBe(0);
  });
});
