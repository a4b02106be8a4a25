import { ConfigError, sha256Hex } from '@canza/core';
import { z } from 'zod';

import { parseConfig } from '../shared/parse-config.ts';

/** Source: docs/providers/mpesa.md#hosts */
const HOSTS = {
  sandbox: 'https://sandbox.safaricom.co.ke',
  production: 'https://api.safaricom.co.ke',
} as const;

/** What a user of M-Pesa in Kenya configures; all of it comes from the Daraja portal. */
export interface MpesaSettings {
  readonly environment: 'sandbox' | 'production';
  readonly consumerKey: string;
  readonly consumerSecret: string;
  /** The pay bill; for Buy Goods the head office or store number, with the till in `till`. */
  readonly shortcode: string;
  /** The passkey of Lipa na M-Pesa Online. */
  readonly passkey: string;
  /** The till, for Buy Goods: payments are then asked for as `CustomerBuyGoodsOnline`. */
  readonly till?: string;
  /** In place of the environment's host: an emulator, or a proxy. */
  readonly baseUrl?: string;
  /** Unique in one bridge. Default `mpesa`; to be set where two credentials are configured. */
  readonly name?: string;
  /** For one call to Daraja, its access token included. Default 30,000. */
  readonly timeoutMs?: number;
}

/** The settings, checked and complete. */
export interface MpesaConfig extends Required<Omit<MpesaSettings, 'till'>> {
  readonly till: string | undefined;
}

const secret = (what: string) => z.string({ error: what }).regex(/^\S+$/, { error: what });
const shortcode = z
  .string({ error: 'a shortcode as text, such as "174379"' })
  .regex(/^[1-9]\d{4,6}$/, { error: 'a shortcode of 5 to 7 digits, such as "174379"' });

const SettingsSchema = z.strictObject({
  environment: z.enum(['sandbox', 'production'], { error: '"sandbox" or "production"' }),
  consumerKey: secret('the consumer key of the Daraja app'),
  consumerSecret: secret('the consumer secret of the Daraja app'),
  shortcode,
  passkey: secret('the passkey of Lipa na M-Pesa Online'),
  till: shortcode.optional(),
  baseUrl: z
    .url({ protocol: /^https?$/, error: 'an http or https address, such as "http://127.0.0.1:4010"' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, { error: 'a name of lower-case letters, digits and dashes' })
    .default('mpesa'),
  timeoutMs: z
    .int({ error: 'a whole number of milliseconds' })
    .positive({ error: 'a number above zero' })
    .default(30_000),
});

const LOOPBACK = /^https?:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?(?:\/|$)/;

/**
 * Checks settings, and completes them.
 * @throws ConfigError naming the first field that is not usable as `mpesa.<field>`; never its value.
 */
export function parseMpesaConfig(settings: unknown): MpesaConfig {
  const { till, ...config } = parseConfig('mpesa', SettingsSchema, settings);
  const baseUrl = config.baseUrl ?? HOSTS[config.environment];
  if (config.environment === 'production' && !baseUrl.startsWith('https:') && !LOOPBACK.test(baseUrl)) {
    throw new ConfigError({ field: 'mpesa.baseUrl', expected: 'an https address in production' });
  }
  return { ...config, baseUrl, till };
}

/** Tells credentials apart without telling them. */
export const credentialId = ({ baseUrl, consumerKey, consumerSecret }: MpesaConfig): string =>
  sha256Hex(JSON.stringify([baseUrl, consumerKey, consumerSecret]));
