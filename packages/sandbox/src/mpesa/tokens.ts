import type { Clock, HttpRequest, HttpResponse } from '@canza/core';

import type { Call } from '../router.ts';
import { headerOf, jsonReply, textReply } from '../wire.ts';
import type { DarajaErrors, TokenRefusal } from './error-replies.ts';
import type { DarajaIdentifiers } from './identifiers.ts';
import type { DarajaCredentials, DarajaShapes } from './settings.ts';

const LIFETIME_MS = 3_600_000;
/** What the reply says: a second less than the token lives. */
const EXPIRES_IN_SECONDS = 3_599;

/** The tokens the gateway has handed out. */
export interface DarajaTokens {
  /** `GET /oauth/v1/generate` */
  readonly issue: (call: Call) => HttpResponse;
  /** The refusal of a request whose token is missing, unknown, struck off or expired; nothing when it is good. */
  readonly check: (request: HttpRequest, refusal: TokenRefusal) => HttpResponse | undefined;
  /** Strikes off the token that a request presents. */
  readonly revoke: (request: HttpRequest) => void;
  /** Strikes off every token. */
  readonly revokeAll: () => void;
  /** How many tokens were handed out. */
  readonly issued: number;
}

export interface DarajaTokensOptions {
  readonly clock: Clock;
  readonly identifiers: DarajaIdentifiers;
  readonly errors: DarajaErrors;
  readonly credentials: DarajaCredentials;
  readonly shapes: DarajaShapes;
}

export function createDarajaTokens({
  clock,
  identifiers,
  errors,
  credentials,
  shapes,
}: DarajaTokensOptions): DarajaTokens {
  const expiresAtMs = new Map<string, number>();
  const expected = `${credentials.consumerKey}:${credentials.consumerSecret}`;
  let issued = 0;
  return {
    issue({ request, url }) {
      const [scheme = '', value = ''] = (headerOf(request, 'authorization') ?? '').split(' ');
      if (scheme.toLowerCase() !== 'basic') {
        return errors.envelope(400, '400.008.01', 'Invalid Authentication passed');
      }
      if (url.searchParams.get('grant_type') !== 'client_credentials') {
        return errors.envelope(400, '400.008.02', 'Invalid grant type passed');
      }
      if (Buffer.from(value, 'base64').toString('utf8') !== expected) return textReply(400, '', 'text/plain');
      if (shapes.newTokenEndsEarlier) expiresAtMs.clear();
      const token = identifiers.accessToken();
      expiresAtMs.set(token, clock.nowMs() + LIFETIME_MS);
      issued += 1;
      return jsonReply(200, {
        access_token: token,
        expires_in: shapes.expiresIn === 'text' ? String(EXPIRES_IN_SECONDS) : EXPIRES_IN_SECONDS,
      });
    },
    check(request, refusal) {
      const token = bearerOf(request);
      if (token === undefined) return errors.missingAuthentication();
      return clock.nowMs() < (expiresAtMs.get(token) ?? 0) ? undefined : errors.invalidToken(refusal);
    },
    revoke: (request) => void expiresAtMs.delete(bearerOf(request) ?? ''),
    revokeAll: () => expiresAtMs.clear(),
    get issued() {
      return issued;
    },
  };
}

const bearerOf = (request: HttpRequest): string | undefined =>
  /^bearer +(\S+)$/i.exec(headerOf(request, 'authorization') ?? '')?.[1];
