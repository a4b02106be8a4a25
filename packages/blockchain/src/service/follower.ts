import {
  isTransactionFinal,
  knownPart,
  type LedgerView,
  type SettlementRecord,
  sleep,
  type TransactionRecord,
  transactionMoneyMoved,
} from '@canza/core';

import {
  lookRequestOf,
  nextLookInMs,
  nextTransactionStep,
  type TransactionContext,
  type TransactionStep,
} from '../settlement-plan.ts';
import { Conclusion, type ConclusionSettings } from './conclusion.ts';
import { askNode, isHopeless } from './node.ts';
import { isOld, type OfferSettings, Offers, type Unbuildable } from './offers.ts';
import { OpenTransactions } from './open-transactions.ts';
import { rejoin, waitsFor } from './recovery.ts';
import { evidenceOn, TransactionChanges } from './transaction-changes.ts';

export interface FollowerSettings extends Omit<ConclusionSettings & OfferSettings, 'changes'> {
  /** Told that a transaction has expired in its pool: something may keep the slots before it from being used. */
  readonly onExpired: () => void;
  /** Told that a transaction is followed no longer. */
  readonly onLetGo: (transactionId: string) => void;
  readonly track: <T>(work: Promise<T>) => Promise<T>;
}

/** A look that the node holds keeps a connection busy: beyond so many open transactions, answers are taken as they are. */
const MOST_HELD_LOOKS = 8;

/** Follows transactions to their end: looks, asks the plan what follows, and has it done. */
export class Follower {
  readonly #settings: FollowerSettings;
  readonly #stop = new AbortController();
  readonly #followed: OpenTransactions;
  readonly #changes: TransactionChanges;
  readonly #offers: Offers;
  readonly #conclusion: Conclusion;

  constructor(settings: FollowerSettings) {
    this.#settings = settings;
    this.#followed = new OpenTransactions(settings.environment.clock, settings.policy);
    this.#changes = new TransactionChanges(settings);
    this.#offers = new Offers({ ...settings, changes: this.#changes });
    this.#conclusion = new Conclusion({ ...settings, changes: this.#changes });
  }

  /** Transactions that this process follows. */
  get open(): number {
    return this.#followed.size;
  }

  /** A transaction that this process follows, as it stands. */
  peek(transactionId: string): TransactionRecord | undefined {
    return this.#followed.get(transactionId);
  }

  /** Resolves once another transaction may be opened. @throws DeadlineError, AbortedError */
  room(signal?: AbortSignal): Promise<void> {
    return this.#followed.room(signal);
  }

  /** Submits a transaction that was just stored, and follows it from there. Resolves once it was submitted. */
  async begin(
    record: TransactionRecord,
    settlements: readonly SettlementRecord[],
  ): Promise<readonly SettlementRecord[]> {
    const [build] = record.builds;
    this.#followed.set(record);
    // What the journal could not be told about the answer is found out by looking.
    const submitted = build === undefined ? record : await this.#offers.submit(record, build).catch(() => record);
    void this.#settings.track(this.#follow(submitted, settlements));
    return settlements;
  }

  /** Takes up a transaction that another process has left behind, or that is still to be told of. */
  async adopt(record: TransactionRecord): Promise<void> {
    if (this.#followed.get(record.transactionId) !== undefined) return;
    this.#followed.set(record);
    await this.#follow(record, []);
  }

  /**
   * One that was left behind, or opened again. Its call may be offered if every member waits for it and for nothing else; where one does not, because a
   * journal lost writes or a person has decided, it is for a person to say how it goes on.
   */
  async #checkMembers(record: TransactionRecord): Promise<TransactionRecord> {
    if (record.status !== 'open') return record;
    const { books, policy, contextOf } = this.#settings;
    const members = await rejoin(record, books, policy, contextOf());
    const stranger = record.members.find((_, index) => !waitsFor(members[index], record));
    if (stranger !== undefined && record.decided?.to !== 'void') {
      return this.#changes.toReview(
        record,
        'local',
        `Settlement "${stranger}" does not wait for the transaction that carries it.`,
      );
    }
    return record;
  }

  /** Follows nothing further; what is open falls due for whoever comes next. */
  stop(): void {
    this.#stop.abort();
    this.#followed.close();
  }

  async #follow(begun: TransactionRecord, settlements: readonly SettlementRecord[]): Promise<void> {
    const { environment, policy, network } = this.#settings;
    const { transactionId } = begun;
    const told = new Map(settlements.map((settlement) => [settlement.settlementId, settlement]));
    let record = begun;
    let alerted = false;
    try {
      if (settlements.length < begun.members.length) record = await this.#checkMembers(begun);
      while (record.status === 'open' && !this.#stop.signal.aborted) {
        const delayMs = nextLookInMs(record, network.rules, policy.slowestLookMs);
        record = await this.#keep(record, delayMs);
        await sleep(environment.clock, delayMs, this.#stop.signal).catch(() => undefined);
        if (this.#stop.signal.aborted) break;
        record = await this.#step(record);
        this.#followed.set(record);
        alerted = this.#watch(record, alerted);
      }
      if (isTransactionFinal(record.status) || record.status === 'review') await this.#conclusion.reach(record, told);
    } catch (error) {
      environment.logger.warn({ transactionId, error: knownPart(error) }, 'a transaction was let go of; it stays due');
    } finally {
      this.#followed.delete(transactionId);
      this.#settings.onLetGo(transactionId);
    }
  }

  /** Puts off the moment at which others take it up, where our next look would come after it. */
  async #keep(record: TransactionRecord, delayMs: number): Promise<TransactionRecord> {
    const { environment, policy } = this.#settings;
    const nowMs = environment.clock.nowMs();
    if (record.dueAtMs === null || nowMs + delayMs + policy.takeOverAfterMs / 2 < record.dueAtMs) return record;
    return this.#changes.write(record, 'still followed', () => ({ looks: record.looks }));
  }

  async #step(record: TransactionRecord): Promise<TransactionRecord> {
    const seen = { ...record, looks: record.looks + 1 };
    let view: LedgerView;
    try {
      view = await this.#look(seen);
    } catch (error) {
      this.#debug(record, error, 'a look failed');
      // Another configuration may be able to: a person has to know of it.
      return isHopeless(error) && isOld(record, this.#settings)
        ? this.#changes.toReview(seen, 'local', `It cannot be looked for: ${error.message}`)
        : seen;
    }
    const context = this.#contextOf(seen);
    const next = await this.#carryOut(seen, this.#doubt(nextTransactionStep(seen, view, context)), view);
    if (next !== 'unbuildable') return next;
    // Without what it cannot build, it ends by what the ledger has shown, or waits to.
    const unable = { ...context, canBuild: false, canBump: false, canVoid: false };
    const rest = await this.#carryOut(seen, this.#doubt(nextTransactionStep(seen, view, unable)), view);
    return rest === 'unbuildable' ? seen : rest;
  }

  #debug({ transactionId }: TransactionRecord, error: unknown, what: string): void {
    this.#settings.environment.logger.debug({ transactionId, error: knownPart(error) }, what);
  }

  /** Whoever used the slot may be a build of ours that the journal has lost. */
  #doubt(step: TransactionStep): TransactionStep {
    const isForeign = step.do === 'end' && step.outcome.died === 'slot-used-by-another';
    if (!this.#settings.isSuspect()) return step;
    if (isForeign) return { do: 'review', why: 'Its slot is used, perhaps by a build that the journal has lost.' };
    // What it carries may have gone with another one: its slot is used up without it.
    if (step.do !== 'rebuild') return step;
    return this.#settings.network.capabilities.void === 'supported'
      ? { do: 'void', why: 'The journal may have forgotten that what it carries was sent.' }
      : { do: 'wait', why: 'The journal may have forgotten that what it carries was sent.' };
  }

  #contextOf(record: TransactionRecord): TransactionContext {
    const { network, environment, policy } = this.#settings;
    const { capabilities, rules } = network;
    const fee = record.builds.at(-1)?.fee;
    const hasKey = network.senders.includes(record.sender);
    const { call } = record;
    const isKnown = call.kind !== 'transfers' || network.assets.some(({ id }) => id === call.asset);
    const canBump = capabilities.bump === 'supported' && fee !== undefined && network.raiseFee(fee) !== undefined;
    return {
      nowMs: environment.clock.nowMs(),
      rules,
      canBuild: hasKey && isKnown,
      canBump: hasKey && isKnown && canBump,
      canVoid: hasKey && capabilities.void === 'supported',
      reviewAfterMs: policy.reviewAfterMs,
    };
  }

  async #carryOut(
    record: TransactionRecord,
    step: TransactionStep,
    view: LedgerView,
  ): Promise<TransactionRecord | Unbuildable> {
    const { looks } = record;
    switch (step.do) {
      case 'wait':
        return record;
      case 'resubmit':
        return this.#offers.submit(record, step.build);
      case 'end': {
        const { status, outcome } = step;
        const said = status === 'dead' ? (outcome.died ?? '') : (outcome.abort?.code ?? 'committed');
        const atMs = this.#settings.environment.clock.nowMs();
        const moneyMoved = transactionMoneyMoved(status);
        const learned = [evidenceOn(record, atMs, { source: 'ledger', code: status, detail: said, moneyMoved })];
        // Those behind it wait for the slot that it has not used.
        if (outcome.died === 'expired' && record.slotGuards === 'for-ever') this.#settings.onExpired();
        return this.#changes.write(record, `the ledger shows it ${status}`, () => ({
          status,
          outcome,
          learned,
          looks,
        }));
      }
      case 'review':
        return this.#changes.toReview(record, 'ledger', step.why);
      case 'rebuild':
        if (record.refusal === undefined) this.#settings.onExpired();
        return this.#offers.again(record, { purpose: 'call' }, step.why, view);
      case 'void': {
        const fee = step.replaces && this.#settings.network.raiseFee(step.replaces.fee);
        const rebuild = step.replaces && fee ? { replaces: { build: step.replaces, fee } } : {};
        return this.#offers.again(record, { purpose: 'void', ...rebuild }, step.why, view);
      }
      case 'bump': {
        const fee = this.#settings.network.raiseFee(step.build.fee);
        if (fee === undefined) return record;
        const replaces = { build: step.build, fee };
        return this.#offers.again(record, { purpose: 'call', replaces }, 'at a higher price', view);
      }
    }
  }

  #look(record: TransactionRecord): Promise<LedgerView> {
    const { network } = this.#settings;
    const holdMs = this.#followed.size <= MOST_HELD_LOOKS ? network.rules.lookEveryMs : 0;
    return askNode(this.#settings, 'A look', (options) => network.look({ ...lookRequestOf(record), holdMs }, options));
  }

  #watch({ transactionId, createdAtMs, status }: TransactionRecord, alerted: boolean): boolean {
    const { alerts, alert, environment } = this.#settings;
    const ageMs = environment.clock.nowMs() - createdAtMs;
    if (alerted || status !== 'open' || ageMs < alerts.stuckAfterMs) return alerted;
    alert({ alert: 'transaction-stuck', transactionId, ageMs });
    return true;
  }
}
