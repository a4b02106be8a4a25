import { InvalidRequestError, parseUnits } from '@canza/core';

import { type Address, parseAddress } from '../address.ts';
import type { AptosAsset } from '../assets.ts';
import type { MoveArgument } from '../bcs/move-argument.ts';
import { IDENTIFIER, parseTypeTag } from '../bcs/type-tag.ts';
import type { AptosTransfer } from '../payloads.ts';
import { parseRecipient } from '../recipient.ts';
import type { EntryFunction } from '../transaction/raw-transaction.ts';

/** One transfer as a caller asks for it. */
export interface TransferRequest {
  /** Whole address of the recipient. */
  readonly to: string;
  /** Decimal text in units of the asset: `"500.00"`. */
  readonly amount: string;
}

/** A call of any entry function. */
export interface EntryFunctionRequest {
  /** `0x…::module::function`. */
  readonly function: string;
  readonly typeArguments?: readonly string[];
  /** Made with `moveArgument`, one for each parameter but the signer. */
  readonly arguments?: readonly MoveArgument[];
}

/** @throws InvalidRequestError for a currency that is not configured. */
export function assetByCurrency(assets: readonly AptosAsset[], currency: string, field = 'asset'): AptosAsset {
  const asset = assets.find((candidate) => candidate.currency === currency);
  if (asset === undefined) throw new InvalidRequestError({ field, expected: 'the currency of a configured asset' });
  return asset;
}

const LARGEST_U64 = (1n << 64n) - 1n;

/** An amount in base units. @throws InvalidRequestError naming the field. */
export function amountOf(amount: string, { decimals }: AptosAsset, field = 'amount'): bigint {
  const units = parseUnits(amount, decimals, field);
  if (units > LARGEST_U64) throw new InvalidRequestError({ field, expected: 'an amount that fits 64 bits' });
  return units;
}

export const transferOf = ({ to, amount }: TransferRequest, asset: AptosAsset, scope = ''): AptosTransfer => ({
  to: parseRecipient(to, `${scope}to`),
  amount: amountOf(amount, asset, `${scope}amount`),
});

/** @throws InvalidRequestError naming the field. */
export function entryFunctionOf({
  function: name,
  typeArguments = [],
  arguments: args = [],
}: EntryFunctionRequest): EntryFunction {
  const [at = '', module = '', fn = '', ...rest] = name.split('::');
  if (!IDENTIFIER.test(module) || !IDENTIFIER.test(fn) || rest.length > 0) {
    throw new InvalidRequestError({ field: 'function', expected: 'an entry function, such as "0x1::coin::transfer"' });
  }
  const address: Address = parseAddress(at, 'function');
  return {
    kind: 'entry-function',
    address,
    module,
    name: fn,
    typeArguments: typeArguments.map((text, index) => parseTypeTag(text, `typeArguments.${index}`)),
    arguments: args,
  };
}

const HASH = /^0x[0-9a-fA-F]{64}$/;

/** A transaction's hash in canonical form. @throws InvalidRequestError */
export function parseHash(hash: string): string {
  if (!HASH.test(hash)) throw new InvalidRequestError({ field: 'hash', expected: '0x and 64 hex digits' });
  return hash.toLowerCase();
}
