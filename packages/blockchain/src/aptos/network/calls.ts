import { InvalidRequestError, type NetworkCall } from '@canza/core';

import { type Address, pairedAssetOf, parseAddress } from '../address.ts';
import type { AptosAsset } from '../assets.ts';
import { parseTypeTag } from '../bcs/type-tag.ts';
import type { AptosConfig } from '../config.ts';
import { type AptosTransfer, transferPayload, voidPayload } from '../payloads.ts';
import type { AptosPool } from '../pools/pool.ts';
import type { EntryFunction } from '../transaction/raw-transaction.ts';

type Known = Pick<AptosConfig, 'assets' | 'pools' | 'maxBatchSize'>;

/** @throws InvalidRequestError for an asset that is not configured. */
export function assetById(assets: readonly AptosAsset[], id: string): AptosAsset {
  const asset = assets.find((candidate) => candidate.id === id);
  if (asset === undefined) throw new InvalidRequestError({ field: 'call.asset', expected: 'a configured asset' });
  return asset;
}

/**
 * The same for whatever was sent before: of an asset that is not configured any more, as much as its id tells, which is enough to recognise it where it
 * arrived.
 * @throws InvalidRequestError for what is no id of an asset.
 */
export function sentAsset(assets: readonly AptosAsset[], id: string): AptosAsset {
  const known = assets.find((candidate) => candidate.id === id);
  if (known !== undefined) return known;
  const unnamed = { currency: '', id, decimals: 0 } as const;
  if (!id.includes('::')) return { ...unnamed, kind: 'fungible-asset', metadata: parseAddress(id, 'call.asset') };
  return { ...unnamed, kind: 'coin', coinType: parseTypeTag(id, 'call.asset'), metadata: pairedAssetOf(id) };
}

function poolByName(pools: ReadonlyMap<string, AptosPool>, name: string): AptosPool {
  const pool = pools.get(name);
  if (pool === undefined) throw new InvalidRequestError({ field: 'call.pool', expected: 'a configured pool' });
  return pool;
}

/** @throws InvalidRequestError for an amount of zero, which would commit and move nothing, or one beyond 64 bits. */
function checkAmount(amount: bigint, field: string): bigint {
  if (amount <= 0n || amount >= 1n << 64n) {
    throw new InvalidRequestError({ field, expected: 'base units above zero and below 2^64' });
  }
  return amount;
}

/** @throws InvalidRequestError for no transfers, or too many for one transaction. */
export function checkBatchSize(size: number, maxBatchSize: number, field = 'transfers'): void {
  if (size === 0 || size > maxBatchSize) {
    throw new InvalidRequestError({ field, expected: `1 to ${maxBatchSize} transfers` });
  }
}

function readTransfers(
  transfers: Extract<NetworkCall, { kind: 'transfers' }>['transfers'],
  maxBatchSize: number,
): readonly AptosTransfer[] {
  checkBatchSize(transfers.length, maxBatchSize, 'call.transfers');
  return transfers.map(({ to, amount }, index) => ({
    to: parseAddress(to, `call.transfers.${index}.to`),
    amount: checkAmount(amount, `call.transfers.${index}.amount`),
  }));
}

/** The entry function that carries a call out. Pure. @throws InvalidRequestError for what cannot be built. */
export function payloadOf(call: NetworkCall, sender: Address, { assets, pools, maxBatchSize }: Known): EntryFunction {
  switch (call.kind) {
    case 'transfers':
      return transferPayload(assetById(assets, call.asset), readTransfers(call.transfers, maxBatchSize));
    case 'add-liquidity':
      return poolByName(pools, call.pool).addLiquidity(call.desired, call.minimum);
    case 'remove-liquidity':
      return poolByName(pools, call.pool).removeLiquidity(checkAmount(call.shares, 'call.shares'), call.minimum);
    case 'swap':
      checkAmount(call.pay.amount, 'call.pay.amount');
      return poolByName(pools, call.pool).swap(call.pay, call.minimum);
    case 'void':
      return voidPayload(sender);
  }
}
