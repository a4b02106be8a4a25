import { nameOfKey } from './cells.ts';
import type { Session } from './session.ts';

/** Prices of what a transaction uses, in millionths of a gas unit, and of what it stores, in octas. */
export interface GasSchedule {
  readonly minimumUnits: bigint;
  readonly maximumUnits: bigint;
  readonly minimumPrice: bigint;
  readonly maximumPrice: bigint;
  readonly largestTransactionBytes: number;
  /** Bytes of a transaction that cost nothing. */
  readonly freeBytes: number;
  readonly intrinsic: bigint;
  readonly perByte: bigint;
  /** What the chain reads and writes for every transaction. */
  readonly ioBase: bigint;
  /** A slot read and its page. */
  readonly perRead: bigint;
  readonly perWrite: bigint;
  readonly slotOctas: bigint;
  readonly byteOctas: bigint;
  readonly mostExecution: bigint;
  readonly mostIo: bigint;
  readonly mostStorageOctas: bigint;
  readonly mostWrites: number;
}

const INTERNAL_PER_UNIT = 1_000_000n;

/** Everything tenfold, as since 2026. Source: docs/sandbox/aptos.md#gas */
export const DEFAULT_GAS_SCHEDULE: GasSchedule = {
  minimumUnits: 28n,
  maximumUnits: 20_000_000n,
  minimumPrice: 100n,
  maximumPrice: 10_000_000_000n,
  largestTransactionBytes: 65_536,
  freeBytes: 600,
  intrinsic: 27_600_000n,
  perByte: 11_580n,
  ioBase: 18_000_000n,
  perRead: 9_220_000n,
  perWrite: 896_000n,
  slotOctas: 400_000n,
  byteOctas: 400n,
  mostExecution: 9_200n * INTERNAL_PER_UNIT,
  mostIo: 10_000n * INTERNAL_PER_UNIT,
  mostStorageOctas: 2_000_000_000n,
  mostWrites: 8_192,
};

/** How many bytes a new cell of a kind has, on the chain. */
const CELL_BYTES: Readonly<Record<string, bigint>> = { account: 250n, store: 340n, asset: 700n, object: 180n };
const OTHER_CELL_BYTES = 250n;

/** What one transaction has used, and what it has to be charged. */
export interface Charge {
  readonly executionUnits: bigint;
  readonly ioUnits: bigint;
  readonly storageFeeOctas: bigint;
  readonly storageRefundOctas: bigint;
  readonly totalUnits: bigint;
}

export type GasLimit = 'OUT_OF_GAS' | 'EXECUTION_LIMIT_REACHED' | 'IO_LIMIT_REACHED' | 'STORAGE_LIMIT_REACHED';

/** Adds up what a transaction uses. */
export class GasMeter {
  readonly #schedule: GasSchedule;
  readonly #price: bigint;
  #execution: bigint;
  #extraStorageBytes = 0n;
  #refundOctas = 0n;

  constructor(schedule: GasSchedule, { price, sizeBytes }: { readonly price: bigint; readonly sizeBytes: number }) {
    this.#schedule = schedule;
    this.#price = price;
    const paidBytes = Math.max(0, sizeBytes - schedule.freeBytes);
    this.#execution = schedule.intrinsic + BigInt(paidBytes) * schedule.perByte;
  }

  /** @param internal Millionths of a unit. */
  execute(internal: bigint): void {
    this.#execution += internal;
  }

  /** Bytes stored beside those that every cell has. */
  store(bytes: number): void {
    this.#extraStorageBytes += BigInt(bytes);
  }

  /** What was paid for a slot that is given back. */
  refund(octas: bigint): void {
    this.#refundOctas += octas;
  }

  /** What a cell costs that is new. */
  slotFee(name: string): bigint {
    return this.#schedule.slotOctas + (CELL_BYTES[name] ?? OTHER_CELL_BYTES) * this.#schedule.byteOctas;
  }

  /** @param keepsStorage Whether what was written stays: what was rolled back costs no storage. */
  charge(session: Session, keepsStorage: boolean): Charge {
    const { ioBase, perRead, perWrite } = this.#schedule;
    const io = ioBase + BigInt(session.touchedCount) * perRead + BigInt(session.writes.size) * perWrite;
    let storage = keepsStorage ? this.#extraStorageBytes * this.#schedule.byteOctas : 0n;
    for (const key of session.created) storage += this.slotFee(nameOfKey(key));
    const units = divideUp(
      (this.#execution + io) * this.#price + storage * INTERNAL_PER_UNIT,
      this.#price * INTERNAL_PER_UNIT,
    );
    return {
      executionUnits: divideUp(this.#execution, INTERNAL_PER_UNIT),
      ioUnits: divideUp(io, INTERNAL_PER_UNIT),
      storageFeeOctas: storage,
      storageRefundOctas: keepsStorage ? this.#refundOctas : 0n,
      totalUnits: units > this.#schedule.minimumUnits ? units : this.#schedule.minimumUnits,
    };
  }

  /** The limit that was passed, if one was. */
  passedLimit(charge: Charge, session: Session, maxUnits: bigint): GasLimit | undefined {
    const { mostExecution, mostIo, mostStorageOctas, mostWrites } = this.#schedule;
    if (this.#execution > mostExecution) return 'EXECUTION_LIMIT_REACHED';
    if (charge.ioUnits * INTERNAL_PER_UNIT > mostIo) return 'IO_LIMIT_REACHED';
    if (charge.storageFeeOctas > mostStorageOctas || session.writes.size > mostWrites) return 'STORAGE_LIMIT_REACHED';
    return charge.totalUnits > maxUnits ? 'OUT_OF_GAS' : undefined;
  }
}

const divideUp = (value: bigint, by: bigint): bigint => (value + by - 1n) / by;
