import type { Chain } from './chain/chain.ts';
import type { CommittedTransaction, Snapshot } from './chain/ledger.ts';
import { mint, setFrozen } from './framework/stores.ts';
import type { Address } from './move/address.ts';
import type { Nodes } from './nodes.ts';
import type { AptosNodeSettings } from './settings.ts';

/** The chain by hand. Addresses are in their long form. */
export interface AptosChainControls {
  /** Makes a block out of what is ready now. Returns the hashes that committed. */
  readonly produceBlock: () => readonly Address[];
  /** No block is made any more: ledger time stands still, and the mempool fills up. */
  readonly stop: () => void;
  readonly resume: () => void;
  /** Puts ledger time so far ahead of the clock, or behind it. It never goes back. */
  readonly setAhead: (aheadMs: number) => void;
  /** Transactions below this price wait from now on; `0n` ends it. */
  readonly setFloorPrice: (octas: bigint) => void;
  /** Newest first: transactions commit out of the order in which they came, as far as sequence numbers let them. */
  readonly setNewestFirst: (takesNewestFirst: boolean) => void;
  /** Takes a transaction out of the mempool without a trace. */
  readonly drop: (hash: Address) => boolean;
  /** Hashes that wait, oldest first. */
  readonly pendingHashes: () => readonly Address[];
  readonly committed: (hash: Address) => CommittedTransaction | undefined;
  /** The ledger as a node sees it that is up to date. */
  readonly head: () => Snapshot;
  readonly sequenceNumber: (account: Address) => bigint;
  /** Makes units of an asset, at once, by no transaction. */
  readonly mint: (asset: Address, to: Address, amountMinor: bigint) => void;
  /** Freezes or thaws what an owner has of an asset, at once, by no transaction: as an issuer may. */
  readonly setFrozen: (asset: Address, owner: Address, isFrozen: boolean) => void;
  /** The nodes behind the address from now on; requests go to them in turn. */
  readonly setNodes: (nodes: readonly AptosNodeSettings[]) => void;
  /** How far the indexer is behind the ledger, from now on. */
  readonly setIndexerLag: (lagMs: number) => void;
}

export function createChainControls({
  chain,
  nodes,
  setIndexerLag,
}: {
  readonly chain: Chain;
  readonly nodes: Nodes;
  readonly setIndexerLag: (lagMs: number) => void;
}): AptosChainControls {
  return {
    produceBlock: () => chain.produceBlock().map(({ transaction }) => transaction.hash),
    stop: () => chain.stop(),
    resume: () => chain.resume(),
    setAhead: (aheadMs) => chain.setAhead(aheadMs),
    setFloorPrice: (octas) => chain.setFloorPrice(octas),
    setNewestFirst: (takesNewestFirst) => chain.setNewestFirst(takesNewestFirst),
    drop: (hash) => chain.drop(hash),
    pendingHashes: () => [...chain.mempool.all()].map(({ transaction }) => transaction.hash),
    committed: (hash) => chain.ledger.byHash(hash),
    head: () => chain.ledger.head,
    sequenceNumber: (account) => chain.sequenceNumber(account),
    mint: (asset, to, amountMinor) => chain.intervene((call) => mint(call, asset, to, amountMinor)),
    setFrozen: (asset, owner, isFrozen) => chain.intervene((call) => setFrozen(call, asset, owner, isFrozen)),
    setNodes: (others) => nodes.set(others),
    setIndexerLag,
  };
}
