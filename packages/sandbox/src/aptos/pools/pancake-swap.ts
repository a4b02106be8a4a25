import { unknownAbort } from '../framework/aborts.ts';
import type { CallContext } from '../framework/call.ts';
import { fn, type MoveFunction } from '../framework/function-table.ts';
import { knownAddress } from '../move/address.ts';
import type { MoveType } from '../move/type-tag.ts';
import { type CoinPoolNames, coinAt, createPool, findPool, isSorted } from './coin-pools.ts';
import {
  addLiquidity,
  type FoundPool,
  type PoolRefusal,
  type PoolRules,
  removeLiquidity,
  type SwapBounds,
  swap,
} from './pool.ts';

const AT = '0xc7efb4076dbe143cbcd98cfaaa929ecfc8f299203dfff63b95ccb6bfe19850fa';
const address = knownAddress(AT);

/** Reasons of the router and, above them, of the pool's own module. (unconfirmed) */
const CODES: Readonly<Record<PoolRefusal, readonly [module: string, code: number]>> = {
  'insufficient-output': ['router', 0],
  'excessive-input': ['router', 1],
  'insufficient-x': ['router', 2],
  'insufficient-y': ['router', 3],
  'no-pool': ['router', 4],
  'pool-exists': ['swap', 1],
  'same-asset': ['swap', 1],
  'insufficient-liquidity': ['swap', 4],
  'nothing-given': ['swap_utils', 0],
};

const RULES: PoolRules = {
  address,
  feeBasisPoints: 25n,
  minimumLiquidity: 1_000n,
  refuse(reason) {
    const [module, code] = CODES[reason];
    throw unknownAbort(address, module, code);
  },
};

const NAMES: CoinPoolNames = {
  protocol: 'PancakeSwap',
  share: { address, module: 'swap', name: 'LPToken' },
  resource: { address, module: 'swap', name: 'TokenPairReserve' },
};

/** The router sorts coins itself: what is given comes back in the pool's order. */
function inOrder({ typeArgs }: CallContext): { readonly types: readonly MoveType[]; readonly isTurned: boolean } {
  const [x, y] = typeArgs;
  if (x === undefined || y === undefined) return RULES.refuse('no-pool');
  return isSorted(x, y) ? { types: [x, y], isTurned: false } : { types: [y, x], isTurned: true };
}

const poolOf = (context: CallContext): FoundPool =>
  findPool(context, RULES, inOrder(context).types) ?? RULES.refuse('no-pool');

const turn = <T>(pair: readonly [T, T], isTurned: boolean): readonly [T, T] => (isTurned ? [pair[1], pair[0]] : pair);

/** Swaps along a chain of coins, each hop for what the one before it gave. */
function swapAlong(context: CallContext, given: bigint, leastOut: bigint): void {
  const { typeArgs } = context;
  let amount = given;
  for (let hop = 0; hop + 1 < typeArgs.length; hop++) {
    const isLast = hop + 2 === typeArgs.length;
    const call = { ...context, typeArgs: typeArgs.slice(hop, hop + 2) };
    const bounds: SwapBounds = { kind: 'exact-in', amount, leastOut: isLast ? leastOut : 0n };
    amount = swap(call, RULES, poolOf(call), coinAt(context, typeArgs[hop]), bounds);
  }
}

const entry = (
  signature: string,
  run: (context: CallContext, numbers: readonly [bigint, bigint, bigint, bigint]) => void,
): MoveFunction =>
  fn(`entry ${AT}::router::${signature}`, (context, args) => {
    const [a = 0n, b = 0n, c = 0n, d = 0n] = args as readonly bigint[];
    run(context, [a, b, c, d]);
  });

/** The router's entry functions. Source: docs/sandbox/aptos.md#pools */
export const pancakeSwapFunctions = (): readonly MoveFunction[] => [
  entry('create_pair<T0, T1>(&signer)', (context) => {
    createPool(context, RULES, NAMES, inOrder(context).types);
  }),
  entry('add_liquidity<T0, T1>(&signer, u64, u64, u64, u64)', (context, [x, y, leastX, leastY]) => {
    const { types, isTurned } = inOrder(context);
    const pool = findPool(context, RULES, types) ?? createPool(context, RULES, NAMES, types);
    addLiquidity(context, RULES, pool, turn([x, y], isTurned), turn([leastX, leastY], isTurned));
  }),
  entry('remove_liquidity<T0, T1>(&signer, u64, u64, u64)', (context, [shares, leastX, leastY]) =>
    removeLiquidity(context, RULES, poolOf(context), shares, turn([leastX, leastY], inOrder(context).isTurned)),
  ),
  entry('swap_exact_input<T0, T1>(&signer, u64, u64)', (context, [given, leastOut]) =>
    swapAlong(context, given, leastOut),
  ),
  entry('swap_exact_input_doublehop<T0, T1, T2>(&signer, u64, u64)', (context, [given, leastOut]) =>
    swapAlong(context, given, leastOut),
  ),
  entry('swap_exact_output<T0, T1>(&signer, u64, u64)', (context, [amount, mostIn]) => {
    swap(context, RULES, poolOf(context), coinAt(context, context.typeArgs[0]), { kind: 'exact-out', amount, mostIn });
  }),
];
