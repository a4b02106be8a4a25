import {
  AuthenticationError,
  DuplicateReferenceError,
  type HttpResponse,
  type PaymentError,
  RateLimitError,
  RejectedError,
  redactText,
  UnexpectedResponseError,
} from '@canza/core';

import { readJson } from '../shared/reply.ts';
import { type ErrorMeaning, errorOf, httpErrorOf } from './status.ts';
import { GatewayErrorSchema, TokenErrorSchema, WalletErrorSchema } from './wire.ts';

/** An error reply, read. */
export interface Refusal {
  readonly meaning: ErrorMeaning;
  /** MTN's code, or `HTTP 503` where the reply has none. */
  readonly code: string;
  /** MTN's words, redacted; empty where there are none. */
  readonly message: string;
}

/** Ten questions a second are allowed; a pause of this length is below any limit that is known. */
const USUAL_PAUSE_MS = 1000;

/**
 * Reads a reply that is no acceptance: the wallet system's error, the gateway's, or something that is not JSON.
 * Source: docs/providers/mtn-momo.md#replies
 */
export function readRefusal(response: HttpResponse, json: unknown = readJson(response)): Refusal {
  const { status } = response;
  const wallet = WalletErrorSchema.safeParse(json);
  // A code counts only in an error reply: the same word in a 200 is part of something else.
  const known = wallet.success && status >= 400 ? errorOf(wallet.data.code) : undefined;
  if (wallet.success) {
    const { code, message } = wallet.data;
    return { meaning: known ?? httpErrorOf(status, false), code, message: redactText(message ?? '') };
  }
  const gateway = GatewayErrorSchema.safeParse(json);
  const token = TokenErrorSchema.safeParse(json);
  return {
    meaning: httpErrorOf(status, gateway.success && gateway.data.statusCode === status),
    code: token.success ? redactText(token.data.error) : `HTTP ${status}`,
    message: gateway.success ? redactText(gateway.data.message) : '',
  };
}

/**
 * What the refused call was for: a payment, the question what became of one, or something that moves no money. A refused
 * question says nothing about the payment.
 */
export type Purpose = 'payment' | 'status' | 'other';

/**
 * The error that an error reply stands for. What is neither a refusal nor a known pause is unexpected, and a payment may have
 * been made all the same.
 */
export function refusalError(
  purpose: Purpose,
  refusal: Refusal,
  response: HttpResponse,
  provider: string,
): PaymentError {
  const { meaning, code, message } = refusal;
  const options = { provider, providerCode: code };
  const words = message === '' ? code : `${code}, "${message}"`;
  if (meaning.kind === 'not-authorised') {
    return new AuthenticationError(`MTN MoMo refused the subscription key or the access token: ${words}.`, options);
  }
  if (meaning.kind === 'rate-limited') {
    const retryAfterMs = pauseOf(response);
    return new RateLimitError('MTN MoMo takes no more calls for now.', { ...options, retryAfterMs });
  }
  if (meaning.kind === 'duplicate' && purpose === 'payment') {
    return new DuplicateReferenceError('MTN MoMo has this reference already: an earlier send got through.', options);
  }
  if (meaning.kind === 'refused' && purpose !== 'status') {
    return new RejectedError(`MTN MoMo refused the request: ${words}.`, meaning.reason, options);
  }
  return new UnexpectedResponseError(
    `MTN MoMo's reply proves nothing: HTTP ${response.status}, ${words}.`,
    { status: response.status, body: response.body },
    { ...options, moneyMoved: purpose === 'other' ? 'no' : 'maybe' },
  );
}

function pauseOf({ headers }: HttpResponse): number {
  const seconds = headers['retry-after'];
  return seconds !== undefined && /^\d{1,5}$/.test(seconds) ? Number(seconds) * 1000 : USUAL_PAUSE_MS;
}
