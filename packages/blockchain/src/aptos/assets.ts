import { type Asset, ConfigError } from '@canza/core';

import { type Address, APT_METADATA, pairedAssetOf, readAddress } from './address.ts';
import { formatTypeTag, parseTypeTag, type TypeTag } from './bcs/type-tag.ts';

/** How an asset is configured: a coin by its type, a fungible asset by the address of its metadata. */
export type AssetSetting = { readonly decimals: number } & (
  | { readonly coin: string; readonly fungibleAsset?: never }
  | { readonly fungibleAsset: string; readonly coin?: never }
);

/** An asset that can be sent. */
export type AptosAsset = Asset & {
  /** The metadata whose primary stores hold it: a coin's is that which the coin is paired with. */
  readonly metadata: Address;
} & ({ readonly kind: 'coin'; readonly coinType: TypeTag } | { readonly kind: 'fungible-asset' });

const APT_COIN = '0x1::aptos_coin::AptosCoin';

/**
 * Well-known assets, to be configured by the caller's own words for them.
 * Source: docs/providers/aptos.md#transfers
 */
export const APTOS_ASSETS = {
  APT: { coin: APT_COIN, decimals: 8 },
  mainnet: {
    USDC: { fungibleAsset: '0xbae207659db88bea0cbead6da0ed00aac12edcdda169e591cd41c94180b46f3b', decimals: 6 },
    USDT: { fungibleAsset: '0x357b0b74bc833e95a115ad22604854d6b0fca151cecd94111770e5d6ffc9dc2b', decimals: 6 },
  },
  testnet: {
    USDC: { fungibleAsset: '0x69091fbab5f7d635ee7ac5098cf0c1efbe31d68fec0f2cd565e8d168daf52832', decimals: 6 },
  },
} as const satisfies Record<string, AssetSetting | Record<string, AssetSetting>>;

/** What fees are paid in. */
export const FEE_ASSET: AptosAsset = {
  currency: 'APT',
  id: APT_COIN,
  decimals: 8,
  kind: 'coin',
  coinType: parseTypeTag(APT_COIN),
  metadata: APT_METADATA,
};

/** @throws ConfigError naming the field. */
export function readAsset(currency: string, setting: AssetSetting): AptosAsset {
  const { decimals } = setting;
  if (setting.coin !== undefined) {
    const coinType = parseCoinType(setting.coin, `aptos.assets.${currency}.coin`);
    const id = formatTypeTag(coinType);
    return { currency, id, decimals, kind: 'coin', coinType, metadata: pairedAssetOf(id) };
  }
  const metadata = readAddress(setting.fungibleAsset);
  if (metadata === undefined) {
    throw new ConfigError({
      field: `aptos.assets.${currency}.fungibleAsset`,
      expected: 'the whole address of the metadata, or "0xa" for APT',
    });
  }
  return { currency, id: metadata, decimals, kind: 'fungible-asset', metadata };
}

function parseCoinType(text: string, field: string): TypeTag {
  try {
    const tag = parseTypeTag(text, field);
    if (tag.kind === 'struct') return tag;
  } catch {
    // Refused below, as a setting.
  }
  throw new ConfigError({ field, expected: 'the type of a coin, such as "0x1::aptos_coin::AptosCoin"' });
}
