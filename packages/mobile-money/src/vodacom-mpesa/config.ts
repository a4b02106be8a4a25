import type { KeyObject } from 'node:crypto';
import { ConfigError, type CurrencyCode } from '@canza/core';
import { z } from 'zod';

import { parseConfig } from '../shared/parse-config.ts';
import { encryptBearer, parsePublicKey } from './bearer.ts';
import { MARKET_CODES, MARKETS, type Market, type MarketCode } from './markets.ts';

/** Sandbox and production share the host. Source: docs/providers/vodacom-mpesa.md#hosts */
const HOST = 'https://openapi.m-pesa.com';
const PREFIXES = { sandbox: '/sandbox/ipg/v2', production: '/openapi/ipg/v2' } as const;

/** What an application can be allowed to do with payments. */
export type OpenApiOperation = 'collection' | 'disbursement' | 'refund';

/** What a user of Vodacom M-Pesa configures, for one application in one country; all of it comes from the Open API portal. */
export interface VodacomMpesaSettings {
  readonly environment: 'sandbox' | 'production';
  readonly market: MarketCode;
  readonly apiKey: string;
  /** The portal's public key of this environment: base64 text. */
  readonly publicKey: string;
  /** Our short code: 4 to 12 letters and digits; `000000` in the sandbox. */
  readonly serviceProviderCode: string;
  /** What the application is allowed to do. Default: collections alone. */
  readonly operations?: readonly OpenApiOperation[];
  /** In DR Congo, where the product is in francs: `CDF`. Default: the market's currency, there `USD`. */
  readonly currency?: CurrencyCode;
  /** What the application is registered with as its origin. Default `*`. */
  readonly origin?: string;
  /** What the portal says of the application's sessions. Default: 24 hours. */
  readonly sessionLifetimeMs?: number;
  /** How long a new session is left alone until it is live. Default 30,000; less for an emulator. */
  readonly sessionWarmUpMs?: number;
  /** In place of the host: an emulator, or a proxy. */
  readonly baseUrl?: string;
  /** Unique in one bridge, and the last segment of the callback address. Default `vodacom-mpesa`. */
  readonly name?: string;
  /**
   * For one call. Default 180,000: a collection is answered when the customer has entered the PIN. In a bridge, `submitTimeoutMs` of
   * its policy takes the place of this.
   */
  readonly timeoutMs?: number;
}

/** The settings, checked and complete. The API key is kept encrypted only. */
export interface VodacomMpesaConfig {
  readonly environment: 'sandbox' | 'production';
  readonly marketCode: MarketCode;
  readonly market: Market;
  readonly currency: CurrencyCode;
  readonly publicKey: KeyObject;
  readonly keyBearer: string;
  readonly serviceProviderCode: string;
  readonly operations: readonly OpenApiOperation[];
  readonly origin: string;
  readonly sessionLifetimeMs: number;
  readonly sessionWarmUpMs: number;
  /** Host, prefix and market, with a slash at the end. */
  readonly baseUrl: string;
  readonly name: string;
  readonly timeoutMs: number;
}

const secret = (what: string) => z.string({ error: what }).regex(/^\S+$/, { error: what });
const milliseconds = z.int({ error: 'a whole number of milliseconds' });

const SettingsSchema = z.strictObject({
  environment: z.enum(['sandbox', 'production'], { error: '"sandbox" or "production"' }),
  market: z.enum(MARKET_CODES, { error: `one of ${MARKET_CODES.join(', ')}` }),
  apiKey: secret('the API key of the application').max(200, { error: 'the API key of the application' }),
  publicKey: z.string({ error: 'the public key of the portal: base64 text' }),
  serviceProviderCode: z
    .string({ error: 'the short code as text' })
    .regex(/^[0-9A-Za-z]{4,12}$/, { error: 'a short code of 4 to 12 letters and digits' }),
  operations: z
    .array(z.enum(['collection', 'disbursement', 'refund'], { error: '"collection", "disbursement" or "refund"' }))
    .min(1, { error: 'at least one operation' })
    .default(['collection']),
  currency: z.string({ error: 'a currency of the market' }).optional(),
  origin: secret('the origin of the application').default('*'),
  sessionLifetimeMs: milliseconds.positive({ error: 'a number above zero' }).default(24 * 3_600_000),
  sessionWarmUpMs: milliseconds.nonnegative({ error: 'zero or more' }).default(30_000),
  baseUrl: z
    .url({ protocol: /^https?$/, error: 'an http or https address, such as "http://127.0.0.1:4040"' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, { error: 'a name of lower-case letters, digits and dashes' })
    .default('vodacom-mpesa'),
  timeoutMs: milliseconds.positive({ error: 'a number above zero' }).default(180_000),
});

const LOOPBACK = /^https?:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?(?:\/|$)/;

/**
 * Checks settings, and completes them.
 * @throws ConfigError naming the first field that is not usable as `vodacomMpesa.<field>`; never its value.
 */
export function parseVodacomMpesaConfig(settings: unknown): VodacomMpesaConfig {
  const checked = parseConfig('vodacomMpesa', SettingsSchema, settings);
  const { market: marketCode, apiKey, publicKey: keyText, baseUrl, currency, ...rest } = checked;
  const market: Market = MARKETS[marketCode];
  const host = baseUrl ?? HOST;
  if (rest.environment === 'production' && !host.startsWith('https:') && !LOOPBACK.test(host)) {
    refuse('baseUrl', 'an https address in production');
  }
  const known = market.currencies.find((each) => each === (currency ?? market.currencies[0]));
  if (known === undefined) return refuse('currency', market.currencies.map((each) => `"${each}"`).join(' or '));
  if (rest.sessionWarmUpMs * 2 > rest.sessionLifetimeMs) {
    refuse('sessionLifetimeMs', 'at least twice as long as sessionWarmUpMs');
  }
  const publicKey = parsePublicKey(keyText, 'vodacomMpesa.publicKey');
  return {
    ...rest,
    marketCode,
    market,
    currency: known,
    publicKey,
    keyBearer: encryptBearer(apiKey, publicKey),
    baseUrl: `${host}${PREFIXES[rest.environment]}/${market.context}/`,
  };
}

function refuse(field: string, expected: string): never {
  throw new ConfigError({ field: `vodacomMpesa.${field}`, expected });
}
