import type { KeyValueStore, StoredValue } from '@canza/core';
import { StoreError } from '@canza/core';
import type { RecentPayment } from '../effects/payments.ts';

/** What is remembered of somebody who dials, from one session to the next. */
export interface Caller {
  /** The session that they began last. */
  readonly sessionId?: string;
  /** The one before it. */
  readonly previousId?: string;
  readonly language?: string;
  /** Newest first. */
  readonly payments: readonly RecentPayment[];
}

export interface CallersOptions {
  readonly store: KeyValueStore;
  readonly prefix: string;
  readonly timeoutMs: number;
}

/** A month: long enough for the language of somebody who pays once a month. */
const KEPT_MS = 31 * 24 * 3_600_000;
const KEPT_PAYMENTS = 5;
const MOST_RACES = 8;

/** One record for each service code and number. */
export class Callers {
  readonly #options: CallersOptions;
  readonly #write: { readonly ttlMs: number; readonly timeoutMs: number };

  constructor(options: CallersOptions) {
    this.#options = options;
    this.#write = { ttlMs: KEPT_MS, timeoutMs: options.timeoutMs };
  }

  /**
   * Notes that a session began, and tells what was known before; `undefined` for somebody new, who costs one round trip.
   * A repeated first hop is told the same.
   * @throws StoreError
   */
  async meet(serviceCode: string, phone: string, sessionId: string): Promise<Caller | undefined> {
    const key = this.#keyOf(serviceCode, phone);
    let known: Caller = { payments: [] };
    let version = 0;
    for (let race = 0; race < MOST_RACES; race++) {
      const { sessionId: previousId, ...kept } = known;
      const met: Caller = { ...kept, sessionId, ...(previousId === undefined ? {} : { previousId }) };
      // Each try needs what the last one met.
      // oxlint-disable-next-line no-await-in-loop
      const result = await this.#options.store.swap(key, version, encode(met), this.#write);
      if (result.swapped) return version === 0 ? undefined : met;
      known = decode(result.current);
      version = result.current?.version ?? 0;
      if (known.sessionId === sessionId) return known;
    }
    throw new StoreError('The record of a caller changed too often to be written.');
  }

  async read(serviceCode: string, phone: string): Promise<Caller> {
    return decode(
      await this.#options.store.get(this.#keyOf(serviceCode, phone), { timeoutMs: this.#options.timeoutMs }),
    );
  }

  async speak(serviceCode: string, phone: string, language: string): Promise<void> {
    await this.#change(serviceCode, phone, (caller) => ({ ...caller, language }));
  }

  async notePayment(serviceCode: string, phone: string, payment: RecentPayment): Promise<void> {
    await this.#change(serviceCode, phone, (caller) => {
      const others = caller.payments.filter(({ transactionId }) => transactionId !== payment.transactionId);
      return { ...caller, payments: [payment, ...others].slice(0, KEPT_PAYMENTS) };
    });
  }

  async #change(serviceCode: string, phone: string, change: (caller: Caller) => Caller): Promise<void> {
    const key = this.#keyOf(serviceCode, phone);
    let stored = await this.#options.store.get(key, { timeoutMs: this.#options.timeoutMs });
    for (let race = 0; race < MOST_RACES; race++) {
      // Each try needs what the last one met.
      // oxlint-disable-next-line no-await-in-loop
      const result = await this.#options.store.swap(
        key,
        stored?.version ?? 0,
        encode(change(decode(stored))),
        this.#write,
      );
      if (result.swapped) return;
      stored = result.current;
    }
    throw new StoreError('The record of a caller changed too often to be written.');
  }

  #keyOf(serviceCode: string, phone: string): string {
    return `${this.#options.prefix}${serviceCode}:${phone}`;
  }
}

const encode = (caller: Caller): string => JSON.stringify(caller);

function decode(stored: StoredValue | undefined): Caller {
  if (stored === undefined) return { payments: [] };
  try {
    const caller = JSON.parse(stored.value) as Partial<Caller>;
    return { ...caller, payments: Array.isArray(caller.payments) ? caller.payments : [] };
  } catch {
    return { payments: [] };
  }
}
