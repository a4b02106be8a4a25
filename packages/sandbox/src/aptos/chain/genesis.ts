import type { OpenAptosBooks } from '../books.ts';
import { type Address, APT, shortAddress } from '../move/address.ts';
import { parseType } from '../move/type-tag.ts';
import { APT_ASSET, type AptosAssetSettings, type AptosSettings } from '../settings.ts';
import { primaryStore } from '../transaction/hashes.ts';
import type { AssetCell } from './cells.ts';
import type { VersionedState } from './state.ts';

const GENESIS_VERSION = 0;
/** Stands for the transaction of what was done by none. */
export const NO_HASH: Address = `0x${'0'.repeat(64)}`;

/** Writes what is there before the first block: assets, and who has how much of them. */
export function writeGenesis(state: VersionedState, books: OpenAptosBooks, settings: AptosSettings): void {
  const supplies = new Map<Address, bigint>();
  for (const { owner, asset, amountMinor } of settings.balances) {
    const at = primaryStore(owner, asset);
    const key = `${at}/store` as const;
    const before = state.at(GENESIS_VERSION).get(at, 'store')?.balance ?? 0n;
    state.write(key, GENESIS_VERSION, { owner, metadata: asset, balance: before + amountMinor, isFrozen: false });
    supplies.set(asset, (supplies.get(asset) ?? 0n) + amountMinor);
    if (amountMinor > 0n) {
      const sender = APT;
      books.post({ kind: 'mint', asset, from: 'minted', to: owner, amountMinor, hash: NO_HASH, sender, version: 0 });
    }
  }
  for (const asset of [APT_ASSET, ...settings.assets]) {
    state.write(`${asset.address}/asset`, GENESIS_VERSION, assetCell(asset, supplies.get(asset.address) ?? 0n));
  }
}

function assetCell(asset: AptosAssetSettings, supply: bigint): AssetCell {
  const { name, symbol, decimals, issuer, isDispatchable, coinType } = asset;
  const coin = coinType === undefined ? undefined : parseType(coinType);
  return {
    name,
    symbol,
    decimals,
    issuer,
    isDispatchable,
    supply,
    maximum: undefined,
    iconUri: '',
    projectUri: `https://sandbox.example/${shortAddress(asset.address)}`,
    coinType: coin?.kind === 'struct' ? coin : undefined,
  };
}
