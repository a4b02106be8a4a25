import { AuthenticationError, type HttpRequest, type HttpResponse, UnexpectedResponseError } from '@canza/core';

import { readJson } from '../shared/reply.ts';
import type { IssuedToken } from '../shared/token-cache.ts';
import type { MtnMomoConfig, Product, ProductCredentials } from './config.ts';
import { readRefusal, refusalError } from './refusals.ts';
import { TokenReplySchema } from './wire.ts';

/** What a token lives when the reply does not say. Source: docs/providers/mtn-momo.md#token */
const USUAL_LIFETIME_SECONDS = 3600;

export const basicAuthorization = ({ apiUser, apiKey }: ProductCredentials): string =>
  `Basic ${Buffer.from(`${apiUser}:${apiKey}`).toString('base64')}`;

/**
 * Builds the request of one product's access token: without a body, and with the slash at the end.
 * Source: docs/providers/mtn-momo.md#token
 */
export const buildTokenRequest = (
  { baseUrl }: MtnMomoConfig,
  product: Product,
  credentials: ProductCredentials,
): HttpRequest => ({
  method: 'POST',
  url: `${baseUrl}/${product}/token/`,
  headers: {
    authorization: basicAuthorization(credentials),
    'ocp-apim-subscription-key': credentials.subscriptionKey,
  },
});

/**
 * Reads the token and how long it lives.
 * @throws AuthenticationError when the credentials are refused, which MTN also says as HTTP 500 `login_failed`.
 * @throws RateLimitError, UnexpectedResponseError, both with `moneyMoved: 'no'`: no payment was sent yet.
 */
export function parseToken(response: HttpResponse, product: Product, provider: string): IssuedToken {
  const json = readJson(response);
  if (response.status === 200) {
    const reply = TokenReplySchema.safeParse(json);
    if (reply.success) {
      const { access_token: value, expires_in: seconds = USUAL_LIFETIME_SECONDS } = reply.data;
      return { value, lifetimeMs: seconds * 1000 };
    }
  }
  const refusal = readRefusal(response, json);
  if (refusal.meaning.kind === 'rate-limited') throw refusalError('other', refusal, response, provider);
  if (refusal.code === 'login_failed' || response.status === 401 || response.status === 403) {
    throw new AuthenticationError(
      `MTN MoMo refused the credentials of ${product}: the subscription key, API user and API key must belong to that product.`,
      { provider, providerCode: refusal.code },
    );
  }
  throw new UnexpectedResponseError(
    `MTN MoMo gave no access token for ${product}: HTTP ${response.status}.`,
    { status: response.status, body: response.body },
    { provider, providerCode: refusal.code, moneyMoved: 'no' },
  );
}

/** Puts a token on a request. The reply's `token_type` is no scheme: it is always `Bearer`. */
export const authorise = (request: HttpRequest, token: string): HttpRequest => ({
  ...request,
  headers: { ...request.headers, authorization: `Bearer ${token}` },
});

/** Whether a reply is the gateway's refusal of the token: nothing was made. Source: docs/providers/mtn-momo.md#errors */
export const isTokenRefusal = ({ status }: HttpResponse): boolean => status === 401;
