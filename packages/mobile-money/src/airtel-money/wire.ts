import { z } from 'zod';

/**
 * What the Open API answers with, spelled as Airtel spells it. Schemas keep only what is read.
 * Source: docs/providers/airtel-money.md#replies
 */

/** Text that the same field carries now as text and now as a JSON number. */
export const TextSchema = z.union([z.string(), z.number().transform(String)]);

const LaxTextSchema = TextSchema.nullish().catch(undefined);

const TransactionSchema = z.object({
  /** One official sample has `false` here. */
  id: LaxTextSchema,
  status: LaxTextSchema,
  airtel_money_id: LaxTextSchema,
  reference_id: LaxTextSchema,
  message: LaxTextSchema,
});
export type TransactionBody = z.output<typeof TransactionSchema>;

/** `result_code` is called out of date, and still sent. */
const StatusSchema = z.object({
  code: LaxTextSchema,
  response_code: LaxTextSchema,
  result_code: LaxTextSchema,
  message: LaxTextSchema,
  success: z.boolean().nullish().catch(undefined),
});

/** The payment system's envelope. */
export const EnvelopeSchema = z.object({
  data: z
    .object({ transaction: TransactionSchema.nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
  status: StatusSchema,
});

/** The gateway's error. */
export const GatewayErrorSchema = z.object({ status_code: z.string(), status_message: z.string().nullish() });

/** An error about the token, or of the token call. */
export const TokenErrorSchema = z.object({ error: z.string(), error_description: z.string().nullish() });

/** `expires_in` comes as text and as a number, in seconds. */
export const TokenReplySchema = z.object({
  access_token: z.string().regex(/^\S+$/),
  expires_in: z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).optional(),
});
