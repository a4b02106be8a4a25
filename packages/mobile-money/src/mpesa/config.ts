import { ConfigError, sha256Hex } from '@canza/core';
import { z } from 'zod';

import { parseConfig } from '../shared/parse-config.ts';
import { type CredentialKey, encryptPassword, parseCredentialKey } from './security-credential.ts';

/** Source: docs/providers/mpesa.md#hosts */
const HOSTS = {
  sandbox: 'https://sandbox.safaricom.co.ke',
  production: 'https://api.safaricom.co.ke',
} as const;

/**
 * What a user of M-Pesa in Kenya configures, for one short code; all of it comes from the Daraja and the M-PESA portals.
 * With `passkey` it collects, with `initiator` and `payouts` it pays out, with `passkey` and `initiator` it gives back.
 */
export interface MpesaSettings {
  readonly environment: 'sandbox' | 'production';
  readonly consumerKey: string;
  readonly consumerSecret: string;
  /** The pay bill; for Buy Goods the head office or store number, with the till in `till`; for payouts the B2C short code. */
  readonly shortcode: string;
  /** The passkey of Lipa na M-Pesa Online, for collections. */
  readonly passkey?: string;
  /** The till, for Buy Goods: payments are then asked for as `CustomerBuyGoodsOnline`. */
  readonly till?: string;
  /** The API operator of the short code, for everything but collections. */
  readonly initiator?: MpesaInitiatorSettings;
  /** What payouts are, to M-PESA; left out, this short code pays nobody. */
  readonly payouts?: PayoutCommand;
  /**
   * Whether the short code is registered for Pull Transactions (`registerPull`). A prompt whose reply was lost is then looked for among
   * the payments of customers, as nothing else can be asked about it.
   */
  readonly pull?: boolean;
  /**
   * Addresses from which callbacks are taken, such as `DARAJA_CALLBACK_SOURCES`; left out, any. Only for an app that tells the
   * bridge the caller's true address.
   */
  readonly callbackSources?: readonly string[];
  /** In place of the environment's host: an emulator, or a proxy. */
  readonly baseUrl?: string;
  /** Unique in one bridge. Default `mpesa`; to be set where two short codes are configured. */
  readonly name?: string;
  /** For one call to Daraja, its access token included. Default 30,000. */
  readonly timeoutMs?: number;
}

/** The API operator: with its password and the environment's certificate, or with the finished credential. */
export interface MpesaInitiatorSettings {
  readonly name: string;
  readonly password?: string;
  /** M-PESA's certificate for this environment, PEM; checked at the start. */
  readonly certificate?: string;
  /** In place of the two: the password as the portal's own page has encrypted it. */
  readonly securityCredential?: string;
}

/** What a payout is, to M-PESA: it decides on fees and on what the payee reads. */
export type PayoutCommand = 'BusinessPayment' | 'SalaryPayment' | 'PromotionPayment';

/** The settings, checked and complete. The initiator's password is not kept. */
export interface MpesaConfig {
  readonly environment: 'sandbox' | 'production';
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly shortcode: string;
  readonly passkey: string | undefined;
  readonly till: string | undefined;
  readonly initiator: Initiator | undefined;
  readonly payouts: PayoutCommand | undefined;
  readonly pull: boolean;
  readonly callbackSources: readonly string[] | undefined;
  readonly baseUrl: string;
  readonly name: string;
  readonly timeoutMs: number;
}

export interface Initiator {
  readonly name: string;
  readonly securityCredential: string;
  /** Of the certificate, where there was one. */
  readonly validity: CredentialKey['validity'];
}

const secret = (what: string) => z.string({ error: what }).regex(/^\S+$/, { error: what });
const shortcode = z
  .string({ error: 'a shortcode as text, such as "174379"' })
  .regex(/^[1-9]\d{4,6}$/, { error: 'a shortcode of 5 to 7 digits, such as "174379"' });

const InitiatorSchema = z.strictObject({
  name: secret("the name of the short code's API operator"),
  password: z
    .string({ error: "the API operator's password" })
    .min(1, { error: "the API operator's password" })
    .optional(),
  certificate: z.string({ error: 'the M-PESA certificate of this environment, in PEM form' }).optional(),
  securityCredential: z
    .string({ error: 'base64 text' })
    .regex(/^[A-Za-z0-9+/]{342,}={0,2}$/, { error: 'the encrypted password as base64, 344 characters or more' })
    .optional(),
});

const SettingsSchema = z.strictObject({
  environment: z.enum(['sandbox', 'production'], { error: '"sandbox" or "production"' }),
  consumerKey: secret('the consumer key of the Daraja app'),
  consumerSecret: secret('the consumer secret of the Daraja app'),
  shortcode,
  passkey: secret('the passkey of Lipa na M-Pesa Online').optional(),
  till: shortcode.optional(),
  initiator: InitiatorSchema.optional(),
  payouts: z
    .enum(['BusinessPayment', 'SalaryPayment', 'PromotionPayment'], {
      error: '"BusinessPayment", "SalaryPayment" or "PromotionPayment"',
    })
    .optional(),
  pull: z.boolean({ error: 'true or false' }).default(false),
  callbackSources: z.array(z.string({ error: 'an IP address' })).optional(),
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
  const { passkey, till, initiator, payouts, callbackSources, baseUrl, ...rest } = parseConfig(
    'mpesa',
    SettingsSchema,
    settings,
  );
  if (passkey === undefined && initiator === undefined) refuse('passkey', 'the passkey of Lipa na M-Pesa Online');
  if (payouts !== undefined && initiator === undefined)
    refuse('initiator', "the short code's API operator, who pays out");
  const address = baseUrl ?? HOSTS[rest.environment];
  if (rest.environment === 'production' && !address.startsWith('https:') && !LOOPBACK.test(address)) {
    refuse('baseUrl', 'an https address in production');
  }
  return {
    ...rest,
    baseUrl: address,
    passkey,
    till,
    initiator: initiator === undefined ? undefined : parseInitiator(initiator),
    payouts,
    callbackSources,
  };
}

/** Tells credentials apart without telling them. */
export const credentialId = ({ baseUrl, consumerKey, consumerSecret }: MpesaConfig): string =>
  sha256Hex(JSON.stringify([baseUrl, consumerKey, consumerSecret]));

function parseInitiator(settings: z.output<typeof InitiatorSchema>): Initiator {
  const { name, password, certificate, securityCredential } = settings;
  if (securityCredential !== undefined) {
    if (password !== undefined) refuse('initiator.password', 'either a password or a security credential');
    return { name, securityCredential, validity: undefined };
  }
  if (password === undefined)
    return refuse('initiator.password', "the API operator's password, or a security credential");
  if (certificate === undefined)
    return refuse('initiator.certificate', 'the M-PESA certificate of this environment, in PEM form');
  const key = parseCredentialKey(certificate);
  return { name, securityCredential: encryptPassword(password, key), validity: key.validity };
}

function refuse(field: string, expected: string): never {
  throw new ConfigError({ field: `mpesa.${field}`, expected });
}
