import { ConfigError, sha256Hex } from '@canza/core';
import { z } from 'zod';

import { parseConfig } from '../shared/parse-config.ts';
import { TARGET_ENVIRONMENTS, type TargetEnvironment } from './markets.ts';

/** Source: docs/providers/mtn-momo.md#hosts */
export const SANDBOX_HOST = 'https://sandbox.momodeveloper.mtn.com';
const LIVE_HOST = 'https://proxy.momoapi.mtn.com';

/** The three APIs, each with a subscription and a token of its own; also the first segment of their paths. */
export const PRODUCTS = ['collection', 'disbursement', 'remittance'] as const;

/** One of MTN's three APIs. */
export type Product = (typeof PRODUCTS)[number];

/** What opens one product. */
export interface ProductCredentials {
  /** The primary or the secondary key of the subscription to this product; a key of another product is refused. */
  readonly subscriptionKey: string;
  /** A UUID: made in the partner portal, or with `provisionSandboxUser` for the sandbox. */
  readonly apiUser: string;
  readonly apiKey: string;
}

/** What a user of MTN MoMo configures: one country, and the products that are subscribed to. */
export interface MtnMomoSettings {
  /** The word for `X-Target-Environment`: `sandbox`, or the country's, such as `mtnuganda`. */
  readonly targetEnvironment: TargetEnvironment;
  /** Asks customers to pay: by a request to pay, unless it says `requesttowithdraw`. */
  readonly collection?: ProductCredentials & { readonly by?: CollectionResource };
  /** Pays customers, by a transfer unless it says `deposit`; also gives collections back. */
  readonly disbursement?: ProductCredentials & { readonly by?: PayoutResource };
  /** Pays customers across a border. */
  readonly remittance?: ProductCredentials;
  /**
   * The host that the API users were made with (`providerCallbackHost`). Callbacks are asked for only when it is given, because
   * MTN refuses every payment whose callback address has another host. Without it, queries alone tell the outcome.
   */
  readonly callbackHost?: string;
  /** In place of the environment's host: the one that MTN named at go-live, an emulator, or a proxy. */
  readonly baseUrl?: string;
  /** Unique in one bridge. Default `mtn-momo`; to be set where two countries are configured. */
  readonly name?: string;
  /**
   * Status queries a second, in this process. Default 10, which MTN allows a partner: where several processes share the partner, its part.
   */
  readonly queriesPerSecond?: number;
  /** For one call, its access token included. Default 30,000. */
  readonly timeoutMs?: number;
}

/** How customers are asked to pay. */
export type CollectionResource = 'requesttopay' | 'requesttowithdraw';

/** How customers are paid. */
export type PayoutResource = 'transfer' | 'deposit';

/** The settings, checked and complete. */
export interface MtnMomoConfig {
  readonly targetEnvironment: TargetEnvironment;
  readonly products: Readonly<Partial<Record<Product, ProductCredentials>>>;
  readonly collectBy: CollectionResource;
  readonly payOutBy: PayoutResource;
  readonly callbackHost: string | undefined;
  readonly baseUrl: string;
  readonly name: string;
  readonly queriesPerSecond: number;
  readonly timeoutMs: number;
}

const secret = (what: string) => z.string({ error: what }).regex(/^\S+$/, { error: what });

export const UuidSchema = z
  .string({ error: 'a UUID in lower case' })
  .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, { error: 'a UUID in lower case' });

const CREDENTIALS = {
  subscriptionKey: secret('the subscription key of this product'),
  apiUser: UuidSchema,
  apiKey: secret('the API key of the API user'),
};

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
export const CallbackHostSchema = z
  .string({ error: 'a bare host name, such as "pay.example.com"' })
  .regex(HOST_NAME, { error: 'a bare host name without scheme, port or path, such as "pay.example.com"' });

export const BaseUrlSchema = z
  .url({ protocol: /^https?$/, error: 'an http or https address, such as "http://127.0.0.1:4020"' })
  .transform((url) => url.replace(/\/+$/, ''));

/** Source: docs/providers/mtn-momo.md#timing */
const MOST_QUERIES_A_SECOND = 10;

const SettingsSchema = z.strictObject({
  targetEnvironment: z.enum(TARGET_ENVIRONMENTS, { error: `one of ${TARGET_ENVIRONMENTS.join(', ')}` }),
  collection: z
    .strictObject({
      ...CREDENTIALS,
      by: z
        .enum(['requesttopay', 'requesttowithdraw'], { error: '"requesttopay" or "requesttowithdraw"' })
        .default('requesttopay'),
    })
    .optional(),
  disbursement: z
    .strictObject({
      ...CREDENTIALS,
      by: z.enum(['transfer', 'deposit'], { error: '"transfer" or "deposit"' }).default('transfer'),
    })
    .optional(),
  remittance: z.strictObject(CREDENTIALS).optional(),
  callbackHost: CallbackHostSchema.optional(),
  baseUrl: BaseUrlSchema.optional(),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, { error: 'a name of lower-case letters, digits and dashes' })
    .default('mtn-momo'),
  queriesPerSecond: z
    .number({ error: 'a number above zero, at most 10' })
    .positive({ error: 'a number above zero, at most 10' })
    .max(MOST_QUERIES_A_SECOND, { error: 'a number above zero, at most 10' })
    .default(MOST_QUERIES_A_SECOND),
  timeoutMs: z
    .int({ error: 'a whole number of milliseconds' })
    .positive({ error: 'a number above zero' })
    .default(30_000),
});

const LOOPBACK = /^https?:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?(?:\/|$)/;
const IP_ADDRESS = /^[\d.]+$/;

/**
 * Checks settings, and completes them.
 * @throws ConfigError naming the first field that is not usable as `mtnMomo.<field>`; never its value.
 */
export function parseMtnMomoConfig(settings: unknown): MtnMomoConfig {
  const checked = parseConfig('mtnMomo', SettingsSchema, settings);
  const { targetEnvironment, collection, disbursement, remittance, callbackHost, name, queriesPerSecond, timeoutMs } =
    checked;
  const isLive = targetEnvironment !== 'sandbox';
  const baseUrl = checked.baseUrl ?? (isLive ? LIVE_HOST : SANDBOX_HOST);
  if (isLive && !baseUrl.startsWith('https:') && !LOOPBACK.test(baseUrl)) {
    throw new ConfigError({ field: 'mtnMomo.baseUrl', expected: 'an https address outside the sandbox' });
  }
  if (isLive && callbackHost !== undefined && IP_ADDRESS.test(callbackHost)) {
    throw new ConfigError({ field: 'mtnMomo.callbackHost', expected: 'a host name: MTN calls no IP address' });
  }
  if (collection === undefined && disbursement === undefined && remittance === undefined) {
    throw new ConfigError({
      field: 'mtnMomo.collection',
      expected: 'the credentials of at least one of collection, disbursement and remittance',
    });
  }
  return {
    targetEnvironment,
    products: {
      ...(collection === undefined ? {} : { collection }),
      ...(disbursement === undefined ? {} : { disbursement }),
      ...(remittance === undefined ? {} : { remittance }),
    },
    collectBy: collection?.by ?? 'requesttopay',
    payOutBy: disbursement?.by ?? 'transfer',
    callbackHost,
    baseUrl,
    name,
    queriesPerSecond,
    timeoutMs,
  };
}

/** Tells credentials apart without telling them. */
export const credentialId = (
  { baseUrl, targetEnvironment }: MtnMomoConfig,
  product: Product,
  { subscriptionKey, apiUser, apiKey }: ProductCredentials,
): string => sha256Hex(JSON.stringify([baseUrl, targetEnvironment, product, subscriptionKey, apiUser, apiKey]));
