/** Money from one account to another, as an operator books it. */
export interface LedgerEntry {
  readonly from: string;
  readonly to: string;
  /** Minor units, above zero. */
  readonly amountMinor: bigint;
  readonly atMs: number;
  /** The operator's receipt, or what else names the movement. */
  readonly reference: string;
}

/**
 * Double-entry accounts in one currency. Every movement has two ends, so the balances of all accounts add up to nothing,
 * whatever happened; `outside` stands for the money that was there before.
 */
export interface Ledger {
  post(entry: LedgerEntry): void;
  /** Minor units; below zero only for `outside` and for accounts that collect charges. */
  balanceMinor(account: string): bigint;
  readonly entries: readonly LedgerEntry[];
  /** The sum over all accounts: 0 unless the emulator is broken. */
  totalMinor(): bigint;
}

/** The account that money comes from when an account is opened. */
const OUTSIDE = 'outside';

/** @param openingMinor What an account holds before its first movement, by its name; nothing when left out. */
export function createLedger(openingMinor: (account: string) => bigint = () => 0n): Ledger {
  const balances = new Map<string, bigint>();
  const entries: LedgerEntry[] = [];
  const move = (account: string, amountMinor: bigint): void =>
    void balances.set(account, (balances.get(account) ?? 0n) + amountMinor);
  const open = (account: string): void => {
    if (account === OUTSIDE || balances.has(account)) return;
    const opening = openingMinor(account);
    move(account, opening);
    move(OUTSIDE, -opening);
  };
  return {
    post(entry) {
      if (entry.amountMinor <= 0n)
        throw new RangeError('A movement is above zero: the other direction is another entry.');
      open(entry.from);
      open(entry.to);
      move(entry.from, -entry.amountMinor);
      move(entry.to, entry.amountMinor);
      entries.push(entry);
    },
    balanceMinor(account) {
      open(account);
      return balances.get(account) ?? 0n;
    },
    entries,
    totalMinor() {
      let total = 0n;
      for (const balance of balances.values()) total += balance;
      return total;
    },
  };
}
