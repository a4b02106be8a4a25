import type { Clock, Random } from '@canza/core';
import { createSeededRandom } from '@canza/core/testing';

import type { EventListener, SandboxEvent } from './events.ts';
import { createFaultPlan, type Fault, type FaultPlan } from './faults.ts';

/** What a scenario follows from. */
export interface ScenarioOptions {
  /** Everything that is left to chance follows from it. */
  readonly seed: number;
  /** A hand-turned clock, where a run is to be repeated exactly. */
  readonly clock: Clock;
  /** Faults on demand, by emulator. */
  readonly faults?: Readonly<Record<string, readonly Fault[]>>;
  /** Faults by chance: the share of exchanges and callbacks that one of the candidates hits. */
  readonly chance?: { readonly share: number; readonly candidates: readonly Fault[] };
}

/**
 * One run: seed, clock and fault plan in, a list of what happened out. The same seed with the same calls gives the same
 * list, so a failure is replayed from the number that the test printed.
 */
export interface Scenario {
  readonly seed: number;
  readonly clock: Clock;
  /** A stream of its own for each name, so that one part drawing more does not change what another gets. */
  random(name: string): Random;
  /** What an emulator of this name takes: `createDarajaEmulator({ deliver, ...scenario.portsOf('mpesa') })`. */
  portsOf(emulator: string): ScenarioPorts;
  /** Everything the emulators did, oldest first. */
  readonly events: readonly SandboxEvent[];
  /** The events as lines, for a failure message or for comparing two runs. */
  story(): string;
}

/** What a scenario hands to its emulators. */
export interface ScenarioPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: FaultPlan;
  readonly onEvent: EventListener;
}

/** A run that can be repeated: everything left to chance follows from one seed. */
export function createScenario({ seed, clock, faults = {}, chance }: ScenarioOptions): Scenario {
  const events: SandboxEvent[] = [];
  const startMs = clock.nowMs();
  const random = (name: string): Random => createSeededRandom(seed ^ hashOf(name));
  return {
    seed,
    clock,
    random,
    portsOf(emulator) {
      const plan = createFaultPlan(...(faults[emulator] ?? []));
      if (chance !== undefined) plan.draw({ ...chance, random: random(`${emulator} faults`) });
      return { clock, random: random(emulator), faults: plan, onEvent: (event) => void events.push(event) };
    },
    events,
    story: () =>
      [
        `seed ${seed}`,
        ...events.map(({ atMs, emulator, what, detail }) => `+${atMs - startMs} ms ${emulator} ${what}: ${detail}`),
      ].join('\n'),
  };
}

/** FNV-1a over the name's UTF-16 units. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
