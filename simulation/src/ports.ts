import { type Clock, sleep, type Transport, TransportError } from '@canza/core';

import type { Chance } from './chance.ts';
import type { Knobs } from './knobs.ts';

/** A process as its ports see it: alive, or gone in the middle of a call. */
export interface Life {
  isAlive: boolean;
  die(where: string): void;
}

export interface PortsOptions {
  readonly life: Life;
  readonly chance: Chance;
  readonly knobs: Knobs;
  /** The process's own. */
  readonly clock: Clock;
  /** While faults are on. */
  readonly isRough: () => boolean;
  /** Called before and after every port call, for a death that is planned exactly. */
  readonly onStep?: ((where: string) => void) | undefined;
}

/** A promise of its own each time: one that all wait for would keep every run that ever was in memory. */
const never = (): Promise<never> => new Promise(() => undefined);

/** What may happen around any call of a port: the process dies before or after it, or stands still for a while before it. */
export async function around<T>(
  what: string,
  { life, chance, knobs, clock, isRough, onStep }: PortsOptions,
  call: () => Promise<T>,
): Promise<T> {
  if (!life.isAlive) return never();
  if (isRough() && chance.happens(knobs.stall)) await sleep(clock, chance.between(1000, 300_000));
  if (isRough() && chance.happens(knobs.crash)) life.die(`before ${what}`);
  onStep?.(`before ${what}`);
  if (!life.isAlive) return never();
  const result = await settle(call);
  if (isRough() && chance.happens(knobs.crash)) life.die(`after ${what}`);
  onStep?.(`after ${what}`);
  if (!life.isAlive) return never();
  if ('error' in result) throw result.error;
  return result.value;
}

async function settle<T>(call: () => Promise<T>): Promise<{ readonly value: T } | { readonly error: unknown }> {
  try {
    return { value: await call() };
  } catch (error) {
    return { error };
  }
}

/** The network between a process and the operators; what goes wrong behind it is the emulators' plan of faults. */
export const roughTransport =
  (transport: Transport, options: PortsOptions): Transport =>
  async (request, callOptions) =>
    around(`request to ${new URL(request.url).pathname}`, options, () => transport(request, callOptions));

/** A wall clock that is wrong and once jumps; durations are right. Its timers die with the process. */
export function processClock(
  clock: Clock,
  life: Life,
  { skewMs, jumpMs, jumpAtMs }: { readonly skewMs: number; readonly jumpMs: number; readonly jumpAtMs: number },
): Clock {
  return {
    nowMs: () => Math.floor(clock.nowMs() + skewMs + (clock.monotonicMs() >= jumpAtMs ? jumpMs : 0)),
    monotonicMs: () => clock.monotonicMs(),
    setTimer: (delayMs, callback) =>
      clock.setTimer(delayMs, () => {
        if (life.isAlive) callback();
      }),
  };
}

/** What an operator meets that calls back while nobody is there. */
export const nobodyThere = (): TransportError => new TransportError('not-connected', 'Nobody is there.');
