import type { Clock, HttpRequest, HttpResponse } from '@canza/core';

import { headerOf, jsonReply } from '../wire.ts';
import type { ApiUser, ApiUsers } from './api-users.ts';
import type { MomoIdentifiers } from './identifiers.ts';
import type { MomoShapes, Product } from './settings.ts';

const LIFETIME_SECONDS = 3_600;

/** The tokens that were handed out: each for one product. */
export interface MomoTokens {
  /** `POST /{product}/token/`, once the subscription key is found good. */
  readonly issue: (product: Product, request: HttpRequest) => HttpResponse;
  /** Whose token a request presents; `undefined` when it is missing, old, struck off or another product's. */
  readonly holderOf: (product: Product, request: HttpRequest) => ApiUser | undefined;
  /** Strikes off the token that a request presents. */
  readonly revoke: (request: HttpRequest) => void;
  /** Strikes off every token. */
  readonly revokeAll: () => void;
  /** How many tokens were handed out. */
  readonly issued: number;
}

export interface MomoTokensOptions {
  readonly clock: Clock;
  readonly users: ApiUsers;
  readonly identifiers: MomoIdentifiers;
  readonly shapes: MomoShapes;
}

export function createMomoTokens({ clock, users, identifiers, shapes }: MomoTokensOptions): MomoTokens {
  const tokens = new Map<string, { readonly user: ApiUser; readonly product: Product; readonly endsAtMs: number }>();
  let issued = 0;
  return {
    issue(product, request) {
      const user = userOf(request, users);
      if (user === undefined) return jsonReply(shapes.loginFailed, { error: 'login_failed' });
      const token = identifiers.accessToken();
      tokens.set(token, { user, product, endsAtMs: clock.nowMs() + LIFETIME_SECONDS * 1000 });
      issued += 1;
      // The word in `token_type` is MTN's, and no scheme.
      return jsonReply(200, { access_token: token, token_type: 'access_token', expires_in: LIFETIME_SECONDS });
    },
    holderOf(product, request) {
      const token = tokens.get(bearerOf(request) ?? '');
      return token?.product === product && clock.nowMs() < token.endsAtMs ? token.user : undefined;
    },
    revoke: (request) => void tokens.delete(bearerOf(request) ?? ''),
    revokeAll: () => tokens.clear(),
    get issued() {
      return issued;
    },
  };
}

function userOf(request: HttpRequest, users: ApiUsers): ApiUser | undefined {
  const [, basic = ''] = /^basic +(\S+)$/i.exec(headerOf(request, 'authorization') ?? '') ?? [];
  const [id = '', ...key] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  const user = users.find(id);
  return user?.apiKey !== undefined && user.apiKey === key.join(':') ? user : undefined;
}

const bearerOf = (request: HttpRequest): string | undefined =>
  /^bearer +(\S+)$/i.exec(headerOf(request, 'authorization') ?? '')?.[1];
