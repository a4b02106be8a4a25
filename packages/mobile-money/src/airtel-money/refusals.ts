import {
  AuthenticationError,
  DuplicateReferenceError,
  type FailureReason,
  type HttpResponse,
  type PaymentError,
  RateLimitError,
  RejectedError,
  redactText,
  UnexpectedResponseError,
} from '@canza/core';

import { readJson } from '../shared/reply.ts';
import { httpMeaningOf, type Meaning, meaningOf } from './status.ts';
import { EnvelopeSchema, GatewayErrorSchema, TokenErrorSchema, type TransactionBody } from './wire.ts';

/** A reply, read: the transaction that it names, and what its codes say. */
export interface AirtelReply {
  /** Where the reply has one with a status. */
  readonly transaction?: TransactionBody & { readonly status: string };
  readonly meaning: Meaning;
  /** The envelope's `success`, which is not to be relied on. */
  readonly succeeded?: boolean;
  /** The code that says most, as Airtel spelled it, or `HTTP 503` where there is none. */
  readonly code: string;
  /** Airtel's words, redacted; empty where there are none. */
  readonly message: string;
}

/** From this status on nothing in a reply is taken for more than a sign that something is wrong over there. */
const SERVER_ERROR = 500;
const USUAL_PAUSE_MS = 1000;
/** Bodies that are told apart by their text are a line long. */
const LONGEST_LINE = 300;

/**
 * Reads a reply: the payment system's envelope, the gateway's error, an error about the token, or something that is not JSON.
 * Source: docs/providers/airtel-money.md#replies
 */
export function readReply(response: HttpResponse, json: unknown = readJson(response)): AirtelReply {
  const { status: httpStatus } = response;
  const isTrusted = isTrustworthy(httpStatus);
  const httpCode = `HTTP ${httpStatus}`;
  const envelope = EnvelopeSchema.safeParse(json);
  if (envelope.success) {
    const { data, status } = envelope.data;
    const codes = [status.response_code, status.result_code].filter((code) => code != null);
    const message = status.message ?? '';
    const known = meaningOf(codes, message);
    const transaction = data?.transaction;
    return {
      ...(isTrusted && transaction?.status != null
        ? { transaction: { ...transaction, status: transaction.status } }
        : {}),
      ...(status.success == null ? {} : { succeeded: status.success }),
      meaning: trusted(known, httpStatus),
      code: spelledCode(status.response_code ?? status.result_code ?? httpCode),
      message: redactText(message),
    };
  }
  const gateway = GatewayErrorSchema.safeParse(json);
  if (gateway.success) {
    const { status_code: code, status_message: text } = gateway.data;
    const message = text ?? '';
    return {
      meaning: trusted(meaningOf([code], message), httpStatus),
      code: spelledCode(code),
      message: redactText(message),
    };
  }
  const token = TokenErrorSchema.safeParse(json);
  if (token.success) {
    // Everybody's errors look like that; only the listed words say that the request went no further.
    const isRefusal = httpStatus === 401 || (isTrusted && TOKEN_REFUSALS.has(token.data.error));
    return {
      meaning: isRefusal ? { kind: 'not-authorised' } : httpMeaningOf(httpStatus, ''),
      code: spelledCode(token.data.error),
      message: redactText(token.data.error_description ?? ''),
    };
  }
  const line = response.body.length > LONGEST_LINE ? '' : textWithin(json, response.body);
  return { meaning: httpMeaningOf(httpStatus, line), code: httpCode, message: '' };
}

/** What a reply was given to. A refused question says nothing about the payment that it was about. */
export interface Purpose {
  /** `refund` and `remittance` have codes of their own, which nobody has published. */
  readonly kind: 'collection' | 'payout' | 'refund' | 'remittance' | 'question' | 'other';
}

/**
 * The error that a reply stands for which shows no transaction. What is neither a refusal nor a known pause is unexpected, and a
 * payment may have been made all the same.
 */
export function refusalError(
  { kind }: Purpose,
  reply: AirtelReply,
  response: HttpResponse,
  provider: string,
): PaymentError {
  const { meaning, code, message } = reply;
  const options = { provider, providerCode: code };
  const words = message === '' ? code : `${code}, "${message}"`;
  if (meaning.kind === 'not-authorised') {
    return new AuthenticationError(`Airtel Money refused the access token: ${words}.`, options);
  }
  if (meaning.kind === 'rate-limited') {
    const retryAfterMs = pauseOf(response);
    return new RateLimitError('Airtel Money takes no more calls for now.', { ...options, retryAfterMs });
  }
  const makesPayment = kind !== 'question' && kind !== 'other';
  if (meaning.kind === 'duplicate' && makesPayment) {
    return new DuplicateReferenceError('Airtel Money has this id already: an earlier send got through.', options);
  }
  if (meaning.kind === 'refused' && meaning.alone && kind !== 'question' && isPossible(kind, meaning.reason)) {
    return new RejectedError(`Airtel Money refused the request: ${words}.`, meaning.reason, options);
  }
  return new UnexpectedResponseError(
    `Airtel Money's reply proves nothing: HTTP ${response.status}, ${code}.`,
    { status: response.status, body: withoutMessages(response.body) },
    { ...options, moneyMoved: kind === 'other' ? 'no' : 'maybe' },
  );
}

/** What the codes of other products mean in the answer to these, nobody knows; only what the gateway refuses was never begun. */
const isPossible = (kind: Purpose['kind'], reason: FailureReason): boolean =>
  (kind !== 'refund' && kind !== 'remittance') || GATEWAY_REASONS.has(reason);

const GATEWAY_REASONS: ReadonlySet<FailureReason> = new Set(['route-misconfigured', 'route-not-permitted']);

/** What is said about a token, and about nothing else. Source: docs/providers/airtel-money.md#token */
const TOKEN_REFUSALS: ReadonlySet<string> = new Set(['invalid_token', 'invalid_request', 'invalid_client']);

/** What codes look like. Some of them would pass for a phone number. */
const CODE = /^(?:DP\d{9,11}|ROUTER\d{3}|ESB\d{6}|HTTP \d{3}|[A-Za-z_]{2,40}|\d{1,7})$/;

const spelledCode = (code: string): string => (CODE.test(code) ? code : redactText(code));

/** What these statuses mean does not depend on what is said beside them. */
const isTrustworthy = (httpStatus: number): boolean =>
  httpStatus < SERVER_ERROR && httpStatus !== 401 && httpStatus !== 408 && httpStatus !== 429;

/** What proves that nothing moved is believed only where the HTTP status lets it be; and a 4xx without a listed code is a 4xx. */
function trusted(meaning: Meaning, httpStatus: number): Meaning {
  const proves = meaning.kind === 'refused' || meaning.kind === 'not-found';
  const says = isTrustworthy(httpStatus) || !proves;
  return says && (meaning.kind !== 'unlisted' || httpStatus === 200) ? meaning : httpMeaningOf(httpStatus, '');
}

/** A refusal in a line of text, or in the JSON that some gateways put around it. */
function textWithin(json: unknown, body: string): string {
  const message = typeof json === 'object' && json !== null ? (json as { message?: unknown }).message : json;
  return typeof message === 'string' ? message : body;
}

/** Messages hold balances and names. */
const withoutMessages = (body: string): string =>
  body.replace(/("(?:message|status_message)"\s*:\s*")(?:[^"\\]|\\.)*(?:"|$)/gi, '$1[left out]"');

function pauseOf({ headers }: HttpResponse): number {
  const seconds = headers['retry-after'];
  return seconds !== undefined && /^\d{1,5}$/.test(seconds) ? Number(seconds) * 1000 : USUAL_PAUSE_MS;
}
