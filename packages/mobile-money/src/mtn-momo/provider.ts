import {
  asUuid,
  createMemoryRateLimiter,
  type Environment,
  InvalidRequestError,
  type MobileMoneyProvider,
  PaymentError,
  type ProviderCapabilities,
  type Route,
  type SubmitRequest,
  type Support,
  UnsupportedError,
} from '@canza/core';

import { type AuthorisedSender, createAuthorisedSender } from '../shared/authorised-sender.ts';
import { countDown } from '../shared/count-down.ts';
import { refusing } from '../shared/refusing.ts';
import { authorise, buildTokenRequest, isTokenRefusal, parseToken } from './auth.ts';
import type { SendCall } from './calls.ts';
import {
  credentialId,
  type MtnMomoConfig,
  type MtnMomoSettings,
  PRODUCTS,
  type Product,
  type ProductCredentials,
  parseMtnMomoConfig,
} from './config.ts';
import { createExtras, type MtnMomoExtras } from './extras.ts';
import { parsePaymentCallback } from './payments/callbacks.ts';
import { buildPayment, buildPaymentStatus, orderOf } from './payments/requests.ts';
import { ACCEPTED_REFERENCE, parseAccepted, parsePaymentStatus } from './payments/responses.ts';
import { type Way, waysOf } from './payments/ways.ts';
import {
  buildBalance,
  buildBasicUserInfo,
  buildHolderActive,
  parseBalance,
  parseBasicUserInfo,
  parseHolderActive,
} from './wallet.ts';

/** The provider port, and what MTN offers beyond it. */
export interface MtnMomoProvider extends MobileMoneyProvider, MtnMomoExtras {}

/**
 * MTN MoMo in one country, or in the sandbox.
 * @throws ConfigError at once, naming the setting that is missing or malformed.
 */
export function mtnMomo(settings: MtnMomoSettings): (environment: Environment) => MtnMomoProvider {
  const config = parseMtnMomoConfig(settings);
  return (environment) => createMtnMomoProvider(config, environment);
}

function createMtnMomoProvider(config: MtnMomoConfig, environment: Environment): MtnMomoProvider {
  const { name } = config;
  const configured = PRODUCTS.filter((product) => config.products[product] !== undefined);
  const senders = new Map(configured.map((product) => [product, createSender(config, product, environment)]));
  const ways = new Map(waysOf(config).map((way) => [way.route.id, way]));
  const capabilities = capabilitiesOf(config);
  // One wallet system answers for all products; configuration makes sure that there is one.
  const [lookupProduct = 'collection'] = configured;

  const send: SendCall = async (product, request, options) => {
    const sender = senders.get(product);
    if (sender === undefined) throw notConfigured(product, name);
    return sender(request, options);
  };
  const submit = async (request: SubmitRequest, options = {}) => {
    const way = wayOf(ways, request.route);
    const order = orderOf(way, request);
    return parseAccepted(await send(way.product, buildPayment(config, way, order), options), order.reference, name);
  };
  const refuse = refusing(name, capabilities);
  const submitIf = (operation: 'collect' | 'disburse' | 'remit' | 'refund') =>
    capabilities[operation] === 'supported' ? submit : refuse(operation);
  // Payments of all products are asked about at one partner's expense.
  const questions = createMemoryRateLimiter({
    clock: environment.clock,
    rates: { [name]: { perSecond: config.queriesPerSecond } },
  });

  return {
    name,
    capabilities,
    routes: [...ways.values()].map(({ route }) => route),
    collect: submitIf('collect'),
    disburse: submitIf('disburse'),
    remit: submitIf('remit'),
    refund: submitIf('refund'),
    query: async (request, options) => {
      const way = wayOf(ways, request.route);
      const reference = asUuid(request.reference);
      const left = countDown(environment.clock, { timeoutMs: config.timeoutMs, ...options }, name);
      await questions.admit(name, { ...options, maxWaitMs: left().timeoutMs ?? 0 });
      const response = await send(way.product, buildPaymentStatus(config, way, reference), left());
      const wasAccepted = request.references[ACCEPTED_REFERENCE] !== undefined;
      return parsePaymentStatus(response, { side: way.side, reference, wasAccepted }, name);
    },
    balance: async (options) =>
      Promise.all(
        configured.map(async (product) =>
          parseBalance(await send(product, buildBalance(config, product), options), product, name),
        ),
      ),
    lookupAccount: async (msisdn, options) => {
      const active = await send(lookupProduct, buildHolderActive(config, lookupProduct, msisdn), options);
      const status = parseHolderActive(active, name);
      if (status !== 'active') return { status };
      const holder = await nameOf(async () =>
        parseBasicUserInfo(await send(lookupProduct, buildBasicUserInfo(config, lookupProduct, msisdn), options), name),
      );
      return holder === undefined ? { status } : { status, name: holder };
    },
    readCallback: (callback) => parsePaymentCallback(callback, name),
    ...createExtras({
      config,
      send,
      sendBare: environment.transport,
      lookupProduct,
      credentialsOf: (product) => {
        const credentials = config.products[product];
        if (credentials === undefined) throw notConfigured(product, name);
        return credentials;
      },
    }),
  };
}

function createSender(config: MtnMomoConfig, product: Product, environment: Environment): AuthorisedSender {
  const credentials = config.products[product] as ProductCredentials;
  return createAuthorisedSender({
    environment,
    provider: config.name,
    credential: credentialId(config, product, credentials),
    timeoutMs: config.timeoutMs,
    requestToken: async (transport, options) =>
      parseToken(await transport(buildTokenRequest(config, product, credentials), options), product, config.name),
    authorise,
    isTokenRefusal,
  });
}

/** What each operation needs to be subscribed to. */
const PRODUCT_OF = {
  collect: 'collection',
  disburse: 'disbursement',
  refund: 'disbursement',
  remit: 'remittance',
} as const;

function capabilitiesOf({ products }: MtnMomoConfig): ProviderCapabilities {
  const needs = (product: Product): Support =>
    products[product] === undefined ? { unsupported: `no credentials for ${product} are configured.` } : 'supported';
  return {
    collect: needs(PRODUCT_OF.collect),
    disburse: needs(PRODUCT_OF.disburse),
    remit: needs(PRODUCT_OF.remit),
    refund: needs(PRODUCT_OF.refund),
    query: 'supported',
    balance: 'supported',
    lookupAccount: 'supported',
  };
}

/** @throws InvalidRequestError for a route that is not of this provider: the payment would be looked for in the wrong place. */
function wayOf(ways: ReadonlyMap<string, Way>, { id }: Route): Way {
  const way = ways.get(id);
  if (way !== undefined) return way;
  throw new InvalidRequestError({ field: 'route', expected: 'one of this provider’s routes' });
}

const notConfigured = (product: Product, provider: string): UnsupportedError =>
  new UnsupportedError(product, 'no credentials for this product are configured.', { provider });

/** A name is worth having and not worth failing for: not every market tells it. */
async function nameOf(ask: () => Promise<{ readonly name?: string } | undefined>): Promise<string | undefined> {
  try {
    return (await ask())?.name;
  } catch (error) {
    if (PaymentError.isInstance(error)) return undefined;
    throw error;
  }
}
