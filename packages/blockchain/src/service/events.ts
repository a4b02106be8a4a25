import type { SettlementStatus, TransactionStatus } from '@canza/core';

import type { Settlement } from './view.ts';

/** What the service tells whoever listens. No keys and no bytes of transactions are in it. */
export interface SettlementEvents {
  /** A settlement was accepted, or learned something. */
  'settlement.changed': { readonly settlement: Settlement; readonly from: SettlementStatus | undefined };
  /** A settlement came to rest: `settled`, `failed` or `review`. */
  'settlement.ended': { readonly settlement: Settlement };
  /** A transaction was stored, learned something, or ended. */
  'transaction.changed': {
    readonly transactionId: string;
    readonly status: TransactionStatus;
    readonly from: TransactionStatus | undefined;
    /** Of its last build. */
    readonly transactionHash: string | undefined;
    readonly sender: string;
    readonly members: number;
    readonly builds: number;
  };
  /** Something that a person should know of. Each is raised once for each thing that it is about. */
  alert: SettlementAlert;
}

/** Something about settlements that a person should look at. */
export type SettlementAlert =
  | { readonly alert: 'transaction-stuck'; readonly transactionId: string; readonly ageMs: number }
  /** In no transaction yet, because one cannot be built or sent: `code` says why. Nothing of it has moved. */
  | { readonly alert: 'settlement-stuck'; readonly settlementId: string; readonly code: string; readonly ageMs: number }
  /** Another program has the key of that account, or it was used by hand. */
  | { readonly alert: 'slot-used-by-another'; readonly sender: string; readonly slot: string; readonly by?: string }
  /** A number had no transaction; it was used up so that those behind it could go on. */
  | { readonly alert: 'gap-filled'; readonly sender: string; readonly slot: string }
  | { readonly alert: 'cannot-pay-fee'; readonly sender: string }
  | { readonly alert: 'balance-too-low'; readonly sender: string; readonly asset: string }
  | { readonly alert: 'fee-too-high'; readonly transactionId: string; readonly feePerSettlement: string }
  | { readonly alert: 'many-failures'; readonly failures: number; readonly among: number }
  | { readonly alert: 'needs-review'; readonly settlementId: string }
  /** No machine can tell what became of it, and its slot may be blocked until somebody decides. */
  | {
      readonly alert: 'transaction-needs-review';
      readonly transactionId: string;
      readonly sender: string;
      readonly slot: string;
    }
  /** A person called a settlement failed, and its transaction was carried out after that. */
  | { readonly alert: 'decision-contradicted'; readonly settlementId: string; readonly transactionHash: string };
