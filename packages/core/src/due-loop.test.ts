import { expect, test } from 'vitest';

import { DueLoop } from './due-loop.ts';
import { createRecordingLogger } from './testing/recording-logger.ts';
import { createTurnedClock } from './testing/turned-clock.ts';

function createWorld(due: readonly string[], concurrency: number) {
  const clock = createTurnedClock();
  const logger = createRecordingLogger();
  const waiting = [...due];
  const limits: number[] = [];
  const driven: string[] = [];
  const ends = new Map<string, () => void>();
  const loop = new DueLoop<string>({
    clock,
    logger,
    tickMs: 1_000,
    concurrency,
    claim: async (limit) => {
      limits.push(limit);
      return waiting.splice(0, limit);
    },
    drive: (id) => {
      driven.push(id);
      if (id === 'broken') throw new Error('254700123456 could not be driven');
      return new Promise((resolve) => {
        ends.set(id, resolve);
      });
    },
    describe: (id) => ({ id }),
    track: (work) => work,
  });
  return { clock, logger, loop, limits, driven, end: (id: string) => ends.get(id)?.() };
}

test('drives no more at a time than it may, and takes the next as soon as a place is free', async () => {
  const { clock, loop, limits, driven, end } = createWorld(['a', 'b', 'c'], 2);
  loop.start();
  await clock.advance(0);
  expect(driven).toEqual(['a', 'b']);
  end('a');
  await clock.advance(0);
  expect(driven, 'not a whole tick later').toEqual(['a', 'b', 'c']);
  expect(Math.max(...limits)).toBe(2);
  loop.stop();
  expect(clock.pendingTimers).toBe(0);
});

test('looks again at once while a claim was full, and else after a tick', async () => {
  const { clock, loop, limits, driven } = createWorld(['a'], 2);
  loop.start();
  await clock.advance(999);
  expect(limits).toEqual([2]);
  await clock.advance(1);
  expect(limits).toEqual([2, 1]);
  expect(driven).toEqual(['a']);
  loop.stop();
  await clock.advance(5_000);
  expect(limits).toHaveLength(2);
});

test('goes on after a record that cannot be driven, and logs nothing of what was thrown', async () => {
  const { clock, logger, loop, driven } = createWorld(['broken', 'a'], 1);
  loop.start();
  await clock.advance(1_000);
  expect(driven).toEqual(['broken', 'a']);
  expect(JSON.stringify(logger.lines)).toContain('"id":"broken"');
  expect(JSON.stringify(logger.lines)).not.toContain('254700123456');
  loop.stop();
});
