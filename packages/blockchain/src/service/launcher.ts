import {
  type Environment,
  type Estimate,
  type Fee,
  type LedgerSnapshot,
  type NetworkCall,
  NotAcceptingError,
  PaymentError,
  type Random,
  RejectedError,
  restoreCall,
  type SettlementNetwork,
  type SettlementRecord,
  type SignedTransaction,
  sha256Hex,
  sleep,
  storeCall,
  type TransactionRecord,
} from '@canza/core';

import {
  afterTransaction,
  giveUp,
  inDoubtOfJournal,
  joinTransaction,
  type OutcomeContext,
  putOff,
} from '../settlement-outcome.ts';
import type { Books } from './books.ts';
import type { SettlementAlert } from './events.ts';
import type { Follower } from './follower.ts';
import type { Gap } from './gaps.ts';
import { askNode, isHopeless } from './node.ts';
import type { AlertThresholds, BatchingPolicy, SettlementPolicy } from './policy.ts';
import type { Lane, SenderDesk } from './sender-desk.ts';

export interface LauncherSettings {
  readonly network: SettlementNetwork;
  readonly books: Books;
  readonly desk: SenderDesk;
  readonly follower: Follower;
  readonly policy: SettlementPolicy;
  readonly batching: BatchingPolicy;
  readonly alerts: AlertThresholds;
  readonly environment: Environment;
  readonly alert: (alert: SettlementAlert) => void;
  readonly contextOf: () => OutcomeContext;
  /** Whether the journal may have lost writes: then a settlement that looks free may be on its way. */
  readonly isSuspect: () => boolean;
}

type Settlements = readonly SettlementRecord[];

const ESTIMATE_TRIES = 5;
const ESTIMATE_AGAIN_MS = 30;

/** Slots that are found taken one after the other before it is given up: more than any sender has open. */
const MOST_SLOTS_TRIED = 2000;

/**
 * Brings settlements into a transaction. The order is what keeps money from moving twice, and docs/decisions/0015-settlement-journal.md
 * says why: each member names the transaction; the transaction is stored with its bytes; only then is it submitted.
 */
export class Launcher {
  readonly #settings: LauncherSettings;
  #snapshot: { readonly ledger: LedgerSnapshot; readonly readMs: number } | undefined;
  #turns = 0;

  constructor(settings: LauncherSettings) {
    this.#settings = settings;
  }

  /** Sends settlements in one transaction, or in several where one cannot carry them. Never rejects. */
  async launch(group: Settlements): Promise<Settlements> {
    try {
      return await this.#launch(group);
    } catch (error) {
      this.#warn(group, error);
      // Who shuts down leaves them due, as they are, for others.
      if (NotAcceptingError.isInstance(error)) return group;
      return this.#postpone(group, error).catch(() => group);
    }
  }

  /** Puts off what is in no transaction. What this configuration cannot build at all fails after a while. */
  async #postpone(group: Settlements, error: unknown): Promise<Settlements> {
    const { policy, contextOf, alerts, alert, environment } = this.#settings;
    const context = contextOf();
    const code = codeOf(error);
    // Not in step with other processes, which may be configured with what this one lacks.
    const delayMs = policy.retryEveryMs * (isHopeless(error) ? 1 + environment.random.float() : 1);
    const after = await this.#change(group, 'put off', (latest) => {
      if (latest.status !== 'created') return latest;
      return isHopeless(error) && context.nowMs - latest.createdAtMs >= policy.retryForMs
        ? giveUp(latest, 'network-refused', error.message, context)
        : putOff(latest, delayMs, code, `Put off: ${code}.`, context);
    });
    for (const [index, { status, settlementId, createdAtMs }] of after.entries()) {
      const alertAtMs = createdAtMs + alerts.stuckAfterMs;
      const wasYoung = (group[index]?.updatedAtMs ?? 0) < alertAtMs;
      if (status === 'created' && wasYoung && context.nowMs >= alertAtMs) {
        alert({ alert: 'settlement-stuck', settlementId, code, ageMs: context.nowMs - createdAtMs });
      }
    }
    return after;
  }

  #warn(group: Settlements, error: unknown): void {
    this.#settings.environment.logger.warn(
      { settlements: group.length, error: codeOf(error) },
      'settlements could not be sent now; they stay due',
    );
  }

  async #launch(group: Settlements): Promise<Settlements> {
    const { environment, contextOf, isSuspect } = this.#settings;
    if (isSuspect()) return this.#change(group, 'may have been sent', (latest) => latest);
    const nowMs = environment.clock.nowMs();
    const late = group.filter((each) => isLate(each, nowMs));
    if (late.length > 0) {
      const ended = this.#change(late, 'the quote has expired', (latest) =>
        latest.status === 'created' ? expireQuote(latest, contextOf()) : latest,
      );
      const rest = group.filter((each) => !isLate(each, nowMs));
      return [...(await ended), ...(rest.length === 0 ? [] : await this.#launch(rest))];
    }
    const call = callOf(group);
    const { senders } = this.#settings.network;
    const sender = senders[this.#turns++ % senders.length] ?? '';
    const estimate = await this.#estimate(sender, call);
    if (estimate.status === 'would-abort') return this.#refused(group, sender, estimate);
    const { maxGasUnits } = this.#settings.batching;
    if (group.length > 1 && maxGasUnits !== undefined && BigInt(estimate.fee.maxUnits) > maxGasUnits) {
      return this.#inHalves(group);
    }
    await this.#settings.follower.room();
    const carried = await this.#settings.desk.withLane((lane) => this.#carry(lane, group, estimate.fee));
    return carried.transaction === undefined
      ? carried.settlements
      : this.#settings.follower.begin(carried.transaction, carried.settlements);
  }

  /** Asks again in place for a while: the number that a simulation ran with may have been used meanwhile. */
  async #estimate(sender: string, call: NetworkCall): Promise<Estimate> {
    const { network, environment, alert } = this.#settings;
    for (let tries = 1; ; tries++) {
      try {
        return await askNode(this.#settings, 'An estimate', (options) => network.estimate({ sender, call }, options));
      } catch (error) {
        const unpayable = RejectedError.isInstance(error) && error.reason === 'float-exhausted';
        if (unpayable) alert({ alert: 'cannot-pay-fee', sender });
        if (unpayable || isHopeless(error) || tries >= ESTIMATE_TRIES) throw error;
        await sleep(environment.clock, ESTIMATE_AGAIN_MS * tries);
      }
    }
  }

  #putOff(group: Settlements, code: string, delayMs: number, context: OutcomeContext): Promise<Settlements> {
    return this.#change(group, 'put off', (latest) =>
      latest.status === 'created' ? putOff(latest, delayMs, code, `Put off: ${code}.`, context) : latest,
    );
  }

  /** As the ledger stands it would come to nothing: found out before a fee is paid. */
  async #refused(
    group: Settlements,
    sender: string,
    abort: Extract<Estimate, { status: 'would-abort' }>,
  ): Promise<Settlements> {
    const { policy, alert, contextOf } = this.#settings;
    const [first] = group;
    const culprit = abort.transfer;
    if (group.length > 1 && culprit !== undefined && group[culprit] !== undefined) {
      const rest = group.filter((_, index) => index !== culprit);
      const [one, others] = await Promise.all([this.launch([group[culprit]]), this.launch(rest)]);
      return [...one, ...others];
    }
    if (group.length > 1) return this.#inHalves(group);
    if (first === undefined) return group;
    const context = contextOf();
    if (abort.reason === 'insufficient-balance' && first.call.kind === 'transfers') {
      alert({ alert: 'balance-too-low', sender, asset: first.call.asset });
    }
    const mayPass = abort.reason === 'insufficient-balance' || abort.reason === 'out-of-gas';
    if (mayPass && context.nowMs - first.createdAtMs < policy.retryForMs) {
      return this.#putOff(group, abort.reason.toUpperCase(), policy.retryEveryMs, context);
    }
    return this.#change(group, `would come to nothing: ${abort.reason}`, (latest) =>
      latest.status === 'created' ? giveUp(latest, abort.reason, abort.detail, context) : latest,
    );
  }

  async #inHalves(group: Settlements): Promise<Settlements> {
    const middle = Math.ceil(group.length / 2);
    const [left, right] = await Promise.all([this.launch(group.slice(0, middle)), this.launch(group.slice(middle))]);
    return [...left, ...right];
  }

  /** Has the members join, then builds and stores the transaction. Nothing is submitted here. */
  async #carry(
    lane: Lane,
    group: Settlements,
    fee: Fee,
  ): Promise<{ readonly settlements: Settlements; readonly transaction?: TransactionRecord }> {
    const { contextOf, environment } = this.#settings;
    const ledger = await this.#ledger();
    const transactionId = drawTransactionId(environment.random, group.map(({ settlementId }) => settlementId).join());
    const context = contextOf();
    const join = (latest: SettlementRecord): SettlementRecord => {
      // Whoever was quicker has it; what falls due is nobody's.
      if (latest.status !== 'created') return latest;
      // Waiting for a sender may have taken longer than its price holds.
      return isLate(latest, context.nowMs)
        ? expireQuote(latest, context)
        : joinTransaction(latest, transactionId, context);
    };
    // In a cluster it stands on another machine than the transaction, whose own write does not wait for this one's copies.
    const joined = await this.#change(group, `joins ${transactionId}`, join, { beforeSend: true });
    const members = joined.filter((each) => each.attempts.at(-1)?.transactionId === transactionId);
    if (members.length === 0) return { settlements: joined };
    try {
      const call = callOf(members);
      const transaction = await this.#store(lane, transactionId, members, call, fee, ledger);
      return transaction === undefined ? { settlements: joined } : { settlements: joined, transaction };
    } catch (error) {
      if (!(error instanceof NotBuilt)) {
        // It may be stored all the same, and is submitted then by whoever finds it there.
        this.#warn(members, error);
        return { settlements: joined };
      }
      // It was never offered to the journal, and never will be: nobody can send it.
      const freed = await this.#change(members, 'could not be built', (latest) =>
        // Others may have declared it dead meanwhile, and sent the settlement with another: that one is not touched.
        latest.attempts.at(-1)?.transactionId === transactionId
          ? this.#withoutTransaction(latest, error, contextOf())
          : latest,
      );
      return { settlements: freed };
    }
  }

  #withoutTransaction(latest: SettlementRecord, { reason }: NotBuilt, context: OutcomeContext): SettlementRecord {
    const freed = afterTransaction(latest, undefined, context);
    if (freed === latest) return latest;
    const refusal = isHopeless(reason) ? reason.message : undefined;
    const change =
      refusal === undefined
        ? putOff(freed, this.#settings.policy.retryEveryMs, 'NOT_BUILT', 'It could not be signed now.', context)
        : giveUp(freed, 'network-refused', refusal, context);
    // Two steps of the rules, one version in the journal.
    return { ...change, version: latest.version + 1 };
  }

  /** @returns nothing where others have declared that transaction dead in the meantime. */
  async #store(
    lane: Lane,
    transactionId: string,
    members: Settlements,
    call: NetworkCall,
    fee: Fee,
    ledger: LedgerSnapshot,
  ): Promise<TransactionRecord | undefined> {
    const { books, policy } = this.#settings;
    for (let tries = 0; tries < MOST_SLOTS_TRIED; tries++) {
      const slot = await notBuilt(() => lane.slot(`${transactionId}:1`));
      const signed = await notBuilt(() => this.#build(lane.sender, slot, call, fee, ledger));
      const record = this.#recordOf(transactionId, signed, call, members);
      const inserted = await books.transactions.insist(policy.insistForMs, () =>
        books.transactions.insert(record, `stored to be sent: ${members.length} settlements`, { beforeSend: true }),
      );
      if (inserted.outcome === 'exists') return undefined;
      lane.used(slot);
      if (inserted.outcome === 'written') return record;
    }
    throw new NotBuilt(undefined);
  }

  #build(
    sender: string,
    slot: string,
    call: NetworkCall,
    fee: Fee,
    ledger: LedgerSnapshot,
  ): Promise<SignedTransaction> {
    return askNode(this.#settings, 'Signing', (options) =>
      this.#settings.network.build({ sender, slot, call, fee, ledger }, options),
    );
  }

  #recordOf(
    transactionId: string,
    signed: SignedTransaction,
    call: NetworkCall,
    members: Settlements,
    purpose: 'call' | 'void' = 'call',
  ): TransactionRecord {
    const { network, policy, environment } = this.#settings;
    const nowMs = environment.clock.nowMs();
    const holdsUntilMs = Math.min(...members.map(({ quote }) => quote?.expiresAtMs ?? Infinity));
    return {
      transactionId,
      version: 1,
      status: 'open',
      network: network.name,
      sender: signed.sender,
      slot: signed.slot,
      slotGuards: network.rules.slotGuards,
      call: storeCall(call),
      members: members.map(({ settlementId }) => settlementId),
      builds: [{ ...signed, number: 1, builtAtMs: nowMs, purpose }],
      concluded: false,
      looks: 0,
      evidence: [],
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
      dueAtMs: nowMs + policy.takeOverAfterMs,
      ...(holdsUntilMs === Infinity ? {} : { holdsUntilMs }),
    };
  }

  /** Uses up a slot that no transaction can use any more, so that those behind it can go on. */
  async fillGap({ sender, slot, after }: Gap): Promise<void> {
    const { books, network, environment, policy, follower, alert } = this.#settings;
    if (network.capabilities.void !== 'supported') return;
    const call = { kind: 'void' } as const;
    const estimate = await askNode(this.#settings, 'An estimate', (options) =>
      network.estimate({ sender, call }, options),
    );
    if (estimate.status !== 'would-commit') return;
    const signed = await this.#build(sender, slot, call, estimate.fee, await this.#ledger());
    const transactionId = `stx_${Buffer.from(environment.random.bytes(12)).toString('hex')}`;
    const stored = this.#recordOf(transactionId, signed, call, [], 'void');
    const record = after === undefined ? stored : { ...stored, after };
    const inserted = await books.transactions.insist(policy.insistForMs, () =>
      books.transactions.insert(record, 'stored to fill a gap', { beforeSend: true }),
    );
    if (inserted.outcome !== 'written') return;
    alert({ alert: 'gap-filled', sender, slot });
    await follower.begin(record, []);
  }

  /** What the ledger said of itself a moment ago: an older reading only makes a transaction end earlier. */
  async #ledger(): Promise<LedgerSnapshot> {
    const { environment, policy, network } = this.#settings;
    const nowMs = environment.clock.monotonicMs();
    const known = this.#snapshot;
    if (known !== undefined && nowMs - known.readMs < policy.snapshotReuseMs) return known.ledger;
    const ledger = await askNode(this.#settings, 'A look at the ledger', (options) => network.ledger(options));
    this.#snapshot = { ledger, readMs: nowMs };
    return ledger;
  }

  #change(
    group: Settlements,
    note: string,
    change: (latest: SettlementRecord) => SettlementRecord,
    hold: { readonly beforeSend?: boolean } = {},
  ): Promise<Settlements> {
    const { books, policy, isSuspect, contextOf } = this.#settings;
    const careful = (latest: SettlementRecord): SettlementRecord =>
      isSuspect() ? inDoubtOfJournal(latest, change(latest), contextOf()) : change(latest);
    return books.settlements.updateEach(group, policy.insistForMs, note, careful, hold);
  }
}

const codeOf = (error: unknown): string => (PaymentError.isInstance(error) ? error.code : 'UNFORESEEN');

const isLate = ({ quote }: SettlementRecord, nowMs: number): boolean =>
  quote !== undefined && quote.expiresAtMs <= nowMs;

const expireQuote = (record: SettlementRecord, context: OutcomeContext): SettlementRecord =>
  giveUp(record, 'quote-expired', 'The quote expired unused.', context);

/** What keeps a transaction from being built, before anything of it was stored. */
class NotBuilt extends Error {
  readonly reason: unknown;

  constructor(reason: unknown) {
    super('The transaction could not be built.');
    this.reason = reason;
  }
}

async function notBuilt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new NotBuilt(error);
  }
}

/** An id that no other transaction has, also not one that a copy of this machine draws the same for. @param what It is for. */
function drawTransactionId(random: Random, what: string): string {
  const drawn = Buffer.from(random.bytes(12)).toString('hex');
  return `stx_${sha256Hex(`${drawn}:${what}`).slice(0, 24)}`;
}

/** The call that carries all of them: their transfers, in their order; or the one operation that stands alone. */
function callOf(group: Settlements): NetworkCall {
  const first = group[0]?.call ?? { kind: 'void' };
  if (first.kind !== 'transfers') return restoreCall(first);
  const transfers = group.flatMap(({ call }) => (call.kind === 'transfers' ? call.transfers : []));
  return restoreCall({ kind: 'transfers', asset: first.asset, transfers });
}
