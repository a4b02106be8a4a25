import type { Clock, Random, Transport } from '@canza/core';

import type { EventListener } from '../events.ts';
import type { FaultPlan } from '../faults.ts';
import type { HandsetBehaviour, HandsetSetting } from '../handset.ts';
import { speedUp } from '../speed.ts';

/** One application of the portal, good for every market. */
export interface VodacomApplication {
  readonly apiKey: string;
  /** What the `Origin` of every call has to be; `*` takes any, but there has to be one. */
  readonly origin: string;
  /** Short codes of ours; what comes under another is refused. */
  readonly serviceProviderCodes: readonly string[];
  readonly sessionLifetimeHours: number;
  /** Whether a call waits for the end of its payment, or the response URL is told of it. */
  readonly responses: 'synchronous' | 'asynchronous';
  /** Where asynchronous results go; no address, no result. */
  readonly responseUrl: string | undefined;
}

/** Milliseconds; all but the first are invented. */
export interface VodacomTimings {
  /** From the creation of a session until it works. */
  readonly sessionLiveMs: number;
  /** From the prompt to what the person does; `ignore` and `unreachable` last until the prompt expires. */
  readonly thinkingMs: Readonly<Record<HandsetBehaviour, number>>;
  /** How long a synchronous call stays open before it is answered with `INS-9`. */
  readonly requestTimeoutMs: number;
  /** From the acceptance of a payout, a transfer or a reversal to its end. */
  readonly processingMs: number;
  /** From the end, which a query shows at once, to the asynchronous result. */
  readonly resultDelayMs: number;
}

/** Where clients disagree or nothing is published, what this emulator does. */
export interface VodacomShapes {
  /** How asynchronous results are sent. */
  readonly resultMethod: 'POST' | 'PUT';
  /** What a query calls the status. */
  readonly statusField: 'output_ResponseTransactionStatus' | 'output_TransactionStatus';
  /** What a query says of a payment that was wholly given back. */
  readonly reversedStatus: 'Completed' | 'Cancelled';
  /** How many queries of each payment find nothing yet. */
  readonly hiddenQueries: number;
  /** Whether questions use up their ThirdPartyConversationID too. */
  readonly questionIds: 'once' | 'free';
}

/** Bounds of one payment, in minor units. */
export interface VodacomLimits {
  readonly largestMinor: bigint;
}

/** What the Vodacom emulator is made of. */
export interface VodacomEmulatorOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Carries asynchronous results to the response URL. */
  readonly deliver: Transport;
  readonly application?: Partial<VodacomApplication>;
  /** What phones do, by MSISDN (E.164 digits); stronger than the sandbox's trigger numbers. */
  readonly handsets?: Readonly<Record<string, HandsetSetting>>;
  /** Names of customers by MSISDN; `TEST USER` for everybody else. */
  readonly names?: Readonly<Record<string, string>>;
  /** What a wallet holds before its first payment, in each currency. Minor units. */
  readonly openingWalletMinor?: bigint;
  /** What an organisation holds at first, in each market and currency. Minor units. */
  readonly openingOrganisationMinor?: bigint;
  readonly timings?: Partial<VodacomTimings>;
  readonly shapes?: Partial<VodacomShapes>;
  readonly limits?: Partial<VodacomLimits>;
  readonly faults?: FaultPlan;
  readonly onEvent?: EventListener;
}

/** The short code of the platform's sandbox, under which its trigger numbers work. */
export const SANDBOX_CODE = '000000';

export const DEFAULT_APPLICATION: VodacomApplication = {
  apiKey: 'canzaSandboxApiKey0123456789abcd',
  origin: '*',
  serviceProviderCodes: [SANDBOX_CODE],
  sessionLifetimeHours: 24,
  responses: 'synchronous',
  responseUrl: undefined,
};

export const DEFAULT_TIMINGS: VodacomTimings = {
  sessionLiveMs: 30_000,
  thinkingMs: {
    approve: 12_000,
    decline: 15_000,
    'wrong-pin': 12_000,
    ignore: 90_000,
    unreachable: 20_000,
    'insufficient-funds': 12_000,
  },
  requestTimeoutMs: 55_000,
  processingMs: 2_000,
  resultDelayMs: 1_000,
};

export const DEFAULT_SHAPES: VodacomShapes = {
  resultMethod: 'POST',
  statusField: 'output_ResponseTransactionStatus',
  reversedStatus: 'Completed',
  hiddenQueries: 0,
  questionIds: 'once',
};

export const DEFAULT_LIMITS: VodacomLimits = { largestMinor: 500_000_000n };

/** Enough for every test, in every currency. */
export const DEFAULT_OPENING_MINOR = 1_000_000_000n;

/** The default times, all of them divided: `fasterVodacomTimings(20)` is a twentieth. */
export const fasterVodacomTimings = (factor: number): VodacomTimings => speedUp(DEFAULT_TIMINGS, factor);
