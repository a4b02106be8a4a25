/** How patient settlement is. All in milliseconds where nothing else is said. */
export interface SettlementPolicy {
  /** How long one submission may take. */
  readonly submitTimeoutMs: number;
  /** How long one question to a node may take. */
  readonly queryTimeoutMs: number;
  /** How long one journal call may take. */
  readonly journalTimeoutMs: number;
  /** For how long a journal that is away is asked again to store what cannot be lost. */
  readonly insistForMs: number;
  /** How long a process may hold a sender, or a record that it drives. */
  readonly leaseMs: number;
  /** After this long without a write, a transaction or settlement counts as left behind, and any process takes it up. */
  readonly takeOverAfterMs: number;
  /** Slowest rhythm of looks, once a transaction is no longer young. */
  readonly slowestLookMs: number;
  /** For how long a ledger that has forgotten is asked again before a person has to look. */
  readonly reviewAfterMs: number;
  /** For how long a settlement that fails for a reason that may pass is tried again. */
  readonly retryForMs: number;
  readonly retryEveryMs: number;
  /** How old the reading of the ledger may be from which a transaction's end is counted. */
  readonly snapshotReuseMs: number;
  /** When the next number of the ledger does not move for this long, and no transaction of ours has it, it is used up. */
  readonly gapAfterMs: number;
  /** How often the loop looks for what is due. */
  readonly tickMs: number;
  /** Due records driven at the same time by one process. */
  readonly concurrency: number;
  /** Transactions that one process has open at the same time; what comes beyond waits. */
  readonly maxOpenTransactions: number;
}

const MINUTE_MS = 60_000;

export const DEFAULT_POLICY: SettlementPolicy = {
  submitTimeoutMs: 10_000,
  queryTimeoutMs: 10_000,
  journalTimeoutMs: 5000,
  insistForMs: 10_000,
  leaseMs: 30_000,
  takeOverAfterMs: 20_000,
  slowestLookMs: 10_000,
  reviewAfterMs: 60 * MINUTE_MS,
  retryForMs: 60 * MINUTE_MS,
  retryEveryMs: 10_000,
  snapshotReuseMs: 1000,
  gapAfterMs: 5000,
  tickMs: 1000,
  concurrency: 100,
  maxOpenTransactions: 200,
};

/** How settlements gather into transactions. */
export interface BatchingPolicy {
  /** Most settlements in one transaction; the network may take fewer. Default 100. */
  readonly maxSize: number;
  /** How long the first one waits for others. Default 20 ms; 0 sends each by itself. */
  readonly maxDelayMs: number;
  /** A transaction whose limit of gas, as it was estimated, is above this is sent in halves. Left out, the network's own bounds hold. */
  readonly maxGasUnits?: bigint;
}

export const DEFAULT_BATCHING: BatchingPolicy = { maxSize: 100, maxDelayMs: 20 };

/** When the service raises an alert. */
export interface AlertThresholds {
  /** A transaction that is open for longer. Default 2 minutes. */
  readonly stuckAfterMs: number;
  /** What one settlement may cost, in base units of the fee asset. Left out: no alert. */
  readonly feePerSettlement?: bigint;
  /** Settlements that failed among the last hundred that ended. Default 20. */
  readonly failuresInHundred: number;
}

export const DEFAULT_ALERTS: AlertThresholds = { stuckAfterMs: 2 * MINUTE_MS, failuresInHundred: 20 };
