import { ConfigError, type CurrencyCode, sha256Hex } from '@canza/core';
import { z } from 'zod';

import { parseConfig } from '../shared/parse-config.ts';
import { type Padding, PaddingSchema } from './encryption/padding.ts';
import { type PublicKey, parsePublicKey } from './encryption/public-key.ts';
import { AIRTEL_COUNTRIES, type AirtelCountry, hostOf, MARKETS, type Market } from './markets.ts';

/** The APIs that pay a customer: three generations of disbursement, and cash-in. */
const PAYOUT_APIS = ['v1', 'v2', 'v3', 'cash-in-v1', 'cash-in-v2'] as const;

/** An API of Airtel that pays a customer. */
export type PayoutApi = (typeof PAYOUT_APIS)[number];

/**
 * What a user of Airtel Money configures: one application of the developer portal, which belongs to one country and one
 * environment. With `collection` it collects and gives back, with `disbursement` and a PIN it pays out, with `remittance` and a PIN
 * it pays across borders.
 */
export interface AirtelMoneySettings {
  readonly country: AirtelCountry;
  /** Default: the country's usual one. In DR Congo an application is made for CDF or for USD. */
  readonly currency?: CurrencyCode;
  /** `sandbox` is what Airtel calls UAT, or staging. */
  readonly environment: 'sandbox' | 'production';
  readonly clientId: string;
  readonly clientSecret: string;
  /** Asks customers to pay, with this version of the API; refunds go over the same one. */
  readonly collection?: 'v1' | 'v2';
  readonly disbursement?: PayoutSettings;
  readonly remittance?: RemittanceSettings;
  /** The four digits that confirm whatever we pay. Encrypted anew for each payment. */
  readonly pin?: string;
  /** In place of the PIN: its ciphertext, where Airtel handed out a finished one. */
  readonly encryptedPin?: string;
  /** How PINs and signing keys are encrypted. Default: PKCS#1 v1.5, and OAEP with SHA-256 and MGF1 over SHA-1 for disbursement v3. */
  readonly padding?: Padding;
  /** Airtel's public key, PEM or base64; left out, it is asked for and renewed before it ends. */
  readonly publicKey?: string;
  /** Whether message signing is switched on for the application. Default false. */
  readonly signing?: boolean;
  /**
   * The private key of callback authentication, from the application's settings; not the client secret. With it, a callback whose
   * hash does not match is refused; without it, every callback is a hint.
   */
  readonly callbackKey?: string;
  /** `v1` tells one wallet, `v2` (the default) each wallet by its kind. */
  readonly balance?: 'v1' | 'v2';
  /** How the user look-up of this country wants numbers. Default `national`. */
  readonly lookupNumbers?: 'national' | 'international';
  /** In place of the country's host: another one that Airtel named, an emulator, or a proxy. */
  readonly baseUrl?: string;
  /** Unique in one bridge. Default `airtel-money`; to be set where two applications are configured. */
  readonly name?: string;
  /** For one call, its access token and keys included. Default 30,000. */
  readonly timeoutMs?: number;
}

/** How customers are paid. */
export interface PayoutSettings {
  readonly api: PayoutApi;
  /** Of v2 and v3: what kind of party is paid. Default `B2C`. */
  readonly type?: 'B2C' | 'B2B';
  /** Of v3: which wallet of the payee. Default `NORMAL`. */
  readonly walletType?: 'NORMAL' | 'SALARY';
}

/** Who pays, on every remittance of this application. */
export interface RemittanceSettings {
  /** The channel that Airtel registered for us. */
  readonly channelName: string;
  /** The country that the money comes from, in the words of Airtel: `KENYA`. */
  readonly payerCountry: string;
  readonly payerFirstName: string;
  readonly payerLastName: string;
}

/** The settings, checked and complete. */
export interface AirtelMoneyConfig {
  readonly country: AirtelCountry;
  readonly currency: CurrencyCode;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly collection: 'v1' | 'v2' | undefined;
  readonly disbursement: Required<PayoutSettings> | undefined;
  readonly remittance: RemittanceSettings | undefined;
  readonly pin: Pin | undefined;
  readonly padding: Padding;
  readonly publicKey: PublicKey | undefined;
  readonly signing: boolean;
  readonly callbackKey: string | undefined;
  readonly balance: 'v1' | 'v2';
  readonly lookupNumbers: 'national' | 'international';
  readonly baseUrl: string;
  readonly name: string;
  readonly timeoutMs: number;
}

/** The PIN, in clear or as Airtel encrypted it; behind a function, so that nothing that prints a configuration shows it. */
type Pin = { readonly clear: () => string } | { readonly encrypted: () => string };

const secret = (what: string) => z.string({ error: what }).regex(/^\S+$/, { error: what });
const plainText = (what: string) =>
  z.string({ error: what }).regex(/^[\p{Letter}\p{Number} .'-]{1,60}$/u, { error: what });

const SettingsSchema = z.strictObject({
  country: z.enum(AIRTEL_COUNTRIES, { error: `one of ${AIRTEL_COUNTRIES.join(', ')}` }),
  currency: z.string({ error: 'a currency of the country' }).optional(),
  environment: z.enum(['sandbox', 'production'], { error: '"sandbox" or "production"' }),
  clientId: secret('the client id of the application'),
  clientSecret: secret('the client secret of the application'),
  collection: z.enum(['v1', 'v2'], { error: '"v1" or "v2"' }).optional(),
  disbursement: z
    .strictObject({
      api: z.enum(PAYOUT_APIS, { error: `one of ${PAYOUT_APIS.join(', ')}` }),
      type: z.enum(['B2C', 'B2B'], { error: '"B2C" or "B2B"' }).default('B2C'),
      walletType: z.enum(['NORMAL', 'SALARY'], { error: '"NORMAL" or "SALARY"' }).default('NORMAL'),
    })
    .optional(),
  remittance: z
    .strictObject({
      channelName: plainText('the name of the channel that Airtel registered'),
      payerCountry: plainText('the name of a country in capitals, such as "KENYA"'),
      payerFirstName: plainText('a first name'),
      payerLastName: plainText('a last name'),
    })
    .optional(),
  pin: z
    .string({ error: 'the PIN of four digits' })
    .regex(/^\d{4}$/, { error: 'the PIN of four digits' })
    .optional(),
  encryptedPin: z
    .string({ error: 'the encrypted PIN as base64' })
    .regex(/^[A-Za-z0-9+/]{170,}={0,2}$/, { error: 'the encrypted PIN as base64, 172 characters or more' })
    .optional(),
  padding: PaddingSchema.optional(),
  publicKey: z.string({ error: 'an RSA public key, PEM or base64' }).optional(),
  signing: z.boolean({ error: 'true or false' }).default(false),
  callbackKey: secret('the private key of callback authentication').optional(),
  balance: z.enum(['v1', 'v2'], { error: '"v1" or "v2"' }).default('v2'),
  lookupNumbers: z.enum(['national', 'international'], { error: '"national" or "international"' }).default('national'),
  baseUrl: z
    .url({ protocol: /^https?$/, error: 'an http or https address, such as "http://127.0.0.1:4030"' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, { error: 'a name of lower-case letters, digits and dashes' })
    .default('airtel-money'),
  timeoutMs: z
    .int({ error: 'a whole number of milliseconds' })
    .positive({ error: 'a number above zero' })
    .default(30_000),
});

type CheckedSettings = z.output<typeof SettingsSchema>;

const LOOPBACK = /^https?:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?(?:\/|$)/;
const PKCS1: Padding = 'pkcs1';
/** What Java's `OAEPWithSHA-256AndMGF1Padding` does where nobody tells it more. */
const OAEP_OF_V3: Padding = { hash: 'sha256', mgf1Hash: 'sha1' };

/**
 * Checks settings, and completes them.
 * @throws ConfigError naming the first field that is not usable as `airtelMoney.<field>`; never its value.
 */
export function parseAirtelMoneyConfig(settings: unknown): AirtelMoneyConfig {
  const checked = parseConfig('airtelMoney', SettingsSchema, settings);
  const { country, collection, disbursement, remittance, publicKey, padding } = checked;
  if (collection === undefined && disbursement === undefined && remittance === undefined) {
    refuse('collection', 'at least one of collection, disbursement and remittance');
  }
  return {
    country,
    currency: currencyOf(checked),
    clientId: checked.clientId,
    clientSecret: checked.clientSecret,
    collection,
    disbursement,
    remittance,
    pin: pinOf(checked),
    padding: padding ?? (disbursement?.api === 'v3' ? OAEP_OF_V3 : PKCS1),
    publicKey: publicKey === undefined ? undefined : parseConfiguredKey(publicKey),
    signing: checked.signing,
    callbackKey: checked.callbackKey,
    balance: checked.balance,
    lookupNumbers: checked.lookupNumbers,
    baseUrl: addressOf(checked),
    name: checked.name,
    timeoutMs: checked.timeoutMs,
  };
}

/** Tells credentials apart without telling them. */
export const credentialId = ({ baseUrl, clientId, clientSecret }: AirtelMoneyConfig): string =>
  sha256Hex(JSON.stringify([baseUrl, clientId, clientSecret]));

function currencyOf({ country, currency }: CheckedSettings): CurrencyCode {
  const { currencies }: Market = MARKETS[country];
  if (currency === undefined) return currencies[0];
  const known = currencies.find((each) => each === currency);
  return known ?? refuse('currency', `${currencies.join(' or ')}, as ${country} has`);
}

function pinOf({ pin, encryptedPin, disbursement, remittance }: CheckedSettings): Pin | undefined {
  if (pin !== undefined && encryptedPin !== undefined) refuse('pin', 'either a PIN or an encrypted PIN');
  if (encryptedPin !== undefined) return { encrypted: () => encryptedPin };
  if (pin !== undefined) return { clear: () => pin };
  if (disbursement === undefined && remittance === undefined) return undefined;
  return refuse('pin', 'the PIN of four digits, or an encrypted one: nothing is paid without it');
}

function addressOf({ country, environment, baseUrl }: CheckedSettings): string {
  const address = baseUrl ?? hostOf(country, environment);
  if (address === undefined) return refuse('baseUrl', `the address that Airtel named: none is known for ${country}`);
  if (environment === 'production' && !address.startsWith('https:') && !LOOPBACK.test(address)) {
    refuse('baseUrl', 'an https address in production');
  }
  return address;
}

function parseConfiguredKey(text: string): PublicKey {
  return parsePublicKey(text) ?? refuse('publicKey', 'an RSA public key of 1024 bits or more, PEM or base64');
}

function refuse(field: string, expected: string): never {
  throw new ConfigError({ field: `airtelMoney.${field}`, expected });
}
