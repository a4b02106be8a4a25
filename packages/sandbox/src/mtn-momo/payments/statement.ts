import type { Money } from '@canza/core';

import { rawNumber } from '../../wire.ts';
import { takesMoney } from '../books.ts';
import { textOfCode } from '../error-replies.ts';
import { writeAmount } from '../fields.ts';
import type { MomoShapes } from '../settings.ts';
import type { PaymentKind } from './kinds.ts';
import type { PaymentOrder } from './order.ts';

/** How a payment ended. */
export type PaymentEnd =
  | { readonly status: 'SUCCESSFUL'; readonly financialTransactionId: string }
  | { readonly status: 'FAILED'; readonly code: string; readonly message?: string };

/** What a query answers, and what a callback says: the same body. Source: docs/providers/mtn-momo.md#statuses */
export function describePayment(
  kind: PaymentKind,
  order: PaymentOrder,
  end: PaymentEnd | undefined,
  shapes: MomoShapes,
  money: Money = order.money,
): object {
  const write = (text: string): unknown =>
    shapes.numbers === 'number' && /^(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) ? rawNumber(text) : text;
  const { party, externalId, payerMessage, payeeNote } = order;
  const hasNotes = takesMoney(kind.operation) || shapes.payoutNotes === 'present';
  return {
    amount: write(writeAmount(money)),
    currency: money.currency,
    ...(end?.status === 'SUCCESSFUL' ? { financialTransactionId: write(end.financialTransactionId) } : {}),
    externalId: write(externalId),
    ...(party === undefined ? {} : { [kind.party]: { partyIdType: party.partyIdType, partyId: write(party.partyId) } }),
    ...(hasNotes ? { payerMessage, payeeNote } : {}),
    status: end?.status ?? shapes.open,
    ...(end?.status === 'FAILED' ? { reason: describeReason(end, shapes) } : {}),
  };
}

/** A code with a text, or the code alone. */
export const describeReason = (
  { code, message = textOfCode(code) }: { readonly code: string; readonly message?: string },
  { reason }: Pick<MomoShapes, 'reason'>,
): unknown => (reason === 'text' ? code : { code, message });
