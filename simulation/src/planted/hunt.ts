/** Runs seeds until one breaks a rule, in a process in which a bug is planted; tells the seed and the rule. */
import { parseArgs } from 'node:util';

import { run } from '../run.ts';

Error.stackTraceLimit = 0;
const { values } = parseArgs({ options: { seed: { type: 'string' }, runs: { type: 'string' } } });
const first = Number(values.seed);

process.on('unhandledRejection', (error) => {
  console.log(JSON.stringify({ seed, violations: [`nobody takes an error: ${String(error)}`] }));
  process.exit(0);
});

let seed = first;
for (; seed < first + Number(values.runs); seed++) {
  const { violations } = await run(seed).catch((error: unknown) => ({
    violations: [`the run ends in ${String(error)}`],
  }));
  if (violations.length === 0) continue;
  console.log(JSON.stringify({ seed, violations }));
  break;
}
