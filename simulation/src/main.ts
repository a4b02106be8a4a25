/**
 * `pnpm simulate --runs 1000 --seed 1 [--minutes 10]` runs many seeds, in as many processes as there are cores;
 * `pnpm simulate --seed 42` runs one and shows its trace.
 */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

import { run } from './run.ts';
import { addTallies, EMPTY_TALLY, objectionToReviews, type Tally, tallyOf, writeTally } from './tally.ts';
import { formatTrace } from './trace.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string' },
    minutes: { type: 'string' },
    processes: { type: 'string' },
    /** Between the seeds of one process of several. */
    step: { type: 'string' },
  },
});

const first = Number(values.seed);
const until = values.minutes === undefined ? Infinity : performance.now() + Number(values.minutes) * 60_000;
/** How many seeds a process runs before it tells what they came to. */
const REPORT_EVERY = 25;

if (values.step !== undefined) await runSome(Number(values.runs), Number(values.step));
else if (values.runs === undefined && values.minutes === undefined) await showOne();
else await runAll(Number(values.runs ?? 1_000_000));

async function showOne(): Promise<void> {
  const { trace, violations, knobs, ends, doubts } = await run(first);
  console.log(formatTrace(trace, violations));
  console.log({ seed: first, knobs, ends, reviews: doubts.filter(({ review }) => review !== undefined), violations });
  process.exitCode = violations.length > 0 ? 1 : 0;
}

/** Runs seeds in the process of its own that {@link runAll} has started. */
async function runSome(runs: number, step: number): Promise<void> {
  // The place of an error's birth costs more than its life, and no trace shows it.
  Error.stackTraceLimit = 0;
  let tally = EMPTY_TALLY;
  const tell = (): void => {
    process.send?.(tally);
    tally = EMPTY_TALLY;
  };
  for (let seed = first; seed < first + runs * step && performance.now() < until; seed += step) {
    tally = addTallies(tally, tallyOf(await run(seed)));
    if (tally.runs === REPORT_EVERY || tally.broken.length > 0) tell();
  }
  tell();
  process.disconnect?.();
}

/** Shares seeds out among processes, and tells what came of them. */
async function runAll(runs: number): Promise<void> {
  const started = performance.now();
  const processes = Math.min(Number(values.processes ?? availableParallelism()), runs);
  let tally: Tally = EMPTY_TALLY;
  const exits = Array.from({ length: processes }, async (_, index) => {
    const own = Math.ceil((runs - index) / processes);
    const minutes = values.minutes === undefined ? [] : ['--minutes', values.minutes];
    const seeds = ['--seed', String(first + index), '--runs', String(own), '--step', String(processes)];
    const child = fork(import.meta.filename, [...seeds, ...minutes]);
    child.on('message', (part: Tally) => {
      tally = addTallies(tally, part);
      for (const { seed, violations } of part.broken) {
        console.log(`seed ${seed}: ${violations.join('; ')}\n  replay: pnpm simulate --seed ${seed}`);
      }
    });
    return new Promise<number | null>((resolve) => void child.on('exit', resolve));
  });
  const codes = await Promise.all(exits);
  console.log(writeTally(tally, (performance.now() - started) / 1000));
  const objection = objectionToReviews(tally);
  if (objection !== undefined) console.log(objection);
  const isBad = tally.broken.length > 0 || objection !== undefined || codes.some((code) => code !== 0);
  process.exitCode = isBad ? 1 : 0;
}
