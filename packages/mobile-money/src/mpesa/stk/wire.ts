import { z } from 'zod';

import { CodeSchema } from '../wire.ts';

/** Bodies of the STK push, spelled as Daraja spells them. Source: docs/providers/mpesa.md#stk-push */

export interface StkPushBody {
  readonly BusinessShortCode: number;
  readonly Password: string;
  readonly Timestamp: string;
  readonly TransactionType: 'CustomerPayBillOnline' | 'CustomerBuyGoodsOnline';
  readonly Amount: string;
  readonly PartyA: string;
  readonly PartyB: string;
  readonly PhoneNumber: string;
  readonly CallBackURL: string;
  readonly AccountReference: string;
  readonly TransactionDesc: string;
}

export interface StkQueryBody {
  readonly BusinessShortCode: number;
  readonly Password: string;
  readonly Timestamp: string;
  readonly CheckoutRequestID: string;
}

/** Everything but the id may be missing: a reply that names the id must not lose it for the sake of the rest. */
export const StkPushReplySchema = z.object({
  CheckoutRequestID: z.string().min(1),
  MerchantRequestID: z.string().optional(),
  ResponseCode: CodeSchema.optional(),
  ResponseDescription: z.string().optional(),
  errorCode: z.unknown().optional(),
});

/** The result code is text in a query's reply and a number in a callback. */
export const StkQueryReplySchema = z.object({
  ResponseCode: CodeSchema,
  CheckoutRequestID: z.string().optional(),
  MerchantRequestID: z.string().optional(),
  ResultCode: CodeSchema,
  ResultDesc: z.string().default(''),
});

/** Items are found by name; the value of `Balance` may be missing. */
export const StkCallbackSchema = z.object({
  Body: z.object({
    stkCallback: z.object({
      MerchantRequestID: z.string().optional(),
      CheckoutRequestID: z.string().min(1),
      ResultCode: CodeSchema,
      ResultDesc: z.string().default(''),
      CallbackMetadata: z
        .object({ Item: z.array(z.object({ Name: z.string(), Value: z.unknown().optional() })) })
        .optional(),
    }),
  }),
});
