import type { Clock, CurrencyCode, Random, Transport } from '@canza/core';

import type { EventListener } from '../events.ts';
import type { FaultPlan } from '../faults.ts';
import type { HandsetBehaviour, HandsetSetting } from '../handset.ts';
import { speedUp } from '../speed.ts';
import type { AirtelCountryCode } from './countries.ts';
import type { HashInput } from './crypto/callback-hash.ts';
import type { PinPadding } from './crypto/encryption.ts';

/** One application in Airtel's portal: a country, a currency, and what was set up for it. */
export interface AirtelApplication {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly country: AirtelCountryCode;
  readonly currency: CurrencyCode;
  /** The merchant's PIN, four digits; payouts bring it encrypted. */
  readonly pin: string;
  readonly pinPadding: PinPadding;
  /** Where callbacks go; no address, no callback. One for the whole application: a request cannot name its own. */
  readonly callbackUrl: string | undefined;
  /** The key of the callbacks' hash; without it they carry none. */
  readonly callbackKey: string | undefined;
  /** `optional`: what is signed must be signed rightly, what is not is taken. `required`: signing is switched on. */
  readonly signing: 'optional' | 'required';
}

/** Milliseconds; Airtel publishes none, so all of them are invented, but for the token's 180 seconds. */
export interface AirtelTimings {
  /** From the prompt to what the person does; `ignore` and `unreachable` last until the prompt expires. */
  readonly thinkingMs: Readonly<Record<HandsetBehaviour, number>>;
  /** From the acceptance of a payout to its end, where it does not end at once. */
  readonly payoutMs: number;
  /** From `TI` to `TIP`, for the numbers that show it. */
  readonly initiatedMs: number;
  /** From the end, which an enquiry shows at once, to its callback. */
  readonly callbackDelayMs: number;
}

/** Where documents and recordings differ, which of the shapes is sent. */
export interface AirtelShapes {
  /** Of the token reply's `expires_in`. */
  readonly expiresIn: 'text' | 'number';
  /** Of `status.code` in replies that are no refusal. */
  readonly statusCode: 'text' | 'number';
  /** What `success` says beside `TS`: `false`, as in the official sample, or the truth. */
  readonly successFlag: 'sampled' | 'true';
  /** The code beside `TS` in a collection's enquiry: "in process", as in the official sample, or "success". */
  readonly successCode: '1006' | '1001';
  /** Whether the answer to a collection has `false` in the place of its id. */
  readonly idAsFalse: boolean;
  /** What an enquiry says while a payment is open. */
  readonly openStatus: 'TIP' | 'TI';
  /** How many enquiries of each payment find nothing yet. */
  readonly hiddenEnquiries: number;
  /** Whether a payout ends within its own answer, or is in process first. */
  readonly payouts: 'at-once' | 'later';
  /** Whether the three fields of an encryption key stand at the top, or under `data`. */
  readonly encryptionKey: 'data' | 'top';
  /** What the hash of a callback is made over. */
  readonly hashInput: HashInput;
}

/** Bounds in minor units. */
export interface AirtelLimits {
  readonly smallestMinor: bigint;
  readonly largestMinor: bigint;
}

/** What the Airtel emulator is made of. */
export interface AirtelEmulatorOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Carries callbacks to the address of the portal. */
  readonly deliver: Transport;
  readonly application?: Partial<AirtelApplication>;
  /** What phones do, by MSISDN (E.164 digits); stronger than the sandbox's magic numbers. */
  readonly handsets?: Readonly<Record<string, HandsetSetting>>;
  /** Whether the last two digits of a number, 01 to 10, decide what becomes of its payments. Default true. */
  readonly magicNumbers?: boolean;
  /** Names of customers by MSISDN; `TEST USER` for everybody else. */
  readonly names?: Readonly<Record<string, string>>;
  /** What a wallet holds before its first payment. Minor units. */
  readonly openingWalletMinor?: bigint;
  /** What each of our own wallets holds at first. Minor units. */
  readonly openingAccountMinor?: bigint;
  readonly timings?: Partial<AirtelTimings>;
  readonly shapes?: Partial<AirtelShapes>;
  readonly limits?: Partial<AirtelLimits>;
  readonly faults?: FaultPlan;
  readonly onEvent?: EventListener;
}

export const DEFAULT_APPLICATION: AirtelApplication = {
  clientId: 'canza-sandbox-client-id',
  clientSecret: 'canza-sandbox-client-secret',
  country: 'UG',
  currency: 'UGX',
  pin: '1234',
  pinPadding: 'pkcs1',
  callbackUrl: undefined,
  callbackKey: 'test-callback-key',
  signing: 'optional',
};

export const DEFAULT_TIMINGS: AirtelTimings = {
  thinkingMs: {
    approve: 12_000,
    decline: 20_000,
    'wrong-pin': 12_000,
    ignore: 120_000,
    unreachable: 120_000,
    'insufficient-funds': 12_000,
  },
  payoutMs: 4_000,
  initiatedMs: 5_000,
  callbackDelayMs: 2_000,
};

export const DEFAULT_SHAPES: AirtelShapes = {
  expiresIn: 'text',
  statusCode: 'text',
  successFlag: 'sampled',
  successCode: '1006',
  idAsFalse: false,
  openStatus: 'TIP',
  hiddenEnquiries: 0,
  payouts: 'at-once',
  encryptionKey: 'data',
  hashInput: 'transaction',
};

export const DEFAULT_LIMITS: AirtelLimits = { smallestMinor: 1n, largestMinor: 500_000_000n };

/** Enough for every test, in every currency. */
export const DEFAULT_OPENING_MINOR = 1_000_000_000n;

/** The default times, all of them divided: `fasterAirtelTimings(20)` is a twentieth. */
export const fasterAirtelTimings = (factor: number): AirtelTimings => speedUp(DEFAULT_TIMINGS, factor);
