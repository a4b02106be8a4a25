import { type Clock, type Journal, JournalError, sleep, type Transport, TransportError } from '@canza/core';

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
  readonly clock: Clock;
  /** While faults are on. */
  readonly isRough: () => boolean;
}

const never = new Promise<never>(() => undefined);

/** What may happen around any call of a port: the process dies before or after it, or stands still for a while before it. */
async function around<T>(
  what: string,
  { life, chance, knobs, clock, isRough }: PortsOptions,
  call: () => Promise<T>,
): Promise<T> {
  if (!life.isAlive) return never;
  if (isRough() && chance.happens(knobs.stall)) await sleep(clock, chance.between(1000, 300_000));
  if (isRough() && chance.happens(knobs.crash)) life.die(`before ${what}`);
  if (!life.isAlive) return never;
  const result = await settle(call);
  if (isRough() && chance.happens(knobs.crash)) life.die(`after ${what}`);
  if (!life.isAlive) return never;
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

/** A journal that is slow, fails, or takes a write and loses the answer. */
export function roughJournal(journal: Journal, options: PortsOptions): Journal {
  const { chance, knobs, clock, isRough } = options;
  const rough = async <T>(what: string, call: () => Promise<T>): Promise<T> =>
    around(`journal ${what}`, options, async () => {
      if (isRough() && chance.happens(knobs.journalSlow)) await sleep(clock, chance.between(1, 8000));
      if (isRough() && chance.happens(knobs.journalFails)) throw new JournalError('The journal is away.', 'no');
      const result = await call();
      if (isRough() && chance.happens(knobs.journalSlow)) await sleep(clock, chance.between(1, 8000));
      if (isRough() && chance.happens(knobs.journalAnswerLost)) throw new JournalError('The answer was lost.', 'maybe');
      return result;
    });
  return new Proxy(journal, {
    get(target, name): unknown {
      const method: unknown = Reflect.get(target, name, target);
      if (typeof method !== 'function') return method;
      return async (...parts: unknown[]) =>
        rough(String(name), () => Reflect.apply(method, target, parts) as Promise<unknown>);
    },
  });
}

/** The network between a process and the operator; what goes wrong behind it is the emulator's plan of faults. */
export const roughTransport =
  (transport: Transport, options: PortsOptions): Transport =>
  async (request, callOptions) =>
    around(`request to ${new URL(request.url).pathname}`, options, () => transport(request, callOptions));

/** A wall clock that goes wrong by a constant; durations are right. */
export const skewed = (clock: Clock, byMs: number): Clock => ({
  nowMs: () => Math.floor(clock.nowMs() + byMs),
  monotonicMs: () => clock.monotonicMs(),
  setTimer: (delayMs, callback) => clock.setTimer(delayMs, callback),
});

/** What an operator meets that calls back while nobody is there. */
export const nobodyThere = (): TransportError => new TransportError('not-connected', 'Nobody is there.');
