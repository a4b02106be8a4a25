import { type HttpResponse, type ProviderReferences, redactText, type SubmitFinding } from '@canza/core';
import { readJson } from '../../shared/reply.ts';
import { readRefusal, refusalError } from '../refusals.ts';
import type { ErrorStage } from '../status.ts';
import { AcknowledgementSchema } from './wire.ts';

/**
 * Reads the acknowledgement of an initiator's request: `pending` when it is queued, which is all that it says. A reply that
 * names a ConversationID keeps it, whatever the rest of it says.
 * @throws RejectedError, AuthenticationError, RateLimitError where nothing can have moved; DuplicateReferenceError when our id is
 * taken; UnexpectedResponseError, with `moneyMoved: 'maybe'`, for everything that is not listed.
 * Source: docs/providers/mpesa.md#results
 */
export function parseAcknowledgement(stage: ErrorStage, response: HttpResponse, provider: string): SubmitFinding {
  const json = readJson(response);
  const reply = AcknowledgementSchema.safeParse(json);
  if (!reply.success) throw refusalError(readRefusal(stage, response, json), response, provider);
  const { ResponseCode, ResponseDescription = '', errorCode } = reply.data;
  const known = { references: referencesOf(reply.data), detail: redactText(ResponseDescription) };
  if (response.status === 200 && ResponseCode === '0' && errorCode === undefined) {
    return { status: 'pending', code: '0', ...known };
  }
  return { status: 'unknown', code: ResponseCode ?? `HTTP ${response.status}`, ...known };
}

function referencesOf(ids: {
  readonly ConversationID: string;
  readonly OriginatorConversationID?: string | undefined;
}): ProviderReferences {
  const { ConversationID, OriginatorConversationID } = ids;
  return OriginatorConversationID === undefined ? { ConversationID } : { ConversationID, OriginatorConversationID };
}
