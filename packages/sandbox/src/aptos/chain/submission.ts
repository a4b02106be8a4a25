import type { ForcedEnd } from './execute.ts';
import type { Snapshot } from './ledger.ts';
import type { Admission } from './mempool.ts';
import type { StatusName } from './status-codes.ts';

/** What was done with a transaction that was sent. */
export type Submission =
  | Admission
  | { readonly kind: 'refused'; readonly status: StatusName }
  /** The mempool knows that the number is used; the ledger of the node that was asked does not yet. */
  | { readonly kind: 'too-old'; readonly current: bigint };

export interface SubmitOptions {
  /** The node that took it. */
  readonly node: string;
  /** What that node knows. */
  readonly snapshot: Snapshot;
  readonly heldForMs?: number;
  readonly forced?: ForcedEnd | undefined;
  /** Said to be taken, and gone. */
  readonly isDropped?: boolean;
}
