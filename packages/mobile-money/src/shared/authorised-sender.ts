import {
  type CallOptions,
  type Environment,
  type HttpRequest,
  type HttpResponse,
  PaymentError,
  type Transport,
  TransportError,
} from '@canza/core';

import { countDown } from './count-down.ts';
import { guarded } from './guarded-transport.ts';
import { createTokenCache, type TokenCache, type TokenSource } from './token-cache.ts';

export interface AuthorisedSenderOptions {
  readonly environment: Environment;
  /** Name of the provider, for errors and logs. */
  readonly provider: string;
  /** Identifies the credential among all that use the same transport; a digest, never the credential itself. */
  readonly credential: string;
  /** For a whole call, the wait for a token included, where the caller names no time. */
  readonly timeoutMs: number;
  readonly requestToken: (send: Transport, options: CallOptions) => ReturnType<TokenSource>;
  readonly authorise: (request: HttpRequest, token: string) => HttpRequest;
  /** Whether a reply is the gateway's refusal of the token: proof that the request went no further. */
  readonly isTokenRefusal: (response: HttpResponse) => boolean;
}

/** Sends a request with the credential's token on it. */
export type AuthorisedSender = (request: HttpRequest, options?: CallOptions) => Promise<HttpResponse>;

/** Providers on the same credential share its token, because at some operators a new token ends the one before. */
const caches = new WeakMap<Transport, TokenCache>();

/**
 * Makes the sender of one credential. A token that the gateway refuses is renewed and the request repeated, once: the refusal
 * came before the payment system, so this is the one repeat of a money request that is always safe. The reply to the repeat is
 * handed over whatever it says.
 *
 * It throws PaymentErrors only. Without a token nothing was sent, so every failure to get one says `moneyMoved: 'no'`.
 */
export function createAuthorisedSender({
  environment: { transport, clock, logger },
  provider,
  credential,
  timeoutMs,
  requestToken,
  authorise,
  isTokenRefusal,
}: AuthorisedSenderOptions): AuthorisedSender {
  const tokens = caches.get(transport) ?? createTokenCache({ clock });
  caches.set(transport, tokens);
  const send = guarded(transport, provider);
  const source: TokenSource = async (options) => {
    try {
      return await requestToken(send, options);
    } catch (error) {
      if (PaymentError.isInstance(error) && error.moneyMoved === 'no') throw error;
      throw new TransportError('not-connected', 'No access token was to be had, so the request was not sent.', {
        provider,
        cause: error,
      });
    }
  };

  return async (request, options = {}) => {
    const within = countDown(clock, { timeoutMs, ...options }, provider);

    const token = tokens.current(credential) ?? (await tokens.get(credential, source, within()));
    const response = await send(authorise(request, token), within());
    if (!isTokenRefusal(response)) return response;
    logger.warn({ provider, status: response.status }, 'the access token was refused; it is renewed');
    tokens.drop(credential, token);
    const renewed = await tokens.get(credential, source, within());
    return send(authorise(request, renewed), within());
  };
}
