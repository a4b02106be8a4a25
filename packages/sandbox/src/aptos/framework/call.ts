import type { GasMeter } from '../chain/gas.ts';
import type { Session } from '../chain/session.ts';
import type { Address } from '../move/address.ts';
import type { MoveType } from '../move/type-tag.ts';

/** An event as a module emits it: with a type, and no stream of its own. */
export interface ModuleEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Units of an asset from one owner to another. */
export interface Movement {
  readonly asset: Address;
  /** Owners, not stores; `minted` and `burnt` stand for the asset's supply. */
  readonly from: Address | 'minted';
  readonly to: Address | 'burnt';
  readonly amount: bigint;
}

/** What the code of a transaction, or of a view, can reach. */
export interface CallContext {
  readonly session: Session;
  readonly meter: GasMeter;
  /** The first signer. In a view, nobody: no view asks. */
  readonly sender: Address;
  readonly signers: readonly Address[];
  readonly typeArgs: readonly MoveType[];
  readonly chainId: number;
  readonly timestampUsec: number;
  readonly blockHeight: number;
  readonly events: ModuleEvent[];
  readonly movements: Movement[];
}
