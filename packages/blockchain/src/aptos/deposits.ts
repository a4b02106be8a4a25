import type { TransferProof } from '@canza/core';

import { type Address, primaryStoreOf, readNodeAddress } from './address.ts';
import type { AptosAsset } from './assets.ts';
import { formatTypeTag, parseTypeTag } from './bcs/type-tag.ts';
import type { ChainEvent, CommittedTransaction } from './fullnode/transaction-answer.ts';
import type { AptosTransfer } from './payloads.ts';

const AMOUNT = /^\d{1,20}$/;
const OBJECT_CORE = '0x1::object::ObjectCore';
const STORE = '0x1::fungible_asset::FungibleStore';

/** One resource that a transaction wrote, as far as it is read, and nothing of it checked yet: a batch of a hundred has four hundred. */
interface Write {
  readonly address?: unknown;
  readonly data?: {
    readonly type?: unknown;
    readonly data?: {
      /** Of an object. */
      readonly owner?: unknown;
      /** Of a store. */
      readonly metadata?: { readonly inner?: unknown } | null;
    } | null;
  } | null;
}

/** Money that arrived, as an event tells it. */
export interface Deposit {
  /** Index of the event within its transaction. */
  readonly event: number;
  /** The store that it arrived in or, for a legacy coin store, the account. */
  readonly store: Address;
  /** Whose it is, where the transaction itself tells: the writes beside the event, or a legacy event. */
  readonly owner: Address | undefined;
  /** The fungible asset, where the writes tell. */
  readonly metadata: Address | undefined;
  /** The coin, for a legacy event. */
  readonly coinType: string | undefined;
  readonly amount: bigint;
}

/**
 * Every deposit of a committed transaction, in its order. Events name stores; the owner and the asset of one stand in the writes of the
 * same transaction.
 * Source: docs/providers/aptos.md#events
 */
export function depositsOf({ events, changes }: Pick<CommittedTransaction, 'events' | 'changes'>): readonly Deposit[] {
  const owners = new Map<Address, Address>();
  const assets = new Map<Address, Address>();
  for (const change of changes as readonly (Write | null | undefined)[]) {
    const resource = change?.data;
    if (resource?.type === OBJECT_CORE) keep(owners, change?.address, resource.data?.owner);
    else if (resource?.type === STORE) keep(assets, change?.address, resource.data?.metadata?.inner);
  }
  return events.flatMap((event, index) => {
    const deposit = readDeposit(event);
    if (deposit === undefined) return [];
    const { store } = deposit;
    return [{ owner: owners.get(store), metadata: assets.get(store), coinType: undefined, ...deposit, event: index }];
  });
}

function keep(map: Map<Address, Address>, key: unknown, value: unknown): void {
  const [at, what] = [readNodeAddress(key), readNodeAddress(value)];
  if (at !== undefined && what !== undefined) map.set(at, what);
}

type ReadDeposit = Pick<Deposit, 'store' | 'amount'> & Partial<Pick<Deposit, 'owner' | 'coinType'>>;

interface DepositData {
  readonly store?: unknown;
  readonly account?: unknown;
  readonly coin_type?: unknown;
  readonly amount?: unknown;
}

function readDeposit({ type, data }: ChainEvent): ReadDeposit | undefined {
  const isCoin = type === '0x1::coin::CoinDeposit';
  if (!isCoin && type !== '0x1::fungible_asset::Deposit') return undefined;
  const { store, account, coin_type: coin, amount } = (data ?? {}) as DepositData;
  const at = readNodeAddress(isCoin ? account : store);
  if (at === undefined || typeof amount !== 'string' || !AMOUNT.test(amount)) return undefined;
  if (!isCoin) return { store: at, amount: BigInt(amount) };
  return typeof coin === 'string'
    ? { store: at, owner: at, coinType: canonicalType(coin), amount: BigInt(amount) }
    : undefined;
}

/** A type the way our own ids spell it; a text that is no type stays what it is, and equals none of them. */
function canonicalType(text: string): string {
  try {
    return formatTypeTag(parseTypeTag(text));
  } catch {
    return text;
  }
}

const isOf = (deposit: Deposit, asset: AptosAsset): boolean =>
  deposit.coinType === undefined
    ? deposit.metadata === undefined || deposit.metadata === asset.metadata
    : asset.kind === 'coin' && deposit.coinType === asset.id;

/**
 * For each transfer, in order, the deposit that shows its arrival, or `null` where none does. Each deposit shows one transfer at most, so
 * that of two equal payments to one recipient both have to be there.
 */
export function proofsOf(
  transaction: Pick<CommittedTransaction, 'events' | 'changes'>,
  asset: AptosAsset,
  transfers: readonly AptosTransfer[],
): readonly (TransferProof | null)[] {
  const inStore = new Map<Address, Deposit[]>();
  const ofOwner = new Map<Address, Deposit[]>();
  for (const deposit of depositsOf(transaction)) {
    if (!isOf(deposit, asset)) continue;
    offer(inStore, deposit.store, deposit);
    // A store that is not the recipient's primary one still is the recipient's where the ledger says so, and names the asset.
    if (deposit.owner !== undefined && (deposit.metadata !== undefined || deposit.coinType !== undefined)) {
      offer(ofOwner, deposit.owner, deposit);
    }
  }
  const taken = new Set<number>();
  const take = (offered: readonly Deposit[] | undefined, amount: bigint): Deposit | undefined => {
    const found = offered?.find((deposit) => deposit.amount === amount && !taken.has(deposit.event));
    if (found !== undefined) taken.add(found.event);
    return found;
  };
  return transfers.map(({ to, amount }) => {
    const deposit = take(inStore.get(primaryStoreOf(to, asset.metadata)), amount) ?? take(ofOwner.get(to), amount);
    return deposit === undefined
      ? null
      : { event: deposit.event, account: deposit.store, asset: asset.id, amount: String(amount) };
  });
}

function offer(places: Map<Address, Deposit[]>, place: Address, deposit: Deposit): void {
  const waiting = places.get(place);
  if (waiting === undefined) places.set(place, [deposit]);
  else waiting.push(deposit);
}

/** What one account received, in any asset: the proof of a swap, or of liquidity that was given back. */
export function receiptsOf(
  transaction: Pick<CommittedTransaction, 'events' | 'changes'>,
  owner: Address,
  assets: readonly AptosAsset[],
): readonly TransferProof[] {
  return depositsOf(transaction).flatMap((deposit) => {
    const asset = assets.find(
      (candidate) =>
        deposit.store === primaryStoreOf(owner, candidate.metadata) ||
        (deposit.owner === owner && isOf(deposit, candidate) && (deposit.metadata ?? deposit.coinType) !== undefined),
    );
    const id = asset?.id ?? (deposit.owner === owner ? (deposit.coinType ?? deposit.metadata) : undefined);
    return id === undefined
      ? []
      : [{ event: deposit.event, account: deposit.store, asset: id, amount: String(deposit.amount) }];
  });
}
