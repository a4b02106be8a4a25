import { type NetworkCall, restoreCall, type SettlementRecord } from '@canza/core';

import { giveUp, inDoubtOfJournal, type OutcomeContext } from '../settlement-outcome.ts';
import type { Books } from './books.ts';
import type { SettlementPolicy } from './policy.ts';

/** Settlements that are to share a transaction. */
export type Group = readonly SettlementRecord[];

export interface GroupSettings {
  readonly books: Books;
  readonly policy: SettlementPolicy;
  readonly contextOf: () => OutcomeContext;
  /** Whether the journal may have lost writes: then a settlement that looks free may be on its way. */
  readonly isSuspect: () => boolean;
}

/** Changes every settlement of a group as it stands in the journal; says of none that nothing was sent while the journal may have forgotten it. */
export function changeGroup(
  { books, policy, isSuspect, contextOf }: GroupSettings,
  group: Group,
  note: string,
  change: (latest: SettlementRecord) => SettlementRecord,
  hold: { readonly beforeSend?: boolean } = {},
): Promise<Group> {
  const careful = (latest: SettlementRecord): SettlementRecord =>
    isSuspect() ? inDoubtOfJournal(latest, change(latest), contextOf()) : change(latest);
  return books.settlements.updateEach(group, policy.insistForMs, note, careful, hold);
}

/** The call that carries all of them: their transfers, in their order; or the one operation that stands alone. */
export function callOf(group: Group): NetworkCall {
  const first = group[0]?.call ?? { kind: 'void' };
  if (first.kind !== 'transfers') return restoreCall(first);
  const transfers = group.flatMap(({ call }) => (call.kind === 'transfers' ? call.transfers : []));
  return restoreCall({ kind: 'transfers', asset: first.asset, transfers });
}

/** Whether the price that it rests on has expired. */
export const isLate = ({ quote }: SettlementRecord, nowMs: number): boolean =>
  quote !== undefined && quote.expiresAtMs <= nowMs;

export const expireQuote = (record: SettlementRecord, context: OutcomeContext): SettlementRecord =>
  giveUp(record, 'quote-expired', 'The quote expired unused.', context);
