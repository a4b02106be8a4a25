/** Your service, in a process of its own: pays what is in the file, and waits until the last payment has come to rest. */
import { liesWith, type Payment } from '@canza/core';
import { openEmbeddedJournal } from '@canza/data/postgres';
import { DEFAULT_POLICY, MMOBridge, type TransactionRequest } from '@canza/mobile-money';
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
    // The journal and the socket are not sped up, so they are given more of these faster seconds.
    journalTimeoutMs: 30_000 * factor,
    storeAttemptForMs: 30_000 * factor,
    submitTimeoutMs: 2000 * factor,
    leaseMs: 2500 * factor,
    // Salaries may be late: what waits for its turn is not given up today.
    sendWithinMs: { ...DEFAULT_POLICY.sendWithinMs, disbursement: DAY_MS },
  },
});
const before = await bridge.findTransactions({ limit: 1000 });
tell({ known: before.payments.length });
await bridge.initialize();

/** Pays everybody on the list, and resolves with what became of each, by id. */
async function payAll(requests: AsyncIterable<TransactionRequest>): Promise<Map<string, Payment>> {
  const ids: string[] = [];
  for await (const result of bridge.initiateBatch(requests, { concurrency: 4 })) {
    ids.push(result.transactionId);
    tell({ accepted: ids.length });
  }
  const payments = await Promise.all(ids.map((id) => bridge.waitForTransaction(id, { timeoutMs: DAY_MS })));
  return new Map(payments.map((payment) => [payment.transactionId, payment]));
}

const paid = await payAll(readPayouts(settings.csv));
tell({ atRest: countByStatus(paid) });

// `failed` is proof that nothing moved and nothing will, so who failed for no reason of their own may be paid under another id. Here
// that is who was stored and not sent when the process was killed, where it came back too late to send the same again.
async function* unsent(): AsyncGenerator<TransactionRequest> {
  for await (const request of readPayouts(settings.csv)) {
    const { transactionId } = request;
    const { reason } = paid.get(transactionId) ?? {};
    if (reason !== undefined && liesWith(reason) === 'route') yield { ...request, transactionId: `${transactionId}.2` };
  }
}
const again = await payAll(unsent());
if (again.size > 0) tell({ atRest: countByStatus(again) });

await bridge.shutdown();
await journal.close();

function countByStatus(payments: ReadonlyMap<string, Payment>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of payments.values()) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
