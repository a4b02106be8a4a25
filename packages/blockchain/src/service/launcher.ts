import { type Estimate, type NetworkCall, NotAcceptingError, PaymentError, RejectedError, sleep } from '@canza/core';

import { giveUp, type OutcomeContext, putOff } from '../settlement-outcome.ts';
import { Carrier } from './carrier.ts';
import type { SettlementAlert } from './events.ts';
import type { Follower } from './follower.ts';
import type { Gap } from './gaps.ts';
import { callOf, changeGroup, expireQuote, type Group, type GroupSettings, isLate } from './group.ts';
import type { SenderDesk } from './lane.ts';
import type { LedgerReadingSettings } from './ledger-reading.ts';
import { askNode, isHopeless } from './node.ts';
import type { AlertThresholds, BatchingPolicy } from './policy.ts';

export interface LauncherSettings extends GroupSettings, LedgerReadingSettings {
  readonly desk: SenderDesk;
  readonly follower: Follower;
  readonly batching: BatchingPolicy;
  readonly alerts: AlertThresholds;
  readonly alert: (alert: SettlementAlert) => void;
}

const ESTIMATE_TRIES = 5;
const ESTIMATE_AGAIN_MS = 30;

/** Decides what goes into one transaction: asks what it would cost and whether it would be carried out, and parts or puts off what cannot go together. */
export class Launcher {
  readonly #settings: LauncherSettings;
  readonly #carrier: Carrier;
  #turns = 0;

  constructor(settings: LauncherSettings) {
    this.#settings = settings;
    const { follower, alert } = settings;
    this.#carrier = new Carrier({
      ...settings,
      onUnknown: (group, error) => this.#warn(group, error),
      onGapFilled: async (record) => {
        alert({ alert: 'gap-filled', sender: record.sender, slot: record.slot });
        await follower.begin(record, []);
      },
    });
  }

  /** Sends settlements in one transaction, or in several where one cannot carry them. Never rejects. */
  async launch(group: Group): Promise<Group> {
    try {
      return await this.#launch(group);
    } catch (error) {
      this.#warn(group, error);
      // Who shuts down leaves them due, as they are, for others.
      if (NotAcceptingError.isInstance(error)) return group;
      return this.#postpone(group, error).catch(() => group);
    }
  }

  /** Uses up a slot that no transaction can use any more, so that those behind it can go on. */
  fillGap(gap: Gap): Promise<void> {
    return this.#carrier.fillGap(gap);
  }

  /** Puts off what is in no transaction. What this configuration cannot build at all fails after a while. */
  async #postpone(group: Group, error: unknown): Promise<Group> {
    const { policy, contextOf, alerts, alert, environment } = this.#settings;
    const context = contextOf();
    const code = codeOf(error);
    // Not in step with other processes, which may be configured with what this one lacks.
    const delayMs = policy.retryEveryMs * (isHopeless(error) ? 1 + environment.random.float() : 1);
    const after = await changeGroup(this.#settings, group, 'put off', (latest) => {
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

  #warn(group: Group, error: unknown): void {
    this.#settings.environment.logger.warn(
      { settlements: group.length, error: codeOf(error) },
      'settlements could not be sent now; they stay due',
    );
  }

  async #launch(group: Group): Promise<Group> {
    const { environment, contextOf, isSuspect } = this.#settings;
    if (isSuspect()) return changeGroup(this.#settings, group, 'may have been sent', (latest) => latest);
    const nowMs = environment.clock.nowMs();
    const late = group.filter((each) => isLate(each, nowMs));
    if (late.length > 0) {
      const ended = changeGroup(this.#settings, late, 'the quote has expired', (latest) =>
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
    const carried = await this.#settings.desk.withLane((lane) => this.#carrier.carry(lane, group, estimate.fee));
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

  #putOff(group: Group, code: string, delayMs: number, context: OutcomeContext): Promise<Group> {
    return changeGroup(this.#settings, group, 'put off', (latest) =>
      latest.status === 'created' ? putOff(latest, delayMs, code, `Put off: ${code}.`, context) : latest,
    );
  }

  /** As the ledger stands it would come to nothing: found out before a fee is paid. */
  async #refused(group: Group, sender: string, abort: Extract<Estimate, { status: 'would-abort' }>): Promise<Group> {
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
    return changeGroup(this.#settings, group, `would come to nothing: ${abort.reason}`, (latest) =>
      latest.status === 'created' ? giveUp(latest, abort.reason, abort.detail, context) : latest,
    );
  }

  async #inHalves(group: Group): Promise<Group> {
    const middle = Math.ceil(group.length / 2);
    const [left, right] = await Promise.all([this.launch(group.slice(0, middle)), this.launch(group.slice(middle))]);
    return [...left, ...right];
  }
}

const codeOf = (error: unknown): string => (PaymentError.isInstance(error) ? error.code : 'UNFORESEEN');
