import type { HttpResponse } from '@canza/core';

import type { Call, Route } from '../router.ts';
import { headerOf } from '../wire.ts';
import { type ApiUser, productOfKey } from './api-users.ts';
import { throttled, tokenRefused, walletError, wrongSubscriptionKey } from './error-replies.ts';
import type { MomoCredentials, MomoEnvironment, Product } from './settings.ts';
import type { MomoTokens } from './tokens.ts';

/** An endpoint of one product. */
interface GuardedRoute extends Omit<Route, 'handle' | 'path'> {
  readonly product: Product;
  /** Behind the product's segment. */
  readonly path: string;
  readonly answer: (call: Call, user: ApiUser) => HttpResponse | Promise<HttpResponse>;
}

/** Puts the gateway in front of an endpoint: subscription key, token, environment. */
export type Gate = (route: GuardedRoute) => Route;

export interface GateOptions {
  readonly credentials: Readonly<Record<Product, MomoCredentials>>;
  readonly environment: MomoEnvironment;
  readonly tokens: MomoTokens;
  /** Whether one more status query is one too many just now. */
  readonly isTooOften: () => boolean;
}

/** The order of the refusals is not written down. Source: docs/providers/mtn-momo.md#errors */
export const createGate =
  ({ credentials, environment, tokens, isTooOften }: GateOptions): Gate =>
  ({ product, path, answer, ...route }) => ({
    ...route,
    path: `/${product}${path}`,
    handle: async (call) => {
      const { request, url } = call;
      const key = productOfKey(request, url, credentials);
      if ('refusal' in key) return key.refusal;
      if (key.product !== product) return wrongSubscriptionKey();
      const user = tokens.holderOf(product, request);
      if (user === undefined) return tokenRefused();
      const isEnvironment = headerOf(request, 'x-target-environment') === environment.targetEnvironment;
      // A user is at home with the product whose key it was made with.
      if (!isEnvironment || user.product !== product) return walletError('NOT_ALLOWED_TARGET_ENVIRONMENT');
      if (call.stage === 'query' && isTooOften()) return throttled();
      return answer(call, user);
    },
  });
