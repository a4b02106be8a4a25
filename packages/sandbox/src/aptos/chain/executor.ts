import type { AptosMovement, OpenAptosBooks } from '../books.ts';
import type { CallContext, Movement } from '../framework/call.ts';
import type { FunctionTable } from '../framework/function-table.ts';
import { APT, FRAMEWORK } from '../move/address.ts';
import type { AptosSettings } from '../settings.ts';
import type { SignedTransaction } from '../transaction/signed-transaction.ts';
import { type Execution, execute, type ForcedEnd } from './execute.ts';
import { GasMeter } from './gas.ts';
import { NO_HASH } from './genesis.ts';
import type { CommittedTransaction } from './ledger.ts';
import type { PendingTransaction } from './mempool.ts';
import { NonceTable } from './nonces.ts';
import { checkPrologue } from './prologue.ts';
import { Session } from './session.ts';
import type { VersionedState } from './state.ts';
import type { StatusName } from './status-codes.ts';

/** Where in the chain something runs: what was written up to the version before is seen. */
export interface Place {
  readonly version: number;
  readonly timestampUsec: number;
  readonly blockHeight: number;
}

const USEC_PER_SECOND = 1_000_000;

export const secondsOf = (timestampUsec: number): bigint => BigInt(Math.floor(timestampUsec / USEC_PER_SECOND));

export interface ExecutorParts {
  readonly settings: AptosSettings;
  readonly functions: FunctionTable;
  readonly state: VersionedState;
  readonly books: OpenAptosBooks;
}

/** Judges and runs transactions, and writes what they did into state and books. */
export class Executor {
  readonly #parts: ExecutorParts;
  readonly #nonces: NonceTable;

  constructor(parts: ExecutorParts) {
    this.#parts = parts;
    this.#nonces = new NonceTable(BigInt(parts.settings.orderlessSeconds));
  }

  /** Why a transaction would be refused on top of a version, at a ledger time. */
  check(transaction: SignedTransaction, version: number, timestampUsec: number): StatusName | undefined {
    const { gas: schedule, chainId, orderlessSeconds } = this.#parts.settings;
    return checkPrologue(transaction, {
      view: this.#parts.state.at(version),
      nonces: this.#nonces,
      schedule,
      chainId,
      nowSeconds: secondsOf(timestampUsec),
      orderlessSeconds: BigInt(orderlessSeconds),
    });
  }

  /** Runs a transaction on top of a version, and writes nothing. */
  simulate(transaction: SignedTransaction, place: Place, forced?: ForcedEnd): Execution {
    const { state, functions, settings } = this.#parts;
    const { gas: schedule, chainId } = settings;
    return execute(transaction, { state, functions, schedule, chainId, ...place }, forced);
  }

  /** Runs one transaction of a block and writes what it did; `undefined` when it is refused, which leaves no trace. */
  run({ transaction, forced, nodes }: PendingTransaction, place: Place): CommittedTransaction | undefined {
    const { version, timestampUsec } = place;
    if (this.check(transaction, version - 1, timestampUsec) !== undefined) return undefined;
    const execution = this.simulate(transaction, { ...place, version: version - 1 }, forced);
    const { session, isSuccess, vmStatus, charge, events } = execution;
    const changes = new Map(session.writes);
    this.#write(session, version);
    const { sender, payload, expirationSeconds } = transaction;
    if (payload.nonce !== undefined) {
      this.#nonces.use(sender, payload.nonce, expirationSeconds, secondsOf(timestampUsec));
    }
    this.#post(transaction, execution, version);
    return { version, transaction, isSuccess, vmStatus, charge, events, changes, timestampUsec, nodes };
  }

  /** Changes the state by a hand from outside: no transaction, no fee. */
  intervene(place: Place, change: (call: CallContext) => void): void {
    const { state, settings } = this.#parts;
    const session = new Session(state, place.version - 1);
    const movements: Movement[] = [];
    change({
      session,
      meter: new GasMeter(settings.gas, { price: 1n, sizeBytes: 0 }),
      sender: FRAMEWORK,
      signers: [],
      typeArgs: [],
      chainId: settings.chainId,
      timestampUsec: place.timestampUsec,
      blockHeight: place.blockHeight,
      events: [],
      movements,
    });
    this.#write(session, place.version);
    this.#postMovements(movements, { hash: NO_HASH, sender: FRAMEWORK, version: place.version });
  }

  #write(session: Session, version: number): void {
    for (const [key, value] of session.writes) this.#parts.state.write(key, version, value);
  }

  #post({ hash, sender }: SignedTransaction, execution: Execution, version: number): void {
    const { movements, payer, feeOctas, refundOctas } = execution;
    const common = { hash, sender, version };
    this.#postMovements(movements, common);
    const { books } = this.#parts;
    books.post({ ...common, kind: 'fee', asset: APT, from: payer, to: 'burnt', amountMinor: feeOctas });
    if (refundOctas > 0n) {
      books.post({ ...common, kind: 'refund', asset: APT, from: 'minted', to: payer, amountMinor: refundOctas });
    }
  }

  #postMovements(movements: readonly Movement[], common: Pick<AptosMovement, 'hash' | 'sender' | 'version'>): void {
    for (const { asset, from, to, amount: amountMinor } of movements) {
      const kind = from === 'minted' ? 'mint' : to === 'burnt' ? 'burn' : 'transfer';
      this.#parts.books.post({ ...common, kind, asset, from, to, amountMinor });
    }
  }
}
