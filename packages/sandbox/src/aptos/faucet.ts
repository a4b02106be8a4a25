import { createPrivateKey, createPublicKey, sign } from 'node:crypto';

import { BcsWriter } from './bcs/writer.ts';
import type { Chain } from './chain/chain.ts';
import { secondsOf } from './chain/executor.ts';
import { unknownAbort } from './framework/aborts.ts';
import { fn, type MoveFunction } from './framework/function-table.ts';
import { mint } from './framework/stores.ts';
import { type Address, APT, addressBytes, FRAMEWORK } from './move/address.ts';
import { EVERY_NODE } from './nodes.ts';
import { authenticationKey, KEY_SCHEME, RAW_TRANSACTION_PREFIX } from './transaction/hashes.ts';
import { readSignedTransaction, type SignedTransaction } from './transaction/signed-transaction.ts';

/** The key of the faucet. It is published with this package and protects nothing. */
const SEED = Buffer.alloc(32, 'canza sandbox faucet');
const PKCS8_HEADER = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_LENGTH = 12;

const PRIVATE_KEY = createPrivateKey({ key: Buffer.concat([PKCS8_HEADER, SEED]), format: 'der', type: 'pkcs8' });
const PUBLIC_KEY = createPublicKey(PRIVATE_KEY).export({ format: 'der', type: 'spki' }).subarray(SPKI_LENGTH);

/** Who mints. It pays its fees like everybody, out of what the first block gave it. */
export const FAUCET: Address = authenticationKey(PUBLIC_KEY, KEY_SCHEME.ed25519);
export const FAUCET_OPENING_OCTAS = 10n ** 17n;

/** The entry that the faucet calls; nobody else may. */
export const faucetFunctions = (): readonly MoveFunction[] => [
  fn('entry 0x1::aptos_coin::mint(&signer, address, u64)', (context, [to, amount]) => {
    if (context.sender !== FAUCET) throw unknownAbort(FRAMEWORK, 'aptos_coin', 1);
    mint(context, APT, to as Address, amount as bigint);
  }),
];

const MAX_GAS = 100_000n;
const LIFETIME_SECONDS = 60n;

/** Gives octas to whoever asks, by transactions of its own. */
export class Faucet {
  readonly #chain: Chain;
  #nonce = 0n;

  constructor(chain: Chain) {
    this.#chain = chain;
  }

  /** Sends the transaction that gives; it commits with the next block. */
  fund(to: Address, octas: bigint): SignedTransaction {
    const { chainId, gas } = this.#chain.settings;
    this.#nonce += 1n;
    const raw = new BcsWriter()
      .fixed(addressBytes(FAUCET))
      .u64((1n << 64n) - 1n)
      // A payload with a nonce: payload, version, entry function.
      .uleb128(4)
      .uleb128(0)
      .uleb128(1)
      .fixed(addressBytes(FRAMEWORK))
      .string('aptos_coin')
      .string('mint')
      .uleb128(0)
      .uleb128(2)
      .bytes(addressBytes(to))
      .bytes(new BcsWriter().u64(octas).finish())
      // Version, no multisig account, the nonce.
      .uleb128(0)
      .bool(false)
      .bool(true)
      .u64(this.#nonce)
      .u64(MAX_GAS)
      .u64(gas.minimumPrice > this.#chain.floorPrice ? gas.minimumPrice : this.#chain.floorPrice)
      .u64(secondsOf(this.#chain.ledger.head.timestampUsec) + LIFETIME_SECONDS)
      .u8(chainId)
      .finish();
    const signature = sign(null, Buffer.concat([RAW_TRANSACTION_PREFIX, raw]), PRIVATE_KEY);
    const signed = new BcsWriter().fixed(raw).uleb128(0).bytes(PUBLIC_KEY).bytes(signature).finish();
    const transaction = readSignedTransaction(signed);
    this.#chain.submit(transaction, { node: EVERY_NODE, snapshot: this.#chain.ledger.head });
    return transaction;
  }
}
