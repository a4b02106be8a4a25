import {
  type Clock,
  type Environment,
  knownPart,
  type LedgerView,
  PaymentError,
  type SettlementNetwork,
  type SubmitAnswer,
  type TransactionBuild,
  type TransactionChange,
  type TransactionRecord,
  withDeadline,
} from '@canza/core';

import { haveAllExpired } from '../settlement-plan.ts';
import type { SettlementAlert } from './events.ts';
import { buildAgain, isHopeless, type Rebuild } from './node.ts';
import type { SettlementPolicy } from './policy.ts';
import { evidenceOn, type TransactionChanges } from './transaction-changes.ts';

export interface OfferSettings {
  readonly network: SettlementNetwork;
  readonly policy: SettlementPolicy;
  readonly environment: Environment;
  readonly changes: TransactionChanges;
  readonly alert: (alert: SettlementAlert) => void;
  /** Whether the journal may have lost writes: then no call is submitted, because a member may have been set free without our knowing. */
  readonly isSuspect: () => boolean;
}

/** A build that was added to a record: it is there to be submitted. */
interface Built {
  readonly record: TransactionRecord;
  readonly build: TransactionBuild;
}

/** What cannot be built by this process, as far as it can tell. */
export type Unbuildable = 'unbuildable';

/** Hands bytes to nodes: the only place from which they are submitted, all of them stored before. */
export class Offers {
  readonly #settings: OfferSettings;

  constructor(settings: OfferSettings) {
    this.#settings = settings;
  }

  /** Builds other bytes for the same slot, stores them, and hands them over. */
  async again(
    record: TransactionRecord,
    rebuild: Rebuild,
    why: string,
    view: LedgerView,
  ): Promise<TransactionRecord | Unbuildable> {
    const built = await this.#build(record, rebuild, why, view);
    if (built === 'unbuildable') return built;
    return 'build' in built ? this.submit(built.record, built.build) : built;
  }

  /** Builds other bytes for the same slot, and stores them. */
  async #build(
    record: TransactionRecord,
    rebuild: Rebuild,
    why: string,
    view: LedgerView,
  ): Promise<Built | TransactionRecord | Unbuildable> {
    let build: TransactionBuild;
    try {
      build = await buildAgain(this.#settings, record, rebuild);
    } catch (error) {
      this.#settings.environment.logger.warn(
        { transactionId: record.transactionId, error: knownPart(error) },
        'a transaction could not be built again; trying later',
      );
      return isHopeless(error) || isOld(record, this.#settings) ? 'unbuildable' : record;
    }
    const expired = haveAllExpired(record, view);
    const change = (): TransactionChange => ({ build, expired, looks: record.looks });
    const changed = await this.#settings.changes.write(record, `built again: ${why}`, change, { beforeSend: true });
    return changed.builds.at(-1)?.hash === build.hash ? { record: changed, build } : changed;
  }

  /** Hands over stored bytes, once, and keeps what is worth keeping of the answer. */
  async submit(record: TransactionRecord, build: TransactionBuild): Promise<TransactionRecord> {
    const { network, policy, environment, changes, alert, isSuspect } = this.#settings;
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
    const said = { source: 'reply', code: answer.code, detail: answer.detail, moneyMoved: 'maybe' } as const;
    const learned = [evidenceOn(record, environment.clock.nowMs(), said)];
    if (answer.status !== 'refused') {
      // Told once: the same bytes are offered again and again.
      if (record.evidence.at(-1)?.code === answer.code) return record;
      return changes.write(record, `submitted: ${answer.status}`, () => ({ learned, looks: record.looks }));
    }
    const { reason, code } = answer;
    if (reason === 'cannot-pay-fee') alert({ alert: 'cannot-pay-fee', sender: record.sender });
    if (record.refusal?.code === code) return record;
    return changes.write(record, `submitted: refused (${reason})`, (latest) =>
      latest.builds.at(-1)?.hash === build.hash
        ? { refusal: { reason, code }, learned, looks: record.looks }
        : { learned },
    );
  }
}

/** Whether its last build is so old that something must be wrong. */
export function isOld(
  { builds, decided }: TransactionRecord,
  { environment, policy }: { readonly environment: { readonly clock: Clock }; readonly policy: SettlementPolicy },
): boolean {
  const sinceMs = Math.max(builds.at(-1)?.builtAtMs ?? 0, decided?.atMs ?? 0);
  return environment.clock.nowMs() - sinceMs >= policy.reviewAfterMs;
}
