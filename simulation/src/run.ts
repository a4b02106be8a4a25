import type { Knobs } from './knobs.ts';
import type { TraceLine } from './trace.ts';
import type { Doubt } from './watch/doubts.ts';
import { World, type WorldOptions } from './world.ts';

export interface RunResult {
  readonly seed: number;
  readonly knobs: Knobs;
  readonly violations: readonly string[];
  /** Payments by how they ended. */
  readonly ends: Readonly<Record<string, number>>;
  /** Payments whose outcome was unknown for a while. */
  readonly doubts: readonly Doubt[];
  readonly trace: readonly TraceLine[];
  readonly simulatedMs: number;
}

/** One run from one seed: some hours of faults, then calm until everything has come to rest. */
export async function run(seed: number, options: Omit<WorldOptions, 'seed'> = {}): Promise<RunResult> {
  const world = new World({ ...options, seed });
  await world.live();
  const { records, doubts, watch, knobs, trace } = world;
  const ends: Record<string, number> = {};
  for (const { status } of records) ends[status] = (ends[status] ?? 0) + 1;
  return { seed, knobs, violations: watch.violations, ends, doubts, trace, simulatedMs: world.clock.monotonicMs() };
}
