/**
 * Thirty people are to be paid from a CSV file. The process that pays them is killed in the middle, with payments on the wire, and
 * started again with the same file. At the end the operator's books are compared with the file, line by line.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { startMomoServer } from '@canza/sandbox';

import type { PayoutNews, PayoutSettings } from './payout.ts';
import { readPayouts } from './read-payouts.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const csv = here('../payouts.csv');

// The operator: MTN MoMo in Uganda, with enough money in our account to pay everybody.
const momo = await startMomoServer({
  speed: 100,
  environment: { targetEnvironment: 'mtnuganda', currency: 'UGX' },
  openingAccountMinor: 10_000_000n,
});
const journalFolder = await mkdtemp(join(tmpdir(), 'canza-payout-'));
const settings: PayoutSettings = {
  csv,
  journalFolder,
  momo: { baseUrl: momo.baseUrl, disbursement: momo.credentials.disbursement },
  clock: { factor: 100, sinceMs: Date.now() },
};

/** Runs the service; with `killAfter`, kills it once it has accepted so many. */
async function pay(killAfter?: number): Promise<void> {
  const child = spawn(process.execPath, [here('payout.ts'), JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  for await (const line of createInterface({ input: child.stdout })) {
    const news = JSON.parse(line) as PayoutNews;
    if ('known' in news) console.log(`service   started; its journal knows ${news.known} payments`);
    if ('atRest' in news) console.log(`service   all at rest: ${JSON.stringify(news.atRest)}`);
    if ('accepted' in news && news.accepted % 5 === 0) console.log(`service   ${news.accepted} accepted`);
    if ('accepted' in news && news.accepted === killAfter) child.kill('SIGKILL');
  }
  const [code, signal] = await ended;
  console.log(`service   ended by ${signal ?? `itself, with code ${code}`}\n`);
}

await pay(13);
await pay();
await momo.close();
await rm(journalFolder, { recursive: true });

const wrong: string[] = [];
let lines = 0;
for await (const { transactionId, phoneNumber, amount } of readPayouts(csv)) {
  lines += 1;
  const paid = momo.emulator.books.movements({ msisdn: phoneNumber.slice(1) });
  if (paid.length !== 1 || paid[0]?.amountMinor !== BigInt(amount)) {
    wrong.push(`${transactionId}: paid ${paid.length} times`);
  }
}
console.log(
  `books     ${lines} lines in the file, ${momo.emulator.books.movements().length} movements at the operator`,
);
for (const line of wrong) console.error(`books     ${line}`);
console.log(wrong.length === 0 ? 'books     everybody was paid once ✓' : 'books     THEY DIFFER');
process.exitCode = wrong.length === 0 ? 0 : 1;
