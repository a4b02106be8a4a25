import { createTurnedClock } from '@canza/core/testing';
import { describe, expect, it } from 'vitest';

import { type NumberFate, Sequencer } from './sequencer.ts';

const turns = async (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** An account on a chain, and a sequencer over it. */
function world({ onChain = 7n, maxOpen = 100 } = {}) {
  const clock = createTurnedClock();
  const state = { onChain, reads: 0, filled: [] as bigint[], fillFate: 'used' as NumberFate, failReads: false };
  const sequencer = new Sequencer({
    readNumber: async () => {
      state.reads += 1;
      if (state.failReads) throw new Error('the node cannot be asked');
      return state.onChain;
    },
    fill: async (number) => {
      state.filled.push(number);
      return state.fillFate;
    },
    maxOpen,
    clock,
  });
  /** Starts a transaction that ends when it is told how. */
  const begin = () => {
    const ended = Promise.withResolvers<NumberFate>();
    const given = Promise.withResolvers<bigint>();
    const running = sequencer.run(async (number, fate) => {
      given.resolve(number);
      fate(await ended.promise);
      return number;
    });
    running.catch(given.reject);
    return { number: given.promise, end: ended.resolve, running };
  };
  const use = (count = 1): Promise<bigint[]> =>
    Promise.all(
      Array.from({ length: count }, () =>
        sequencer.run(async (number, fate) => {
          fate('used');
          if (number >= state.onChain) state.onChain = number + 1n;
          return number;
        }),
      ),
    );
  return { sequencer, state, clock, begin, use };
}

describe('sequence numbers', () => {
  it('are given out once each, in order, without a gap', async () => {
    const { use } = world();
    expect(await use(5)).toEqual([7n, 8n, 9n, 10n, 11n]);
  });

  it('are never guessed: nothing runs while the account cannot be read', async () => {
    const { sequencer, state, use } = world();
    state.failReads = true;
    let ran = false;
    await expect(
      sequencer.run(async () => {
        ran = true;
      }),
    ).rejects.toThrow('cannot be asked');
    expect(ran).toBe(false);
    state.failReads = false;
    expect(await use()).toEqual([7n]);
  });

  it('are read again when nothing of ours is open, since somebody may have used the account', async () => {
    const { state, use } = world();
    await use();
    state.onChain = 20n;
    expect(await use()).toEqual([20n]);
  });

  it('do not go back to a number that is known to be used, when a replica lags', async () => {
    const { state, use } = world();
    await use(3);
    state.onChain = 8n;
    expect(await use()).toEqual([10n]);
  });

  it('that come back are given out again before a new one', async () => {
    const { begin, use } = world();
    const first = begin();
    expect(await first.number).toBe(7n);
    first.end('free');
    await first.running;
    expect(await use(2)).toEqual([7n, 8n]);
  });

  it('that come back are filled where others wait behind them', async () => {
    const { state, begin, use } = world();
    const first = begin();
    const second = begin();
    expect([await first.number, await second.number]).toEqual([7n, 8n]);
    first.end('free');
    await first.running;
    expect(state.filled).toEqual([7n]);
    second.end('used');
    await second.running;
    expect(await use()).toEqual([9n]);
  });

  it('that came back are not lost when the account cannot be read in between', async () => {
    const { state, begin, use } = world();
    const [first, second] = [begin(), begin()];
    await second.number;
    second.end('free');
    await second.running;
    first.end('used');
    await first.running;
    state.onChain = 8n;
    state.failReads = true;
    await expect(use()).rejects.toThrow('cannot be asked');
    state.failReads = false;
    expect(await use(2)).toEqual([8n, 9n]);
  });

  it('whose filling is in doubt wait until that is known', async () => {
    const { sequencer, state, begin, use } = world();
    const [first, second] = [begin(), begin()];
    await second.number;
    state.fillFate = { settle: async () => 'used' };
    first.end('free');
    await first.running;
    expect(sequencer.open).toBe(2);
    second.end('used');
    await second.running;
    expect(await use()).toEqual([9n]);
  });

  it('are not waited for beyond the deadline, and nobody behind is held up by who gave up', async () => {
    const { sequencer, clock, begin } = world({ maxOpen: 1 });
    const first = begin();
    await first.number;
    const late = sequencer.run(async () => undefined, { timeoutMs: 1000 }).catch((error: unknown) => error);
    const third = begin();
    await clock.advance(1000);
    expect(await late).toMatchObject({ code: 'DEADLINE_EXCEEDED', moneyMoved: 'no' });
    first.end('used');
    expect(await third.number).toBe(8n);
    third.end('used');
    await third.running;
    expect(clock.pendingTimers).toBe(0);
  });

  it('of work that failed before anything was sent come back', async () => {
    const { sequencer, use } = world();
    await expect(sequencer.run(async () => Promise.reject(new Error('could not be signed')))).rejects.toThrow('signed');
    expect(await use()).toEqual([7n]);
  });

  it('wait while the fate of one is not known, and it is found out with its own bytes', async () => {
    const { sequencer, state, begin, use } = world();
    const doubtful = begin();
    await doubtful.number;
    const asked: string[] = [];
    doubtful.end({
      settle: async () => {
        asked.push('settled');
        return 'used';
      },
    });
    await doubtful.running;
    expect(sequencer.open).toBe(1);
    state.onChain = 8n;
    expect(await use(2)).toEqual([8n, 9n]);
    expect(asked).toEqual(['settled']);
    expect(sequencer.open).toBe(0);
  });

  it('are not given out while that cannot be found out', async () => {
    const { begin, use } = world();
    const doubtful = begin();
    await doubtful.number;
    let isKnown = false;
    doubtful.end({
      settle: async () => {
        if (!isKnown) throw new Error('still not known');
        return 'free';
      },
    });
    await doubtful.running;
    // The error is about this call, of which nothing was sent; not about the transaction that is in doubt.
    await expect(use()).rejects.toMatchObject({ code: 'NOT_ACCEPTING', moneyMoved: 'no' });
    isKnown = true;
    expect(await use()).toEqual([7n]);
  });

  it('are given out again from one that is free after all, though later ones are open', async () => {
    const { begin } = world();
    const [first, second] = [begin(), begin()];
    await second.number;
    first.end({ settle: async () => 'free' });
    await first.running;
    const third = begin();
    expect(await third.number).toBe(7n);
    second.end('used');
    third.end('used');
    await Promise.all([second.running, third.running]);
  });

  it('that are open have a limit, and who waits for room can be called off', async () => {
    const { sequencer, begin } = world({ maxOpen: 2 });
    const [first, second] = [begin(), begin()];
    await Promise.all([first.number, second.number]);
    const caller = new AbortController();
    const late = sequencer.run(async () => undefined, { signal: caller.signal });
    await turns();
    caller.abort();
    await expect(late).rejects.toMatchObject({ code: 'ABORTED', moneyMoved: 'no' });
    const third = begin();
    await turns();
    first.end('used');
    expect(await third.number).toBe(9n);
    second.end('used');
    third.end('used');
    await Promise.all([first.running, second.running, third.running]);
    expect(sequencer.open).toBe(0);
  });
});
