import { type Address, addressBytes } from './address.ts';
import type { AptosAsset } from './assets.ts';
import { addressVector, moveArgument, u64Vector } from './bcs/move-argument.ts';
import { parseTypeTag } from './bcs/type-tag.ts';
import type { EntryFunction } from './transaction/raw-transaction.ts';

const FRAMEWORK: Address = `0x${'0'.repeat(63)}1`;
const METADATA = parseTypeTag('0x1::fungible_asset::Metadata');

/** One transfer, in base units of the asset. */
export interface AptosTransfer {
  readonly to: Address;
  readonly amount: bigint;
}

const framework = (
  module: string,
  name: string,
  typeArguments: EntryFunction['typeArguments'],
  args: EntryFunction['arguments'],
): EntryFunction => ({
  kind: 'entry-function',
  address: FRAMEWORK,
  module,
  name,
  typeArguments,
  arguments: args,
});

/**
 * The entry function that carries transfers of one asset: the single form for one, the batch form for more, all or none.
 * Source: docs/providers/aptos.md#transfers
 */
export function transferPayload(asset: AptosAsset, transfers: readonly AptosTransfer[]): EntryFunction {
  const [only, ...more] = transfers;
  if (only === undefined) throw new RangeError('No transfer.');
  if (more.length === 0) {
    const to = addressBytes(only.to);
    const amount = moveArgument.u64(only.amount);
    return asset.kind === 'coin'
      ? framework('aptos_account', 'transfer_coins', [asset.coinType], [to, amount])
      : framework('primary_fungible_store', 'transfer', [METADATA], [addressBytes(asset.metadata), to, amount]);
  }
  const recipients = addressVector(transfers.map(({ to }) => to));
  const amounts = u64Vector(transfers.map(({ amount }) => amount));
  return asset.kind === 'coin'
    ? framework('aptos_account', 'batch_transfer_coins', [asset.coinType], [recipients, amounts])
    : framework(
        'aptos_account',
        'batch_transfer_fungible_assets',
        [],
        [addressBytes(asset.metadata), recipients, amounts],
      );
}

/** Uses a sequence number up and moves nothing: APT of amount zero to oneself. */
export const voidPayload = (sender: Address): EntryFunction =>
  framework('aptos_account', 'transfer', [], [addressBytes(sender), moveArgument.u64(0n)]);

/**
 * Publishes a package under the sender's own address.
 * Source: docs/providers/aptos.md#publishing
 */
export const publishPayload = (metadata: Uint8Array, modules: readonly Uint8Array[]): EntryFunction =>
  framework(
    'code',
    'publish_package_txn',
    [],
    [moveArgument.bytes(metadata), moveArgument.vector(modules.map(moveArgument.bytes))],
  );
