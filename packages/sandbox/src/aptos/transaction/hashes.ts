import { hash } from 'node:crypto';

import { type Address, APT, addressBytes, addressOf } from '../move/address.ts';

const EMPTY = new Uint8Array();

export function sha3(...parts: readonly Uint8Array[]): Buffer {
  const [only = EMPTY] = parts;
  return hash('sha3-256', parts.length === 1 ? only : Buffer.concat(parts), 'buffer');
}

/** What stands before everything that is hashed or signed, so that no two kinds of things can be taken for each other. */
const prefixOf = (name: string): Buffer => sha3(Buffer.from(`APTOS::${name}`));

export const RAW_TRANSACTION_PREFIX = prefixOf('RawTransaction');
export const RAW_TRANSACTION_WITH_DATA_PREFIX = prefixOf('RawTransactionWithData');
const TRANSACTION_PREFIX = prefixOf('Transaction');

const USER_TRANSACTION = Uint8Array.of(0);

/** The hash of a signed transaction, signature included: known before it is sent. Source: docs/sandbox/aptos.md#hashes */
export const transactionHash = (signed: Uint8Array): Address =>
  addressOf(sha3(TRANSACTION_PREFIX, USER_TRANSACTION, signed));

const derived = (suffix: number, ...parts: readonly Uint8Array[]): Address =>
  addressOf(sha3(...parts, Uint8Array.of(suffix)));

/** Schemes of authentication keys. */
export const KEY_SCHEME = { ed25519: 0, 'multi-ed25519': 1, 'single-key': 2, 'multi-key': 3 } as const;

export const authenticationKey = (keyBytes: Uint8Array, scheme: number): Address => derived(scheme, keyBytes);

/** Most results of one kind that are kept. */
const MOST_KNOWN = 16_384;

/** Keeps what was derived lately: every transfer asks for the same stores several times, and every look for the same keys. */
function remembered<Result>(): (key: string, derive: () => Result) => Result {
  const known = new Map<string, Result>();
  return (key, derive) => {
    let result = known.get(key);
    if (result === undefined) {
      result = derive();
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(key, result);
    }
    return result;
  };
}

const knownStores = remembered<Address>();
const knownStateKeys = remembered<string>();

/** Where an owner's balance of an asset lies. */
export const primaryStore = (owner: Address, metadata: Address): Address =>
  knownStores(owner + metadata, () => derived(0xfc, addressBytes(owner), addressBytes(metadata)));

/** What names a cell in the changes of a transaction. */
export const stateKeyHash = (key: string): string => knownStateKeys(key, () => `0x${hash('sha3-256', key)}`);

/** An object that is named by its creator. */
export const namedObject = (creator: Address, seed: Uint8Array): Address => derived(0xfe, addressBytes(creator), seed);

/** The fungible asset that a coin type is paired with. */
export const pairedAsset = (coinType: string): Address =>
  coinType === '0x1::aptos_coin::AptosCoin' ? APT : namedObject(APT, Buffer.from(coinType));
