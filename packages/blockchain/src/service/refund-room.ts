import { InvalidRequestError, type KeptRefund, keepRefunds, type SettlementRecord } from '@canza/core';

import type { Books } from './books.ts';

/** What is left of a settled payment, for one refund of it. */
export interface RefundRoom {
  /** Base units. */
  readonly left: bigint;
  /** A place among the refunds of that payment that no other has. */
  readonly place: number;
  /** What the payment is to keep once that refund takes so much. */
  readonly keeping: (units: bigint) => readonly KeptRefund[];
}

/**
 * Counts what was given back of a payment, pure. What the payment itself keeps counts also where the refund was forgotten since; a refund that the journal
 * shows counts as it stands there, and one that failed not at all.
 * @param shown Every refund of the payment that the journal has.
 * @throws InvalidRequestError for a refund that was made before, and forgotten.
 */
export function roomFor(
  settlementId: string,
  { call, refunds = [] }: SettlementRecord,
  shown: readonly SettlementRecord[],
): RefundRoom {
  const standing = new Map(shown.map((refund) => [refund.settlementId, refund]));
  const own = refunds.find((each) => each.settlementId === settlementId);
  if (own?.accepted === true && !standing.has(settlementId)) {
    throw new InvalidRequestError({
      field: 'settlementId',
      expected: 'another id: a refund with it was made, and forgotten since',
    });
  }
  const others = refunds.filter((each) => each.settlementId !== settlementId);
  // Kept by no payment: a journal that lost writes may show one.
  const unkept = shown.filter((each) => !refunds.some((known) => known.settlementId === each.settlementId));
  const kept = [
    ...others.map((each) => unitsNow(each, standing.get(each.settlementId))),
    ...unkept.map((refund) => keptOf(refund)),
  ].filter((each) => each !== undefined);
  const paid = unitsOf(call);
  const given = kept.reduce((sum, { units }) => sum + BigInt(units), 0n);
  const places = shown.map(({ original }) => original?.slot ?? 0);
  return {
    left: paid - given,
    place: Math.max(refunds.length, ...places) + 1,
    keeping: (units) => [
      ...kept,
      // Whoever asked with the same id before may be slow, and be accepted with what he asked for.
      { settlementId, units: String(units > BigInt(own?.units ?? 0) ? units : own?.units), accepted: false },
    ],
  };
}

const unitsNow = (kept: KeptRefund, refund: SettlementRecord | undefined): KeptRefund | undefined =>
  refund === undefined ? kept : keptOf(refund, kept);

/** @returns nothing where it gave nothing back, and never will. */
function keptOf(refund: SettlementRecord, known?: KeptRefund): KeptRefund | undefined {
  const { settlementId, status, call } = refund;
  if (status === 'failed') return known?.accepted === true ? { ...known, units: '0' } : undefined;
  return { settlementId, units: String(unitsOf(call)), accepted: known?.accepted ?? true };
}

/** What a settlement with one transfer moves, in base units. */
export const unitsOf = (call: SettlementRecord['call']): bigint =>
  call.kind === 'transfers' ? BigInt(call.transfers[0]?.amount ?? 0) : 0n;

/** Has the original of a refund keep that it may be sent from now on: nothing of it is sent before. @throws JournalError */
export async function keepAccepted(
  refund: SettlementRecord,
  { settlements }: Pick<Books, 'settlements'>,
  insistForMs: number,
  nowMs: number,
): Promise<void> {
  const { settlementId, original, call } = refund;
  const known = original && (await settlements.insist(insistForMs, () => settlements.read(original.settlementId)));
  // It was forgotten itself: nothing more can be given back of it.
  if (known === undefined) return;
  const own: KeptRefund = { settlementId, units: String(unitsOf(call)), accepted: true };
  await settlements.insist(insistForMs, () =>
    settlements.update(known, `${settlementId} may be sent`, (latest) => {
      const { refunds = [] } = latest;
      if (refunds.some((each) => each.settlementId === settlementId && each.accepted)) return latest;
      return keepRefunds(latest, nowMs, [...refunds.filter((each) => each.settlementId !== settlementId), own]);
    }),
  );
}
