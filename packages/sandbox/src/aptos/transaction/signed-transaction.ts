import { BcsReader } from '../bcs/reader.ts';
import { ADDRESS_LENGTH, type Address, addressOf } from '../move/address.ts';
import { type Authenticator, readAuthenticator } from './authenticator.ts';
import { transactionHash } from './hashes.ts';
import { type Payload, readPayload } from './payload.ts';

/** A transaction as it was signed and sent. */
export interface SignedTransaction {
  readonly hash: Address;
  readonly sender: Address;
  /** Without meaning where the payload has a nonce. */
  readonly sequenceNumber: bigint;
  readonly payload: Payload;
  readonly maxGasAmount: bigint;
  /** Octas a unit. */
  readonly gasUnitPrice: bigint;
  readonly expirationSeconds: bigint;
  readonly chainId: number;
  readonly authenticator: Authenticator;
  /** What is signed. */
  readonly rawBytes: Uint8Array;
  /** Size of the whole on the wire. */
  readonly sizeBytes: number;
}

/** @throws BcsError */
export function readSignedTransaction(bytes: Uint8Array): SignedTransaction {
  // A copy: what came from a socket may be a view into a buffer that is much larger.
  const reader = new BcsReader(Uint8Array.from(bytes));
  const transaction = readOne(reader);
  reader.end();
  return transaction;
}

/** The body of a batch. @throws BcsError */
export function readSignedTransactions(bytes: Uint8Array): readonly SignedTransaction[] {
  const reader = new BcsReader(Uint8Array.from(bytes));
  const transactions = reader.vector(() => readOne(reader));
  reader.end();
  return transactions;
}

function readOne(reader: BcsReader): SignedTransaction {
  const from = reader.position;
  const sender = addressOf(reader.fixed(ADDRESS_LENGTH));
  const sequenceNumber = reader.u64();
  const payload = readPayload(reader);
  const maxGasAmount = reader.u64();
  const gasUnitPrice = reader.u64();
  const expirationSeconds = reader.u64();
  const chainId = reader.u8();
  const rawEnd = reader.position;
  const authenticator = readAuthenticator(reader);
  const all = reader.slice(from, reader.position);
  return {
    hash: transactionHash(all),
    sender,
    sequenceNumber,
    payload,
    maxGasAmount,
    gasUnitPrice,
    expirationSeconds,
    chainId,
    authenticator,
    rawBytes: reader.slice(from, rawEnd),
    sizeBytes: all.length,
  };
}

/** Who pays the fee. */
export const payerOf = ({ sender, authenticator }: SignedTransaction): Address =>
  authenticator.feePayer?.address ?? sender;
