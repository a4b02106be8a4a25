import type { AptosMovement } from '../books.ts';
import type { AssetCell, StoreCell } from '../chain/cells.ts';
import type { Chain } from '../chain/chain.ts';
import type { Snapshot } from '../chain/ledger.ts';
import { type Address, parseAddress } from '../move/address.ts';
import { formatType } from '../move/type-tag.ts';
import { primaryStore } from '../transaction/hashes.ts';
import type { Row } from './query.ts';

/** Reads one table as the indexer has it at a snapshot. The condition helps it not to go through everything. */
type Table = (chain: Chain, snapshot: Snapshot, where: unknown) => Iterable<Row>;

const timeOf = (timestampUsec: number): string =>
  new Date(Math.floor(timestampUsec / 1_000)).toISOString().slice(0, -1);

const PROCESSORS = [
  'account_restoration_processor',
  'account_transactions_processor',
  'default_processor',
  'events_processor',
  'fungible_asset_processor',
  'objects_processor',
  'stake_processor',
  'token_v2_processor',
  'user_transaction_processor',
] as const;

/** The tables that the SDK asks for, as far as money is in them; the others are empty. Source: docs/sandbox/aptos.md#indexer */
export const TABLES: Readonly<Record<string, Table>> = {
  processor_status: (_chain, { version, timestampUsec }) =>
    PROCESSORS.map((processor) => ({
      processor,
      last_success_version: version,
      last_updated: timeOf(timestampUsec),
      last_transaction_timestamp: timeOf(timestampUsec),
    })),
  ledger_infos: ({ settings }) => [{ chain_id: settings.chainId }],
  current_fungible_asset_balances: balances,
  fungible_asset_metadata: ({ state }, { version }) =>
    [...state.all('asset', version)].map(([address, asset]) => metadataRow(address, asset)),
  fungible_asset_activities: activities,
  user_transactions: ({ ledger }, { blockHeight }) =>
    ledger
      .lastBlocks(blockHeight, 1_000)
      .flatMap(({ transactions }) => transactions)
      .map(({ version, transaction }) => ({
        version,
        sender: transaction.sender,
        sequence_number: Number(transaction.sequenceNumber),
      })),
  account_transactions: ({ ledger }, { version }, where) => {
    const account = equalAddress(where, 'account_address');
    if (account === undefined) return [];
    const page = { from: 0, to: version, limit: Infinity, end: 'first' } as const;
    return ledger.sentBetween(account, page).map((committed) => ({
      account_address: account,
      transaction_version: committed.version,
    }));
  },
  current_objects: ({ state }, { version }) =>
    [...state.all('object', version)].map(([address, object]) => ({
      object_address: address,
      owner_address: object.owner,
      allow_ungated_transfer: object.allowsUngatedTransfer,
      is_deleted: false,
      last_transaction_version: version,
      state_key_hash: address,
      last_guid_creation_num: '1125899906842625',
    })),
};

/** What a condition wants an address to be. */
function equalAddress(where: unknown, column: string): Address | undefined {
  if (typeof where !== 'object' || where === null) return undefined;
  const condition: unknown = (where as Row)[column];
  const wanted = typeof condition === 'object' && condition !== null ? (condition as Row)['_eq'] : undefined;
  return typeof wanted === 'string' ? parseAddress(wanted) : undefined;
}

function* balances({ state }: Chain, { version, timestampUsec }: Snapshot, where: unknown): Generator<Row> {
  const owner = equalAddress(where, 'owner_address');
  const row = (storage: Address, { owner: of, metadata, balance, isFrozen }: StoreCell): Row => ({
    amount: Number(balance),
    asset_type: metadata,
    is_frozen: isFrozen,
    is_primary: primaryStore(of, metadata) === storage,
    last_transaction_timestamp: timeOf(timestampUsec),
    last_transaction_version: version,
    owner_address: of,
    storage_id: storage,
    token_standard: 'v2',
    metadata: metadataRow(metadata, state.at(version).get(metadata, 'asset')),
  });
  if (owner === undefined) {
    for (const [storage, store] of state.all('store', version)) yield row(storage, store);
    return;
  }
  for (const [asset] of state.all('asset', version)) {
    const storage = primaryStore(owner, asset);
    const store = state.at(version).get(storage, 'store');
    if (store !== undefined) yield row(storage, store);
  }
}

const metadataRow = (address: Address, asset: AssetCell | undefined): Row => ({
  asset_type: address,
  creator_address: asset?.issuer,
  decimals: asset?.decimals,
  icon_uri: asset?.iconUri,
  name: asset?.name,
  project_uri: asset?.projectUri,
  symbol: asset?.symbol,
  supply_v2: asset === undefined ? undefined : Number(asset.supply),
  maximum_v2: null,
  supply_aggregator_table_handle_v1: null,
  supply_aggregator_table_key_v1: null,
  token_standard: 'v2',
  coin_type: asset?.coinType === undefined ? null : formatType(asset.coinType),
});

/** Two sides of every movement. */
function* activities({ books }: Chain, snapshot: Snapshot): Generator<Row> {
  for (const movement of books.movements()) {
    if (movement.version > snapshot.version) return;
    if (movement.from !== 'minted') yield activityRow(movement, movement.from, 'Withdraw', 0);
    if (movement.to !== 'burnt') yield activityRow(movement, movement.to, 'Deposit', 1);
  }
}

const activityRow = (
  { asset, amountMinor, kind, version }: AptosMovement,
  owner: Address,
  side: 'Withdraw' | 'Deposit',
  index: number,
): Row => ({
  amount: Number(amountMinor),
  asset_type: asset,
  block_height: 0,
  entry_function_id_str: null,
  event_index: index,
  gas_fee_payer_address: null,
  is_frozen: false,
  is_gas_fee: kind === 'fee',
  is_transaction_success: true,
  owner_address: owner,
  storage_id: primaryStore(owner, asset),
  storage_refund_amount: 0,
  token_standard: 'v2',
  transaction_version: version,
  type: kind === 'fee' ? '0x1::aptos_coin::GasFeeEvent' : `0x1::fungible_asset::${side}`,
});
