import { isSettlementFinal, type JournalEntry, type SettlementRecord, type TransactionRecord } from '@canza/core';

import type { Arrival, PlayedChain } from './chain.ts';

/** What somebody asked for. */
interface Asked {
  readonly account: string;
  /** Base units. */
  readonly amount: bigint;
}

/** What the chain's books say beside what the records of settlements say. Every settlement has a recipient of its own. */
export class LedgerWatch {
  readonly latest = new Map<string, SettlementRecord>();
  readonly transactions = new Map<string, TransactionRecord>();
  readonly #chain: PlayedChain;
  readonly #note: (sentence: string) => void;
  readonly #limit: bigint;
  readonly #asked = new Map<string, Asked>();
  readonly #idAt = new Map<string, string>();
  readonly #arrived = new Map<string, Arrival[]>();
  /** Settlements of which a failover has lost something. */
  readonly #lost = new Set<string>();
  /** Every build that was ever stored, as bytes. */
  readonly #stored = new Set<string>();

  /** @param limit The most that one settlement may move, in base units. */
  constructor(chain: PlayedChain, limit: bigint, note: (sentence: string) => void) {
    this.#chain = chain;
    this.#limit = limit;
    this.#note = note;
  }

  /** @param amount Base units. */
  expect(id: string, amount: bigint): void {
    const account = this.#chain.accountOf(id);
    this.#asked.set(id, { account, amount });
    this.#idAt.set(account, id);
  }

  /** After whatever one event led to. */
  afterEvent(): void {
    for (const arrival of this.#chain.takeArrivals()) {
      const id = this.#idAt.get(arrival.account);
      // Others use the chain too.
      if (id !== undefined) this.#take(id, arrival);
    }
  }

  /** Bytes leave for a node. */
  submitting(bytes: string): void {
    if (!this.#stored.has(bytes)) this.#note('a transaction was submitted before it was stored');
  }

  /** An entry of the journal, of whatever kind. */
  written({ kind, body }: JournalEntry): void {
    if (kind.startsWith('settlement-transaction:')) {
      const record = body as TransactionRecord;
      this.transactions.set(record.transactionId, record);
      for (const { bytes } of record.builds) this.#stored.add(bytes);
    } else if (kind.startsWith('settlement:')) {
      this.#settlement(body as SettlementRecord);
    }
  }

  /** After a failover: what the journal has by now in the place of what was lost. */
  failedOver(
    lost: ReadonlySet<string>,
    settlements: readonly JournalEntry[],
    transactions: readonly JournalEntry[],
  ): void {
    for (const id of lost) {
      this.#lost.add(id);
      this.latest.delete(id);
      this.transactions.delete(id);
    }
    for (const { id, body } of settlements) this.latest.set(id, body as SettlementRecord);
    for (const { id, body } of transactions) this.transactions.set(id, body as TransactionRecord);
  }

  isLost(id: string): boolean {
    return this.#lost.has(id) && !this.latest.has(id);
  }

  /** The transaction by which it first arrived. */
  paidBy(id: string): string | undefined {
    return this.#arrived.get(id)?.[0]?.hash;
  }

  timesArrived(id: string): number {
    this.afterEvent();
    return this.#arrived.get(id)?.length ?? 0;
  }

  #take(id: string, arrival: Arrival): void {
    const arrivals = [...(this.#arrived.get(id) ?? []), arrival];
    this.#arrived.set(id, arrivals);
    const asked = this.#asked.get(id)?.amount;
    if (!arrival.isAsked) this.#note(`${id} arrived in another asset`);
    if (arrivals.length > 1) this.#note(`${id} arrived ${arrivals.length} times`);
    if (arrival.amount > this.#limit) this.#note(`${id} moved more than one settlement may`);
    if (arrival.amount !== asked) this.#note(`${id} arrived as ${arrival.amount}, not ${asked}`);
    const record = this.latest.get(id);
    // Its bytes were out before the journal lost that it was sent.
    if (this.#lost.has(id) && (record === undefined || record.status === 'created')) return;
    if (record === undefined) this.#note(`${id} arrived without a record`);
    else if (record.status === 'failed') this.#note(`${id} is failed, and arrived`);
    else if (record.status === 'created') this.#note(`${id} is called unsent, and arrived`);
  }

  #settlement(record: SettlementRecord): void {
    const { settlementId: id, version, status, evidence, receipt } = record;
    const before = this.latest.get(id);
    this.latest.set(id, record);
    const arrived = this.timesArrived(id);
    if (version !== (before?.version ?? 0) + 1) this.#note(`${id} jumped to version ${version}`);
    if (before !== undefined && isSettlementFinal(before.status))
      this.#note(`${id} changed after it was ${before.status}`);
    if (status === 'settled' && arrived === 0) this.#note(`${id} is settled, and nothing arrived`);
    const isAccepted = version === 1 && this.#lost.has(id);
    if ((status === 'failed' || (status === 'created' && !isAccepted)) && arrived > 0)
      this.#note(`${id} is ${status}, and arrived`);
    if (isSettlementFinal(status) && evidence.length === 0) this.#note(`${id} is ${status} without evidence`);
    const [arrival] = this.#arrived.get(id) ?? [];
    if (receipt !== undefined && arrival !== undefined && receipt.transactionHash !== arrival.hash) {
      this.#note(`${id} names another transaction than the one that paid it`);
    }
  }
}
