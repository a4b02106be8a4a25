import type { CallOptions } from '@canza/core';
import { z } from 'zod';

import { type Address, readNodeAddress } from './address.ts';
import type { AptosAsset } from './assets.ts';
import { bodyOf, unexpected } from './fullnode/answer.ts';
import type { Fullnode } from './fullnode/fullnode.ts';

/** A JSON value, as a view takes it and answers it: u64 and larger as text, addresses as hex. */
export type ViewValue = string | number | boolean | null | readonly ViewValue[] | { readonly [key: string]: ViewValue };

/** A view function to be called, which reads and changes nothing. */
export interface ViewRequest {
  /** `0x1::coin::balance`. */
  readonly function: string;
  readonly typeArguments?: readonly string[];
  readonly arguments?: readonly ViewValue[];
}

const ResultSchema = z.array(z.json());

/**
 * Asks a view function; the answer is the list of what it returns.
 * @throws UnexpectedResponseError where the node refuses it, or its answer cannot be read.
 */
export async function askView(
  fullnode: Fullnode,
  { function: name, typeArguments = [], arguments: args = [] }: ViewRequest,
  options?: CallOptions,
): Promise<readonly ViewValue[]> {
  const json = { function: name, type_arguments: typeArguments, arguments: args };
  const answer = await fullnode.read({ method: 'POST', path: 'view', json }, { ...options, fresh: true });
  return bodyOf(answer, ResultSchema, `the view ${name}`);
}

/** A view that returns exactly one value. */
async function askOne<Schema extends z.ZodType>(
  fullnode: Fullnode,
  request: ViewRequest,
  schema: Schema,
  options?: CallOptions,
): Promise<z.output<Schema>> {
  const { function: name, typeArguments = [], arguments: args = [] } = request;
  const json = { function: name, type_arguments: typeArguments, arguments: args };
  const answer = await fullnode.read({ method: 'POST', path: 'view', json }, { ...options, fresh: true });
  const [value, ...more] = bodyOf(answer, ResultSchema, `the view ${name}`);
  const read = schema.safeParse(value);
  if (!read.success || more.length > 0) throw unexpected(answer, `what the view ${name} returned cannot be read`);
  return read.data;
}

const U64 = z
  .string()
  .regex(/^\d{1,20}$/)
  .transform(BigInt);
const METADATA_TYPE = '0x1::fungible_asset::Metadata';

/** What an account holds, in base units, without rounding: a coin's legacy store and its fungible asset together. */
export const balanceOf = (
  fullnode: Fullnode,
  asset: AptosAsset,
  owner: Address,
  options?: CallOptions,
): Promise<bigint> =>
  askOne(
    fullnode,
    asset.kind === 'coin'
      ? { function: '0x1::coin::balance', typeArguments: [asset.id], arguments: [owner] }
      : {
          function: '0x1::primary_fungible_store::balance',
          typeArguments: [METADATA_TYPE],
          arguments: [owner, asset.metadata],
        },
    U64,
    options,
  );

/** Whether the issuer has frozen an account's units of an asset. */
export const isFrozen = (
  fullnode: Fullnode,
  asset: AptosAsset,
  owner: Address,
  options?: CallOptions,
): Promise<boolean> =>
  askOne(
    fullnode,
    {
      function: '0x1::primary_fungible_store::is_frozen',
      typeArguments: [METADATA_TYPE],
      arguments: [owner, asset.metadata],
    },
    z.boolean(),
    options,
  );

/** The decimals that the chain itself has for an asset. */
export const decimalsOf = (fullnode: Fullnode, asset: AptosAsset, options?: CallOptions): Promise<number> =>
  askOne(
    fullnode,
    asset.kind === 'coin'
      ? { function: '0x1::coin::decimals', typeArguments: [asset.id] }
      : { function: '0x1::fungible_asset::decimals', typeArguments: [METADATA_TYPE], arguments: [asset.metadata] },
    z.int().min(0).max(255),
    options,
  );

const PairedSchema = z.object({ vec: z.array(z.object({ inner: z.string() })).max(1) });

/** The metadata of the fungible asset that a coin is paired with; `undefined` while it is not paired. */
export async function pairedMetadataOf(
  fullnode: Fullnode,
  coinType: string,
  options?: CallOptions,
): Promise<Address | undefined> {
  const request = { function: '0x1::coin::paired_metadata', typeArguments: [coinType] };
  const { vec } = await askOne(fullnode, request, PairedSchema, options);
  return readNodeAddress(vec[0]?.inner);
}
