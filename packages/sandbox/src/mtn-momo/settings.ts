import type { Clock, CurrencyCode, Random, Transport } from '@canza/core';

import type { EventListener } from '../events.ts';
import type { FaultPlan } from '../faults.ts';
import type { HandsetBehaviour, HandsetSetting } from '../handset.ts';
import { speedUp } from '../speed.ts';

/** The three APIs, each behind a subscription key of its own. */
export const PRODUCTS = ['collection', 'disbursement', 'remittance'] as const;
export type Product = (typeof PRODUCTS)[number];

/** What opens one product. */
export interface MomoCredentials {
  readonly subscriptionKey: string;
  readonly apiUser: string;
  readonly apiKey: string;
}

/** The country that the emulator plays, in the word of `X-Target-Environment`, and its only currency. */
export interface MomoEnvironment {
  readonly targetEnvironment: string;
  readonly currency: CurrencyCode;
}

/** Milliseconds. */
export interface MomoTimings {
  /** From the prompt to what the person does, by behaviour. */
  readonly thinkingMs: Readonly<Record<HandsetBehaviour, number>>;
  /** From the acceptance of a payout, or of what is refused without a prompt, to its end. */
  readonly processingMs: number;
  /** The same for the test number that is called delayed. */
  readonly delayedMs: number;
  /** From the end, which a query shows at once, to its callback. */
  readonly callbackDelayMs: number;
}

/** Where documents and measurements differ, which of the shapes is sent. */
export interface MomoShapes {
  /** Of `reason`: what the specification says, or production since 2024. */
  readonly reason: 'object' | 'text';
  /** Of amounts and ids in status bodies and callbacks: what the schema says, or the specification's own samples. */
  readonly numbers: 'text' | 'number';
  /** Whether `payerMessage` and `payeeNote` stand in the status of payouts. */
  readonly payoutNotes: 'absent' | 'present';
  /** The status word of what is not decided. */
  readonly open: 'PENDING' | 'CREATED';
  /** How a prompt ends that nobody answers. */
  readonly unanswered: 'COULD_NOT_PERFORM_TRANSACTION' | 'EXPIRED';
  /** Why a payment fails for want of money. */
  readonly noFunds: 'NOT_ENOUGH_FUNDS' | 'LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED';
  /** Whether test numbers that stand for a wrong configuration are refused at once, or accepted and then failed. */
  readonly configurationNumbers: 'refused' | 'failed';
  /** With which verb callbacks come: as the specification has it for each operation, or always the same. */
  readonly callbackVerb: 'by-operation' | 'PUT' | 'POST';
  /** How wrong credentials are turned away at the token call. */
  readonly loginFailed: 500 | 401;
  /** How often each payment is not found before a query finds it. */
  readonly hiddenQueries: number;
  /** Status queries a second before 429; 0 for no limit. */
  readonly queriesPerSecond: number;
}

/** What the MTN emulator is made of. */
export interface MomoEmulatorOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Carries callbacks to the addresses that callers name. */
  readonly deliver: Transport;
  readonly environment?: MomoEnvironment;
  /** Credentials that are there from the start; others can be made where the environment is the sandbox. */
  readonly credentials?: Readonly<Record<Product, MomoCredentials>>;
  /** The only host that the credentials from the start may be called back at. Default `127.0.0.1`. */
  readonly callbackHost?: string;
  /** What phones do, by MSISDN. */
  readonly handsets?: Readonly<Record<string, HandsetSetting>>;
  /** Names of customers by MSISDN; `Sand Box` for everybody else. */
  readonly names?: Readonly<Record<string, { readonly given: string; readonly family: string }>>;
  /** What a wallet holds before its first payment. Minor units; default 10,000 of the currency. */
  readonly openingWalletMinor?: bigint;
  /** What our own account holds before its first payment. Minor units; default 100,000 of the currency. */
  readonly openingAccountMinor?: bigint;
  readonly timings?: Partial<MomoTimings>;
  readonly shapes?: Partial<MomoShapes>;
  readonly faults?: FaultPlan;
  readonly onEvent?: EventListener;
}

/** Source: docs/providers/mtn-momo.md#sandbox */
export const SANDBOX_ENVIRONMENT: MomoEnvironment = { targetEnvironment: 'sandbox', currency: 'EUR' };

export const DEFAULT_MOMO_CREDENTIALS: Readonly<Record<Product, MomoCredentials>> = {
  collection: {
    subscriptionKey: 'canza-sandbox-collection-key',
    apiUser: 'c0ffee00-0000-4000-8000-000000000001',
    apiKey: 'c0ffee000000400080000000000000a1',
  },
  disbursement: {
    subscriptionKey: 'canza-sandbox-disbursement-key',
    apiUser: 'c0ffee00-0000-4000-8000-000000000002',
    apiKey: 'c0ffee000000400080000000000000a2',
  },
  remittance: {
    subscriptionKey: 'canza-sandbox-remittance-key',
    apiUser: 'c0ffee00-0000-4000-8000-000000000003',
    apiKey: 'c0ffee000000400080000000000000a3',
  },
};

const MINUTE_MS = 60_000;

/** An approval is waited for five minutes; the rest is made up. Source: docs/providers/mtn-momo.md#timing */
export const DEFAULT_MOMO_TIMINGS: MomoTimings = {
  thinkingMs: {
    approve: 2_000,
    decline: 5_000,
    'wrong-pin': 5_000,
    ignore: 5 * MINUTE_MS,
    unreachable: 5 * MINUTE_MS,
    'insufficient-funds': 2_000,
  },
  processingMs: 1_000,
  delayedMs: 30_000,
  callbackDelayMs: 500,
};

export const DEFAULT_MOMO_SHAPES: MomoShapes = {
  reason: 'object',
  numbers: 'text',
  payoutNotes: 'absent',
  open: 'PENDING',
  unanswered: 'COULD_NOT_PERFORM_TRANSACTION',
  noFunds: 'NOT_ENOUGH_FUNDS',
  configurationNumbers: 'refused',
  callbackVerb: 'by-operation',
  loginFailed: 500,
  hiddenQueries: 0,
  queriesPerSecond: 0,
};

/** The default times, all of them divided: `fasterMomoTimings(20)` is a twentieth. */
export const fasterMomoTimings = (factor: number): MomoTimings => speedUp(DEFAULT_MOMO_TIMINGS, factor);
