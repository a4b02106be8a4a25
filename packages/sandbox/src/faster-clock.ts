import { type Clock, InvalidRequestError, systemClock } from '@canza/core';

/** From when on a clock runs faster, and which. */
export interface FasterClockOptions {
  /** Where the hours begin to run faster, in milliseconds since 1970; processes that share a journal share this. Default: now. */
  readonly sinceMs?: number;
  /** The clock that is sped up. Default: the machine's. */
  readonly clock?: Clock;
}

/**
 * A clock that runs `factor` times as fast: with it a demonstration need not wait out how patient an operator makes one. For
 * whatever plays against emulators; a real operator knows nothing of it.
 * @throws InvalidRequestError when the factor is not above zero.
 */
export function fasterClock(factor: number, { sinceMs, clock = systemClock }: FasterClockOptions = {}): Clock {
  if (!(factor > 0)) throw new InvalidRequestError({ field: 'factor', expected: 'a number above zero' });
  const originMs = sinceMs ?? clock.nowMs();
  return {
    nowMs: () => Math.round(originMs + (clock.nowMs() - originMs) * factor),
    monotonicMs: () => clock.monotonicMs() * factor,
    setTimer: (delayMs, callback) => clock.setTimer(delayMs / factor, callback),
  };
}
