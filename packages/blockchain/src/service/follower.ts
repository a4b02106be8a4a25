import {
  type Environment,
  type Evidence,
  isTransactionFinal,
  knownPart,
  type LedgerView,
  moveTransaction,
  PaymentError,
  type SettlementNetwork,
  type SettlementRecord,
  type SubmitAnswer,
  sleep,
  type TransactionBuild,
  type TransactionChange,
  type TransactionRecord,
  transactionMoneyMoved,
  withDeadline,
} from '@canza/core';

import { afterTransaction, inDoubtOfJournal, type OutcomeContext } from '../settlement-outcome.ts';
import {
  haveAllExpired,
  lookRequestOf,
  nextLookInMs,
  nextTransactionStep,
  type TransactionContext,
  type TransactionStep,
} from '../settlement-plan.ts';
import type { Books } from './books.ts';
import type { SettlementAlert } from './events.ts';
import { askNode, buildAgain, isHopeless, type Rebuild } from './node.ts';
import type { AlertThresholds, SettlementPolicy } from './policy.ts';
import { rejoin, waitsFor } from './recovery.ts';

export interface FollowerSettings {
  readonly network: SettlementNetwork;
  readonly books: Books;
  readonly policy: SettlementPolicy;
  readonly alerts: AlertThresholds;
  readonly environment: Environment;
  readonly alert: (alert: SettlementAlert) => void;
  readonly contextOf: () => OutcomeContext;
  /** Whether the journal may have lost writes: then no call is submitted, because a member may have been set free without our knowing. */
  readonly isSuspect: () => boolean;
  /** Takes settlements that a transaction has set free to be sent again. */
  readonly onFreed: (records: readonly SettlementRecord[]) => void;
  /** Told that a transaction has expired in its pool: something may keep the slots before it from being used. */
  readonly onExpired: () => void;
  /** Told that a transaction is followed no longer. */
  readonly onLetGo: (transactionId: string) => void;
  readonly track: <T>(work: Promise<T>) => Promise<T>;
}

/** A build that was added to a record: it is there to be submitted. */
interface Built {
  readonly record: TransactionRecord;
  readonly build: TransactionBuild;
}

/** A look that the node holds keeps a connection busy: beyond so many open transactions, answers are taken as they are. */
const MOST_HELD_LOOKS = 8;

/** Follows transactions to their end: the only place from which bytes are submitted, all of them stored before. */
export class Follower {
  readonly #settings: FollowerSettings;
  readonly #stop = new AbortController();
  readonly #followed = new Map<string, TransactionRecord>();
  readonly #waiting: (() => void)[] = [];

  constructor(settings: FollowerSettings) {
    this.#settings = settings;
  }

  /** Transactions that this process follows. */
  get open(): number {
    return this.#followed.size;
  }

  /** A transaction that this process follows, as it stands. */
  peek(transactionId: string): TransactionRecord | undefined {
    return this.#followed.get(transactionId);
  }

  /**
   * Resolves once another transaction may be opened.
   * @throws DeadlineError when none may for so long that whatever it is for is left behind; AbortedError.
   */
  async room(signal?: AbortSignal): Promise<void> {
    if (!this.#isFull()) return;
    const { environment, policy } = this.#settings;
    const deadline = { timeoutMs: policy.takeOverAfterMs, what: 'Waiting for another transaction to end' } as const;
    await withDeadline(environment.clock, signal === undefined ? deadline : { ...deadline, signal }, (ended) =>
      this.#untilRoom(ended),
    );
  }

  async #untilRoom(ended: AbortSignal): Promise<void> {
    while (this.#isFull() && !ended.aborted) {
      await new Promise<void>((resolve) => {
        const giveUp = (): void => {
          // Whoever waits no longer is not woken in the place of one who does.
          this.#waiting.splice(this.#waiting.indexOf(wake), 1);
          resolve();
        };
        const wake = (): void => {
          ended.removeEventListener('abort', giveUp);
          resolve();
        };
        ended.addEventListener('abort', giveUp, { once: true });
        this.#waiting.push(wake);
      });
    }
  }

  #isFull(): boolean {
    return this.#followed.size >= this.#settings.policy.maxOpenTransactions && !this.#stop.signal.aborted;
  }

  /** Submits a transaction that was just stored, and follows it from there. Resolves once it was submitted. */
  async begin(
    record: TransactionRecord,
    settlements: readonly SettlementRecord[],
  ): Promise<readonly SettlementRecord[]> {
    const [build] = record.builds;
    this.#followed.set(record.transactionId, record);
    // What the journal could not be told about the answer is found out by looking.
    const submitted = build === undefined ? record : await this.#submit(record, build).catch(() => record);
    void this.#settings.track(this.#follow(submitted, settlements));
    return settlements;
  }

  /** Takes up a transaction that another process has left behind, or that is still to be told of. */
  async adopt(record: TransactionRecord): Promise<void> {
    if (this.#followed.has(record.transactionId)) return;
    this.#followed.set(record.transactionId, record);
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
      return this.#toReview(
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
    for (const resolve of this.#waiting.splice(0)) resolve();
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
        this.#followed.set(transactionId, record);
        alerted = this.#watch(record, alerted);
      }
      if (isTransactionFinal(record.status) || record.status === 'review') await this.#conclude(record, told);
    } catch (error) {
      environment.logger.warn({ transactionId, error: knownPart(error) }, 'a transaction was let go of; it stays due');
    } finally {
      this.#followed.delete(transactionId);
      this.#settings.onLetGo(transactionId);
      this.#waiting.shift()?.();
    }
  }

  /** Puts off the moment at which others take it up, where our next look would come after it. */
  async #keep(record: TransactionRecord, delayMs: number): Promise<TransactionRecord> {
    const { environment, policy } = this.#settings;
    const nowMs = environment.clock.nowMs();
    if (record.dueAtMs === null || nowMs + delayMs + policy.takeOverAfterMs / 2 < record.dueAtMs) return record;
    return this.#change(record, 'still followed', () => ({ looks: record.looks }));
  }

  async #step(record: TransactionRecord): Promise<TransactionRecord> {
    const seen = { ...record, looks: record.looks + 1 };
    let view: LedgerView;
    try {
      view = await this.#look(seen);
    } catch (error) {
      this.#debug(record, error, 'a look failed');
      // Another configuration may be able to: a person has to know of it.
      return isHopeless(error) && this.#isOld(record)
        ? this.#toReview(seen, 'local', `It cannot be looked for: ${error.message}`)
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

  /** Whether its last build is so old that something must be wrong. */
  #isOld({ builds, decided }: TransactionRecord): boolean {
    const { environment, policy } = this.#settings;
    const sinceMs = Math.max(builds.at(-1)?.builtAtMs ?? 0, decided?.atMs ?? 0);
    return environment.clock.nowMs() - sinceMs >= policy.reviewAfterMs;
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
  ): Promise<TransactionRecord | 'unbuildable'> {
    const { looks } = record;
    switch (step.do) {
      case 'wait':
        return record;
      case 'resubmit':
        return this.#submit(record, step.build);
      case 'end': {
        const { status, outcome } = step;
        const said = status === 'dead' ? (outcome.died ?? '') : (outcome.abort?.code ?? 'committed');
        const learned = [this.#evidence(record, 'ledger', status, said, transactionMoneyMoved(status))];
        // Those behind it wait for the slot that it has not used.
        if (outcome.died === 'expired' && record.slotGuards === 'for-ever') this.#settings.onExpired();
        return this.#change(record, `the ledger shows it ${status}`, () => ({ status, outcome, learned, looks }));
      }
      case 'review':
        return this.#toReview(record, 'ledger', step.why);
      case 'rebuild':
        if (record.refusal === undefined) this.#settings.onExpired();
        return this.#submitBuilt(await this.#build(record, { purpose: 'call' }, step.why, view));
      case 'void': {
        const fee = step.replaces && this.#settings.network.raiseFee(step.replaces.fee);
        const rebuild = step.replaces && fee ? { replaces: { build: step.replaces, fee } } : {};
        return this.#submitBuilt(await this.#build(record, { purpose: 'void', ...rebuild }, step.why, view));
      }
      case 'bump': {
        const fee = this.#settings.network.raiseFee(step.build.fee);
        if (fee === undefined) return record;
        const replaces = { build: step.build, fee };
        return this.#submitBuilt(await this.#build(record, { purpose: 'call', replaces }, 'at a higher price', view));
      }
    }
  }

  /** For a person to decide. */
  async #toReview(record: TransactionRecord, source: Evidence['source'], why: string): Promise<TransactionRecord> {
    const { transactionId, sender, slot, looks } = record;
    const learned = [this.#evidence(record, source, 'REVIEW', why, 'maybe')];
    const change = { status: 'review', dueAtMs: null, learned, looks } as const;
    const changed = await this.#change(record, 'for a person to decide', () => change);
    if (changed.status === 'review')
      this.#settings.alert({ alert: 'transaction-needs-review', transactionId, sender, slot });
    return changed;
  }

  /** Builds other bytes for the same slot, and stores them. */
  async #build(
    record: TransactionRecord,
    rebuild: Rebuild,
    why: string,
    view: LedgerView,
  ): Promise<Built | TransactionRecord | 'unbuildable'> {
    let build: TransactionBuild;
    try {
      build = await buildAgain(this.#settings, record, rebuild);
    } catch (error) {
      this.#settings.environment.logger.warn(
        { transactionId: record.transactionId, error: knownPart(error) },
        'a transaction could not be built again; trying later',
      );
      return isHopeless(error) || this.#isOld(record) ? 'unbuildable' : record;
    }
    const expired = haveAllExpired(record, view);
    const change = (): TransactionChange => ({ build, expired, looks: record.looks });
    const changed = await this.#change(record, `built again: ${why}`, change, { beforeSend: true });
    return changed.builds.at(-1)?.hash === build.hash ? { record: changed, build } : changed;
  }

  async #submitBuilt(built: Built | TransactionRecord | 'unbuildable'): Promise<TransactionRecord | 'unbuildable'> {
    if (built === 'unbuildable') return built;
    return 'build' in built ? this.#submit(built.record, built.build) : built;
  }

  /** Hands over stored bytes, once, and keeps what is worth keeping of the answer. */
  async #submit(record: TransactionRecord, build: TransactionBuild): Promise<TransactionRecord> {
    const { network, policy, environment, alert, isSuspect } = this.#settings;
    if (isSuspect() && build.purpose === 'call') return record;
    const timeoutMs = policy.submitTimeoutMs;
    let answer: SubmitAnswer;
    try {
      answer = await withDeadline(
        environment.clock,
        { timeoutMs, what: 'A submission', moneyMoved: 'maybe' },
        (signal) => network.submit(build, { timeoutMs, signal }),
      );
    } catch (error) {
      const code = PaymentError.isInstance(error) ? error.code : 'UNFORESEEN';
      answer = { status: 'unknown', code, detail: 'No answer to the submission can be relied on.' };
    }
    if (answer.status === 'accepted' || answer.status === 'busy') return record;
    const learned = [this.#evidence(record, 'reply', answer.code, answer.detail, 'maybe')];
    if (answer.status !== 'refused') {
      // Told once: the same bytes are offered again and again.
      if (record.evidence.at(-1)?.code === answer.code) return record;
      return this.#change(record, `submitted: ${answer.status}`, () => ({ learned, looks: record.looks }));
    }
    const { reason, code } = answer;
    if (reason === 'cannot-pay-fee') alert({ alert: 'cannot-pay-fee', sender: record.sender });
    if (record.refusal?.code === code) return record;
    return this.#change(record, `submitted: refused (${reason})`, (latest) =>
      latest.builds.at(-1)?.hash === build.hash
        ? { refusal: { reason, code }, learned, looks: record.looks }
        : { learned },
    );
  }

  #look(record: TransactionRecord): Promise<LedgerView> {
    const { network } = this.#settings;
    const holdMs = this.#followed.size <= MOST_HELD_LOOKS ? network.rules.lookEveryMs : 0;
    return askNode(this.#settings, 'A look', (options) => network.look({ ...lookRequestOf(record), holdMs }, options));
  }

  /** Tells every member what became of it; those that are free again are sent again. */
  async #conclude(record: TransactionRecord, told: ReadonlyMap<string, SettlementRecord>): Promise<void> {
    const { books, policy, contextOf, onFreed, isSuspect } = this.#settings;
    const context = contextOf();
    const untold = record.members.filter((id) => !told.has(id));
    const read = await Promise.all(
      untold.map(async (id) => books.settlements.insist(policy.insistForMs, () => books.settlements.read(id))),
    );
    const known = [...record.members.flatMap((id) => told.get(id) ?? []), ...read.filter((each) => each !== undefined)];
    const after = await books.settlements.updateEach(
      known,
      policy.insistForMs,
      `its transaction is ${record.status}`,
      (latest) => {
        const next = afterTransaction(latest, record, context);
        return isSuspect() ? inDoubtOfJournal(latest, next, context) : next;
      },
    );
    if (record.status === 'review') return;
    this.#contradict(record, after);
    await this.#change(record, 'every settlement has been told', () => ({ concluded: true }));
    this.#raise(record);
    onFreed(after.filter(({ status }) => status === 'created'));
  }

  /** A decision that the ledger did not wait for. */
  #contradict(
    { status, outcome, transactionId }: TransactionRecord,
    members: readonly (SettlementRecord | undefined)[],
  ): void {
    if (status !== 'committed') return;
    for (const member of members) {
      if (member?.status !== 'failed' || member.attempts.at(-1)?.transactionId !== transactionId) continue;
      const { settlementId } = member;
      this.#settings.alert({ alert: 'decision-contradicted', settlementId, transactionHash: outcome?.hash ?? '' });
    }
  }

  /** Alerts about how a transaction ended. */
  #raise({ transactionId, sender, slot, outcome, members }: TransactionRecord): void {
    const { alert, alerts } = this.#settings;
    if (outcome?.died === 'slot-used-by-another') {
      alert({
        alert: 'slot-used-by-another',
        sender,
        slot,
        ...(outcome.hash === undefined ? {} : { by: outcome.hash }),
      });
    }
    const each = BigInt(outcome?.feePaid ?? 0) / BigInt(Math.max(1, members.length));
    if (alerts.feePerSettlement !== undefined && each > alerts.feePerSettlement) {
      alert({ alert: 'fee-too-high', transactionId, feePerSettlement: each.toString() });
    }
  }

  #watch({ transactionId, createdAtMs, status }: TransactionRecord, alerted: boolean): boolean {
    const { alerts, alert, environment } = this.#settings;
    const ageMs = environment.clock.nowMs() - createdAtMs;
    if (alerted || status !== 'open' || ageMs < alerts.stuckAfterMs) return alerted;
    alert({ alert: 'transaction-stuck', transactionId, ageMs });
    return true;
  }

  /** Writes a change, if the record is still as we know it; otherwise what others have made of it is taken over. */
  async #change(
    record: TransactionRecord,
    note: string,
    change: (latest: TransactionRecord) => TransactionChange,
    hold: { readonly beforeSend?: boolean } = {},
  ): Promise<TransactionRecord> {
    const { books, policy, environment } = this.#settings;
    const nowMs = environment.clock.nowMs();
    const dueAtMs = nowMs + policy.takeOverAfterMs;
    const update = (): Promise<TransactionRecord | undefined> =>
      books.transactions.update(
        record,
        note,
        // Not by its version: after a failover another record may stand there with the same one.
        (latest) => (latest === record ? moveTransaction(latest, nowMs, { dueAtMs, ...change(latest) }) : latest),
        hold,
      );
    return (await books.transactions.insist(policy.insistForMs, update)) ?? record;
  }

  #evidence(
    { builds }: TransactionRecord,
    source: Evidence['source'],
    code: string,
    detail: string,
    moneyMoved: Evidence['moneyMoved'],
  ): Evidence {
    const atMs = this.#settings.environment.clock.nowMs();
    return { atMs, source, attempt: builds.at(-1)?.number ?? 0, moneyMoved, code, detail };
  }
}
