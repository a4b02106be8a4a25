import { AuthenticationError, type HttpRequest, type HttpResponse, UnexpectedResponseError } from '@canza/core';
import { readJson } from '../shared/reply.ts';
import type { IssuedToken } from '../shared/token-cache.ts';
import type { MpesaConfig } from './config.ts';
import { readRefusal, refusalError } from './refusals.ts';
import { TokenReplySchema } from './wire.ts';

/** What a token lives when the reply does not say. Source: docs/providers/mpesa.md#token */
const USUAL_LIFETIME_SECONDS = 3600;

/**
 * Builds the request of an access token.
 * Source: docs/providers/mpesa.md#token
 */
export const buildTokenRequest = (config: MpesaConfig): HttpRequest => ({
  method: 'GET',
  url: `${config.baseUrl}/oauth/v1/generate?grant_type=client_credentials`,
  headers: {
    authorization: `Basic ${Buffer.from(`${config.consumerKey}:${config.consumerSecret}`).toString('base64')}`,
  },
});

/**
 * Reads the token and how long it lives.
 * @throws AuthenticationError when the credential is refused: Daraja answers 400 or 401, often without a body.
 * @throws RateLimitError, UnexpectedResponseError, both with `moneyMoved: 'no'`: no payment was sent yet.
 */
export function parseToken(response: HttpResponse, provider: string): IssuedToken {
  const json = readJson(response);
  if (response.status === 200) {
    const reply = TokenReplySchema.safeParse(json);
    if (reply.success) {
      const { access_token: value, expires_in: seconds = USUAL_LIFETIME_SECONDS } = reply.data;
      return { value, lifetimeMs: seconds * 1000 };
    }
  }
  const refusal = readRefusal('token', response, json);
  if (refusal.meaning.kind === 'rate-limited') throw refusalError(refusal, response, provider);
  if (response.status === 400 || response.status === 401) {
    throw new AuthenticationError(
      'Daraja refused the consumer key and secret: check that both belong to this environment.',
      { provider, providerCode: refusal.code },
    );
  }
  throw new UnexpectedResponseError(
    `Daraja gave no access token: HTTP ${response.status}.`,
    { status: response.status, body: response.body },
    { provider, providerCode: refusal.code, moneyMoved: 'no' },
  );
}

/** Puts a token on a request. */
export const authorise = (request: HttpRequest, token: string): HttpRequest => ({
  ...request,
  headers: { ...request.headers, authorization: `Bearer ${token}` },
});

/** An id that M-PESA gives out: whatever else the reply says, the request has arrived there. */
const ACCEPTED = /"(?:CheckoutRequestID|ConversationID)"/;

/**
 * Whether a reply is the gateway's refusal of the token, and nothing but that: the request may then be sent once more.
 * Source: docs/providers/mpesa.md#token
 */
export const isTokenRefusal = (response: HttpResponse): boolean =>
  response.status !== 200 &&
  !ACCEPTED.test(response.body) &&
  readRefusal('token', response).meaning.kind === 'token-refused';
