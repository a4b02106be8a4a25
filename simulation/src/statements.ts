import { type CurrencyCode, formatMoney, type PaymentRecord, parseMoney } from '@canza/core';
import type { MMOBridge, StatementLine } from '@canza/mobile-money';

import type { Chance } from './chance.ts';
import type { Knobs } from './knobs.ts';
import type { Moved } from './watch/money.ts';
import type { Watch } from './watch/watch.ts';

/** A line of a statement, and the payment that it is about. */
interface TrueLine {
  readonly line: StatementLine;
  readonly record: PaymentRecord;
}

/**
 * Compares every provider's statement with the records: first one with mistakes in it, all of which have to be found, then the
 * true one, whose sums have to be those of the records.
 */
export async function reconcileAll(bridge: MMOBridge, watch: Watch, chance: Chance, knobs: Knobs): Promise<void> {
  const byProvider = new Map<string, TrueLine[]>();
  for (const moved of watch.money.all) {
    const record = watch.records.latest.get(moved.owner.transactionId);
    const attempt = record?.attempts.find(({ number }) => number === moved.owner.number);
    // Lost in a failover, and found out by whoever compared.
    if (record === undefined || attempt === undefined || watch.lost.has(record.transactionId)) continue;
    const lines = byProvider.get(attempt.provider) ?? [];
    lines.push({ line: lineOf(moved, record, attempt.reference), record });
    byProvider.set(attempt.provider, lines);
  }
  for (const [provider, lines] of byProvider) {
    await compareMistaken(bridge, provider, lines, watch, chance, knobs);
    await compareTrue(bridge, provider, lines, watch);
  }
}

/** M-Pesa's statements name nothing of ours: its lines are found by their receipts. */
function lineOf(
  { key, receipt, amountMinor, operator }: Moved,
  record: PaymentRecord,
  reference: string,
): StatementLine {
  const amount = formatMoney({ amountMinor, currency: record.currency });
  const isNamed = operator !== 'mpesa' && key !== undefined;
  return { receipt, amount, currency: record.currency, ...(isNamed ? { reference } : {}) };
}

async function compareMistaken(
  bridge: MMOBridge,
  provider: string,
  trueLines: readonly TrueLine[],
  watch: Watch,
  chance: Chance,
  knobs: Knobs,
): Promise<void> {
  const lines: StatementLine[] = [];
  const expected: string[] = [];
  for (const { line, record } of trueLines) {
    const isKnown = record.status === 'succeeded' && (line.reference !== undefined || record.receipt === line.receipt);
    const mistake =
      isKnown && chance.happens(knobs.statement) ? chance.pick(['missing', 'doubled', 'different']) : 'none';
    if (mistake === 'missing') {
      expected.push(`missing ${record.transactionId}`);
    } else if (mistake === 'doubled') {
      lines.push(line, line);
      expected.push(`doubled ${record.transactionId}`);
    } else if (mistake === 'different') {
      const { amountMinor, currency } = parseMoney(line.amount, line.currency);
      lines.push({ ...line, amount: formatMoney({ amountMinor: amountMinor + 100n, currency }) });
      expected.push(`amount-differs ${record.transactionId}`);
    } else {
      lines.push(line);
    }
  }
  const [first] = trueLines;
  if (first !== undefined && chance.happens(knobs.statement)) {
    const { reference: _, ...line } = first.line;
    lines.push({ ...line, receipt: 'NOBODYS' });
    expected.push('unknown-to-us NOBODYS');
  }
  const report = await bridge.reconcile({ provider, lines, fromMs: 0, beforeMs: Number.MAX_SAFE_INTEGER });
  const told = report.differences.map((each) =>
    each.kind === 'unknown-to-us' ? `${each.kind} ${each.receipt}` : `${each.kind} ${each.transactionId}`,
  );
  for (const each of expected) {
    if (!told.includes(each)) watch.note(`the statement of ${provider} shows "${each}", and nobody is told`);
  }
  for (const {
    record,
    line: { receipt },
  } of trueLines) {
    const { transactionId: id } = record;
    const isAccused = told.some((each) => each.endsWith(` ${id}`)) && !expected.some((each) => each.endsWith(` ${id}`));
    if (isAccused && record.status === 'succeeded' && record.receipt === receipt) {
      watch.note(`${id} is as the statement of ${provider} shows it, and is called different`);
    }
  }
}

async function compareTrue(
  bridge: MMOBridge,
  provider: string,
  trueLines: readonly TrueLine[],
  watch: Watch,
): Promise<void> {
  const lines = trueLines.map(({ line }) => line);
  const { differences, sums } = await bridge.reconcile({ provider, lines });
  const strangers = new Set(differences.map((each) => ('receipt' in each ? each.receipt : '')));
  const oursMinor = new Map<CurrencyCode, bigint>();
  for (const { record, line } of trueLines) {
    const latest = watch.records.latest.get(record.transactionId) ?? record;
    // What nobody could be asked about has no receipt with us; the line then is a stranger's, and a person's.
    const isOurs = latest.status === 'succeeded' || strangers.has(line.receipt);
    if (!isOurs) {
      watch.note(
        `${record.transactionId} stands in the statement of ${provider}, is ${latest.status}, and nobody is told`,
      );
    }
    const { amountMinor, currency } = parseMoney(record.amount, record.currency);
    oursMinor.set(currency, (oursMinor.get(currency) ?? 0n) + amountMinor);
  }
  for (const [currency, amountMinor] of oursMinor) {
    const ours = formatMoney({ currency, amountMinor });
    const theirs = sums[currency];
    if (ours !== theirs) watch.note(`${provider} says that ${currency} ${theirs} moved, and we say ${ours}`);
  }
}
