/**
 * `pnpm simulate:planted [--runs 6000] [--only WORDS]`: puts each planted bug into the product, one at a time, and runs the
 * seeds that CI runs. Every one has to be found: a simulation that misses one is too weak.
 */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs, promisify } from 'node:util';

import { PLANTED_BUGS, type PlantedBug } from './bugs.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '6000' },
    only: { type: 'string', default: '' },
  },
});

const here = new URL('.', import.meta.url);
const pathOf = (relative: string): string => new URL(relative, here).pathname;
const execute = promisify(execFile);

interface Find {
  readonly seed: number;
  readonly violations: readonly string[];
}

async function hunt({ name }: PlantedBug): Promise<Find | undefined> {
  const imports = ['../../../tools/source-packages.ts', 'plant.ts'].flatMap((file) => ['--import', pathOf(file)]);
  const seeds = ['--seed', values.seed, '--runs', values.runs];
  const { stdout } = await execute(process.execPath, [...imports, pathOf('hunt.ts'), ...seeds], {
    env: { ...process.env, PLANTED_BUG: name },
    maxBuffer: 1 << 26,
  });
  return stdout.trim() === '' ? undefined : (JSON.parse(stdout) as Find);
}

const started = performance.now();
const waiting = PLANTED_BUGS.filter(({ name }) => name.includes(values.only));
const hunted = waiting.length;
let missed = 0;

async function huntOn(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const begun = performance.now();
    const found = await hunt(next);
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    if (found === undefined) {
      missed += 1;
      console.log(`MISSED  ${next.name} (${values.runs} seeds, ${seconds} s)`);
    } else {
      console.log(`found   ${next.name}: seed ${found.seed}, ${found.violations[0]} (${seconds} s)`);
    }
  }
}

await Promise.all(Array.from({ length: Math.max(1, availableParallelism()) }, huntOn));
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`${hunted - missed} of ${hunted} planted bugs found, in ${seconds} s`);
process.exitCode = missed > 0 ? 1 : 0;
