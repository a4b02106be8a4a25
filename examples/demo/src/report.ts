import type { Payment } from '@canza/core';

/** One payment, seen from both sides. */
export interface Comparison {
  readonly what: string;
  readonly told: Payment;
  /** Charges in the operator's books. */
  readonly charges: number;
  /** Decimal string: what the operator took from the customer. */
  readonly charged: string;
}

/** Whether what the caller was told is what happened. */
export function agrees({ told, charges, charged }: Comparison): boolean {
  if (told.moneyMoved === 'yes') return told.status === 'succeeded' && charges === 1 && charged === told.amount;
  return told.moneyMoved === 'no' && told.status === 'failed' && charges === 0;
}

const COLUMNS = ['payment', 'told', 'money moved', 'reason or receipt', "operator's books", ''] as const;

/** What the caller was told beside what the operator's books say. */
export function formatComparisons(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map((comparison) => [
    comparison.what,
    comparison.told.status,
    comparison.told.moneyMoved,
    comparison.told.reason ?? comparison.told.receipt ?? '–',
    comparison.charges === 0
      ? 'no charge'
      : `${comparison.charges} charge, ${comparison.told.currency} ${comparison.charged}`,
    agrees(comparison) ? '✓ agree' : '✗ DIFFER',
  ]);
  const widths = COLUMNS.map((title, column) =>
    Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map((cell) => cell.length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(COLUMNS), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}
