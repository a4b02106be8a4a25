import { ConfigError } from '@canza/core';
import { z } from 'zod';

import { ADDRESS_EXPECTED, type Address, readAddress } from './address.ts';
import { type AptosAsset, type AssetSetting, readAsset } from './assets.ts';
import { PRIVATE_KEY_EXPECTED, readPrivateKey } from './keys/private-key.ts';
import { type AptosSigner, createSigner } from './keys/signer.ts';
import { parseConfig } from './parse-config.ts';
import type { AptosPool, PoolFactory } from './pools/pool.ts';

/** A key, and what is to be known of its account. */
export interface AccountSettings {
  /** `ed25519-priv-0x…`, `secp256k1-priv-0x…`, or 64 hex digits for Ed25519. */
  readonly privateKey: string;
  /** `true` for an Ed25519 key whose account is of the newer single-key kind. */
  readonly singleKey?: boolean;
  /** Where the key was rotated onto an account whose address is not derived from it. */
  readonly address?: string;
}

/** What a user of Aptos configures. */
export interface AptosSettings {
  /** Base address of a fullnode, such as `https://api.mainnet.aptoslabs.com/v1`; several for failover, the preferred one first. */
  readonly nodeUrl: string | readonly string[];
  /** 1 mainnet, 2 testnet, 4 a local network. May be left out where the address tells. */
  readonly chainId?: number;
  /** Sent as a bearer token to hosted nodes. */
  readonly apiKey?: string;
  /** The key of the one account that is sent from. Either this, or `signer`, or `senders`. */
  readonly privateKey?: string;
  /** Signs in the place of `privateKey`, for a key that lives elsewhere. */
  readonly signer?: AptosSigner;
  /** Several accounts to send from, each with its own sequence numbers. */
  readonly senders?: readonly (AccountSettings | AptosSigner)[];
  /** Pays the fees of all senders, signing each transaction too. */
  readonly feePayer?: AccountSettings | AptosSigner;
  /** What settlements are made in, by the caller's word for it: `{ USD: { fungibleAsset: '0x…', decimals: 6 } }`. */
  readonly assets?: Readonly<Record<string, AssetSetting>>;
  /** Liquidity pools, by name: `{ 'APT/USDC': pancakeSwap({ … }) }`. */
  readonly pools?: Readonly<Record<string, PoolFactory>>;
  /**
   * `sequence` (default): numbers guard for ever, 100 may be open per account. `orderless`: nonces guard for about a minute, 1,000
   * may be open.
   */
  readonly replayProtection?: 'sequence' | 'orderless';
  /** How long a transaction stays valid, from the ledger's time. Default 60; at most 60 for `orderless`. */
  readonly expirySeconds?: number;
  /** Which of the node's three prices is paid. Default `market`. */
  readonly gasPrice?: 'low' | 'market' | 'high';
  /** Octas for a unit of gas that are never exceeded. Default 1,000. */
  readonly maxGasUnitPrice?: number;
  /** Units of gas that one transaction never exceeds. Default 2,000,000. */
  readonly maxGasUnits?: number;
  /** Transfers in one transaction. Default 100. */
  readonly maxBatchSize?: number;
  /** For one read with its repetitions. Default 10,000. */
  readonly timeoutMs?: number;
  /** For one exchange with a node. Default 5,000. */
  readonly exchangeTimeoutMs?: number;
  /** Unique among what one journal serves. Default `aptos-mainnet`, `aptos-testnet`, or `aptos-` and the chain id. */
  readonly name?: string;
}

/** The settings, checked and complete. Keys are inside the signers, where nothing shows them. */
export interface AptosConfig {
  readonly name: string;
  readonly nodeUrls: readonly string[];
  readonly chainId: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly senders: ReadonlyMap<Address, AptosSigner>;
  readonly feePayer: AptosSigner | undefined;
  readonly assets: readonly AptosAsset[];
  readonly pools: ReadonlyMap<string, AptosPool>;
  /** Aborts of all those pools by which a bound was not met. */
  readonly boundAborts: ReadonlySet<string>;
  readonly orderless: boolean;
  readonly expirySeconds: number;
  readonly gasPrice: 'low' | 'market' | 'high';
  readonly maxGasUnitPrice: bigint;
  readonly maxGasUnits: bigint;
  readonly maxBatchSize: number;
  readonly timeoutMs: number;
  readonly exchangeTimeoutMs: number;
}

const wholeFrom = (least: number, most: number) => {
  const error = `a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
};

const NodeUrlSchema = z
  .url({ protocol: /^https?$/, error: 'an http or https address, such as "https://api.mainnet.aptoslabs.com/v1"' })
  .transform((url) => url.replace(/\/+$/, ''));

const AddressSchema = z.custom<string>((value) => readAddress(value) !== undefined, { error: ADDRESS_EXPECTED });
const PrivateKeySchema = z.custom<string>((value) => typeof value === 'string' && readPrivateKey(value) !== undefined, {
  error: PRIVATE_KEY_EXPECTED,
});
const SignerSchema = z.custom<AptosSigner>(
  (value) => typeof value === 'object' && value !== null && 'sign' in value && typeof value.sign === 'function',
  { error: 'a signer, or an object with a privateKey' },
);
const AccountSchema = z.strictObject({
  privateKey: PrivateKeySchema,
  singleKey: z.boolean({ error: 'true or false' }).optional(),
  address: AddressSchema.optional(),
});
const AccountOrSignerSchema = z.union([AccountSchema, SignerSchema], {
  error: `an object with ${PRIVATE_KEY_EXPECTED}, or a signer`,
});

const DecimalsSchema = wholeFrom(0, 18);
const AssetSchema = z.union(
  [
    z.strictObject({ coin: z.string(), decimals: DecimalsSchema }),
    z.strictObject({ fungibleAsset: z.string(), decimals: DecimalsSchema }),
  ],
  { error: 'either coin or fungibleAsset, and decimals from 0 to 18' },
);

const LONGEST_EXPIRY_SECONDS = 600;
const LONGEST_ORDERLESS_EXPIRY_SECONDS = 60;

const SettingsSchema = z.strictObject({
  nodeUrl: z.union([NodeUrlSchema, z.array(NodeUrlSchema).min(1)], {
    error: 'an http or https address of a node, or a list of them',
  }),
  chainId: wholeFrom(1, 255).optional(),
  apiKey: z
    .string({ error: 'the API key as text' })
    .regex(/^[\x21-\x7e]+$/, { error: 'the API key as text' })
    .optional(),
  privateKey: PrivateKeySchema.optional(),
  signer: SignerSchema.optional(),
  senders: z.array(AccountOrSignerSchema).min(1, { error: 'at least one account' }).optional(),
  feePayer: AccountOrSignerSchema.optional(),
  assets: z
    .record(
      z.string().regex(/^[A-Za-z][A-Za-z0-9.-]{0,31}$/, { error: 'a currency or ticker, such as "USD"' }),
      AssetSchema,
    )
    .default({}),
  pools: z
    .record(
      z.string().min(1).max(64),
      z.custom<PoolFactory>((value) => typeof value === 'function', { error: 'a pool' }),
    )
    .default({}),
  replayProtection: z.enum(['sequence', 'orderless'], { error: '"sequence" or "orderless"' }).default('sequence'),
  expirySeconds: wholeFrom(5, LONGEST_EXPIRY_SECONDS).default(60),
  gasPrice: z.enum(['low', 'market', 'high'], { error: '"low", "market" or "high"' }).default('market'),
  maxGasUnitPrice: wholeFrom(100, 10_000_000_000).default(1000),
  maxGasUnits: wholeFrom(2000, 20_000_000).default(2_000_000),
  maxBatchSize: wholeFrom(1, 500).default(100),
  timeoutMs: wholeFrom(1, 600_000).default(10_000),
  exchangeTimeoutMs: wholeFrom(1, 600_000).default(5000),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, { error: 'a name of lower-case letters, digits and dashes' })
    .optional(),
});

const MAINNET = 1;
const CHAIN_NAMES: Readonly<Record<number, string>> = { [MAINNET]: 'mainnet', 2: 'testnet' };
/** Chains whose node addresses tell which they are. Source: docs/providers/aptos.md#hosts */
const KNOWN_HOSTS: readonly (readonly [RegExp, number])[] = [
  [/^https:\/\/(?:api|fullnode)\.mainnet\.aptoslabs\.com(?:\/|$)/, MAINNET],
  [/^https:\/\/(?:api|fullnode)\.testnet\.aptoslabs\.com(?:\/|$)/, 2],
  [/^https?:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?(?:\/|$)/, 4],
];
const LOOPBACK_CHAIN = 4;

/**
 * Checks settings, and completes them.
 * @throws ConfigError naming the first field that is not usable as `aptos.<field>`; never its value.
 */
export function parseAptosConfig(settings: unknown): AptosConfig {
  const checked = parseConfig('aptos', SettingsSchema, settings);
  const nodeUrls = typeof checked.nodeUrl === 'string' ? [checked.nodeUrl] : checked.nodeUrl;
  const chainId = checked.chainId ?? chainIdOf(nodeUrls);
  if (chainId === MAINNET) refusePlainHttp(nodeUrls);
  const orderless = checked.replayProtection === 'orderless';
  if (orderless && checked.expirySeconds > LONGEST_ORDERLESS_EXPIRY_SECONDS) {
    throw new ConfigError({ field: 'aptos.expirySeconds', expected: 'at most 60 for orderless transactions' });
  }
  const feePayer = checked.feePayer === undefined ? undefined : signerOf(checked.feePayer, 'aptos.feePayer');
  const senders = readSenders(checked);
  if (feePayer !== undefined && senders.has(feePayer.address)) {
    throw new ConfigError({ field: 'aptos.feePayer', expected: 'another account than the senders' });
  }
  const assets = Object.entries(checked.assets).map(([currency, asset]) => readAsset(currency, asset));
  const pools = new Map(Object.entries(checked.pools).map(([name, make]) => [name, make({ name, assets })] as const));
  return {
    name: checked.name ?? `aptos-${CHAIN_NAMES[chainId] ?? chainId}`,
    nodeUrls,
    chainId,
    headers: checked.apiKey === undefined ? {} : { authorization: `Bearer ${checked.apiKey}` },
    senders,
    feePayer,
    assets,
    pools,
    boundAborts: new Set([...pools.values()].flatMap(({ boundAborts }) => boundAborts)),
    orderless,
    expirySeconds: checked.expirySeconds,
    gasPrice: checked.gasPrice,
    maxGasUnitPrice: BigInt(checked.maxGasUnitPrice),
    maxGasUnits: BigInt(checked.maxGasUnits),
    maxBatchSize: checked.maxBatchSize,
    timeoutMs: checked.timeoutMs,
    exchangeTimeoutMs: checked.exchangeTimeoutMs,
  };
}

function chainIdOf(nodeUrls: readonly string[]): number {
  const ids = new Set(nodeUrls.map((url) => KNOWN_HOSTS.find(([host]) => host.test(url))?.[1]));
  const [id] = ids;
  if (id === undefined || ids.size !== 1) {
    throw new ConfigError({
      field: 'aptos.chainId',
      expected: 'the number of the chain (1 mainnet, 2 testnet): the node’s address does not tell',
    });
  }
  return id;
}

function refusePlainHttp(nodeUrls: readonly string[]): void {
  for (const url of nodeUrls) {
    const isLoopback = KNOWN_HOSTS.some(([host, id]) => id === LOOPBACK_CHAIN && host.test(url));
    if (url.startsWith('http:') && !isLoopback) {
      throw new ConfigError({ field: 'aptos.nodeUrl', expected: 'an https address on mainnet' });
    }
  }
}

function readSenders(checked: z.output<typeof SettingsSchema>): ReadonlyMap<Address, AptosSigner> {
  const given = [checked.privateKey, checked.signer, checked.senders].filter((way) => way !== undefined);
  if (given.length !== 1) {
    throw new ConfigError({
      field: 'aptos.privateKey',
      expected: 'exactly one of privateKey, signer and senders',
    });
  }
  const accounts = checked.senders ?? [checked.signer ?? { privateKey: checked.privateKey as string }];
  const senders = new Map<Address, AptosSigner>();
  for (const [index, account] of accounts.entries()) {
    const field = checked.senders === undefined ? 'aptos' : `aptos.senders.${index}`;
    const signer = signerOf(account, field);
    if (senders.has(signer.address)) throw new ConfigError({ field, expected: 'an account that is not listed twice' });
    senders.set(signer.address, signer);
  }
  return senders;
}

function signerOf(account: z.output<typeof AccountOrSignerSchema>, field: string): AptosSigner {
  if ('sign' in account) return account;
  const address = readAddress(account.address);
  return createSigner(account.privateKey, {
    field: `${field}.privateKey`,
    ...(account.singleKey === undefined ? {} : { singleKey: account.singleKey }),
    ...(address === undefined ? {} : { address }),
  });
}
