import { type Clock, type Journal, JournalError, sleep } from '@canza/core';
import type { Chance } from '../chance.ts';
import { around, type PortsOptions } from '../ports.ts';

/** For a while: nothing works, nothing can be written, or nothing new can be taken. */
type OutageKind = 'away' | 'read-only' | 'full';

export interface Outage {
  readonly kind: OutageKind;
  readonly fromMs: number;
  readonly untilMs: number;
}

const KINDS = ['away', 'read-only', 'full'] as const;
const LONGEST_MS = 600_000;

export const drawOutages = (chance: Chance, count: number, withinMs: number): readonly Outage[] =>
  Array.from({ length: count }, () => {
    const fromMs = chance.between(0, withinMs);
    return { kind: chance.pick(KINDS), fromMs, untilMs: fromMs + chance.between(5000, LONGEST_MS) };
  });

const STOPPED: Readonly<Record<OutageKind, (method: string) => boolean>> = {
  away: () => true,
  'read-only': (method) => method === 'insert' || method === 'replace' || method === 'claimDue' || method === 'release',
  full: (method) => method === 'insert',
};

/** A journal that is slow, fails, is away, or takes a write and loses the answer. */
export function roughJournal(
  journal: Journal,
  options: PortsOptions,
  world: {
    readonly clock: Clock;
    readonly outages: readonly Outage[];
    /** How many servers there were; with it, a change that began at one is refused by the next, as a journal on Redis does. */
    readonly epoch?: () => number;
  },
): Journal {
  const { chance, knobs, isRough, clock } = options;
  const isStopped = (method: string): boolean => {
    const nowMs = world.clock.monotonicMs();
    return world.outages.some(
      ({ kind, fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs && STOPPED[kind](method),
    );
  };
  const slow = async (): Promise<void> => {
    if (isRough() && chance.happens(knobs.journalSlow)) await sleep(clock, chance.between(1, 8000));
  };
  const rough = async <T>(method: string, call: () => Promise<T>): Promise<T> =>
    around(`journal ${method}`, options, async () => {
      const epoch = world.epoch?.();
      await slow();
      if (epoch !== world.epoch?.()) throw new JournalError('Another server has taken over.', 'no');
      if (isRough() && (isStopped(method) || chance.happens(knobs.journalFails))) {
        throw new JournalError('The journal is away.', 'no');
      }
      const result = await call();
      await slow();
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
