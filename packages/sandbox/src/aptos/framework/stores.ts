import type { AssetCell, StoreCell } from '../chain/cells.ts';
import type { StateView } from '../chain/state.ts';
import { type Address, shortAddress } from '../move/address.ts';
import { primaryStore } from '../transaction/hashes.ts';
import { abort } from './aborts.ts';
import type { CallContext } from './call.ts';

/** What the execution of one withdrawal with its deposit costs, in millionths of a gas unit. */
const TRANSFER_COST = 15_000_000n;

/** The store at an address. Aborts when there is none. */
export const storeAt = ({ session }: Pick<CallContext, 'session'>, at: Address): StoreCell =>
  session.get(at, 'store') ?? abort('fungible_asset.noStore');

/** The asset whose metadata is at an address. Aborts when there is none. */
export const assetAt = (view: StateView, metadata: Address): AssetCell =>
  view.get(metadata, 'asset') ?? abort('object.resourceMissing');

/** Where an owner's balance lies, made when it was not there. */
export function ensurePrimaryStore(
  { session }: Pick<CallContext, 'session'>,
  owner: Address,
  metadata: Address,
): Address {
  const at = primaryStore(owner, metadata);
  if (session.get(at, 'store') === undefined) {
    session.set(at, 'store', { owner, metadata, balance: 0n, isFrozen: false });
  }
  return at;
}

/** What an owner has of an asset. */
export const primaryBalance = (view: StateView, owner: Address, metadata: Address): bigint =>
  view.get(primaryStore(owner, metadata), 'store')?.balance ?? 0n;

interface MoveOptions {
  /** Frozen stores take part all the same: plain transfers of APT never look. */
  readonly skipsFreeze?: boolean;
}

/** Moves units between two stores of one asset, with the events of a withdrawal and a deposit. Aborts like the framework. */
export function moveBetweenStores(
  context: CallContext,
  from: Address,
  to: Address,
  amount: bigint,
  { skipsFreeze = false }: MoveOptions = {},
): void {
  const { session, meter } = context;
  meter.execute(TRANSFER_COST);
  const source = storeAt(context, from);
  if (source.isFrozen && !skipsFreeze) abort('fungible_asset.frozen');
  // Withdrawing nothing looks no further.
  if (amount > 0n) {
    if (source.balance < amount) abort('fungible_asset.insufficientBalance');
    session.set(from, 'store', { ...source, balance: source.balance - amount });
    emit(context, 'Withdraw', from, amount);
  }
  const target = storeAt(context, to);
  if (target.metadata !== source.metadata) abort('fungible_asset.storeMismatch');
  if (target.isFrozen && !skipsFreeze) abort('fungible_asset.frozen');
  if (amount === 0n) return;
  session.set(to, 'store', { ...target, balance: target.balance + amount });
  emit(context, 'Deposit', to, amount);
  context.movements.push({ asset: source.metadata, from: source.owner, to: target.owner, amount });
}

/** Moves units between the primary stores of two owners; the receiver's is made when it was not there. */
export function transferPrimary(
  context: CallContext,
  from: Address,
  to: Address,
  metadata: Address,
  amount: bigint,
  options?: MoveOptions,
): void {
  const source = ensurePrimaryStore(context, from, metadata);
  const target = ensurePrimaryStore(context, to, metadata);
  moveBetweenStores(context, source, target, amount, options);
}

/** Makes units out of nothing. Aborts above the asset's maximum. */
export function mint(context: CallContext, metadata: Address, to: Address, amount: bigint): void {
  const { session } = context;
  const asset = assetAt(session, metadata);
  const supply = asset.supply + amount;
  if (asset.maximum !== undefined && supply > asset.maximum) abort('fungible_asset.maxSupply');
  const at = ensurePrimaryStore(context, to, metadata);
  if (amount === 0n) return;
  session.set(metadata, 'asset', { ...asset, supply });
  const store = storeAt(context, at);
  session.set(at, 'store', { ...store, balance: store.balance + amount });
  emit(context, 'Deposit', at, amount);
  context.movements.push({ asset: metadata, from: 'minted', to, amount });
}

/** Takes units out of the world. Aborts where they are not there. */
export function burn(context: CallContext, metadata: Address, from: Address, amount: bigint): void {
  const { session } = context;
  const at = ensurePrimaryStore(context, from, metadata);
  const store = storeAt(context, at);
  if (store.balance < amount) abort('fungible_asset.insufficientBalance');
  if (amount === 0n) return;
  const asset = assetAt(session, metadata);
  session.set(at, 'store', { ...store, balance: store.balance - amount });
  session.set(metadata, 'asset', { ...asset, supply: asset.supply - amount });
  emit(context, 'Withdraw', at, amount);
  context.movements.push({ asset: metadata, from, to: 'burnt', amount });
}

/** Freezes or thaws an owner's primary store, which is made when it was not there. */
export function setFrozen(context: CallContext, metadata: Address, owner: Address, isFrozen: boolean): void {
  const at = ensurePrimaryStore(context, owner, metadata);
  context.session.set(at, 'store', { ...storeAt(context, at), isFrozen });
  context.events.push({
    type: '0x1::fungible_asset::Frozen',
    data: { frozen: isFrozen, store: shortAddress(at) },
  });
}

function emit({ events }: CallContext, name: 'Withdraw' | 'Deposit', store: Address, amount: bigint): void {
  events.push({
    type: `0x1::fungible_asset::${name}`,
    data: { amount: amount.toString(), store: shortAddress(store) },
  });
}
