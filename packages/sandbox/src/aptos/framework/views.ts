import type { AssetCell } from '../chain/cells.ts';
import { type Address, shortAddress } from '../move/address.ts';
import type { MoveValue } from '../move/values.ts';
import { primaryStore } from '../transaction/hashes.ts';
import { accountAt } from './accounts.ts';
import type { CallContext } from './call.ts';
import { fn, type MoveFunction } from './function-table.ts';
import { assetAt, primaryBalance, storeAt } from './stores.ts';
import { assetOfCoin } from './transfers.ts';

const STRING = '0x1::string::String';
const METADATA = '0x1::object::Object<0x1::fungible_asset::Metadata>';
const STORE = '0x1::object::Object<0x1::fungible_asset::FungibleStore>';
const USEC_PER_SECOND = 1_000_000n;

const chainViews = (): readonly MoveFunction[] => [
  fn('view 0x1::chain_id::get(): u8', ({ chainId }) => [chainId]),
  fn('view 0x1::timestamp::now_microseconds(): u64', ({ timestampUsec }) => [BigInt(timestampUsec)]),
  fn('view 0x1::timestamp::now_seconds(): u64', ({ timestampUsec }) => [BigInt(timestampUsec) / USEC_PER_SECOND]),
  fn('view 0x1::block::get_current_block_height(): u64', ({ blockHeight }) => [BigInt(blockHeight)]),
  // Every address is an account, whether or not something was stored for it.
  fn('view 0x1::account::exists_at(address): bool', () => [true]),
  fn('view 0x1::account::get_sequence_number(address): u64', ({ session }, [at]) => [
    accountAt(session, at as Address).sequenceNumber,
  ]),
  fn('view 0x1::account::get_authentication_key(address): vector<u8>', ({ session }, [at]) => [
    Buffer.from(accountAt(session, at as Address).authenticationKey.slice(2), 'hex'),
  ]),
  fn('view 0x1::account::originating_address(address): 0x1::option::Option<address>', ({ session }, [key]) => [
    [session.get(key as Address, 'origin')?.address ?? (key as Address)],
  ]),
];

const coinView = (signature: string, read: (asset: AssetCell, metadata: Address) => MoveValue): MoveFunction =>
  fn(signature, (context) => {
    const metadata = assetOfCoin(context);
    return [read(assetAt(context.session, metadata), metadata)];
  });

const coinBalance = (context: CallContext, owner: MoveValue | undefined): bigint =>
  primaryBalance(context.session, owner as Address, assetOfCoin(context));

const textAsHex = (text: string): string => `0x${Buffer.from(text).toString('hex')}`;

const isCoin = (context: CallContext): boolean => {
  try {
    assetOfCoin(context);
    return true;
  } catch {
    return false;
  }
};

const coinViews = (): readonly MoveFunction[] => [
  fn('view 0x1::coin::balance<T0>(address): u64', (context, [owner]) => [coinBalance(context, owner)]),
  fn('view 0x1::coin::is_balance_at_least<T0>(address, u64): bool', (context, [owner, amount]) => [
    coinBalance(context, owner) >= (amount as bigint),
  ]),
  coinView(`view 0x1::coin::name<T0>(): ${STRING}`, ({ name }) => name),
  coinView(`view 0x1::coin::symbol<T0>(): ${STRING}`, ({ symbol }) => symbol),
  coinView('view 0x1::coin::decimals<T0>(): u8', ({ decimals }) => decimals),
  coinView('view 0x1::coin::supply<T0>(): 0x1::option::Option<u128>', ({ supply }) => [supply]),
  fn('view 0x1::coin::is_coin_initialized<T0>(): bool', (context) => [isCoin(context)]),
  fn('view 0x1::coin::is_account_registered<T0>(address): bool', (context) => [isCoin(context)]),
  fn('view 0x1::coin::is_coin_store_frozen<T0>(address): bool', (context, [owner]) => [
    context.session.get(primaryStore(owner as Address, assetOfCoin(context)), 'store')?.isFrozen ?? false,
  ]),
  fn(`view 0x1::coin::paired_metadata<T0>(): 0x1::option::Option<${METADATA}>`, (context) => [
    isCoin(context) ? [assetOfCoin(context)] : [],
  ]),
  fn(
    `view 0x1::coin::paired_coin(${METADATA}): 0x1::option::Option<0x1::type_info::TypeInfo>`,
    ({ session }, [metadata]) => {
      const { coinType } = assetAt(session, metadata as Address);
      if (coinType === undefined) return [[]];
      const shown = {
        account_address: shortAddress(coinType.address),
        module_name: textAsHex(coinType.module),
        struct_name: textAsHex(coinType.name),
      };
      return [[{ shown }]];
    },
  ),
];

/** `T0` is the type of the metadata's object, which is always the same. */
const primaryViews = (): readonly MoveFunction[] => {
  const parameters = '<T0>(address, 0x1::object::Object<T0>';
  const view = (
    name: string,
    rest: string,
    read: (context: CallContext, owner: Address, metadata: Address, args: readonly MoveValue[]) => MoveValue,
  ): MoveFunction =>
    fn(`view 0x1::primary_fungible_store::${name}${parameters}${rest}`, (context, args) => {
      const [owner, metadata] = args;
      return [read(context, owner as Address, metadata as Address, args)];
    });
  return [
    view('balance', '): u64', ({ session }, owner, metadata) => primaryBalance(session, owner, metadata)),
    view(
      'is_balance_at_least',
      ', u64): bool',
      ({ session }, owner, metadata, [, , amount]) => primaryBalance(session, owner, metadata) >= (amount as bigint),
    ),
    view(
      'is_frozen',
      '): bool',
      ({ session }, owner, metadata) => session.get(primaryStore(owner, metadata), 'store')?.isFrozen ?? false,
    ),
    view('primary_store_address', '): address', (_context, owner, metadata) => primaryStore(owner, metadata)),
    view('primary_store', `): ${STORE}`, (context, owner, metadata) => {
      const at = primaryStore(owner, metadata);
      storeAt(context, at);
      return at;
    }),
    view(
      'primary_store_exists',
      '): bool',
      ({ session }, owner, metadata) => session.get(primaryStore(owner, metadata), 'store') !== undefined,
    ),
  ];
};

const assetView = (name: string, returns: string, read: (asset: AssetCell) => MoveValue): MoveFunction =>
  fn(`view 0x1::fungible_asset::${name}<T0>(0x1::object::Object<T0>): ${returns}`, ({ session }, [metadata]) => [
    read(assetAt(session, metadata as Address)),
  ]);

const assetViews = (): readonly MoveFunction[] => [
  assetView('name', STRING, ({ name }) => name),
  assetView('symbol', STRING, ({ symbol }) => symbol),
  assetView('decimals', 'u8', ({ decimals }) => decimals),
  assetView('icon_uri', STRING, ({ iconUri }) => iconUri),
  assetView('project_uri', STRING, ({ projectUri }) => projectUri),
  assetView('supply', '0x1::option::Option<u128>', ({ supply }) => [supply]),
  assetView('maximum', '0x1::option::Option<u128>', ({ maximum }) => (maximum === undefined ? [] : [maximum])),
  fn('view 0x1::fungible_asset::store_exists(address): bool', ({ session }, [at]) => [
    session.get(at as Address, 'store') !== undefined,
  ]),
  fn(`view 0x1::fungible_asset::store_metadata<T0>(0x1::object::Object<T0>): ${METADATA}`, (context, [at]) => [
    storeAt(context, at as Address).metadata,
  ]),
  fn('view 0x1::fungible_asset::balance<T0>(0x1::object::Object<T0>): u64', (context, [at]) => [
    storeAt(context, at as Address).balance,
  ]),
  fn('view 0x1::fungible_asset::is_frozen<T0>(0x1::object::Object<T0>): bool', (context, [at]) => [
    storeAt(context, at as Address).isFrozen,
  ]),
  fn('view 0x1::fungible_asset::is_store_dispatchable<T0>(0x1::object::Object<T0>): bool', (context, [at]) => [
    assetAt(context.session, storeAt(context, at as Address).metadata).isDispatchable,
  ]),
];

const ownerOf = ({ session }: CallContext, at: MoveValue | undefined): Address | undefined => {
  const address = at as Address;
  return (
    session.get(address, 'object')?.owner ??
    session.get(address, 'store')?.owner ??
    session.get(address, 'asset')?.issuer
  );
};

const objectViews = (): readonly MoveFunction[] => [
  fn('view 0x1::object::owner<T0>(0x1::object::Object<T0>): address', (context, [at]) => [
    ownerOf(context, at) ?? (at as Address),
  ]),
  fn('view 0x1::object::root_owner<T0>(0x1::object::Object<T0>): address', (context, [at]) => [
    ownerOf(context, at) ?? (at as Address),
  ]),
  fn('view 0x1::object::is_owner<T0>(0x1::object::Object<T0>, address): bool', (context, [at, owner]) => [
    ownerOf(context, at) === owner,
  ]),
  fn('view 0x1::object::owns<T0>(0x1::object::Object<T0>, address): bool', (context, [at, owner]) => [
    at === owner || ownerOf(context, at) === owner,
  ]),
];

/** Everything that can be asked without a transaction. Source: docs/sandbox/aptos.md#views */
export const viewFunctions = (): readonly MoveFunction[] => [
  ...chainViews(),
  ...coinViews(),
  ...primaryViews(),
  ...assetViews(),
  ...objectViews(),
];
