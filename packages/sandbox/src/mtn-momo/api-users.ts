import type { HttpResponse } from '@canza/core';

import type { Call } from '../router.ts';
import { headerOf, jsonReply, readJsonFields, textReply } from '../wire.ts';
import { badRequest, missingSubscriptionKey, walletError, wrongSubscriptionKey } from './error-replies.ts';
import { isReference } from './fields.ts';
import type { MomoIdentifiers } from './identifiers.ts';
import { type MomoCredentials, type MomoEnvironment, PRODUCTS, type Product } from './settings.ts';

/** Somebody who may call, with the key of one product. */
export interface ApiUser {
  readonly id: string;
  readonly product: Product;
  readonly callbackHost: string;
  /** The latest one; absent until it is made. */
  readonly apiKey?: string;
}

/** The API users, and the three calls with which the sandbox lets them be made. */
export interface ApiUsers {
  /** `POST /v1_0/apiuser` */
  readonly create: (call: Call) => HttpResponse;
  /** `POST /v1_0/apiuser/{apiUser}/apikey` */
  readonly createKey: (call: Call) => HttpResponse;
  /** `GET /v1_0/apiuser/{apiUser}` */
  readonly show: (call: Call) => HttpResponse;
  readonly find: (id: string) => ApiUser | undefined;
}

export interface ApiUsersOptions {
  readonly credentials: Readonly<Record<Product, MomoCredentials>>;
  readonly callbackHost: string;
  readonly environment: MomoEnvironment;
  readonly identifiers: MomoIdentifiers;
}

const HOST = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/;

/** Which product a request's subscription key is for, or why it is turned away. */
export function productOfKey(
  request: Call['request'],
  url: URL,
  credentials: Readonly<Record<Product, MomoCredentials>>,
): { readonly product: Product } | { readonly refusal: HttpResponse } {
  const key = headerOf(request, 'ocp-apim-subscription-key') ?? url.searchParams.get('subscription-key');
  if (key === null || key === '') return { refusal: missingSubscriptionKey() };
  const product = PRODUCTS.find((each) => credentials[each].subscriptionKey === key);
  return product === undefined ? { refusal: wrongSubscriptionKey() } : { product };
}

export function createApiUsers({ credentials, callbackHost, environment, identifiers }: ApiUsersOptions): ApiUsers {
  const users = new Map<string, ApiUser>();
  for (const product of PRODUCTS) {
    const { apiUser: id, apiKey } = credentials[product];
    users.set(id, { id, product, callbackHost, apiKey });
  }
  /** The user in the path, where it belongs to the key that the request brings. */
  const named = ({ request, url, params }: Call): ApiUser | HttpResponse => {
    const key = productOfKey(request, url, credentials);
    if ('refusal' in key) return key.refusal;
    const user = users.get(params['apiUser'] ?? '');
    return user?.product === key.product ? user : walletError('RESOURCE_NOT_FOUND');
  };
  return {
    create({ request, url }) {
      const key = productOfKey(request, url, credentials);
      if ('refusal' in key) return key.refusal;
      const id = headerOf(request, 'x-reference-id') ?? '';
      const host = readJsonFields(request.body)?.['providerCallbackHost'];
      if (!isReference(id) || typeof host !== 'string' || !HOST.test(host)) return badRequest();
      if (users.has(id)) return walletError('RESOURCE_ALREADY_EXIST');
      users.set(id, { id, product: key.product, callbackHost: host });
      return textReply(201, '', 'text/plain');
    },
    createKey(call) {
      const user = named(call);
      if ('status' in user) return user;
      const apiKey = identifiers.apiKey();
      users.set(user.id, { ...user, apiKey });
      return jsonReply(201, { apiKey });
    },
    show(call) {
      const user = named(call);
      if ('status' in user) return user;
      const { targetEnvironment } = environment;
      return jsonReply(200, { providerCallbackHost: user.callbackHost, targetEnvironment });
    },
    find: (id) => users.get(id),
  };
}
