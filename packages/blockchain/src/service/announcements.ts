import { createEvents, type Events, type Logger, type SettlementRecord, type TransactionRecord } from '@canza/core';

import type { SettlementAlert, SettlementEvents } from './events.ts';
import type { MetricsCounter } from './metrics.ts';
import type { AlertThresholds } from './policy.ts';
import type { RestWaiters } from './rest-waiters.ts';
import { isAtRest, viewSettlement } from './view.ts';

export interface AnnouncementSettings {
  readonly logger: Logger;
  readonly metrics: MetricsCounter;
  readonly alerts: AlertThresholds;
  readonly waiters: RestWaiters;
  /** A transaction that this process follows. */
  readonly peek: (transactionId: string) => TransactionRecord | undefined;
}

/** Tells of every write that the journal has confirmed: to listeners, to the counter, to whoever waits. */
export class Announcements {
  readonly events: Events<SettlementEvents>;
  readonly #settings: AnnouncementSettings;

  constructor(settings: AnnouncementSettings) {
    this.#settings = settings;
    this.events = createEvents<SettlementEvents>(settings.logger);
  }

  alert(raised: SettlementAlert): void {
    this.events.emit('alert', raised);
  }

  onSettlement(record: SettlementRecord, before: SettlementRecord | undefined): void {
    const { metrics, waiters, peek } = this.#settings;
    metrics.onSettlement(record, before);
    const ended = before?.status !== record.status && isAtRest(record.status);
    if (ended) waiters.tell(record);
    if (ended && record.status === 'review') this.alert({ alert: 'needs-review', settlementId: record.settlementId });
    if (ended && record.status === 'failed') this.#watchFailures();
    if (!this.events.has('settlement.changed') && !(ended && this.events.has('settlement.ended'))) return;
    const settlement = viewSettlement(record, peek(record.attempts.at(-1)?.transactionId ?? ''));
    this.events.emit('settlement.changed', { settlement, from: before?.status });
    if (ended) this.events.emit('settlement.ended', { settlement });
  }

  onTransaction(record: TransactionRecord, before: TransactionRecord | undefined): void {
    this.#settings.metrics.onTransaction(record, before);
    if (!this.events.has('transaction.changed')) return;
    this.events.emit('transaction.changed', {
      transactionId: record.transactionId,
      status: record.status,
      from: before?.status,
      transactionHash: record.builds.at(-1)?.hash,
      sender: record.sender,
      members: record.members.length,
      builds: record.builds.length,
    });
  }

  #watchFailures(): void {
    const { metrics, alerts } = this.#settings;
    const { failures, among } = metrics.recentFailures;
    if (failures === alerts.failuresInHundred) this.alert({ alert: 'many-failures', failures, among });
  }
}
