import { type HttpRequest, type HttpResponse, type JournalEntry, type Payment, type PaymentRecord } from '@canza/core';

import type { PlayedOperator } from '../operators/operator.ts';
import { DoubtWatch } from './doubts.ts';
import { MoneyWatch } from './money.ts';
import { RecordWatch } from './records.ts';
import { ShownWatch } from './shown.ts';
import { WireWatch } from './wire.ts';

/** Looks at everything that happens, and notes every sentence that must never be true. */
export class Watch {
  readonly violations: string[] = [];
  readonly records = new RecordWatch();
  readonly money = new MoneyWatch(this.records);
  readonly doubts = new DoubtWatch();
  readonly wire = new WireWatch(this.records);
  readonly shown = new ShownWatch(
    (sentence) => this.note(sentence),
    (text) => this.records.isToken(text),
  );
  /** Payments of which a failover has lost something. */
  readonly lost = new Set<string>();
  #operators: readonly PlayedOperator[] = [];

  begin(operators: readonly PlayedOperator[]): void {
    this.#operators = operators;
  }

  note(...sentences: readonly string[]): void {
    for (const sentence of sentences) if (!this.violations.includes(sentence)) this.violations.push(sentence);
  }

  /** After whatever one event led to. */
  afterEvent(): void {
    for (const operator of this.#operators) {
      for (const movement of operator.takeMovements()) {
        this.note(...this.money.take(operator.name, movement));
      }
    }
  }

  written({ kind, body }: JournalEntry): void {
    if (kind !== 'payment') return;
    const record = body as PaymentRecord;
    this.afterEvent();
    this.doubts.take(record);
    this.note(...this.records.take(record), ...this.money.objectionsTo(record));
  }

  sending(operator: PlayedOperator | undefined, request: HttpRequest): void {
    const spend = operator?.spendOf(request);
    if (spend !== undefined) this.note(...this.wire.sending(spend, (id) => this.lost.has(id)));
  }

  answered(operator: PlayedOperator | undefined, request: HttpRequest, response: HttpResponse): void {
    const spend = operator?.spendOf(request);
    if (spend !== undefined) this.wire.answered(spend, response);
  }

  /** What a caller was told must be what is written. */
  told({ transactionId: id, version, status }: Payment): void {
    const record = this.records.latest.get(id);
    if (this.lost.has(id)) return;
    if (record === undefined || record.version < version) this.note(`${id} was accepted, and there is no record of it`);
    else if ((status === 'succeeded' || status === 'failed') && record.status !== status) {
      this.note(`${id} is told to be ${status}, and is ${record.status}`);
    }
  }

  /** Another server has taken the journal over. */
  failedOver(lost: readonly string[], entries: readonly JournalEntry[]): void {
    const left = new Map(entries.map(({ id, body }) => [id, body as PaymentRecord]));
    for (const id of lost) {
      this.lost.add(id);
      this.records.reset(id, left.get(id));
    }
  }
}
