import type { AssetAmount, NetworkCall } from './settlement-network.ts';

type WithoutBigints<Value> = Value extends bigint
  ? string
  : Value extends object
    ? { readonly [Key in keyof Value]: WithoutBigints<Value[Key]> }
    : Value;

/** A call as a record keeps it: base units as decimal text, so that it survives JSON. */
export type StoredCall = WithoutBigints<NetworkCall>;

type StoredAmount = WithoutBigints<AssetAmount>;
type Pair<Of> = readonly [Of, Of];

const store = ({ asset, amount }: AssetAmount): StoredAmount => ({ asset, amount: amount.toString() });
const restore = ({ asset, amount }: StoredAmount): AssetAmount => ({ asset, amount: BigInt(amount) });
const storePair = ([one, other]: Pair<AssetAmount>): Pair<StoredAmount> => [store(one), store(other)];
const restorePair = ([one, other]: Pair<StoredAmount>): Pair<AssetAmount> => [restore(one), restore(other)];

/** A call as a record keeps it: amounts as text. */
export function storeCall(call: NetworkCall): StoredCall {
  switch (call.kind) {
    case 'transfers':
      return { ...call, transfers: call.transfers.map(({ to, amount }) => ({ to, amount: amount.toString() })) };
    case 'add-liquidity':
      return { ...call, desired: storePair(call.desired), minimum: storePair(call.minimum) };
    case 'remove-liquidity':
      return { ...call, shares: call.shares.toString(), minimum: storePair(call.minimum) };
    case 'swap':
      return { ...call, pay: store(call.pay), minimum: store(call.minimum) };
    case 'void':
      return call;
  }
}

/** The call that {@link storeCall} wrote down. */
export function restoreCall(call: StoredCall): NetworkCall {
  switch (call.kind) {
    case 'transfers':
      return { ...call, transfers: call.transfers.map(({ to, amount }) => ({ to, amount: BigInt(amount) })) };
    case 'add-liquidity':
      return { ...call, desired: restorePair(call.desired), minimum: restorePair(call.minimum) };
    case 'remove-liquidity':
      return { ...call, shares: BigInt(call.shares), minimum: restorePair(call.minimum) };
    case 'swap':
      return { ...call, pay: restore(call.pay), minimum: restore(call.minimum) };
    case 'void':
      return call;
  }
}
