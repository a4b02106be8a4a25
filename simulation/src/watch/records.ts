import { isFinal, liesWith, type PaymentRecord, parseMoney } from '@canza/core';

import { attemptKey } from '../operators/operator.ts';

/** Which attempt of which payment. */
export interface Owner {
  readonly transactionId: string;
  readonly number: number;
}

/** Every version of every record: what must hold between two of them, and whose a reference is. */
export class RecordWatch {
  readonly latest = new Map<string, PaymentRecord>();
  /** The last version of each record that was ever there, also where a failover has lost it. */
  readonly remembered = new Map<string, PaymentRecord>();
  readonly #owners = new Map<string, Owner>();
  readonly #refunds = new Map<string, string[]>();
  readonly #tokens = new Set<string>();

  /** Takes in a version as it was written; says what is wrong with it. */
  take(record: PaymentRecord): readonly string[] {
    const before = this.latest.get(record.transactionId);
    this.latest.set(record.transactionId, record);
    this.remembered.set(record.transactionId, record);
    this.#index(record);
    return [...objectionsTo(record, before), ...this.#overRefunded(record)];
  }

  /** After a failover: what the journal has by now in the place of what was lost. */
  reset(transactionId: string, record: PaymentRecord | undefined): void {
    if (record === undefined) this.latest.delete(transactionId);
    else this.latest.set(transactionId, record);
  }

  /** By the key of an attempt, or by its callback token. */
  ownerOf(key: string): Owner | undefined {
    return this.#owners.get(key);
  }

  /** Ids of the refunds of what the operator calls so. */
  refundsOf(receipt: string): readonly string[] {
    return this.#refunds.get(receipt) ?? [];
  }

  isToken(text: string): boolean {
    return this.#tokens.has(text);
  }

  /** Refunds that failed gave nothing back; of the others nobody knows. */
  #overRefunded({ original, currency }: PaymentRecord): string[] {
    if (original === undefined) return [];
    const { transactionId: id } = original;
    let givenMinor = 0n;
    for (const { status, amount, original: from } of this.latest.values()) {
      if (from?.transactionId === id && status !== 'failed') givenMinor += parseMoney(amount, currency).amountMinor;
    }
    const isTooMuch = givenMinor > parseMoney(original.amount, currency).amountMinor;
    return isTooMuch ? [`${id} is to be given back ${givenMinor}, and was ${original.amount}`] : [];
  }

  #index({ transactionId, attempts, original }: PaymentRecord): void {
    const last = attempts.at(-1);
    if (last !== undefined && this.#owners.get(last.callbackToken)?.number !== last.number) {
      const owner = { transactionId, number: last.number };
      this.#tokens.add(last.callbackToken);
      this.#owners.set(last.callbackToken, owner);
      this.#owners.set(attemptKey(last.reference), owner);
    }
    if (original === undefined || attempts.length > 1) return;
    for (const receipt of [original.receipt, ...Object.values(original.references)]) {
      if (receipt === undefined) continue;
      const known = this.#refunds.get(receipt) ?? [];
      if (!known.includes(transactionId)) this.#refunds.set(receipt, [...known, transactionId]);
    }
  }
}

/** Final states never change, versions grow by one, nothing is forgotten, another attempt comes only after proof. */
function objectionsTo(record: PaymentRecord, before: PaymentRecord | undefined): string[] {
  const { transactionId: id, version, status, attempts, evidence } = record;
  const found: string[] = [];
  if (version !== (before?.version ?? 0) + 1) found.push(`${id} jumped to version ${version}`);
  const unproven = attempts.slice(0, -1).find(({ moneyMoved }) => moneyMoved !== 'no');
  if (unproven !== undefined && status !== 'review' && !isFinal(status)) {
    found.push(`${id} went on without proof for attempt ${unproven.number}`);
  }
  const decided = attempts.slice(0, -1).find(({ outcome }) => !letsGoOn(outcome, record));
  if (decided !== undefined) found.push(`${id} went on although attempt ${decided.number} ended it`);
  if (status === 'review' && !evidence.some(({ code }) => code === 'REVIEW')) {
    found.push(`${id} is in review without a reason`);
  }
  if (isFinal(status) && evidence.length === 0) found.push(`${id} is ${status} without evidence`);
  if (before === undefined) return found;
  if (isFinal(before.status)) found.push(`${id} changed after it was ${before.status}`);
  if (record.amount !== before.amount || record.msisdn !== before.msisdn || record.fingerprint !== before.fingerprint) {
    found.push(`${id} is about something else than before`);
  }
  if (attempts.length < before.attempts.length) found.push(`${id} has forgotten an attempt`);
  return found;
}

/** Whether another attempt may follow: only where the reason lies with the way, or nobody there has that wallet. */
const letsGoOn = (outcome: PaymentRecord['attempts'][number]['outcome'], { type }: PaymentRecord): boolean =>
  outcome === undefined ||
  outcome === 'never-left' ||
  liesWith(outcome) === 'route' ||
  (outcome === 'recipient-not-found' && type !== 'collection');
