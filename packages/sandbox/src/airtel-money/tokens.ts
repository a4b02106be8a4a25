import type { Clock, HttpRequest, HttpResponse } from '@canza/core';

import type { Call } from '../router.ts';
import { headerOf, type JsonFields, jsonReply, readJsonFields } from '../wire.ts';
import type { AirtelIdentifiers } from './identifiers.ts';
import { invalidToken, tokenError } from './replies.ts';
import type { AirtelApplication, AirtelShapes } from './settings.ts';

const LIFETIME_SECONDS = 180;

/** The tokens that were handed out. */
export interface AirtelTokens {
  /** `POST /auth/oauth2/token` */
  readonly issue: (call: Call) => HttpResponse;
  /** The refusal of a request whose token is missing, unknown, struck off or expired; nothing when it is good. */
  readonly check: (request: HttpRequest) => HttpResponse | undefined;
  /** Strikes off the token that a request presents. */
  readonly revoke: (request: HttpRequest) => void;
  /** Strikes off every token. */
  readonly revokeAll: () => void;
}

export interface AirtelTokensOptions {
  readonly clock: Clock;
  readonly identifiers: AirtelIdentifiers;
  readonly application: AirtelApplication;
  readonly shapes: AirtelShapes;
}

/** Source: docs/sandbox/airtel-money.md#token */
export function createAirtelTokens({ clock, identifiers, application, shapes }: AirtelTokensOptions): AirtelTokens {
  const expiresAtMs = new Map<string, number>();
  return {
    issue({ request }) {
      const { client_id, client_secret, grant_type } = readFields(request);
      if (grant_type !== 'client_credentials') {
        return tokenError(400, 'unsupported_grant_type', 'Unsupported grant type');
      }
      if (client_id !== application.clientId || client_secret !== application.clientSecret) {
        return tokenError(400, 'invalid_client', 'Invalid client authentication');
      }
      const token = identifiers.accessToken();
      expiresAtMs.set(token, clock.nowMs() + LIFETIME_SECONDS * 1000);
      return jsonReply(200, {
        access_token: token,
        expires_in: shapes.expiresIn === 'text' ? String(LIFETIME_SECONDS) : LIFETIME_SECONDS,
        token_type: 'bearer',
      });
    },
    check(request) {
      const token = bearerOf(request);
      if (token === undefined) return tokenError(401, 'invalid_request', 'The access token is missing');
      return clock.nowMs() < (expiresAtMs.get(token) ?? 0) ? undefined : invalidToken();
    },
    revoke: (request) => void expiresAtMs.delete(bearerOf(request) ?? ''),
    revokeAll: () => expiresAtMs.clear(),
  };
}

/** JSON, or a form. */
function readFields(request: HttpRequest): JsonFields {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(headerOf(request, 'content-type') ?? '');
  if (isForm) return Object.fromEntries(new URLSearchParams(request.body ?? ''));
  return readJsonFields(request.body) ?? {};
}

const bearerOf = (request: HttpRequest): string | undefined =>
  /^bearer +(\S+)$/i.exec(headerOf(request, 'authorization') ?? '')?.[1];
