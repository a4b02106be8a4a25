import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeViolations } from './report.ts';
import { type ChaosOptions, type ChaosResult, runChaos } from './run.ts';

/** What came of it, and the story of what is wrong with it. */
interface ShortResult extends ChaosResult {
  readonly story: string;
}

/** A run of some seconds, for tests: two workers, two operators, and as much as fits. */
export async function runShort(options: Pick<ChaosOptions, 'seed'> & Partial<ChaosOptions>): Promise<ShortResult> {
  const folder = mkdtempSync(join(tmpdir(), 'canza-chaos-'));
  const result = await runChaos({
    on: 'redis',
    operators: ['mpesa', 'airtel-money'],
    workers: 2,
    people: 50,
    perSecond: 12,
    twiceShare: 0.5,
    faultShare: 0.15,
    everybody: true,
    mistake: undefined,
    folder,
    roughMs: 5000,
    troubleEveryMs: 1000,
    calmMs: 120_000,
    ...options,
  });
  if (options.mistake !== undefined || result.violations.length === 0) {
    rmSync(folder, { recursive: true, force: true });
    return { ...result, story: '' };
  }
  return { ...result, story: `${writeViolations(options.seed, result)}\n\nlogs: ${folder}` };
}
