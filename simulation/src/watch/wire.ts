import type { HttpResponse } from '@canza/core';

import type { Spend } from '../operators/operator.ts';
import type { RecordWatch } from './records.ts';

/** What leaves for operators: nothing that may move money before it was stored, and nothing twice. */
export class WireWatch {
  readonly #records: RecordWatch;
  readonly #sent = new Map<string, { times: number; lastStatus: number | undefined }>();

  constructor(records: RecordWatch) {
    this.#records = records;
  }

  /** Before it leaves. @param isExcused Of payments of which a failover has lost something. */
  sending({ key, originalReceipt }: Spend, isExcused: (transactionId: string) => boolean): readonly string[] {
    if (key === undefined) {
      const known = this.#records.refundsOf(originalReceipt ?? '').length > 0;
      return known ? [] : ['a refund was sent before it was stored'];
    }
    const owner = this.#records.ownerOf(key);
    if (owner === undefined) return ['a payment was sent before it was stored'];
    const before = this.#sent.get(key) ?? { times: 0, lastStatus: undefined };
    const times = before.times + (isRefusal(before.lastStatus) ? 0 : 1);
    this.#sent.set(key, { times, lastStatus: undefined });
    const record = this.#records.latest.get(owner.transactionId);
    const attempt = record?.attempts.find(({ number }) => number === owner.number);
    // Another send of the same attempt is written down before it leaves, as the first one was.
    if (times <= 1 + (attempt?.sentAgain?.times ?? 0) || isExcused(owner.transactionId)) return [];
    return [`${owner.transactionId} was sent ${times} times as the same attempt`];
  }

  answered({ key }: Spend, { status }: HttpResponse): void {
    const sent = key === undefined ? undefined : this.#sent.get(key);
    if (sent !== undefined) sent.lastStatus = status;
  }
}

/** A gateway that turns a token away lets the same request come again. */
const isRefusal = (status: number | undefined): boolean => status !== undefined && status >= 400 && status < 500;
