import { z } from 'zod';

import { CodeSchema } from '../wire.ts';

/**
 * What the APIs of the initiator have in common: an acknowledgement at once, a result later, at an address.
 * Source: docs/providers/mpesa.md#results
 */

/** Everything but the id may be missing, so that a reply that names it does not lose it. */
export const AcknowledgementSchema = z.object({
  ConversationID: z.string().min(1),
  OriginatorConversationID: z.string().optional(),
  ResponseCode: CodeSchema.optional(),
  ResponseDescription: z.string().optional(),
  errorCode: z.unknown().optional(),
});

const ItemSchema = z.object({ Key: z.string(), Value: z.unknown().optional() });

/** A list; or its only item, without the list around it. */
const ItemsSchema = z.union([z.array(ItemSchema), ItemSchema.transform((item) => [item])]);

/** Numbers come as text and text as numbers; parameters are missing on most failures, and keys may repeat. */
export const ResultSchema = z.object({
  Result: z.object({
    ResultType: CodeSchema.optional(),
    ResultCode: CodeSchema,
    ResultDesc: z.string().default(''),
    ConversationID: z.string().optional(),
    OriginatorConversationID: z.string().optional(),
    TransactionID: z.string().optional(),
    ResultParameters: z.object({ ResultParameter: ItemsSchema }).nullish(),
    ReferenceData: z.object({ ReferenceItem: ItemsSchema }).nullish(),
  }),
});
