import { DueLoop, type HeldRecord, type SettlementRecord, type TransactionRecord } from '@canza/core';

import type { OutcomeContext } from '../settlement-outcome.ts';
import { Announcements } from './announcements.ts';
import { type Books, openBooks } from './books.ts';
import type { SettlementAlert } from './events.ts';
import { Follower } from './follower.ts';
import { findGap } from './gaps.ts';
import { Gatherer } from './gatherer.ts';
import { InFlight } from './in-flight.ts';
import type { SenderDesk } from './lane.ts';
import { Launcher } from './launcher.ts';
import { MetricsCounter } from './metrics.ts';
import { recover } from './recovery.ts';
import { keepAccepted } from './refund-room.ts';
import { RestWaiters } from './rest-waiters.ts';
import { createSenderDesk } from './sender-desk.ts';
import type { CheckedSettings } from './settings.ts';

type Due =
  | { readonly kind: 'settlement'; readonly held: HeldRecord<SettlementRecord> }
  | { readonly kind: 'transaction'; readonly held: HeldRecord<TransactionRecord> };

/** What brings stored settlements to their end, put together: nothing of it is the caller's. */
export class Engine {
  readonly books: Books;
  readonly announcements: Announcements;
  readonly waiters: RestWaiters;
  readonly metrics = new MetricsCounter();
  readonly inFlight = new InFlight();
  readonly #settings: CheckedSettings;
  readonly #owner: string;
  readonly #desk: SenderDesk;
  readonly #follower: Follower;
  readonly #launcher: Launcher;
  readonly #gatherer: Gatherer;
  readonly #loop: DueLoop<Due>;
  #isRunning = false;

  constructor(settings: CheckedSettings) {
    const { environment, policy, network, batching, alerts, journal } = settings;
    this.#settings = settings;
    this.#owner = `settlement-${Buffer.from(environment.random.bytes(6)).toString('hex')}`;
    this.waiters = new RestWaiters({
      clock: environment.clock,
      everyMs: policy.tickMs,
      read: (settlementId) => this.books.settlements.read(settlementId),
    });
    this.announcements = new Announcements({
      ...environment,
      metrics: this.metrics,
      alerts,
      waiters: this.waiters,
      peek: (transactionId) => this.#follower.peek(transactionId),
    });
    this.books = openBooks({
      ...environment,
      journal,
      journalTimeoutMs: policy.journalTimeoutMs,
      network: network.name,
      onSettlement: (record, before) => this.announcements.onSettlement(record, before),
      onTransaction: (record, before) => this.announcements.onTransaction(record, before),
    });
    const { track } = this.inFlight;
    const parts = {
      network,
      books: this.books,
      policy,
      environment,
      alert: (raised: SettlementAlert) => this.announcements.alert(raised),
      contextOf: this.context,
      isSuspect: () => this.isSuspect,
      track,
    };
    this.#desk = createSenderDesk({
      ...environment,
      network,
      policy,
      senders: this.books.senders,
      owner: this.#owner,
      findGap: (sender, slot) => findGap(this.books, sender, slot),
      fillGap: (gap) => this.#launcher.fillGap(gap),
    });
    this.#follower = new Follower({
      ...parts,
      alerts,
      onFreed: (records) => this.#sendAgain(records),
      onExpired: () => void track(this.#desk.withLane(async () => undefined).catch(() => undefined)),
      onLetGo: (transactionId) => this.metrics.forget(transactionId),
    });
    this.#launcher = new Launcher({ ...parts, alerts, batching, desk: this.#desk, follower: this.#follower });
    const maxSize = Math.min(batching.maxSize, network.rules.maxBatchSize);
    this.#gatherer = new Gatherer({
      clock: environment.clock,
      batching,
      maxSize: network.capabilities.batch === 'supported' ? maxSize : 1,
      launch: (group) => this.#launcher.launch(group),
      track,
    });
    this.#loop = new DueLoop<Due>({
      ...environment,
      ...policy,
      claim: (limit) => this.#claim(limit),
      drive: (due) => this.#drive(due),
      describe: (due) =>
        due.kind === 'settlement'
          ? { settlementId: due.held.record.settlementId }
          : { transactionId: due.held.record.transactionId },
      track,
    });
  }

  /** Opens the accounts that we send from, and begins to drive what is due. @throws JournalError */
  async start(): Promise<void> {
    await this.#desk.open();
    this.#isRunning = true;
    this.#loop.start();
  }

  /** Begins nothing new, and sends what is gathered; open transactions stay in the journal. */
  stop(): void {
    this.#isRunning = false;
    this.#loop.stop();
    this.#gatherer.flush();
    this.#follower.stop();
  }

  /** Hands out no more accounts to send from. */
  close(): void {
    this.#desk.close();
  }

  /**
   * Sends what is new; resolves once its transaction was submitted, or could not be for now. One that was put off is sent when it falls due,
   * not each time that somebody asks for it.
   */
  send(record: SettlementRecord): SettlementRecord | Promise<SettlementRecord> {
    const { status, attempts, evidence } = record;
    const isNew = status === 'created' && attempts.length === 0 && evidence.length === 0;
    return isNew && this.#isRunning ? this.#gather(record) : record;
  }

  /** The transaction that may carry a settlement, where this process follows it. */
  peek(transactionId: string): TransactionRecord | undefined {
    return this.#follower.peek(transactionId);
  }

  readonly context = (): OutcomeContext => {
    const { environment, policy } = this.#settings;
    return {
      nowMs: environment.clock.nowMs(),
      recoverAfterMs: policy.takeOverAfterMs,
      retryForMs: policy.retryForMs,
      retryEveryMs: policy.retryEveryMs,
    };
  };

  /** Whether the journal may have lost writes, and nobody has compared it since. */
  get isSuspect(): boolean {
    return this.#settings.journal.safety?.state.verdict === 'suspect';
  }

  #gather(record: SettlementRecord): Promise<SettlementRecord> {
    return record.kind === 'refund' ? this.#gatherRefund(record) : this.#gatherer.add(record);
  }

  async #gatherRefund(record: SettlementRecord): Promise<SettlementRecord> {
    const { environment, policy } = this.#settings;
    await keepAccepted(record, this.books, policy.insistForMs, environment.clock.nowMs());
    return this.#gatherer.add(record);
  }

  #sendAgain(records: readonly SettlementRecord[]): void {
    if (!this.#isRunning) return;
    const nowMs = this.#settings.environment.clock.nowMs();
    for (const record of records) {
      if (record.dueAtMs !== null && record.dueAtMs <= nowMs) void this.inFlight.track(this.#gatherer.add(record));
    }
  }

  async #claim(limit: number): Promise<readonly Due[]> {
    const { leaseMs, maxOpenTransactions } = this.#settings.policy;
    const { transactions: open, settlements: waiting } = this.books;
    const room = Math.min(limit, maxOpenTransactions - this.#follower.open);
    const transactions = room > 0 ? await open.claimDue(this.#owner, leaseMs, room) : [];
    const rest = limit - transactions.length;
    const settlements = rest > 0 ? await waiting.claimDue(this.#owner, leaseMs, rest) : [];
    return [
      ...transactions.map((held) => ({ kind: 'transaction', held }) as const),
      ...settlements.map((held) => ({ kind: 'settlement', held }) as const),
    ];
  }

  async #drive(due: Due): Promise<void> {
    if (due.kind === 'transaction') {
      // In the background: it is followed for as long as it takes, and the loop goes on.
      void this.inFlight.track(this.#follower.adopt(due.held.record));
      return;
    }
    const isSuspect = (): boolean => this.isSuspect;
    const record = await recover(due.held.record, { books: this.books, context: this.context(), isSuspect });
    if (record.status !== 'created') return;
    const sent = await this.#gather(record);
    // What was put off is anybody's when it falls due, and not only once the lease of this process has run out.
    if (sent.status === 'created') await this.books.settlements.release(due.held);
  }
}
