import { type Clock, type Journal, type ProviderFactory, sleep, type Transport } from '@canza/core';
import { createSeededRandom } from '@canza/core/testing';
import { type BridgePolicy, MMOBridge } from '@canza/mobile-money';

import { Chance } from './chance.ts';
import { type Outage, roughJournal } from './journal/rough-journal.ts';
import type { Knobs } from './knobs.ts';
import { type Life, type PortsOptions, processClock, roughTransport } from './ports.ts';
import type { Say } from './trace.ts';
import type { Watch } from './watch/watch.ts';

/** What a process is started with, besides what goes wrong. */
interface ProcessParts {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly transport: Transport;
  readonly factories: readonly ProviderFactory[];
  readonly callbackBaseUrl: string;
  readonly policy: Partial<BridgePolicy>;
}

export interface ProcessesOptions extends ProcessParts {
  readonly chance: Chance;
  readonly knobs: Knobs;
  readonly outages: readonly Outage[];
  readonly isRough: () => boolean;
  readonly watch: Watch;
  readonly say: Say;
  /** Hours in which a clock may jump. */
  readonly roughMs: number;
  /** See {@link PortsOptions.onStep}; told which process it is. */
  readonly onStep?: ((where: string, life: Life) => void) | undefined;
}

/** A process of the app that runs. */
export interface RunningProcess {
  readonly name: string;
  readonly bridge: MMOBridge;
  readonly life: Life;
}

const SECOND_MS = 1000;

/** The processes of the app: each starts again 1 to 60 seconds after it has died. */
export class Processes {
  readonly #options: ProcessesOptions;
  readonly #running = new Map<string, RunningProcess>();
  readonly #pick: Chance;
  #policy: Partial<BridgePolicy>;

  constructor(options: ProcessesOptions) {
    this.#options = options;
    this.#pick = new Chance(options.chance.seed());
    this.#policy = options.policy;
    const { knobs, chance, clock, roughMs } = options;
    for (let slot = 0; slot < knobs.processes; slot++) void this.#start(`p${slot}`, chance.seed());
    for (let copy = 0; copy < knobs.forks; copy++) {
      const of = chance.index(knobs.processes);
      clock.setTimer(chance.between(0, roughMs), () => void this.#fork(`p${of}`, `p${of}-copy${copy}`));
    }
  }

  get running(): readonly RunningProcess[] {
    return [...this.#running.values()].filter(({ life }) => life.isAlive);
  }

  /** Some process that runs; `undefined` when none does. */
  any(): RunningProcess | undefined {
    const { running } = this;
    return running[this.#pick.index(Math.max(1, running.length))];
  }

  /** Kills all of them, and starts one with another policy. */
  async startAnew(policy: Partial<BridgePolicy>): Promise<RunningProcess> {
    for (const { life } of this.running) life.isAlive = false;
    this.#running.clear();
    this.#policy = policy;
    const only = await this.#start('p-last', this.#options.chance.seed());
    if (only === undefined) throw new Error('A process does not start although nothing goes wrong.');
    return only;
  }

  async shutdown(timeoutMs: number): Promise<void> {
    await Promise.all(this.running.map(({ bridge }) => bridge.shutdown({ timeoutMs })));
  }

  /** A copy has the name and the randomness of the process that it was made from. */
  async #fork(of: string, name: string): Promise<void> {
    const seed = this.#seeds.get(of);
    if (seed !== undefined && this.#options.isRough()) await this.#start(name, seed);
  }

  readonly #seeds = new Map<string, number>();

  async #start(name: string, seed: number): Promise<RunningProcess | undefined> {
    const { clock, journal, transport, knobs, isRough, watch, say, roughMs, outages, onStep } = this.#options;
    this.#seeds.set(name, seed);
    const chance = new Chance(this.#pick.seed());
    const life: Life = {
      isAlive: true,
      die: (where) => {
        if (!life.isAlive) return;
        life.isAlive = false;
        say(name, `dies ${where}`);
        clock.setTimer(chance.between(SECOND_MS, 60 * SECOND_MS), () => void this.#start(name, chance.seed()));
      },
    };
    const own = processClock(clock, life, {
      skewMs: chance.between(-knobs.skewMs, knobs.skewMs),
      jumpMs: chance.between(-knobs.jumpMs, knobs.jumpMs),
      jumpAtMs: chance.between(0, roughMs),
    });
    const ports: PortsOptions = {
      life,
      chance,
      knobs,
      clock: own,
      isRough,
      onStep: onStep === undefined ? undefined : (where) => onStep(where, life),
    };
    const bridge = new MMOBridge({
      providers: this.#options.factories,
      journal: roughJournal(journal, ports, { clock, outages }),
      transport: roughTransport(transport, ports),
      callbacks: { baseUrl: this.#options.callbackBaseUrl },
      clock: own,
      random: createSeededRandom(seed),
      logger: watch.shown.logger(),
      policy: this.#policy,
    });
    bridge.on('payment.settled', ({ payment }) => {
      if (!life.isAlive) return;
      watch.told(payment);
      watch.shown.see(payment);
    });
    bridge.on('callback.ignored', (event) => watch.shown.see(event));
    say(name, 'starts');
    while (life.isAlive) {
      try {
        await bridge.initialize();
        break;
      } catch (error) {
        watch.shown.see(error);
        await sleep(own, 5 * SECOND_MS);
      }
    }
    if (!life.isAlive) return undefined;
    const process = { name, bridge, life };
    this.#running.set(name, process);
    return process;
  }
}
