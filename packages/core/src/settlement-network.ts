import type { CallOptions, Environment } from './environment.ts';
import type { Support } from './provider.ts';

/**
 * What a settlement network (a blockchain, and our keys on it) promises to the settlement service.
 *
 * A network builds and signs, submits bytes, and looks. It keeps no record, never submits by itself, never submits twice, and
 * draws no conclusion about a settlement: the service does, with the journal. Amounts are whole base units of an asset
 * (octas, 10⁻⁶ USDC): `bigint` in a call, decimal text in what a record keeps, because a record is JSON.
 *
 * How Aptos, EVM chains and Solana map onto it: docs/decisions/0016-networks.md.
 */
export interface SettlementNetwork {
  /** Stable and unique among what one journal serves, the chain included: `aptos-mainnet`. Records name it. */
  readonly name: string;
  readonly capabilities: NetworkCapabilities;
  readonly rules: NetworkRules;
  /** Addresses in canonical form that can be sent from, at least one. Each has slots of its own. */
  readonly senders: readonly string[];
  /** What settlements can be made in, by configuration; `currency` is unique. */
  readonly assets: readonly Asset[];
  /** What fees are paid in. */
  readonly feeAsset: Asset;

  /**
   * Brings an address to its one canonical form, so that two spellings of an account are the same recipient. Pure.
   * @throws InvalidRequestError naming `field`, for what is no address or one that nobody can own.
   */
  parseAddress(address: unknown, field?: string): string;

  /**
   * Checks, with the node, that it is the chain, the accounts and the assets of the configuration. Moves nothing; the service
   * calls it when it starts and does not accept before it resolved.
   * @throws ConfigError for what does not fit; TransportError and its like while the node cannot be asked.
   */
  check(options?: CallOptions): Promise<void>;

  /** What the ledger says of itself, read from one node in one answer. */
  ledger(options?: CallOptions): Promise<LedgerSnapshot>;

  /**
   * A slot for a transaction of that sender. Where slots are ordered: the lowest that the ledger has not seen used (the service
   * adds what it has given out itself). Where a slot guards only until expiry: derived from `reference`, always the same.
   * @throws PaymentError where the chain does not tell: a slot is never guessed.
   */
  nextSlot(request: SlotRequest, options?: CallOptions): Promise<string>;

  /**
   * What a call would cost, and whether it would be carried out as the ledger stands. Simulates where the chain can.
   * @throws PaymentError when it cannot be told; nothing was sent.
   */
  estimate(request: EstimateRequest, options?: CallOptions): Promise<Estimate>;

  /**
   * The next price worth paying for the same transaction, or `undefined` beyond the configured ceiling. Pure.
   * Only where `capabilities.bump` is supported.
   */
  raiseFee(fee: Fee): Fee | undefined;

  /**
   * Builds and signs. Talks to no node (a remote signer may be asked), so that what comes out can be stored before anything
   * is sent; all that is needed is in the request. The hash is that under which the ledger will know it.
   * @throws InvalidRequestError where it cannot be built, such as too many transfers for one transaction; UnsupportedError.
   */
  build(request: BuildRequest, options?: CallOptions): Promise<SignedTransaction>;

  /**
   * Hands stored bytes to a node, once. The same bytes may be handed over any number of times; at most one takes effect.
   * A thrown error says as little as `unknown`.
   */
  submit(transaction: SignedTransaction, options?: CallOptions): Promise<SubmitAnswer>;

  /**
   * Looks for every hash that may have been submitted for one slot. Each sighting comes with the snapshot *of its own answer*:
   * what one answer says about a hash and another says about the ledger are never put together.
   * @throws PaymentError when a node could not be asked, or its answer not be read: then nothing is known.
   */
  look(request: LookRequest, options?: CallOptions): Promise<LedgerView>;

  /** What an account holds of an asset. `asset` is an {@link Asset.id}. */
  balance(owner: string, asset: string, options?: CallOptions): Promise<bigint>;
}

/** Checks its configuration when it is made, and becomes a network once it is given an environment. */
export type NetworkFactory = (environment: Environment) => SettlementNetwork;

/** What may not be possible on a chain, or with the given configuration. */
export type NetworkOperation =
  /** Several transfers in one transaction, all or none, with a proof for each. */
  | 'batch'
  /** Fees paid by another account than the sender. */
  | 'feePayer'
  /** The same slot at a higher price, before the first has expired. */
  | 'bump'
  /** Using a slot up without moving anything. */
  | 'void'
  | 'addLiquidity'
  | 'removeLiquidity'
  | 'swap';

/** What a network can do, and why it cannot do the rest. */
export type NetworkCapabilities = Readonly<Record<NetworkOperation, Support>>;

/** How the chain works, as far as the rules of settlement depend on it. */
export interface NetworkRules {
  /**
   * `ordered`: a sequence of numbers per sender without gaps; what is behind a free one waits.
   * `unordered`: each stands for itself.
   */
  readonly slotOrder: 'ordered' | 'unordered';
  /**
   * How long two transactions with the same slot exclude each other: for ever (a sequence number, a nonce of an EVM account, a
   * durable nonce), or only until the first has expired (an orderless nonce on Aptos, a recent blockhash on Solana). In the second
   * case another transaction may be built only after proof that every earlier one has expired.
   */
  readonly slotGuards: 'for-ever' | 'until-expiry';
  /** Most transactions of one sender that may be open at the same time. */
  readonly maxPendingPerSender: number;
  /** Most transfers in one transaction; 1 where there are no batches. */
  readonly maxBatchSize: number;
  /** A first look makes sense this long after a submission. */
  readonly firstLookAfterMs: number;
  /** Rhythm of looks while a transaction is young. */
  readonly lookEveryMs: number;
  /** From when on a transaction that still pends is worth a higher price. */
  readonly bumpAfterMs: number;
}

/** Something that can be sent, under the name by which callers ask for it. */
export interface Asset {
  /** The caller's word: an ISO 4217 code or a ticker, `USD`, `APT`. */
  readonly currency: string;
  /** The chain's word for it, in canonical form. */
  readonly id: string;
  /** Digits behind the point: 1 unit is 10^decimals base units. */
  readonly decimals: number;
}

/** One transfer of a call. */
export interface Transfer {
  /** In canonical form. */
  readonly to: string;
  /** Base units, above zero. */
  readonly amount: bigint;
}

/** So much of an asset. */
export interface AssetAmount {
  /** An {@link Asset.id}. */
  readonly asset: string;
  /** Base units. */
  readonly amount: bigint;
}

/** What a transaction is to do. */
export type NetworkCall =
  | { readonly kind: 'transfers'; readonly asset: string; readonly transfers: readonly Transfer[] }
  | {
      readonly kind: 'add-liquidity';
      /** By its name in the configuration of the network. */
      readonly pool: string;
      readonly desired: readonly [AssetAmount, AssetAmount];
      /** Below these, in the same order, it aborts. */
      readonly minimum: readonly [AssetAmount, AssetAmount];
    }
  | {
      readonly kind: 'remove-liquidity';
      readonly pool: string;
      /** Base units of the pool's own share token. */
      readonly shares: bigint;
      readonly minimum: readonly [AssetAmount, AssetAmount];
    }
  | {
      readonly kind: 'swap';
      readonly pool: string;
      readonly pay: AssetAmount;
      /** Below this, it aborts. */
      readonly minimum: AssetAmount;
    }
  /** Uses the slot up: the cheapest thing that the chain carries out. */
  | { readonly kind: 'void' };

/** For whom, and for what, a slot is wanted. */
export interface SlotRequest {
  readonly sender: string;
  /** Names the transaction and the build in our records: what an unordered slot is derived from. */
  readonly reference: string;
}

/** What is to be tried without being sent. */
export interface EstimateRequest {
  readonly sender: string;
  readonly call: NetworkCall;
}

/** Limits that go into a transaction; in base units of the fee asset, as decimal text. */
export interface Fee {
  /** Most units of work (gas, compute) that it may use. */
  readonly maxUnits: string;
  /** Price of one unit. */
  readonly unitPrice: string;
}

/** What a call would do if it were sent now. */
export type Estimate =
  | {
      readonly status: 'would-commit';
      readonly fee: Fee;
      /** What it would really cost, in base units of the fee asset. */
      readonly expectedFee: bigint;
    }
  /** As the ledger stands it would be carried out and come to nothing: the fee would be lost. */
  | ({ readonly status: 'would-abort' } & Abort);

/** Why a call was carried out and came to nothing. */
export interface Abort {
  readonly reason: AbortReason;
  /** As the chain spells it. */
  readonly code: string;
  /** One sentence, without secrets. */
  readonly detail: string;
  /** Which transfer it was, from 0, where the chain tells. */
  readonly transfer?: number;
}

/** Why a chain would not do what a call asks for, or did not. */
export type AbortReason =
  /** Frozen, opted out, not able to hold the asset. */
  | 'recipient-refused'
  /** The sender is frozen, or not allowed to send. */
  | 'sender-refused'
  | 'insufficient-balance'
  /** A bound of a liquidity call was not met. */
  | 'slippage'
  /** The fee's limit was too low. */
  | 'out-of-gas'
  /** Anything else that a contract refuses. */
  | 'contract-refused';

/** What is to be built and signed. */
export interface BuildRequest {
  readonly sender: string;
  readonly slot: string;
  readonly call: NetworkCall;
  readonly fee: Fee;
  /** Read a moment ago: the end of validity is counted from the ledger's own time, never from ours. */
  readonly ledger: LedgerSnapshot;
  /**
   * A transaction that is still open and is to be replaced at a higher price, in the same slot: whatever the chain wants to be equal
   * (validity, limits) is taken from it. Only where `capabilities.bump` is supported.
   */
  readonly replaces?: SignedTransaction;
}

/** A transaction as a record keeps it: all that is needed to submit it again and to recognise it. Survives JSON. */
export interface SignedTransaction {
  readonly sender: string;
  /** Who pays the fee, where it is not the sender. */
  readonly feePayer?: string;
  readonly slot: string;
  /** Base64, exactly as submitted. */
  readonly bytes: string;
  /** The ledger's name for it, in canonical form. */
  readonly hash: string;
  readonly fee: Fee;
  /**
   * First {@link LedgerSnapshot.position} at which it cannot be committed any more; `null` where it never expires.
   */
  readonly validUntil: string | null;
  /** {@link LedgerSnapshot.version} before anybody could have submitted it: history since then must be kept for a proof. */
  readonly bornAtVersion: string;
}

/** What one node knew of the ledger in one answer. Whole numbers as decimal text. */
export interface LedgerSnapshot {
  /** Which node, for evidence; no credentials in it. */
  readonly node: string;
  /** How far its ledger goes: version, block, slot. */
  readonly version: string;
  /** How far back it remembers. */
  readonly oldestVersion: string;
  /**
   * Where it stands on the scale on which transactions expire: whole seconds of ledger time on Aptos, block height on Solana. Never
   * our clock.
   */
  readonly position: string;
  /** The ledger's own time, in milliseconds since 1970. */
  readonly atMs: number;
}

/** What a node said to a submission. */
export type SubmitAnswer =
  /** The node has it, now or since an earlier submission of the same bytes. */
  | { readonly status: 'accepted' }
  /** The slot or the hash is taken: an earlier submission may have got through. To be looked up, never a failure. */
  | { readonly status: 'known'; readonly code: string; readonly detail: string }
  /** This node has not taken it for a passing reason (full, too many requests): the same bytes, later. */
  | {
      readonly status: 'busy';
      readonly code: string;
      readonly detail: string;
      readonly retryAfterMs?: number;
    }
  /** This node has definitely not taken these bytes and never will. Says nothing of earlier submissions. */
  | {
      readonly status: 'refused';
      readonly reason: SubmitRefusal;
      readonly code: string;
      readonly detail: string;
    }
  /** No answer, or none that can be read: it may have been taken. */
  | { readonly status: 'unknown'; readonly code: string; readonly detail: string };

/** Why a node refused a submission that it understood. */
export type SubmitRefusal =
  /** Whoever pays the fee does not hold the most that it may cost. */
  | 'cannot-pay-fee'
  /** Its validity is over, by the node's ledger. */
  | 'expired'
  /** Another transaction of ours is open in that slot, at a price that is not lower. */
  | 'price-too-low'
  /** Fee limits are out of bounds. */
  | 'fee-out-of-bounds'
  /** Malformed, too large, wrongly signed, for another chain: no other bytes of the same kind will do better. */
  | 'malformed';

/** Which slot is looked at, and what may have been submitted for it. */
export interface LookRequest {
  readonly sender: string;
  readonly slot: string;
  readonly call: NetworkCall;
  /** Every transaction that may have been submitted for that slot. */
  readonly hashes: readonly string[];
  /** How long the node may hold its answer while a transaction is pending; it need not. */
  readonly holdMs?: number;
}

/** What is known of one slot. */
export interface LedgerView {
  /** One for each hash, in the order of the request. */
  readonly sightings: readonly Sighting[];
  /**
   * What the ledger knows of the slot itself: asked where no hash was found committed and slots guard for ever; left out elsewhere.
   */
  readonly slot?: SlotSighting;
}

/** What one answer of one node says about one hash. */
export type Sighting = {
  readonly hash: string;
  /** Of the very answer that the rest is from. */
  readonly ledger: LedgerSnapshot;
} & (
  | (Committed & {
      readonly status: 'committed';
      /**
       * Of a call with transfers: for each, in their order, what proves that the recipient has it, or `null` where no event does. Each
       * event proves one transfer at most. Of other calls: what the sender received.
       */
      readonly proofs: readonly (TransferProof | null)[];
    })
  /** Carried out and come to nothing: the slot is used up, the fee paid, nothing else moved. */
  | (Committed & { readonly status: 'aborted'; readonly abort: Abort })
  | { readonly status: 'pending' }
  /** In no block and no pool that this node knows. Proves nothing by itself. */
  | { readonly status: 'absent' }
  /** The node answers that it has forgotten. */
  | { readonly status: 'pruned' }
);

interface Committed {
  /** Ledger version or block. */
  readonly version: string;
  /** The ledger's time of it, in milliseconds since 1970: the time of record. */
  readonly atMs: number;
  /** What was paid, in base units of the fee asset. */
  readonly feePaid: bigint;
  /** Whether it can still be undone, by a reorganisation: then it is looked at again. */
  readonly final: boolean;
}

/** An event of the ledger that shows one arrival. Survives JSON. */
export interface TransferProof {
  /** Index of the event within its transaction. */
  readonly event: number;
  /** Where it arrived, as the event says: an account, or the store that holds its balance. */
  readonly account: string;
  readonly asset: string;
  /** Base units. */
  readonly amount: string;
}

/** What became of a slot, as of one state of the ledger. */
export type SlotSighting = { readonly ledger: LedgerSnapshot } & (
  | { readonly status: 'free' }
  /** Used up for good, by a transaction that is final: by which one, where the chain tells. */
  | { readonly status: 'used'; readonly by?: string }
);
