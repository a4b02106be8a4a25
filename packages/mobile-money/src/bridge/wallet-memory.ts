import { createHmac } from 'node:crypto';

import {
  type AccountHolder,
  type Clock,
  type KeyValueStore,
  type Logger,
  PaymentError,
  withDeadline,
} from '@canza/core';

import type { AccountAnswer, PastSuccess } from '../directory/index.ts';

/** What this app has seen of the wallets of a number: evidence for whose wallet it is, never more. */
export interface WalletKnowledge {
  readonly successes: readonly PastSuccess[];
  readonly accounts: readonly AccountAnswer[];
}

export interface WalletMemorySettings {
  readonly store: KeyValueStore;
  /** Numbers are few enough to be tried one by one against a plain digest, so they are kept under a keyed one. */
  readonly digestKey: string | Uint8Array;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** `[operator, when]`, and `[operator, status, when]`; newest first. */
interface Kept {
  readonly paid: readonly (readonly [string, number])[];
  readonly told: readonly (readonly [string, AccountHolder['status'], number])[];
}

const DAY_MS = 86_400_000;
/** As long as the directory gives a success any weight: numbers are ported, and given to others after a while. */
const REMEMBER_FOR_MS = 90 * DAY_MS;
/** A wallet may be opened, or blocked, the next day. */
const BELIEVE_AN_ANSWER_FOR_MS = DAY_MS;
/** Operators kept for a number. */
const MOST_OPERATORS = 4;
/** A payment does not wait for a hint. */
const RECALL_WITHIN_MS = 250;

const NOTHING: WalletKnowledge = { successes: [], accounts: [] };

/** Remembers at which operators payments of a number succeeded, and what operators said of it. What it cannot tell holds up nothing. */
export class WalletMemory {
  readonly #settings: WalletMemorySettings;

  constructor(settings: WalletMemorySettings) {
    this.#settings = settings;
  }

  async recall(msisdn: string): Promise<WalletKnowledge> {
    const kept = await this.#quietly((options) => this.#settings.store.get(this.#keyOf(msisdn), options));
    if (kept === undefined) return NOTHING;
    const nowMs = this.#settings.clock.nowMs();
    const { paid, told } = readKept(kept.value);
    return {
      successes: paid.map(([operator, atMs]) => ({ operator, atMs })),
      accounts: told
        .filter(([, , atMs]) => nowMs - atMs < BELIEVE_AN_ANSWER_FOR_MS)
        .map(([operator, status]) => ({ operator, status })),
    };
  }

  /** A payment of this number succeeded at this operator. */
  async notePaid(msisdn: string, operator: string): Promise<void> {
    await this.#change(msisdn, ({ paid, told }, nowMs) => ({
      paid: [[operator, nowMs] as const, ...paid.filter(([other]) => other !== operator)].slice(0, MOST_OPERATORS),
      // That a wallet was paid is newer than that it was not found.
      told: told.filter(([other]) => other !== operator),
    }));
  }

  /** An operator was asked about this number. */
  async noteAnswer(msisdn: string, operator: string, status: AccountHolder['status']): Promise<void> {
    if (status === 'unknown') return;
    await this.#change(msisdn, ({ paid, told }, nowMs) => ({
      paid,
      told: [[operator, status, nowMs] as const, ...told.filter(([other]) => other !== operator)].slice(
        0,
        MOST_OPERATORS,
      ),
    }));
  }

  /** Of two changes at once one is lost: it is a hint that comes again with the next payment. */
  async #change(msisdn: string, change: (kept: Kept, nowMs: number) => Kept): Promise<void> {
    const { store, clock } = this.#settings;
    const key = this.#keyOf(msisdn);
    await this.#quietly(async (options) => {
      const stored = await store.get(key, options);
      const next = change(stored === undefined ? { paid: [], told: [] } : readKept(stored.value), clock.nowMs());
      return store.swap(key, stored?.version ?? 0, JSON.stringify(next), { ...options, ttlMs: REMEMBER_FOR_MS });
    });
  }

  async #quietly<T>(work: (options: { signal: AbortSignal }) => Promise<T>): Promise<T | undefined> {
    const { clock, logger } = this.#settings;
    try {
      return await withDeadline(clock, { timeoutMs: RECALL_WITHIN_MS, what: 'The memory of wallets' }, (signal) =>
        work({ signal }),
      );
    } catch (error) {
      logger.debug(
        { error: PaymentError.isInstance(error) ? error.code : 'UNFORESEEN' },
        'the memory of wallets is away',
      );
      return undefined;
    }
  }

  #keyOf(msisdn: string): string {
    return `wallet:${createHmac('sha256', this.#settings.digestKey).update(msisdn).digest('base64url')}`;
  }
}

/** What somebody else wrote under the key, or another release, counts as nothing. */
function readKept(value: string): Kept {
  try {
    const read = JSON.parse(value) as Partial<Kept> | null;
    const isKept = listsOf(read?.paid, 2) && listsOf(read?.told, 3);
    if (isKept) return read as Kept;
  } catch {
    return { paid: [], told: [] };
  }
  return { paid: [], told: [] };
}

/** Whether it is a list of lists as long as that, each of texts with a time at its end. */
const listsOf = (list: unknown, length: number): boolean =>
  Array.isArray(list) &&
  list.every(
    (each) =>
      Array.isArray(each) &&
      each.length === length &&
      each.every((part, at) => typeof part === (at === length - 1 ? 'number' : 'string')),
  );
