import { AuthenticationError, type HttpRequest, type HttpResponse, UnexpectedResponseError } from '@canza/core';

import { readJson } from '../shared/reply.ts';
import type { IssuedToken } from '../shared/token-cache.ts';
import type { AirtelMoneyConfig } from './config.ts';
import { readReply, refusalError } from './refusals.ts';
import { TokenErrorSchema, TokenReplySchema } from './wire.ts';

/** The shortest life that was met, for a reply that does not say. Source: docs/providers/airtel-money.md#token */
const USUAL_LIFETIME_SECONDS = 180;

/** Source: docs/providers/airtel-money.md#token */
export const buildTokenRequest = ({ baseUrl, clientId, clientSecret }: AirtelMoneyConfig): HttpRequest => ({
  method: 'POST',
  url: `${baseUrl}/auth/oauth2/token`,
  headers: { accept: '*/*', 'content-type': 'application/json' },
  body: JSON.stringify({ client_id: clientId, client_secret: clientSecret, grant_type: 'client_credentials' }),
});

/**
 * Reads the token and how long it lives.
 * @throws AuthenticationError when the application's credentials are refused.
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
  const refusal = readReply(response, json);
  if (refusal.meaning.kind === 'rate-limited') throw refusalError({ kind: 'other' }, refusal, response, provider);
  const isClientError = response.status >= 400 && response.status < 500;
  if (isClientError && TokenErrorSchema.safeParse(json).success) {
    throw new AuthenticationError('Airtel Money refused the client id and secret of the application.', {
      provider,
      providerCode: refusal.code,
    });
  }
  throw new UnexpectedResponseError(
    `Airtel Money gave no access token: HTTP ${response.status}.`,
    { status: response.status, body: response.body },
    { provider, providerCode: refusal.code, moneyMoved: 'no' },
  );
}

/** Puts a token on a request; the reply's `bearer` is no spelling to follow. */
export const authorise = (request: HttpRequest, token: string): HttpRequest => ({
  ...request,
  headers: { ...request.headers, authorization: `Bearer ${token}` },
});

/** Whether a reply is the gateway's refusal of the token: nothing was made. Source: docs/providers/airtel-money.md#token */
export function isTokenRefusal(response: HttpResponse): boolean {
  if (response.status === 401) return true;
  if (response.status !== 403) return false;
  const refusal = TokenErrorSchema.safeParse(readJson(response));
  return refusal.success && refusal.data.error === 'invalid_token';
}
