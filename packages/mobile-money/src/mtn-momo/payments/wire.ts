import { z } from 'zod';

import { type Party, PartySchema, ReasonSchema, TextSchema } from '../wire.ts';

/** Bodies of the payments that share one shape. Source: docs/providers/mtn-momo.md#payments */

interface PaymentBodyBase {
  readonly amount: string;
  readonly currency: string;
  readonly externalId: string;
  readonly payerMessage?: string;
  readonly payeeNote?: string;
}

/** Of a request to pay and of a withdrawal request. */
export type CollectionBody = PaymentBodyBase & { readonly payer: Party };

/** Of a transfer and of a deposit. */
export type PayoutBody = PaymentBodyBase & { readonly payee: Party };

export type RefundBody = PaymentBodyBase & {
  /** The reference of the request to pay that is given back. */
  readonly referenceIdToRefund: string;
};

/** Amounts and ids come as text or as numbers; the id of the transaction is missing while it is pending and on failure. */
export const PaymentStatusSchema = z.object({
  status: z.string(),
  amount: z.union([z.string(), z.number()]).nullish(),
  currency: z.string().nullish(),
  financialTransactionId: TextSchema.nullish(),
  externalId: TextSchema.nullish(),
  payer: PartySchema.nullish().catch(undefined),
  payee: PartySchema.nullish().catch(undefined),
  reason: ReasonSchema.nullish().catch(undefined),
});
export type PaymentStatusBody = z.output<typeof PaymentStatusSchema>;
