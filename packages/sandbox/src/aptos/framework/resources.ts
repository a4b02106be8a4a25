import type { AccountCell, AnyCell, AssetCell, CellName, Cells, ObjectCell, StoreCell } from '../chain/cells.ts';
import { type Address, shortAddress } from '../move/address.ts';
import { formatType } from '../move/type-tag.ts';
import { ORIGINATING_TABLE } from './accounts.ts';

/** A resource as REST answers show it. */
export interface Resource {
  readonly type: string;
  readonly data: object;
}

/** What stands at the address of the framework itself. */
export const frameworkResources = (chainId: number): readonly Resource[] => [
  { type: '0x1::account::OriginatingAddress', data: { address_map: { handle: shortAddress(ORIGINATING_TABLE) } } },
  { type: '0x1::chain_id::ChainId', data: { id: chainId } },
];

/** The resources that a cell stands for; the ones of one group are written together. Source: docs/sandbox/aptos.md#resources */
export function resourcesOf(address: Address, name: CellName, cell: AnyCell): readonly Resource[] {
  switch (name) {
    case 'account':
      return [accountResource(address, cell as AccountCell)];
    case 'store': {
      const { owner, metadata, balance, isFrozen } = cell as StoreCell;
      return [
        {
          type: '0x1::fungible_asset::FungibleStore',
          data: { balance: balance.toString(), frozen: isFrozen, metadata: { inner: shortAddress(metadata) } },
        },
        objectCore(address, owner, false),
      ];
    }
    case 'asset':
      return assetResources(address, cell as AssetCell);
    case 'object': {
      const { owner, allowsUngatedTransfer } = cell as ObjectCell;
      return [objectCore(address, owner, allowsUngatedTransfer)];
    }
    case 'directTransfer':
      return [
        {
          type: '0x1::aptos_account::DirectTransferConfig',
          data: {
            allow_arbitrary_coin_transfers: (cell as Cells['directTransfer']).allowsArbitrary,
            update_coin_transfer_events: handle(address, 2),
          },
        },
      ];
    case 'origin':
      return [];
    case 'packages':
      return [packageRegistry(cell as Cells['packages'])];
    default:
      return name.startsWith('pool:') ? [poolResource(cell as Cells[`pool:${string}`])] : [];
  }
}

const handle = (address: Address, creationNumber: number, counter = 0): object => ({
  counter: String(counter),
  guid: { id: { addr: shortAddress(address), creation_num: String(creationNumber) } },
});

const accountResource = (
  address: Address,
  { sequenceNumber, authenticationKey, guidCreationNumber }: AccountCell,
): Resource => ({
  type: '0x1::account::Account',
  data: {
    authentication_key: authenticationKey,
    coin_register_events: handle(address, 0),
    guid_creation_num: guidCreationNumber.toString(),
    key_rotation_events: handle(address, 1),
    rotation_capability_offer: { for: { vec: [] } },
    sequence_number: sequenceNumber.toString(),
    signer_capability_offer: { for: { vec: [] } },
  },
});

/** Guids of objects begin here, so that they cannot meet those of accounts. */
const FIRST_OBJECT_GUID = 1_125_899_906_842_624;

const objectCore = (address: Address, owner: Address, allowsUngatedTransfer: boolean): Resource => ({
  type: '0x1::object::ObjectCore',
  data: {
    allow_ungated_transfer: allowsUngatedTransfer,
    guid_creation_num: String(FIRST_OBJECT_GUID + 1),
    owner: shortAddress(owner),
    transfer_events: handle(address, FIRST_OBJECT_GUID),
  },
});

function assetResources(address: Address, asset: AssetCell): readonly Resource[] {
  const { name, symbol, decimals, iconUri, projectUri, supply, maximum, issuer, isDispatchable } = asset;
  const limit = maximum === undefined ? (1n << 128n) - 1n : maximum;
  return [
    {
      type: '0x1::fungible_asset::ConcurrentSupply',
      data: { current: { max_value: limit.toString(), value: supply.toString() } },
    },
    {
      type: '0x1::fungible_asset::Metadata',
      data: { decimals, icon_uri: iconUri, name, project_uri: projectUri, symbol },
    },
    ...(isDispatchable
      ? [
          {
            type: '0x1::fungible_asset::DispatchFunctionStore',
            data: {
              derived_balance_function: { vec: [] },
              deposit_function: { vec: [] },
              withdraw_function: { vec: [] },
            },
          },
        ]
      : []),
    objectCore(address, issuer, true),
  ];
}

const packageRegistry = ({ packages }: Cells['packages']): Resource => ({
  type: '0x1::code::PackageRegistry',
  data: {
    packages: packages.map(({ name, upgradePolicy, upgradeNumber, sourceDigest, modules }) => ({
      deps: [],
      extension: { vec: [] },
      manifest: '0x',
      modules: modules.map((module) => ({ extension: { vec: [] }, name: module, source: '0x', source_map: '0x' })),
      name,
      source_digest: sourceDigest,
      upgrade_number: upgradeNumber.toString(),
      upgrade_policy: { policy: upgradePolicy },
    })),
  },
});

const poolResource = ({ resource, reserveX, reserveY, x, y }: Cells[`pool:${string}`]): Resource => ({
  type: formatType(resource),
  data: {
    x: shortAddress(x),
    y: shortAddress(y),
    reserve_x: reserveX.toString(),
    reserve_y: reserveY.toString(),
  },
});
