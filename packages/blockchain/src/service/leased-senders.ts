import { DeadlineError, type HeldRecord, NotAcceptingError, sleep } from '@canza/core';

import type { DeskSettings, Lane, SenderDesk, SenderRecord } from './lane.ts';
import { LeasedLane } from './leased-lane.ts';
import { askNode } from './node.ts';

interface Waiter {
  readonly serve: (lane: LeasedLane) => void;
  readonly fail: (error: unknown) => void;
}

/** How long until a sender that others have, or that has too much open, is asked for again. */
const RETRY_MS = 100;

/**
 * Numbers without gaps have one owner at a time: a process claims the sender in the journal, under a lease with a fence, and writes back how
 * far it came. What keeps two transactions out of one slot is not the lease but the journal's index of slots; the lease keeps processes
 * from racing for them.
 */
export class LeasedSenders implements SenderDesk {
  readonly #settings: DeskSettings;
  readonly #waiting: Waiter[] = [];
  readonly #stop = new AbortController();
  #claiming = false;

  constructor(settings: DeskSettings) {
    this.#settings = settings;
  }

  async open(): Promise<void> {
    const { network, senders, clock } = this.#settings;
    const nowMs = clock.nowMs();
    for (const address of network.senders) {
      await senders.insert(
        {
          address,
          version: 1,
          next: '0',
          standsAt: null,
          createdAtMs: nowMs,
          updatedAtMs: nowMs,
          dueAtMs: 0,
        },
        'a sender of ours',
      );
    }
  }

  async withLane<T>(work: (lane: Lane) => Promise<T>): Promise<T> {
    const lane = await this.#acquire();
    try {
      return await work(lane);
    } finally {
      await this.#passOn(lane);
    }
  }

  close(): void {
    this.#stop.abort();
    for (const { fail } of this.#waiting.splice(0)) fail(closing());
  }

  #acquire(): Promise<LeasedLane> {
    if (this.#stop.signal.aborted) return Promise.reject(closing());
    const { clock, policy } = this.#settings;
    return new Promise((resolve, reject) => {
      // Later than this whoever waits is left behind by the journal's rules, and is taken up again there.
      const timeoutMs = policy.takeOverAfterMs;
      const cancel = clock.setTimer(timeoutMs, () => {
        const index = this.#waiting.indexOf(waiter);
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(new DeadlineError('Waiting for a sender', timeoutMs, 'no'));
      });
      const waiter: Waiter = {
        serve: (lane) => {
          cancel();
          resolve(lane);
        },
        fail: (error) => {
          cancel();
          reject(error);
        },
      };
      this.#waiting.push(waiter);
      void this.#claim();
    });
  }

  /** Claims senders as long as somebody waits. */
  async #claim(): Promise<void> {
    if (this.#claiming) return;
    this.#claiming = true;
    const { senders, policy, owner, clock, network } = this.#settings;
    let isOpen = false;
    try {
      while (this.#waiting.length > 0) {
        const [held] = await senders.claimDue(owner, policy.leaseMs, 1);
        // Others have it, as a rule; but a journal that failed over may not know it any more.
        if (held === undefined && !isOpen) await this.open();
        isOpen ||= held === undefined;
        const isOurs = held !== undefined && network.senders.includes(held.record.address);
        if (held !== undefined && !isOurs) await this.#passOver(held);
        const lane = isOurs ? await this.#open(held) : undefined;
        const waiter = lane === undefined ? undefined : this.#waiting.shift();
        if (waiter !== undefined && lane !== undefined) waiter.serve(lane);
        else if (lane !== undefined) await this.#writeBack(lane, 0);
        else await sleep(clock, RETRY_MS, this.#stop.signal).catch(() => undefined);
      }
    } catch (error) {
      for (const { fail } of this.#waiting.splice(0)) fail(error);
    } finally {
      this.#claiming = false;
    }
  }

  /** A sender that only others are configured with, or nobody any more: it goes behind those that we can use. */
  async #passOver({ record, fence }: HeldRecord<SenderRecord>): Promise<void> {
    const { senders, clock } = this.#settings;
    const nowMs = clock.nowMs();
    const next = { ...record, version: record.version + 1, updatedAtMs: nowMs, dueAtMs: nowMs + RETRY_MS };
    await senders.update(record, 'not ours', (latest) => (latest === record ? next : latest), { fence });
  }

  /** @throws whatever kept it from being opened; others may claim the sender at once then. */
  async #open(held: HeldRecord<SenderRecord>): Promise<LeasedLane | undefined> {
    const { senders, logger } = this.#settings;
    try {
      return await this.#laneOf(held);
    } catch (error) {
      await senders.release(held).catch(() => {
        logger.warn({ sender: held.record.address }, 'a sender could not be let go of; its lease runs out');
      });
      throw error;
    }
  }

  /** @returns nothing where the sender has as much open as the chain takes. */
  async #laneOf({ record, fence }: HeldRecord<SenderRecord>): Promise<LeasedLane | undefined> {
    const { policy, clock, findGap, fillGap, network } = this.#settings;
    const untilMs = clock.monotonicMs() + policy.leaseMs / 2;
    const ledgerNext = await this.#ledgerNext(record.address);
    const { standsAt } = record;
    const lane = new LeasedLane(record, fence, untilMs, ledgerNext);
    const stood =
      standsAt?.slot === ledgerNext.toString() &&
      clock.nowMs() - standsAt.sinceMs >= policy.gapAfterMs &&
      lane.open > 0;
    const gap = stood ? await findGap(record.address, ledgerNext.toString()) : undefined;
    if (gap !== undefined) await fillGap(gap);
    if (lane.open < network.rules.maxPendingPerSender) return lane;
    await this.#writeBack(lane, RETRY_MS);
    return undefined;
  }

  async #ledgerNext(sender: string): Promise<bigint> {
    const { network, policy, clock } = this.#settings;
    const asked = askNode({ policy, environment: { clock } }, 'A question for the next number', (options) =>
      network.nextSlot({ sender, reference: '' }, options),
    );
    return BigInt(await asked);
  }

  /** Gives a lane to whoever waits, or back to the journal. */
  async #passOn(lane: LeasedLane): Promise<void> {
    const { clock, logger, network } = this.#settings;
    try {
      if (lane.open >= network.rules.maxPendingPerSender) {
        // Where the node cannot tell, the sender is handed back as full as it is known to be.
        lane.ledgerIsAt(await this.#ledgerNext(lane.sender).catch(() => 0n));
      }
      const usable = lane.open < network.rules.maxPendingPerSender && clock.monotonicMs() < lane.untilMs;
      const waiter = usable ? this.#waiting.shift() : undefined;
      if (waiter !== undefined) waiter.serve(lane);
      else await this.#writeBack(lane, usable ? 0 : RETRY_MS);
    } catch {
      // The lease runs out by itself, and the next owner finds by the index of slots how far it came.
      logger.warn({ sender: lane.sender }, 'a sender could not be handed back; its lease runs out');
    }
  }

  async #writeBack(lane: LeasedLane, delayMs: number): Promise<void> {
    const { senders, clock } = this.#settings;
    const nowMs = clock.nowMs();
    const slot = (lane.next - BigInt(lane.open)).toString();
    const { standsAt: known } = lane.record;
    const standsAt = lane.open === 0 ? null : known?.slot === slot ? known : { slot, sinceMs: nowMs };
    const next: SenderRecord = {
      ...lane.record,
      version: lane.record.version + 1,
      next: lane.next.toString(),
      standsAt,
      updatedAtMs: nowMs,
      dueAtMs: nowMs + delayMs,
    };
    await senders.update(
      lane.record,
      `handed back at ${next.next}`,
      (latest) => (latest === lane.record ? next : latest),
      {
        fence: lane.fence,
      },
    );
  }
}

const closing = (): NotAcceptingError => new NotAcceptingError('The settlement service is shutting down.');
