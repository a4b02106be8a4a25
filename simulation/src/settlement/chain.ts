import type { NetworkFactory, Transport } from '@canza/core';

import type { PortsOptions } from '../ports.ts';

/** Money that came to an account, as the chain's own books have it. */
export interface Arrival {
  readonly account: string;
  /** Base units. */
  readonly amount: bigint;
  /** Whether it is the asset that settlements are made in. */
  readonly isAsked: boolean;
  /** The ledger's name of the transaction. */
  readonly hash: string;
}

/** Something that befalls a whole chain, and how it passes, where it does not by itself. */
export interface Trouble {
  readonly name: string;
  readonly begin: () => void;
  readonly end?: () => void;
}

/** One process's way to a chain, with all that goes wrong on it. */
interface ChainAccess {
  readonly network: NetworkFactory;
  readonly transport: Transport;
}

/** A chain on which settlements are played: what stands behind the network of every process, and the books that are believed. */
export interface PlayedChain {
  readonly name: string;
  /** Of the network, as records name it. */
  readonly network: string;
  /** The account of a recipient; each settlement has one of its own. */
  accountOf(settlementId: string): string;
  connect(ports: PortsOptions): ChainAccess;
  /** Arrivals that nobody has taken yet, in their order. */
  takeArrivals(): readonly Arrival[];
  /** What comes to this account aborts, until `false`. */
  freeze(account: string, isFrozen?: boolean): void;
  readonly troubles: readonly [Trouble, ...Trouble[]];
  /** Nothing goes wrong any more. */
  calm(): void;
  /** Sentences about the books as a whole that must never be true. */
  audit(): readonly string[];
  close(): Promise<void>;
}

/** What a chain tells of. */
export interface ChainListener {
  /** Bytes leave for a node, in Base64. */
  readonly onSubmission: (bytes: string) => void;
  readonly onEvent: (what: string) => void;
}
