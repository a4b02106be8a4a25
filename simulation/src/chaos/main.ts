/** `pnpm chaos [--minutes N] [--seed N] [--journal redis|postgres|both]`: real processes, servers and sockets, killed at random. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { MISTAKES } from './cast.ts';
import { JOURNALS, type JournalName } from './journals.ts';
import { OPERATORS } from './people.ts';
import { writeResult, writeViolations } from './report.ts';
import { runChaos } from './run.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    journal: { type: 'string', default: 'both' },
    workers: { type: 'string', default: '3' },
    rate: { type: 'string', default: '6' },
    /** A composition that is wrong on purpose, to see a run fail. */
    mistake: { type: 'string' },
  },
});

const seed = Number(values.seed);
const roughMs = Number(values.minutes) * 60_000;
const perSecond = Number(values.rate);
const journals = JOURNALS.filter((name) => values.journal === 'both' || values.journal === name);
const mistake = MISTAKES.find((name) => name === values.mistake);
if (mistake !== values.mistake || journals.length === 0 || !(roughMs > 0) || !Number.isInteger(seed)) {
  console.error(
    'pnpm chaos [--minutes N] [--seed N] [--journal redis|postgres|both] [--mistake separate-journals|new-id-per-retry]',
  );
  process.exit(2);
}

const calledOff = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => calledOff.abort());

for (const on of journals) await runOn(on);

async function runOn(on: JournalName): Promise<void> {
  if (calledOff.signal.aborted) return;
  const folder = mkdtempSync(join(tmpdir(), `canza-chaos-${on}-`));
  console.log(`${on}, seed ${seed}, ${values.minutes} min …`);
  try {
    const result = await runChaos({
      seed,
      on,
      operators: OPERATORS,
      workers: Number(values.workers),
      people: Math.ceil((roughMs / 1000) * perSecond),
      perSecond,
      twiceShare: 0.5,
      faultShare: 0.2,
      everybody: false,
      mistake,
      folder,
      roughMs,
      troubleEveryMs: 2500,
      calmMs: 180_000,
      signal: calledOff.signal,
    });
    console.log(writeResult(result));
    if (result.violations.length === 0) {
      rmSync(folder, { recursive: true, force: true });
      return;
    }
    console.log(writeViolations(seed, result));
  } catch (error) {
    if (calledOff.signal.aborted) console.log('called off');
    else console.log(error);
  }
  console.log(`What every process wrote is in ${folder}`);
  process.exitCode = 1;
}
