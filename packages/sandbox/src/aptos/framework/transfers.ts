import { type Address, APT } from '../move/address.ts';
import { formatType } from '../move/type-tag.ts';
import type { MoveValue } from '../move/values.ts';
import { pairedAsset } from '../transaction/hashes.ts';
import { abort } from './aborts.ts';
import type { CallContext } from './call.ts';
import { fn, type MoveFunction } from './function-table.ts';
import { assetAt, ensurePrimaryStore, moveBetweenStores, primaryBalance, storeAt, transferPrimary } from './stores.ts';

const METADATA = '0x1::object::Object<0x1::fungible_asset::Metadata>';

/** The asset of the coin that a call names. Aborts for a coin that nobody made. */
export function assetOfCoin({ session, typeArgs }: CallContext, index = 0): Address {
  const coin = typeArgs[index];
  const metadata = coin === undefined ? undefined : pairedAsset(formatType(coin));
  if (metadata === undefined || session.get(metadata, 'asset') === undefined) return abort('coin.notInitialized');
  return metadata;
}

const aptTransfer = (context: CallContext, to: Address, amount: bigint): void =>
  transferPrimary(context, context.sender, to, APT, amount, { skipsFreeze: true });

/** A receiver who has no store yet may have said that it wants none. */
function refuseOptedOut({ session }: CallContext, to: Address, metadata: Address): void {
  if (primaryBalance(session, to, metadata) > 0n) return;
  if (session.get(to, 'directTransfer')?.allowsArbitrary === false && metadata !== APT) abort('aptos_account.optedOut');
}

function coinTransfer(context: CallContext, to: Address, metadata: Address, amount: bigint): void {
  if (primaryBalance(context.session, context.sender, metadata) < amount) abort('coin.insufficientBalance');
  transferPrimary(context, context.sender, to, metadata, amount);
}

function directCoinTransfer(context: CallContext, to: Address, amount: bigint): void {
  const metadata = assetOfCoin(context);
  refuseOptedOut(context, to, metadata);
  coinTransfer(context, to, metadata, amount);
}

function assetTransfer(context: CallContext, metadata: Address, to: Address, amount: bigint): void {
  assetAt(context.session, metadata);
  transferPrimary(context, context.sender, to, metadata, amount);
}

/** One transfer after the other: all of them or none. */
function inBatch(
  recipients: MoveValue | undefined,
  amounts: MoveValue | undefined,
  transfer: (to: Address, amount: bigint) => void,
): void {
  const to = recipients as readonly Address[];
  const units = amounts as readonly bigint[];
  if (to.length !== units.length) abort('aptos_account.lengthMismatch');
  for (const [index, recipient] of to.entries()) transfer(recipient, units[index] ?? 0n);
}

function storeTransfer(
  context: CallContext,
  from: Address,
  to: Address,
  amount: bigint,
  allowsDispatch: boolean,
): void {
  const source = storeAt(context, from);
  if (source.owner !== context.sender) abort('fungible_asset.notStoreOwner');
  if (!allowsDispatch && assetAt(context.session, source.metadata).isDispatchable) abort('fungible_asset.dispatchable');
  moveBetweenStores(context, from, to, amount);
}

/** Every way in which an account can send money. Source: docs/sandbox/aptos.md#functions */
export const transferFunctions = (): readonly MoveFunction[] => [
  fn('entry 0x1::aptos_account::transfer(&signer, address, u64)', (context, [to, amount]) =>
    aptTransfer(context, to as Address, amount as bigint),
  ),
  fn('private 0x1::aptos_account::fungible_transfer_only(&signer, address, u64)', (context, [to, amount]) =>
    aptTransfer(context, to as Address, amount as bigint),
  ),
  fn('entry 0x1::aptos_account::transfer_coins<T0>(&signer, address, u64)', (context, [to, amount]) =>
    directCoinTransfer(context, to as Address, amount as bigint),
  ),
  fn(
    `entry 0x1::aptos_account::transfer_fungible_assets(&signer, ${METADATA}, address, u64)`,
    (context, [metadata, to, amount]) => {
      refuseOptedOut(context, to as Address, metadata as Address);
      assetTransfer(context, metadata as Address, to as Address, amount as bigint);
    },
  ),
  fn('entry 0x1::aptos_account::batch_transfer(&signer, vector<address>, vector<u64>)', (context, [to, amounts]) =>
    inBatch(to, amounts, (recipient, amount) => aptTransfer(context, recipient, amount)),
  ),
  fn(
    'entry 0x1::aptos_account::batch_transfer_coins<T0>(&signer, vector<address>, vector<u64>)',
    (context, [to, amounts]) =>
      inBatch(to, amounts, (recipient, amount) => directCoinTransfer(context, recipient, amount)),
  ),
  fn(
    `entry 0x1::aptos_account::batch_transfer_fungible_assets(&signer, ${METADATA}, vector<address>, vector<u64>)`,
    (context, [metadata, to, amounts]) =>
      inBatch(to, amounts, (recipient, amount) => {
        refuseOptedOut(context, recipient, metadata as Address);
        assetTransfer(context, metadata as Address, recipient, amount);
      }),
  ),
  fn('entry 0x1::aptos_account::set_allow_direct_coin_transfers(&signer, bool)', ({ session, sender }, [allows]) =>
    session.set(sender, 'directTransfer', { allowsArbitrary: allows as boolean }),
  ),
  fn('entry 0x1::coin::transfer<T0>(&signer, address, u64)', (context, [to, amount]) =>
    coinTransfer(context, to as Address, assetOfCoin(context), amount as bigint),
  ),
  fn('entry 0x1::coin::migrate_to_fungible_store<T0>(&signer)', (context) => {
    ensurePrimaryStore(context, context.sender, assetOfCoin(context));
  }),
  fn(
    'entry 0x1::primary_fungible_store::transfer<T0>(&signer, 0x1::object::Object<T0>, address, u64)',
    (context, [metadata, to, amount]) => assetTransfer(context, metadata as Address, to as Address, amount as bigint),
  ),
  fn(
    'entry 0x1::primary_fungible_store::transfer_assert_minimum_deposit<T0>(&signer, 0x1::object::Object<T0>, address, u64, u64)',
    (context, [metadata, to, amount]) => assetTransfer(context, metadata as Address, to as Address, amount as bigint),
  ),
  fn(
    'entry 0x1::fungible_asset::transfer<T0>(&signer, 0x1::object::Object<T0>, 0x1::object::Object<T0>, u64)',
    (context, [from, to, amount]) => storeTransfer(context, from as Address, to as Address, amount as bigint, false),
  ),
  fn(
    'entry 0x1::dispatchable_fungible_asset::transfer<T0>(&signer, 0x1::object::Object<T0>, 0x1::object::Object<T0>, u64)',
    (context, [from, to, amount]) => storeTransfer(context, from as Address, to as Address, amount as bigint, true),
  ),
];
