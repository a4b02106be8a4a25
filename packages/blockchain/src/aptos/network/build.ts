import { type BuildRequest, InvalidRequestError, type SignedTransaction, UnsupportedError } from '@canza/core';

import { parseAddress } from '../address.ts';
import type { AptosConfig } from '../config.ts';
import type { AptosSigner } from '../keys/signer.ts';
import type { RawTransaction, ReplayProtection } from '../transaction/raw-transaction.ts';
import { signTransaction } from '../transaction/sign.ts';
import { payloadOf } from './calls.ts';

/** Largest signed transaction. Source: docs/providers/aptos.md#gas */
const LARGEST_BYTES = 65_536;
/** Why an orderless transaction has no replacement, and needs no void. */
export const NO_NUMBER = 'transactions without a sequence number hold nothing up, and expire within a minute';
const WHOLE_NUMBER = /^(0|[1-9]\d{0,19})$/;

/** @throws InvalidRequestError */
export function signerOf({ senders }: Pick<AptosConfig, 'senders'>, sender: string, field = 'sender'): AptosSigner {
  const signer = senders.get(parseAddress(sender, field));
  if (signer === undefined) throw new InvalidRequestError({ field, expected: 'a configured sender' });
  return signer;
}

function wholeNumber(text: string, field: string): bigint {
  if (!WHOLE_NUMBER.test(text)) throw new InvalidRequestError({ field, expected: 'a whole number as decimal text' });
  return BigInt(text);
}

/** A slot is a sequence number, or a nonce where transactions are orderless. */
const protectionOf = (slot: string, orderless: boolean): ReplayProtection =>
  orderless ? { nonce: wholeNumber(slot, 'slot') } : { sequenceNumber: wholeNumber(slot, 'slot') };

/**
 * Builds and signs; asks no node. A transaction that replaces an open one takes its expiry and its most gas, because mempool lets only a
 * higher price take over: then at most one of the two can ever commit.
 * @throws InvalidRequestError for what cannot be built; UnsupportedError for a void where there are no numbers.
 */
export async function buildTransaction(config: AptosConfig, request: BuildRequest): Promise<SignedTransaction> {
  const signer = signerOf(config, request.sender);
  const { slot, fee, ledger, replaces } = request;
  const gasUnitPrice = wholeNumber(fee.unitPrice, 'fee.unitPrice');
  if (gasUnitPrice > config.maxGasUnitPrice) {
    throw new InvalidRequestError({ field: 'fee.unitPrice', expected: `at most ${config.maxGasUnitPrice} octas` });
  }
  if (config.orderless && request.call.kind === 'void') {
    throw new UnsupportedError('void', NO_NUMBER);
  }
  if (replaces !== undefined) checkReplacement(request, replaces, signer, gasUnitPrice, config.orderless);
  const maxUnits = replaces?.fee.maxUnits ?? fee.maxUnits;
  const validUntil =
    replaces?.validUntil ?? String(wholeNumber(ledger.position, 'ledger.position') + BigInt(config.expirySeconds));
  const raw: RawTransaction = {
    sender: signer.address,
    replayProtection: protectionOf(slot, config.orderless),
    executable: payloadOf(request.call, signer.address, config),
    maxGasAmount: wholeNumber(maxUnits, 'fee.maxUnits'),
    gasUnitPrice,
    expirationTimestampSecs: BigInt(validUntil),
    chainId: config.chainId,
  };
  const { bytes, hash } = await signTransaction(raw, signer, config.feePayer);
  if (bytes.length > LARGEST_BYTES) {
    throw new InvalidRequestError({ field: 'call', expected: `a transaction of at most ${LARGEST_BYTES} bytes` });
  }
  return {
    sender: signer.address,
    ...(config.feePayer === undefined ? {} : { feePayer: config.feePayer.address }),
    slot,
    bytes: Buffer.from(bytes).toString('base64'),
    hash,
    fee: { maxUnits, unitPrice: fee.unitPrice },
    validUntil,
    // History is needed from the first of all variants on.
    bornAtVersion: replaces?.bornAtVersion ?? ledger.version,
  };
}

function checkReplacement(
  { slot }: BuildRequest,
  replaces: SignedTransaction,
  signer: AptosSigner,
  gasUnitPrice: bigint,
  orderless: boolean,
): void {
  if (orderless || replaces.validUntil === null) {
    throw new InvalidRequestError({
      field: 'replaces',
      expected: 'nothing: orderless transactions cannot be replaced',
    });
  }
  if (replaces.slot !== slot || replaces.sender !== signer.address) {
    throw new InvalidRequestError({ field: 'replaces', expected: 'a transaction of the same sender in the same slot' });
  }
  if (gasUnitPrice <= BigInt(replaces.fee.unitPrice)) {
    throw new InvalidRequestError({ field: 'fee.unitPrice', expected: 'a higher price than that of what is replaced' });
  }
}
