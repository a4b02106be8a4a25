import { isFinal, type PaymentRecord, parseMoney } from '@canza/core';

import type { Movement } from '../operators/operator.ts';
import type { Owner, RecordWatch } from './records.ts';

/** Money that moved, and for whom. */
export interface Moved extends Movement {
  readonly operator: string;
  readonly owner: Owner;
}

/** What operators' books say beside what records say. */
export class MoneyWatch {
  readonly #records: RecordWatch;
  readonly #moved = new Map<string, Moved[]>();

  constructor(records: RecordWatch) {
    this.#records = records;
  }

  get all(): readonly Moved[] {
    return [...this.#moved.values()].flat();
  }

  of(transactionId: string): readonly Moved[] {
    return this.#moved.get(transactionId) ?? [];
  }

  /** Takes in money that moved; says what is wrong with it. */
  take(operator: string, movement: Movement): readonly string[] {
    const owner = this.#ownerOf(movement);
    if (owner === undefined) return [`money moved at ${operator} without a record: ${movement.kind}`];
    const { transactionId: id, number } = owner;
    const moved = [...this.of(id), { ...movement, operator, owner }];
    this.#moved.set(id, moved);
    const found: string[] = [];
    if (moved.length > 1) found.push(`${id} moved ${moved.length} times`);
    const record = this.#records.latest.get(id);
    // Lost in a failover; the second movement would be the violation.
    if (record === undefined) return found;
    if (record.status === 'failed') found.push(`${id} is failed, and money moved`);
    if (saysUnmoved(record, number)) {
      found.push(`${id} says that attempt ${number} moved nothing, and it did`);
    }
    if (movement.amountMinor !== amountOf(record))
      found.push(`${id} moved ${movement.amountMinor}, not ${record.amount}`);
    found.push(...this.#overRefunded(record));
    return found;
  }

  /** What is wrong with a version of a record, as the books are now. */
  objectionsTo(record: PaymentRecord): readonly string[] {
    const { transactionId: id, status } = record;
    const moved = this.of(id);
    const found: string[] = [];
    if (status === 'failed' && moved.length > 0) found.push(`${id} is failed, and money moved`);
    if (status === 'succeeded' && moved.length === 0) found.push(`${id} is succeeded, and nothing moved`);
    if (isFinal(status)) return found;
    for (const number of new Set(moved.map(({ owner }) => owner.number))) {
      if (saysUnmoved(record, number)) found.push(`${id} says that attempt ${number} moved nothing, and it did`);
    }
    return found;
  }

  /** Refunds of one payment, however many, never add up to more than it was. */
  #overRefunded({ original, currency }: PaymentRecord): readonly string[] {
    if (original === undefined) return [];
    let givenMinor = 0n;
    for (const [id, moved] of this.#moved) {
      if (this.#records.latest.get(id)?.original?.transactionId !== original.transactionId) continue;
      for (const { amountMinor } of moved) givenMinor += amountMinor;
    }
    const wasMinor = parseMoney(original.amount, currency).amountMinor;
    return givenMinor > wasMinor ? [`${original.transactionId} was given back more than it was`] : [];
  }

  #ownerOf({ key, originalReceipt, amountMinor }: Movement): Owner | undefined {
    if (key !== undefined) return this.#records.ownerOf(key);
    const refunds = this.#records
      .refundsOf(originalReceipt ?? '')
      .map((id) => this.#records.remembered.get(id))
      .filter((record) => record !== undefined && amountOf(record) === amountMinor && record.attempts.length > 0);
    // Told apart by nothing but the amount: an open one before one that has ended.
    const open = refunds.find((record) => record?.attempts.at(-1)?.moneyMoved === 'maybe') ?? refunds[0];
    const last = open?.attempts.at(-1);
    return open === undefined || last === undefined
      ? undefined
      : { transactionId: open.transactionId, number: last.number };
  }
}

/**
 * Whether a record calls an attempt unmoved. One that never left lends its reference to the next, and operators know only the reference: then it is
 * enough that one of them may have moved money.
 */
function saysUnmoved({ attempts }: PaymentRecord, number: number): boolean {
  const meant = attempts.find((each) => each.number === number);
  return (
    meant !== undefined &&
    attempts.every(({ reference, moneyMoved }) => reference !== meant.reference || moneyMoved === 'no')
  );
}

const amountOf = ({ amount, currency }: PaymentRecord): bigint => parseMoney(amount, currency).amountMinor;
