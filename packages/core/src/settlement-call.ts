import type { NetworkCall } from './settlement-network.ts';

type WithoutBigints<Value> = Value extends bigint
  ? string
  : Value extends object
    ? { readonly [Key in keyof Value]: WithoutBigints<Value[Key]> }
    : Value;

/** A call as a record keeps it: base units as decimal text, so that it survives JSON. */
export type StoredCall = WithoutBigints<NetworkCall>;

export const storeCall = (call: NetworkCall): StoredCall =>
  JSON.parse(
    JSON.stringify(call, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
  ) as StoredCall;

/** The fields of a call that hold base units. */
const AMOUNTS = new Set(['amount', 'shares']);

export const restoreCall = (call: StoredCall): NetworkCall =>
  JSON.parse(JSON.stringify(call), (key, value: unknown) =>
    AMOUNTS.has(key) ? BigInt(value as string) : value,
  ) as NetworkCall;
