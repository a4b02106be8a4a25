import type { Clock, Random } from '@canza/core';
import type { EventListener } from '../events.ts';
import type { FaultPlan } from '../faults.ts';
import { DEFAULT_GAS_SCHEDULE, type GasSchedule } from './chain/gas.ts';
import { DEFAULT_MEMPOOL_LIMITS, type MempoolLimits } from './chain/mempool.ts';
import { type Address, APT, FRAMEWORK, knownAddress } from './move/address.ts';
import { pairedAsset } from './transaction/hashes.ts';

/** A fungible asset that is there from the first block on. */
export interface AptosAssetSettings {
  /** Metadata address; that of the paired asset where a coin is named. */
  readonly address: Address;
  readonly name: string;
  readonly symbol: string;
  readonly decimals: number;
  /** Its issuer's code stands before transfers: the plain one between stores refuses it. */
  readonly isDispatchable: boolean;
  readonly issuer: Address;
  /** The coin that it is paired with, in full: `0x…::asset::USDC`. */
  readonly coinType: string | undefined;
}

/** How the emulated chain behaves. */
export interface AptosSettings {
  /** 1 is mainnet, 2 testnet, 4 what runs on one's own machine. */
  readonly chainId: number;
  /**
   * When blocks come. `interval`: at most so often while something waits; reading moves ledger time on, with an empty block.
   * `on-demand`: only when told to.
   */
  readonly blocks: 'interval' | 'on-demand';
  readonly blockIntervalMs: number;
  /** As many transactions make a block full. */
  readonly blockSize: number;
  /** How many versions are kept; older ones are pruned. */
  readonly retainedVersions: number;
  readonly gas: GasSchedule;
  readonly mempool: MempoolLimits;
  /** How far ahead the expiry of a transaction with a nonce may lie, and how far apart two uses of a nonce. */
  readonly orderlessSeconds: number;
  /** How long `wait_by_hash` holds a question, and how many at once. */
  readonly longPollMs: number;
  readonly mostLongPolls: number;
  /** Whether every address is an account, as since 2025. */
  readonly isStateless: boolean;
  readonly assets: readonly AptosAssetSettings[];
  /** Whose money is there from the first block on, by address; octas, or units of an asset by its address. */
  readonly balances: readonly { readonly owner: Address; readonly asset: Address; readonly amountMinor: bigint }[];
  /** The nodes behind the one address; requests go to them in turn. */
  readonly nodes: readonly AptosNodeSettings[];
  /** Most that the faucet gives at once, in octas. */
  readonly faucetLimitOctas: bigint;
}

/** A node behind the address. */
export interface AptosNodeSettings {
  readonly name: string;
  /** How far its ledger is behind. */
  readonly lagMs: number;
}

const USDC = knownAddress('0x69091fbab5f7d635ee7ac5098cf0c1efbe31d68fec0f2cd565e8d168daf52832');
const LZ_USDC = '0xf22bede237a07e121b56d91a491eb7bcdfd1f5907926a9e58338f964a01b17fa::asset::USDC';

/** The assets of the emulator, by the names that tests use. */
export const APTOS_ASSETS = { apt: APT, usdc: USDC, lzUsdc: pairedAsset(LZ_USDC) } as const;

const DEFAULT_ASSETS: readonly AptosAssetSettings[] = [
  {
    address: APTOS_ASSETS.usdc,
    name: 'USDC',
    symbol: 'USDC',
    decimals: 6,
    isDispatchable: true,
    issuer: USDC,
    coinType: undefined,
  },
  {
    address: APTOS_ASSETS.lzUsdc,
    name: 'USD Coin (LayerZero)',
    symbol: 'lzUSDC',
    decimals: 6,
    isDispatchable: false,
    issuer: knownAddress(LZ_USDC.slice(0, LZ_USDC.indexOf('::'))),
    coinType: LZ_USDC,
  },
];

export const APT_ASSET: AptosAssetSettings = {
  address: APT,
  name: 'Aptos Coin',
  symbol: 'APT',
  decimals: 8,
  isDispatchable: false,
  issuer: FRAMEWORK,
  coinType: '0x1::aptos_coin::AptosCoin',
};

export const DEFAULT_APTOS_SETTINGS: AptosSettings = {
  chainId: 4,
  blocks: 'interval',
  blockIntervalMs: 100,
  blockSize: 250,
  retainedVersions: 200_000,
  gas: DEFAULT_GAS_SCHEDULE,
  mempool: DEFAULT_MEMPOOL_LIMITS,
  orderlessSeconds: 100,
  longPollMs: 1_000,
  mostLongPolls: 100,
  isStateless: true,
  assets: DEFAULT_ASSETS,
  balances: [],
  nodes: [{ name: 'node', lagMs: 0 }],
  faucetLimitOctas: 1_000_000_000_000_000n,
};

/** What the Aptos emulator is made of. */
export interface AptosEmulatorOptions extends Partial<AptosSettings> {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults?: FaultPlan;
  readonly onEvent?: EventListener;
}
