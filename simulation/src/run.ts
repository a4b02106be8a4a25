import { violations } from './invariants.ts';
import type { Knobs } from './knobs.ts';
import { createWorld, type TraceLine } from './world.ts';

export interface RunResult {
  readonly seed: number;
  readonly knobs: Knobs;
  readonly violations: readonly string[];
  /** Payments by how they ended. */
  readonly ends: Readonly<Record<string, number>>;
  readonly trace: readonly TraceLine[];
}

/** One run from one seed: some hours of faults, then calm until everything has come to rest. */
export async function run(seed: number): Promise<RunResult> {
  const world = await createWorld(seed);
  await world.rough();
  await world.calm();
  const ends: Record<string, number> = {};
  for (const { status } of await world.records()) ends[status] = (ends[status] ?? 0) + 1;
  return { seed, knobs: world.knobs, violations: await violations(world), ends, trace: world.trace };
}

/** A trace that a person can read, of the payments named in the violations. */
export function formatTrace({ trace, violations: broken }: RunResult): string {
  const concerned = broken.flatMap((sentence) => sentence.match(/order_\d+/) ?? []);
  return trace
    .filter(({ what }) => !/order_\d+/.test(what) || concerned.some((id) => what.includes(`${id} `)))
    .map(({ atMs, who, what }) => `${(atMs / 1000).toFixed(3).padStart(12)}  ${who.padEnd(8)}  ${what}`)
    .join('\n');
}
