import type { Clock, Random, Transport } from '@canza/core';

import type { EventListener } from '../events.ts';
import type { FaultPlan } from '../faults.ts';
import type { HandsetBehaviour, HandsetSetting } from '../handset.ts';
import { speedUp } from '../speed.ts';
import type { Initiator, Organisation } from './organisations.ts';

/** A shortcode that takes STK pushes. */
export interface StkShortcode {
  /** Pay Bill number, or the head office (store) number of a till. */
  readonly shortcode: string;
  readonly passkey: string;
  /** Stands in the prompt. */
  readonly businessName: string;
  /** The till, for Buy Goods; without one the shortcode is a Pay Bill. */
  readonly till?: string;
}

/** How a query answers while a payment is open. */
export type PendingShape =
  /** 200 with ResultCode "4999". */
  | 'under-processing'
  /** 500 with 500.001.1001 "The transaction is being processed". */
  | 'being-processed'
  /** 200 with the error envelope 500.001.1001 and no message. */
  | 'empty-envelope'
  /** 400 with 400.002.02 "Invalid CheckoutRequestID". */
  | 'too-early';

/** Milliseconds. The defaults are what was measured on the operator's sandbox. */
export interface DarajaTimings {
  /** From the prompt to what the person does, by behaviour. */
  readonly thinkingMs: Readonly<Record<HandsetBehaviour, number>>;
  /** From the push to the result, where the payment is refused without a prompt. */
  readonly refusalMs: number;
  /** From the acceptance of an initiator's request to its execution. */
  readonly processingMs: number;
  /** How long a merchant may take to validate a customer's payment. */
  readonly validationMs: number;
  /** From the result, which a query shows at once, to its callback. */
  readonly callbackDelayMs: number;
  /** The same for a phone that cannot be reached. */
  readonly unreachableCallbackDelayMs: number;
  /** A prompt to the same phone is refused for this long after the last one began, even when that one is done; 0 for no longer. */
  readonly sessionLockMs: number;
  /** Same payer, amount and shortcode within this time ends in code 17; 0 for never. */
  readonly repeatWindowMs: number;
  /** Queries closer together than this are turned away with 429; 0 for never. */
  readonly queryEveryMs: number;
}

/** Where documents and measurements differ, which of the shapes is sent. */
export interface DarajaShapes {
  /** Of the token reply's `expires_in`. */
  readonly expiresIn: 'text' | 'number';
  /** What queries of an open payment answer, one after the other, and over again. */
  readonly pending: readonly [PendingShape, ...PendingShape[]];
  /** The `Balance` item of a success callback. */
  readonly balanceItem: 'absent' | 'without-value' | 'number' | 'text';
  /** The `PhoneNumber` item of a success callback. */
  readonly callbackPhone: 'number' | 'masked' | 'absent';
  /** Whether a new token ends the one before, as the operator's questions and answers say. */
  readonly newTokenEndsEarlier: boolean;
  /** Whether account references above 12 and descriptions above 13 characters are refused; some clients' defaults are. */
  readonly longTexts: 'refused' | 'taken';
  /** How results of initiator APIs spell ResultCode and ResultType; every API in its own way when `sampled`. */
  readonly resultCodes: 'sampled' | 'number' | 'text';
  /** Whether a failed result has ResultParameters, and then one object in the place of a list. */
  readonly failureParameters: 'sampled' | 'absent' | 'object';
  /** Whether ReferenceItem is an object or a list, or has no Value. */
  readonly referenceItem: 'sampled' | 'object' | 'list' | 'without-value';
  /** The TransactionID of a failure: a receipt like any other, or one that ends in zeros. */
  readonly failureReceipt: 'sampled' | 'ordinary' | 'placeholder';
  /** The OriginatorConversationID of a result: that of the acknowledgement, or one of the gateway's own. */
  readonly resultOriginator: 'acknowledged' | 'gateway';
  /** Whether parameters that are empty keep their Value key. */
  readonly emptyParameter: 'empty-value' | 'without-value';
  /** What the acknowledgement of a URL registration says as ResponseCode. */
  readonly registrationCode: '0' | '00000000' | 'absent';
  /** Whether URLs can be registered once only, as in production. */
  readonly urlsRegisteredOnce: boolean;
  /** How customers' payments show the payer: as the registration's version has it, or otherwise. */
  readonly c2bPhone: 'by-version' | 'hashed' | 'spaced' | 'starred' | 'plain';
  /** Whether a confirmation is sent for STK payments too, where addresses are registered. */
  readonly confirmsStk: boolean;
  /** Whether the times of the Pull API, which all end in Z, are East African ones or UTC. */
  readonly pullTimes: 'east-africa' | 'utc';
}

/** Bounds of M-PESA in cents. */
export interface DarajaLimits {
  readonly largestPaymentMinor: bigint;
  readonly dailyPerPayerMinor: bigint;
  readonly largestWalletMinor: bigint;
  /** Smallest payout to a customer. */
  readonly smallestPayoutMinor: bigint;
}

/** Cents that an organisation pays for a movement, booked on its Charges Paid Account. */
export interface DarajaFees {
  readonly b2cMinor: bigint;
  readonly b2bMinor: bigint;
}

/** What opens the Daraja app. */
export interface DarajaCredentials {
  readonly consumerKey: string;
  readonly consumerSecret: string;
}

/** The API user that every organisation has unless it names others, and what its password is encrypted with. */
export interface DarajaInitiator {
  readonly name: string;
  readonly password: string;
  /** PEM of the X.509 certificate for security credentials. */
  readonly certificate: string;
}

/** What the Daraja emulator is made of. */
export interface DarajaEmulatorOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Carries callbacks to the addresses that callers name. */
  readonly deliver: Transport;
  readonly credentials?: DarajaCredentials;
  readonly stkShortcodes?: readonly StkShortcode[];
  /** What phones do, by MSISDN; beside the operator's test number, which nobody ever picks up. */
  readonly handsets?: Readonly<Record<string, HandsetSetting>>;
  /** Further businesses, or others in the place of those that the emulator knows. */
  readonly organisations?: readonly Organisation[];
  /** API users of every organisation that names none of its own. */
  readonly initiators?: readonly Initiator[];
  /** Wrong passwords in a row after which an API user is locked (code 8006); 0, the default, for never. */
  readonly lockedAfterWrongPasswords?: number;
  /** Names of customers by MSISDN, in upper case; `JOHN DOE` for everybody else. */
  readonly names?: Readonly<Record<string, string>>;
  /** What a wallet holds before its first payment. Cents; default 250,000.00. */
  readonly openingWalletMinor?: bigint;
  readonly timings?: Partial<DarajaTimings>;
  readonly shapes?: Partial<DarajaShapes>;
  readonly limits?: Partial<DarajaLimits>;
  readonly fees?: Partial<DarajaFees>;
  readonly faults?: FaultPlan;
  readonly onEvent?: EventListener;
}

export const DEFAULT_CREDENTIALS: DarajaCredentials = {
  consumerKey: 'canza-sandbox-consumer-key',
  consumerSecret: 'canza-sandbox-consumer-secret',
};

/** The operator's public test values. Source: docs/providers/mpesa.md#sandbox */
export const TEST_SHORTCODE: StkShortcode = {
  shortcode: '174379',
  passkey: 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919',
  businessName: 'Daraja-Sandbox',
};

/** The number that Daraja's own sandbox has for tests. */
export const TEST_MSISDN = '254708374149';

/** A store with a till, for Buy Goods. */
export const TEST_STORE: StkShortcode = {
  shortcode: '600900',
  passkey: '5f2b1c9e7d3a48f6b0c4e8d2a6f19375c8e0b4d7f3a1962e5c7b9d0f8e4a2613',
  businessName: 'Sandbox Store',
  till: '600901',
};

/** Half of what a wallet may hold, so that it can pay and be paid the largest amount. */
export const DEFAULT_OPENING_WALLET_MINOR = 250_000_00n;

/** Source: docs/providers/mpesa.md#timing */
export const DEFAULT_TIMINGS: DarajaTimings = {
  thinkingMs: {
    approve: 12_000,
    decline: 20_000,
    'wrong-pin': 12_000,
    ignore: 60_000,
    unreachable: 13_000,
    'insufficient-funds': 12_000,
  },
  refusalMs: 1_000,
  processingMs: 3_000,
  validationMs: 8_000,
  callbackDelayMs: 2_000,
  unreachableCallbackDelayMs: 13_000,
  sessionLockMs: 0,
  repeatWindowMs: 120_000,
  queryEveryMs: 0,
};

export const DEFAULT_SHAPES: DarajaShapes = {
  expiresIn: 'text',
  pending: ['under-processing', 'being-processed'],
  balanceItem: 'absent',
  callbackPhone: 'number',
  newTokenEndsEarlier: false,
  longTexts: 'refused',
  resultCodes: 'sampled',
  failureParameters: 'sampled',
  referenceItem: 'sampled',
  failureReceipt: 'sampled',
  resultOriginator: 'acknowledged',
  emptyParameter: 'empty-value',
  registrationCode: '0',
  urlsRegisteredOnce: false,
  c2bPhone: 'by-version',
  confirmsStk: false,
  pullTimes: 'east-africa',
};

/** Source: docs/providers/mpesa.md#fields */
export const DEFAULT_LIMITS: DarajaLimits = {
  largestPaymentMinor: 250_000_00n,
  dailyPerPayerMinor: 500_000_00n,
  largestWalletMinor: 500_000_00n,
  smallestPayoutMinor: 10_00n,
};

/** As in the operator's sample of a payout; real ones depend on the contract. */
export const DEFAULT_FEES: DarajaFees = { b2cMinor: 22_40n, b2bMinor: 0n };

/** The default times, all of them divided: `fasterTimings(20)` is a twentieth. */
export const fasterTimings = (factor: number): DarajaTimings => speedUp(DEFAULT_TIMINGS, factor);
