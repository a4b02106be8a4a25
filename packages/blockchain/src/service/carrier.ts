import {
  type Fee,
  type LedgerSnapshot,
  type NetworkCall,
  type Random,
  type SettlementRecord,
  type SignedTransaction,
  sha256Hex,
  storeCall,
  type TransactionRecord,
} from '@canza/core';

import { afterTransaction, giveUp, joinTransaction, type OutcomeContext, putOff } from '../settlement-outcome.ts';
import type { Gap } from './gaps.ts';
import { callOf, changeGroup, expireQuote, type Group, type GroupSettings, isLate } from './group.ts';
import type { Lane } from './lane.ts';
import { LedgerReading, type LedgerReadingSettings } from './ledger-reading.ts';
import { askNode, isHopeless } from './node.ts';

export interface CarrierSettings extends GroupSettings, LedgerReadingSettings {
  /** Told that the journal does not say whether the transaction of these was stored. */
  readonly onUnknown: (group: Group, error: unknown) => void;
  /** Has a transaction that uses a number up submitted, and followed. */
  readonly onGapFilled: (record: TransactionRecord) => Promise<void>;
}

/** Slots that are found taken one after the other before it is given up: more than any sender has open. */
const MOST_SLOTS_TRIED = 2000;

/**
 * Puts settlements into a transaction, and stores it. The order is what keeps money from moving twice, and
 * docs/decisions/0015-settlement-journal.md says why: each member names the transaction; the transaction is stored with its bytes; only then may
 * it be submitted, which is not done here.
 */
export class Carrier {
  readonly #settings: CarrierSettings;
  readonly #ledger: LedgerReading;

  constructor(settings: CarrierSettings) {
    this.#settings = settings;
    this.#ledger = new LedgerReading(settings);
  }

  /** Has the members join, then builds and stores the transaction. Nothing is submitted here. */
  async carry(
    lane: Lane,
    group: Group,
    fee: Fee,
  ): Promise<{ readonly settlements: Group; readonly transaction?: TransactionRecord }> {
    const { contextOf, environment } = this.#settings;
    const ledger = await this.#ledger.current();
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
    const joined = await changeGroup(this.#settings, group, `joins ${transactionId}`, join, { beforeSend: true });
    const members = joined.filter((each) => each.attempts.at(-1)?.transactionId === transactionId);
    if (members.length === 0) return { settlements: joined };
    try {
      const call = callOf(members);
      const transaction = await this.#store(lane, transactionId, members, call, fee, ledger);
      return transaction === undefined ? { settlements: joined } : { settlements: joined, transaction };
    } catch (error) {
      if (!(error instanceof NotBuilt)) {
        // It may be stored all the same, and is submitted then by whoever finds it there.
        this.#settings.onUnknown(members, error);
        return { settlements: joined };
      }
      // It was never offered to the journal, and never will be: nobody can send it.
      const freed = await changeGroup(this.#settings, members, 'could not be built', (latest) =>
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
    members: Group,
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
    members: Group,
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
    const { books, network, environment, policy, onGapFilled } = this.#settings;
    if (network.capabilities.void !== 'supported') return;
    const call = { kind: 'void' } as const;
    const estimate = await askNode(this.#settings, 'An estimate', (options) =>
      network.estimate({ sender, call }, options),
    );
    if (estimate.status !== 'would-commit') return;
    const signed = await this.#build(sender, slot, call, estimate.fee, await this.#ledger.current());
    const transactionId = drawTransactionId(environment.random, `${sender}:${slot}`);
    const stored = this.#recordOf(transactionId, signed, call, [], 'void');
    const record = after === undefined ? stored : { ...stored, after };
    const inserted = await books.transactions.insist(policy.insistForMs, () =>
      books.transactions.insert(record, 'stored to fill a gap', { beforeSend: true }),
    );
    if (inserted.outcome !== 'written') return;
    await onGapFilled(record);
  }
}

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
