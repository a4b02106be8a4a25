import type { Movement } from '../operators/operator.ts';
import type { OperatorName } from './people.ts';

/** What the process of an emulator is started with. */
export interface EmulatorOptions {
  readonly name: OperatorName | 'aptos';
  readonly seed: number;
  readonly people: number;
  readonly operators: readonly [OperatorName, ...OperatorName[]];
  /** Probability of a fault in each exchange and callback. */
  readonly faultShare: number;
  /** Where callbacks go whose address is not named by a request. */
  readonly callbackBaseUrl: string;
  /** Whose money is on the chain from the start. */
  readonly treasury?: string;
}

/** Where an emulator listens, and what a client is configured with. */
export interface Emulated {
  readonly baseUrl: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Money that moved, by the operator's books. */
export interface Booked extends Movement {
  readonly currency: string;
  /** Whose wallet. */
  readonly msisdn: string;
}

/** What arrived on the chain, in base units. */
export interface Transfer {
  readonly to: string;
  readonly amountMinor: bigint;
  readonly hash: string;
}
