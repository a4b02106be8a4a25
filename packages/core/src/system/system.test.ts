import { afterEach, describe, expect, it, vi } from 'vitest';

import { systemClock } from './clock.ts';
import { silentLogger } from './logger.ts';
import { systemRandom } from './random.ts';

const DAY_MS = 86_400_000;

afterEach(() => void vi.useRealTimers());

describe('the machine’s clock', () => {
  it('tells wall time, and time that never goes back', () => {
    expect(Math.abs(systemClock.nowMs() - Date.now())).toBeLessThan(1000);
    const first = systemClock.monotonicMs();
    expect(systemClock.monotonicMs()).toBeGreaterThanOrEqual(first);
  });

  it('calls back once, after the delay', () => {
    vi.useFakeTimers();
    const callback = vi.fn<() => void>();
    systemClock.setTimer(100, callback);
    vi.advanceTimersByTime(99);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(DAY_MS);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it('waits for months where it is asked to, though Node’s timers fire at once above 25 days', () => {
    vi.useFakeTimers();
    const callback = vi.fn<() => void>();
    systemClock.setTimer(90 * DAY_MS, callback);
    vi.advanceTimersByTime(90 * DAY_MS - 1);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(callback).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('can be cancelled at any time, twice, and after it fired', () => {
    vi.useFakeTimers();
    const callback = vi.fn<() => void>();
    const cancel = systemClock.setTimer(60 * DAY_MS, callback);
    vi.advanceTimersByTime(40 * DAY_MS);
    cancel();
    cancel();
    expect(vi.getTimerCount()).toBe(0);
    const late = systemClock.setTimer(1, callback);
    vi.advanceTimersByTime(1);
    late();
    vi.advanceTimersByTime(90 * DAY_MS);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it('sets no timer for what is never to end', () => {
    vi.useFakeTimers();
    const cancel = systemClock.setTimer(Infinity, vi.fn<() => void>());
    expect(vi.getTimerCount()).toBe(0);
    cancel();
  });
});

describe('the machine’s randomness', () => {
  it('gives as many bytes as were asked for, and others each time', () => {
    expect(systemRandom.bytes(0)).toHaveLength(0);
    expect(systemRandom.bytes(16)).toHaveLength(16);
    expect(systemRandom.bytes(16)).not.toEqual(systemRandom.bytes(16));
    // A view of its own, not of a pool that others read.
    expect(systemRandom.bytes(16).buffer.byteLength).toBe(16);
  });

  it('gives a float from 0 to below 1', () => {
    for (let times = 0; times < 100; times++) {
      const float = systemRandom.float();
      expect(float >= 0 && float < 1).toBe(true);
    }
  });
});

describe('the silent logger', () => {
  it('prints nothing', () => {
    const write = vi.spyOn(process.stdout, 'write');
    for (const level of ['debug', 'info', 'warn', 'error'] as const) silentLogger[level]({}, 'x');
    expect(write).not.toHaveBeenCalled();
  });
});
