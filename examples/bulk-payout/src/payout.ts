/** Your service, in a process of its own: pays what is in the file, and waits until the last payment has come to rest. */
import { openEmbeddedJournal } from '@canza/data/postgres';
import { DEFAULT_POLICY, MMOBridge } from '@canza/mobile-money';
import { mtnMomo } from '@canza/mobile-money/mtn-momo';
import { fasterClock, type MomoCredentials } from '@canza/sandbox';

import { readPayouts } from './read-payouts.ts';

export interface PayoutSettings {
  readonly csv: string;
  readonly journalFolder: string;
  readonly momo: { readonly baseUrl: string; readonly disbursement: MomoCredentials };
  /** Minutes pass in seconds, so that nobody has to wait: for emulators only. */
  readonly clock: { readonly factor: number; readonly sinceMs: number };
}

/** What it tells whoever started it. */
export type PayoutNews =
  | { readonly known: number }
  | { readonly accepted: number }
  | { readonly atRest: Readonly<Record<string, number>> };

const DAY_MS = 24 * 3_600_000;
const settings = JSON.parse(process.argv[2] ?? '{}') as PayoutSettings;
const tell = (news: PayoutNews): void => void process.stdout.write(`${JSON.stringify(news)}\n`);

const { factor, sinceMs } = settings.clock;
const clock = fasterClock(factor, { sinceMs });
const journal = await openEmbeddedJournal({ folder: settings.journalFolder, clock });
const bridge = new MMOBridge({
  providers: [
    mtnMomo({
      targetEnvironment: 'mtnuganda',
      baseUrl: settings.momo.baseUrl,
      disbursement: settings.momo.disbursement,
    }),
  ],
  journal,
  callbacks: { baseUrl: 'https://pay.example.com/callbacks' }, // none is mounted here: the bridge asks MTN
  clock,
  policy: {
    // Salaries may be late: what was never sent is not given up before tomorrow.
    sendWithinMs: { ...DEFAULT_POLICY.sendWithinMs, disbursement: DAY_MS },
    // The journal and the socket are not sped up, so they are given more of these faster seconds.
    journalTimeoutMs: 5000 * factor,
    storeAttemptForMs: 10_000 * factor,
    submitTimeoutMs: 60_000,
    leaseMs: 90_000,
  },
});
const before = await bridge.findTransactions({ limit: 1000 });
tell({ known: before.payments.length });
await bridge.initialize();

const ids: string[] = [];
for await (const result of bridge.initiateBatch(readPayouts(settings.csv), { concurrency: 4 })) {
  ids.push(result.transactionId);
  tell({ accepted: ids.length });
}
const payments = await Promise.all(ids.map((id) => bridge.waitForTransaction(id, { timeoutMs: DAY_MS })));
const byStatus = Object.groupBy(payments, ({ status }) => status);
tell({
  atRest: Object.fromEntries(Object.entries(byStatus).map(([status, rested]) => [status, rested?.length ?? 0])),
});

await bridge.shutdown();
await journal.close();
