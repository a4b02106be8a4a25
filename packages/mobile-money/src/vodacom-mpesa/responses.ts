import {
  type AccountHolder,
  AuthenticationError,
  DuplicateReferenceError,
  type Finding,
  type HttpResponse,
  type ProviderReferences,
  RouteClosedError,
  redactText,
  type SubmitFinding,
  UnexpectedResponseError,
} from '@canza/core';

import { readJson } from '../shared/reply.ts';
import { TRANSACTION_ID } from './requests.ts';
import { meaningOf, NOT_FOUND, type OpenApiCall, SESSION_FAILED, transactionStatusOf } from './status.ts';
import {
  conversationIdOf,
  NameReplySchema,
  type Reply,
  ReplySchema,
  SessionReplySchema,
  StatusReplySchema,
  transactionIdOf,
} from './wire.ts';

/** The name under which a payment keeps the id that its acknowledgement told us alone. */
export const CONVERSATION_ID = 'ConversationID';

/**
 * Reads the session id of a reply.
 * @throws AuthenticationError when the API key or the public key is refused; UnexpectedResponseError otherwise. Both say that
 * nothing moved.
 * Source: docs/providers/vodacom-mpesa.md#sessions
 */
export function parseSession(response: HttpResponse, provider: string): string {
  const reply = SessionReplySchema.safeParse(readJson(response));
  const code = reply.success ? reply.data.output_ResponseCode : `HTTP ${response.status}`;
  const id = reply.success ? reply.data.output_SessionID : undefined;
  if (response.status === 200 && code === 'INS-0' && id != null) return id;
  if (code === SESSION_FAILED || response.status === 401) {
    throw new AuthenticationError(
      'The Open API opened no session: check API key, public key, market, environment and origin.',
      { provider, providerCode: code },
    );
  }
  throw new UnexpectedResponseError(
    `The Open API opened no session: HTTP ${response.status}.`,
    { status: response.status, body: response.body },
    { provider, providerCode: code, moneyMoved: 'no' },
  );
}

/**
 * Reads the reply to what moves money. With a transaction id it is done; without one it is queued, and the result comes to the
 * application's response address. A listed refusal counts only with an HTTP status that fits one.
 * @throws DuplicateReferenceError when our id is taken; RouteClosedError when the session was refused, and with it the request;
 * UnexpectedResponseError, with `moneyMoved: 'maybe'`, for what is no reply of
 * the Open API: HTML, nothing, cut JSON.
 * Source: docs/providers/vodacom-mpesa.md#replies
 */
export function parsePayment(
  response: HttpResponse,
  asked: { readonly call: OpenApiCall; readonly reference: string },
  provider: string,
): SubmitFinding {
  const read = ReplySchema.safeParse(readJson(response));
  if (!read.success) throw unexpected(response, provider);
  const reply = read.data;
  const code = reply.output_ResponseCode;
  const detail = redactText(reply.output_ResponseDesc ?? '');
  const told = { code, detail, references: referencesOf(reply) };
  if (isAboutAnother(reply, asked.reference)) {
    return { status: 'unknown', code, detail: 'The reply is about another conversation.' };
  }
  if (code === SESSION_FAILED && isRefusal(response)) {
    throw new RouteClosedError('The Open API refused the session; nothing was sent on.', {
      provider,
      providerCode: code,
    });
  }
  const meaning = meaningOf(asked.call, 'reply', code);
  switch (meaning.status) {
    case 'succeeded': {
      if (response.status !== 200 && response.status !== 201) return { status: 'unknown', ...told };
      const receipt = transactionIdOf(reply.output_TransactionID);
      return receipt === undefined ? { status: 'pending', ...told } : { status: 'succeeded', receipt, ...told };
    }
    case 'failed':
      return isRefusal(response) ? { ...meaning, code, detail } : { status: 'unknown', ...told };
    case 'duplicate':
      throw new DuplicateReferenceError(`The Open API has a request with our id already: ${code}.`, {
        provider,
        providerCode: code,
      });
    case 'unknown':
      return { status: 'unknown', ...told };
  }
}

/**
 * Reads the answer to a question about a transaction. That the question went well says nothing about the transaction, and that it
 * did not says nothing either. An answer that names another question than `questionId` is about something else.
 * @throws UnexpectedResponseError when the question was not answered.
 * Source: docs/providers/vodacom-mpesa.md#query
 */
export function parseStatus(
  response: HttpResponse,
  { call, questionId }: { readonly call: OpenApiCall; readonly questionId: string },
  provider: string,
): Finding {
  const read = StatusReplySchema.safeParse(readJson(response));
  if (!read.success) throw unexpected(response, provider);
  const reply = read.data;
  const code = reply.output_ResponseCode;
  if (isAboutAnother(reply, questionId)) {
    return { status: 'unknown', code, detail: 'The answer is to another question.' };
  }
  if (code === NOT_FOUND && isRefusal(response)) {
    return { status: 'not-found', code, detail: redactText(reply.output_ResponseDesc ?? '') };
  }
  if (code !== 'INS-0' || !isAnswer(response)) throw unexpected(response, provider, code);
  const word = reply.output_ResponseTransactionStatus ?? reply.output_TransactionStatus ?? '';
  const meaning = transactionStatusOf(word, call);
  if (meaning.status === 'failed') return { ...meaning, code: word };
  if (meaning.status !== 'succeeded') return { status: 'unknown', code: word };
  const receipt = transactionIdOf(reply.output_OriginalTransactionID);
  if (receipt === undefined) return { status: 'succeeded', code: word };
  return { status: 'succeeded', code: word, receipt, references: { [TRANSACTION_ID]: receipt } };
}

/**
 * Reads the name behind a number. A name is told of customers alone.
 * @throws UnexpectedResponseError when the question was not answered; nothing moves by it.
 * Source: docs/providers/vodacom-mpesa.md#name
 */
export function parseName(response: HttpResponse, provider: string): AccountHolder {
  const read = NameReplySchema.safeParse(readJson(response));
  if (!read.success) throw unexpected(response, provider, undefined, 'no');
  const { output_ResponseCode: code, output_CustomerFirstName, output_CustomerLastName } = read.data;
  if (code !== 'INS-0' || !isAnswer(response)) throw unexpected(response, provider, code, 'no');
  const name = [output_CustomerFirstName, output_CustomerLastName]
    .map((part) => part?.trim() ?? '')
    .filter((part) => part !== '')
    .join(' ');
  return name === '' ? { status: 'unknown' } : { status: 'active', name };
}

/**
 * Whether a reply is, or may be, the refusal of the session: its own code, or a 401 that is not the end of the payment. The session is
 * forgotten then, and nothing is sent again for it.
 */
export function isSessionRefusal(response: HttpResponse): boolean {
  if (!isRefusal(response)) return false;
  const reply = ReplySchema.safeParse(readJson(response));
  const code = reply.success ? reply.data.output_ResponseCode : '';
  return (
    code === SESSION_FAILED || (response.status === 401 && meaningOf('payment', 'reply', code).status !== 'failed')
  );
}

const isAboutAnother = (reply: Pick<Reply, 'output_ThirdPartyConversationID'>, ours: string): boolean => {
  const named = reply.output_ThirdPartyConversationID ?? '';
  return named !== '' && named !== ours;
};

const isAnswer = ({ status }: HttpResponse): boolean => status === 200 || status === 201;
const isRefusal = ({ status }: HttpResponse): boolean => status >= 400 && status < 500;

function referencesOf(reply: Reply): ProviderReferences {
  const conversation = conversationIdOf(reply.output_ConversationID);
  const transaction = transactionIdOf(reply.output_TransactionID);
  return {
    ...(conversation === undefined ? {} : { [CONVERSATION_ID]: conversation }),
    ...(transaction === undefined ? {} : { [TRANSACTION_ID]: transaction }),
  };
}

const unexpected = (
  response: HttpResponse,
  provider: string,
  providerCode = `HTTP ${response.status}`,
  moneyMoved: 'no' | 'maybe' = 'maybe',
): UnexpectedResponseError =>
  new UnexpectedResponseError(
    `The Open API's reply proves nothing: HTTP ${response.status}, ${providerCode}.`,
    { status: response.status, body: response.body },
    { provider, providerCode, moneyMoved },
  );
