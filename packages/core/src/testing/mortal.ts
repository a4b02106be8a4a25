import { sleep } from '../deadline.ts';
import type { Clock, Random } from '../environment.ts';
import type { Journal } from '../journal.ts';
import type { NetworkFactory, SettlementNetwork } from '../settlement-network.ts';

/** Where a process dies: at its n-th call to the outside, or the n-th of that name, before or after the call took effect. */
export interface Death {
  readonly atCall: number;
  /** Counts calls of that name alone, such as `network.submit`. */
  readonly named?: string;
  readonly effect: 'before' | 'after';
}

/** A process that can die: after its death nothing it asked for happens, and nothing it waits for comes. */
export interface Mortal {
  readonly clock: Clock;
  journal(journal: Journal): Journal;
  network(factory: NetworkFactory): NetworkFactory;
  readonly dead: boolean;
  /** Calls to the outside so far. */
  readonly calls: readonly string[];
}

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/** What of a network talks to the outside: all that is asynchronous. */
const OUTSIDE = ['check', 'ledger', 'nextSlot', 'estimate', 'build', 'submit', 'look', 'balance'] as const;

const JOURNAL_CALLS = ['insert', 'replace', 'read', 'findByReference', 'claimDue', 'release', 'list'] as const;

/** A process that can die at any of its calls: what it was doing never ends, and the next one takes up what it left. */
export function createMortal(clock: Clock, death?: Death): Mortal {
  const calls: string[] = [];
  let dead = false;
  const pass = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    if (dead) return never<T>();
    calls.push(name);
    const count = death?.named === undefined ? calls.length : calls.filter((call) => call === death.named).length;
    const dies = count === death?.atCall && (death.named ?? name) === name;
    if (!dies) {
      const result = await work();
      return dead ? never<T>() : result;
    }
    dead = true;
    if (death.effect === 'after') await work();
    return never<T>();
  };
  return {
    clock: {
      nowMs: () => clock.nowMs(),
      monotonicMs: () => clock.monotonicMs(),
      setTimer: (delayMs, callback) =>
        dead ? () => undefined : clock.setTimer(delayMs, () => (dead ? undefined : callback())),
    },
    journal: (journal) => wrap(journal, JOURNAL_CALLS, (name, work) => pass(`journal.${name}`, work)),
    network: (factory) => (environment) =>
      wrap<SettlementNetwork>(factory(environment), OUTSIDE, (name, work) => pass(`network.${name}`, work)),
    get dead() {
      return dead;
    },
    calls,
  };
}

/** A world in which everything takes a while, and never the same: what races can race. */
export function createSlow(clock: Clock, random: Random, mostMs: number): Pick<Mortal, 'journal' | 'network'> {
  const pass = async <T>(_: string, work: () => Promise<T>): Promise<T> => {
    await sleep(clock, Math.floor(random.float() * mostMs));
    const result = await work();
    await sleep(clock, Math.floor(random.float() * mostMs));
    return result;
  };
  return {
    journal: (journal) => wrap(journal, JOURNAL_CALLS, pass),
    network: (factory) => (environment) => wrap<SettlementNetwork>(factory(environment), OUTSIDE, pass),
  };
}

function wrap<Port extends object>(
  port: Port,
  names: readonly (keyof Port & string)[],
  pass: (name: string, work: () => Promise<unknown>) => Promise<unknown>,
): Port {
  const wrapped = Object.create(port) as Record<string, unknown>;
  for (const name of names) {
    const call = port[name] as (...args: unknown[]) => Promise<unknown>;
    wrapped[name] = (...args: unknown[]) => pass(name, async () => call.apply(port, args));
  }
  return wrapped as Port;
}
