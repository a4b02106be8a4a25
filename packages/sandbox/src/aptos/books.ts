import type { Ledger } from './chain/ledger.ts';
import type { VersionedState } from './chain/state.ts';
import { primaryBalance } from './framework/stores.ts';
import { type Address, APT } from './move/address.ts';

/** Units that changed hands, whatever anybody was told about it. */
export interface AptosMovement {
  readonly kind: 'transfer' | 'fee' | 'refund' | 'mint' | 'burn';
  /** Metadata address of the asset; `0x…0a` is APT. */
  readonly asset: Address;
  /** Owner that lost them; `minted` where they were made. */
  readonly from: Address | 'minted';
  /** Owner that got them; `burnt` where they ended. */
  readonly to: Address | 'burnt';
  /** Smallest units, above zero. */
  readonly amountMinor: bigint;
  readonly hash: Address;
  /** Who sent the transaction. */
  readonly sender: Address;
  readonly version: number;
}

/** What the chain knows of the money. All addresses are in their long form. */
export interface AptosBooks {
  /** Movements in which every given property has the given value, oldest first; those cut off by the retention are gone. */
  readonly movements: (filter?: Partial<AptosMovement>) => readonly AptosMovement[];
  /** How much changed hands by transfers. */
  readonly movedMinor: (filter?: Partial<AptosMovement>) => bigint;
  /** Transfers and their sum from the first block on, whatever was cut off since. */
  readonly totals: (asset: Address) => { readonly transfers: number; readonly movedMinor: bigint };
  readonly balanceMinor: (owner: Address, asset?: Address) => bigint;
  readonly supplyMinor: (asset?: Address) => bigint;
  /** Octas that were burnt as fees, less those given back for storage. */
  readonly feesOctas: () => bigint;
  /**
   * What the books add up to, asset by asset: everything that was ever minted, less what was burnt, less what lies in all stores
   * together, and less the supply. Each is 0 unless the emulator is broken. Goes through all stores.
   */
  readonly audit: () => readonly {
    readonly asset: Address;
    readonly unaccountedMinor: bigint;
    readonly supplyErrorMinor: bigint;
  }[];
}

/** The books with the right to write in them. */
export interface OpenAptosBooks extends AptosBooks {
  readonly post: (movement: AptosMovement) => void;
  /** Forgets movements below a version. */
  readonly prune: (oldestVersion: number) => void;
}

const INDEXED = ['hash', 'sender', 'to', 'from'] as const;
type Index = Map<string, AptosMovement[]>;

export function createAptosBooks(state: VersionedState, ledger: Ledger): OpenAptosBooks {
  let rows: AptosMovement[] = [];
  const indexes = new Map<(typeof INDEXED)[number], Index>(INDEXED.map((name) => [name, new Map()]));
  const totals = new Map<Address, { transfers: number; movedMinor: bigint; netMinor: bigint }>();
  let feesOctas = 0n;

  const totalOf = (asset: Address) => {
    let total = totals.get(asset);
    if (total === undefined) {
      total = { transfers: 0, movedMinor: 0n, netMinor: 0n };
      totals.set(asset, total);
    }
    return total;
  };
  const find = (filter: Partial<AptosMovement> = {}): readonly AptosMovement[] => {
    const wanted = (Object.entries(filter) as [keyof AptosMovement, unknown][]).filter(
      ([, value]) => value !== undefined,
    );
    const indexed = INDEXED.find((name) => filter[name] !== undefined);
    const key = indexed === undefined ? undefined : filter[indexed];
    const candidates = indexed === undefined || key === undefined ? rows : (indexes.get(indexed)?.get(key) ?? []);
    return candidates.filter((row) => wanted.every(([name, value]) => row[name] === value));
  };
  const at = () => state.at(ledger.head.version);
  const supply = (asset: Address): bigint => at().get(asset, 'asset')?.supply ?? 0n;

  return {
    post(movement) {
      rows.push(movement);
      for (const [name, index] of indexes) {
        const list = index.get(movement[name]);
        if (list === undefined) index.set(movement[name], [movement]);
        else list.push(movement);
      }
      const total = totalOf(movement.asset);
      const { kind, amountMinor } = movement;
      if (kind === 'transfer') {
        total.transfers += 1;
        total.movedMinor += amountMinor;
      }
      if (movement.from === 'minted') total.netMinor += amountMinor;
      if (movement.to === 'burnt') total.netMinor -= amountMinor;
      if (kind === 'fee') feesOctas += amountMinor;
      if (kind === 'refund') feesOctas -= amountMinor;
    },
    prune(oldestVersion) {
      if ((rows[0]?.version ?? oldestVersion) >= oldestVersion) return;
      const keepFrom = rows.findIndex(({ version }) => version >= oldestVersion);
      const gone = rows.slice(0, keepFrom < 0 ? rows.length : keepFrom);
      rows = rows.slice(gone.length);
      for (const [name, index] of indexes) {
        for (const key of new Set(gone.map((row) => row[name]))) {
          const kept = (index.get(key) ?? []).filter(({ version }) => version >= oldestVersion);
          if (kept.length === 0) index.delete(key);
          else index.set(key, kept);
        }
      }
    },
    movements: find,
    movedMinor: (filter) =>
      find({ kind: 'transfer', ...filter }).reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
    totals(asset) {
      const { transfers, movedMinor } = totalOf(asset);
      return { transfers, movedMinor };
    },
    balanceMinor: (owner, asset = APT) => primaryBalance(at(), owner, asset),
    supplyMinor: (asset = APT) => supply(asset),
    feesOctas: () => feesOctas,
    audit() {
      const held = new Map<Address, bigint>();
      for (const [, { metadata, balance }] of state.all('store', ledger.head.version)) {
        held.set(metadata, (held.get(metadata) ?? 0n) + balance);
      }
      return [...state.all('asset', ledger.head.version)].map(([asset]) => {
        const { netMinor } = totalOf(asset);
        return {
          asset,
          unaccountedMinor: netMinor - (held.get(asset) ?? 0n),
          supplyErrorMinor: netMinor - supply(asset),
        };
      });
    },
  };
}
