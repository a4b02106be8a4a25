/** `pnpm simulate --seeds 1000 --from 1`, or `--seed 42` for one run with its trace. */
import { parseArgs } from 'node:util';

import { formatTrace, run } from './run.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
  },
});

if (values.seed !== undefined) {
  const result = await run(Number(values.seed));
  console.log(formatTrace({ ...result, violations: result.violations.length > 0 ? result.violations : ['order_0 '] }));
  console.log(result.knobs, result.ends, result.violations);
  process.exitCode = result.violations.length > 0 ? 1 : 0;
} else {
  const started = performance.now();
  const from = Number(values.from);
  const count = Number(values.seeds);
  const ends: Record<string, number> = {};
  let broken = 0;
  for (let seed = from; seed < from + count; seed++) {
    const result = await run(seed);
    for (const [status, number] of Object.entries(result.ends)) ends[status] = (ends[status] ?? 0) + number;
    if (result.violations.length === 0) continue;
    broken += 1;
    console.log(`seed ${seed}: ${result.violations.join('; ')}`);
    console.log(`  replay: pnpm simulate --seed ${seed}`);
  }
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `${count} seeds in ${seconds.toFixed(1)} s, ${broken} with a violation; payments: ${JSON.stringify(ends)}`,
  );
  process.exitCode = broken > 0 ? 1 : 0;
}
