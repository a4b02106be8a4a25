import { describe, expect, it } from 'vitest';
import { sleep } from './deadline.ts';
import { runBatch } from './run-batch.ts';
import { createTurnedClock } from './testing/index.ts';

async function collect<Line>(lines: AsyncIterable<Line>): Promise<readonly Line[]> {
  const all: Line[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

describe('a batch', () => {
  it('yields each result as it comes, with no more under way than allowed', async () => {
    const clock = createTurnedClock();
    let underWay = 0;
    let most = 0;
    const runOne = async (delayMs: number, index: number): Promise<number> => {
      most = Math.max(most, ++underWay);
      await sleep(clock, delayMs);
      underWay -= 1;
      return index;
    };
    const lines = await clock.runUntil(collect(runBatch([30, 10, 20, 5], runOne, { concurrency: 2 })));
    expect(lines).toEqual([1, 0, 2, 3]);
    expect(most).toBe(2);
  });

  it('reads its input only as fast as it can work', async () => {
    let read = 0;
    function* endless(): Generator<number> {
      for (;;) yield read++;
    }
    const lines = runBatch(endless(), async (line) => line, { concurrency: 3 });
    await lines.next();
    expect(read).toBeLessThanOrEqual(3);
    await lines.return();
  });

  it('ends with the error of a line, once nothing is under way any more', async () => {
    const clock = createTurnedClock();
    let ended = 0;
    const runOne = async (line: number): Promise<number> => {
      await sleep(clock, line);
      ended += 1;
      if (line === 1) throw new Error('that line');
      return line;
    };
    await expect(clock.runUntil(collect(runBatch([1, 9], runOne, { concurrency: 2 })))).rejects.toThrow('that line');
    expect(ended).toBe(2);
  });

  it('that is called off finishes what is under way, and says so', async () => {
    const controller = new AbortController();
    const runOne = async (line: number): Promise<number> => {
      if (line === 2) controller.abort();
      return line;
    };
    const lines: number[] = [];
    const run = (async () => {
      for await (const line of runBatch([1, 2, 3, 4], runOne, { concurrency: 1, signal: controller.signal }))
        lines.push(line);
    })();
    await expect(run).rejects.toMatchObject({ code: 'ABORTED', moneyMoved: 'maybe' });
    expect(lines).toEqual([1, 2]);
  });
});
