import { z } from 'zod';

/** Replies of the Open API; only fields that are read. Source: docs/providers/vodacom-mpesa.md#replies */

const text = z.string().nullish();

export const ReplySchema = z.object({
  output_ResponseCode: z.string(),
  output_ResponseDesc: text,
  output_TransactionID: text,
  output_ConversationID: text,
  output_ThirdPartyConversationID: text,
});
export type Reply = z.output<typeof ReplySchema>;

export const SessionReplySchema = z.object({
  output_ResponseCode: z.string(),
  output_ResponseDesc: text,
  output_SessionID: z.string().regex(/^\S+$/).max(200).nullish(),
});

/** One client reads `output_TransactionStatus`. */
export const StatusReplySchema = z.object({
  output_ResponseCode: z.string(),
  output_ThirdPartyConversationID: text,
  output_ResponseDesc: text,
  output_ResponseTransactionStatus: text,
  output_TransactionStatus: text,
  output_OriginalTransactionID: text,
});

export const NameReplySchema = z.object({
  output_ResponseCode: z.string(),
  output_CustomerFirstName: text,
  output_CustomerLastName: text,
});

export const ResultSchema = z.object({
  input_OriginalConversationID: z.string().min(1),
  input_TransactionID: text,
  input_ResultCode: z.string().min(1),
  input_ResultDesc: text,
  input_ThirdPartyConversationID: z.string().min(1),
});

const CONVERSATION_ID = /^[0-9A-Za-z]{16,64}$/;
const TRANSACTION_ID = /^[0-9A-Za-z]{6,40}$/;

/** An id that tells one conversation from all others; `undefined` for `N/A` and its like. */
export const conversationIdOf = (id: string | null | undefined): string | undefined => matching(id, CONVERSATION_ID);

/** The id in the customer's SMS; `undefined` for `N/A` and its like. */
export const transactionIdOf = (id: string | null | undefined): string | undefined => matching(id, TRANSACTION_ID);

const matching = (id: string | null | undefined, form: RegExp): string | undefined =>
  id != null && form.test(id) ? id : undefined;
