import type { CancelTimer, Clock, SettlementRecord } from '@canza/core';

import type { BatchingPolicy } from './policy.ts';

export interface GathererSettings {
  readonly clock: Clock;
  readonly batching: BatchingPolicy;
  /** Most settlements that one transaction takes. */
  readonly maxSize: number;
  /** Sends a group, and resolves with its settlements as they stand then. Never rejects. */
  readonly launch: (group: readonly SettlementRecord[]) => Promise<readonly SettlementRecord[]>;
  /** Keeps hold of work under way. */
  readonly track: <T>(work: Promise<T>) => Promise<T>;
}

interface Gathered {
  readonly record: SettlementRecord;
  readonly resolve: (record: SettlementRecord) => void;
}

interface Group {
  readonly gathered: Map<string, Gathered>;
  cancelTimer: CancelTimer;
}

/**
 * Gathers settlements that can share a transaction, until there are enough or the first has waited long enough. It keeps nothing that the
 * journal does not know: what a crash takes with it falls due there.
 */
export class Gatherer {
  readonly #settings: GathererSettings;
  readonly #groups = new Map<string, Group>();

  constructor(settings: GathererSettings) {
    this.#settings = settings;
  }

  /** Resolves with the settlement as it stands once its transaction was submitted, or could not be. */
  add(record: SettlementRecord): Promise<SettlementRecord> {
    return new Promise((resolve) => {
      const { batching, clock, maxSize } = this.#settings;
      const key = keyOf(record);
      let group = this.#groups.get(key);
      if (group === undefined) {
        const delayMs = record.group === undefined ? batching.maxDelayMs : 0;
        group = { gathered: new Map(), cancelTimer: clock.setTimer(delayMs, () => this.#flush(key)) };
        this.#groups.set(key, group);
      }
      if (group.gathered.has(record.settlementId)) {
        resolve(record);
        return;
      }
      group.gathered.set(record.settlementId, { record, resolve });
      const alone = record.call.kind !== 'transfers' || batching.maxDelayMs === 0;
      if (group.gathered.size >= maxSize || (alone && record.group === undefined)) this.#flush(key);
    });
  }

  /** Sends all that is gathered, now. */
  flush(): void {
    for (const key of this.#groups.keys()) this.#flush(key);
  }

  #flush(key: string): void {
    const group = this.#groups.get(key);
    if (group === undefined) return;
    this.#groups.delete(key);
    group.cancelTimer();
    void this.#settings.track(this.#launch([...group.gathered.values()]));
  }

  async #launch(gathered: readonly Gathered[]): Promise<void> {
    const records = await this.#settings.launch(gathered.map(({ record }) => record));
    const after = new Map(records.map((record) => [record.settlementId, record]));
    for (const { record, resolve } of gathered) resolve(after.get(record.settlementId) ?? record);
  }
}

/** What may go together: transfers of one asset that were not told apart; a liquidity operation goes alone. */
const keyOf = ({ call, group, settlementId }: SettlementRecord): string =>
  call.kind === 'transfers' ? (group ?? `asset:${call.asset}`) : `alone:${settlementId}`;
