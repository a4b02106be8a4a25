import { isSettlementFinal, type SettlementRecord } from '@canza/core';
import { MODEL_ASSETS, type ModelLedger } from '@canza/core/testing';

/** What the chain's books say beside what the records of settlements say. Every settlement has a recipient of its own. */
export class LedgerWatch {
  readonly latest = new Map<string, SettlementRecord>();
  readonly #ledger: ModelLedger;
  readonly #note: (sentence: string) => void;
  readonly #arrived = new Map<string, bigint[]>();
  /** What was asked for, in base units, by settlement. */
  readonly asked = new Map<string, bigint>();
  #seen = 0;

  constructor(ledger: ModelLedger, note: (sentence: string) => void) {
    this.#ledger = ledger;
    this.#note = note;
  }

  /** After whatever one event led to. */
  afterEvent(): void {
    const { commits } = this.#ledger;
    for (; this.#seen < commits.length; this.#seen++) {
      for (const { account, amount, asset } of commits[this.#seen]?.proofs ?? []) {
        const id = settlementAt(account);
        const amounts = [...(this.#arrived.get(id) ?? []), BigInt(amount)];
        this.#arrived.set(id, amounts);
        if (asset !== MODEL_ASSETS.usd.id) this.#note(`${id} arrived as ${asset}`);
        if (amounts.length > 1) this.#note(`${id} arrived ${amounts.length} times`);
        if (BigInt(amount) !== this.asked.get(id)) this.#note(`${id} arrived as ${amount}, not ${this.asked.get(id)}`);
        const record = this.latest.get(id);
        if (record === undefined) this.#note(`${id} arrived without a record`);
        else if (record.status === 'failed') this.#note(`${id} is failed, and arrived`);
        else if (record.status === 'created') this.#note(`${id} is called unsent, and arrived`);
      }
    }
  }

  written(record: SettlementRecord): void {
    const { settlementId: id, version, status, evidence } = record;
    const before = this.latest.get(id);
    this.latest.set(id, record);
    const arrived = this.timesArrived(id);
    if (version !== (before?.version ?? 0) + 1) this.#note(`${id} jumped to version ${version}`);
    if (before !== undefined && isSettlementFinal(before.status))
      this.#note(`${id} changed after it was ${before.status}`);
    if (status === 'settled' && arrived === 0) this.#note(`${id} is settled, and nothing arrived`);
    if ((status === 'failed' || status === 'created') && arrived > 0) this.#note(`${id} is ${status}, and arrived`);
    if (isSettlementFinal(status) && evidence.length === 0) this.#note(`${id} is ${status} without evidence`);
  }

  timesArrived(id: string): number {
    this.afterEvent();
    return this.#arrived.get(id)?.length ?? 0;
  }
}

export const accountOf = (settlementId: string): string => `acct:${settlementId.replace('_', '-')}`;
const settlementAt = (account: string): string => account.slice('acct:'.length).replace('-', '_');
