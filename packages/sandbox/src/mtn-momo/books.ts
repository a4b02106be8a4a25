import { createLedger, type Ledger } from '../ledger.ts';
import { createRegister } from '../register.ts';
import type { Product } from './settings.ts';

/** The operations that move money. */
export type MovingOperation =
  | 'request-to-pay'
  | 'request-to-withdraw'
  | 'transfer'
  | 'deposit'
  | 'refund'
  | 'remittance'
  | 'cash-transfer';

/** Money that moved between a customer's wallet and our account. */
export interface Movement {
  readonly operation: MovingOperation;
  readonly product: Product;
  /** The caller's `X-Reference-Id`. */
  readonly referenceId: string;
  readonly externalId: string;
  /** Whose wallet: digits, or what else names a party. */
  readonly msisdn: string;
  /** Minor units. */
  readonly amountMinor: bigint;
  readonly atMs: number;
  readonly financialTransactionId: string;
  /** Of a refund: the request to pay that is given back. */
  readonly refundOf?: string;
}

/** What MTN knows of the money, whatever its callers were told. Every filter's properties must all fit. */
export interface MomoBooks {
  readonly movements: (filter?: Partial<Movement>) => readonly Movement[];
  /** Minor units taken from customers; what was given back later is not subtracted. */
  readonly collectedMinor: (filter?: Partial<Movement>) => bigint;
  /** Minor units paid to customers, refunds left out. */
  readonly paidOutMinor: (filter?: Partial<Movement>) => bigint;
  /** Minor units given back to customers. */
  readonly refundedMinor: (filter?: Partial<Movement>) => bigint;
  /** Minor units in a customer's wallet. */
  readonly walletMinor: (msisdn: string) => bigint;
  /** Minor units in our own account, which all three products share. */
  readonly accountMinor: () => bigint;
  /** Every movement, with both its ends. */
  readonly ledger: Ledger;
}

/** The books with the right to write in them. */
export interface OpenBooks extends MomoBooks {
  readonly move: (movement: Movement) => void;
}

const ACCOUNT = 'account';
const wallet = (msisdn: string): string => `wallet:${msisdn}`;
const INCOMING: ReadonlySet<MovingOperation> = new Set<MovingOperation>(['request-to-pay', 'request-to-withdraw']);

/** Whether an operation takes money from a customer. */
export const takesMoney = (operation: MovingOperation): boolean => INCOMING.has(operation);

export function createMomoBooks(openingWalletMinor: bigint, openingAccountMinor: bigint): OpenBooks {
  const ledger = createLedger((name) => (name === ACCOUNT ? openingAccountMinor : openingWalletMinor));
  const movements = createRegister<Movement>('referenceId', 'refundOf', 'msisdn');
  const sum = (filter: Partial<Movement> | undefined, belongs: (operation: MovingOperation) => boolean): bigint =>
    movements
      .find(filter)
      .reduce((total, { operation, amountMinor }) => (belongs(operation) ? total + amountMinor : total), 0n);
  return {
    move(movement) {
      const { operation, msisdn, amountMinor, atMs, financialTransactionId: reference } = movement;
      const [from, to] = takesMoney(operation) ? [wallet(msisdn), ACCOUNT] : [ACCOUNT, wallet(msisdn)];
      ledger.post({ from, to, amountMinor, atMs, reference });
      movements.add(movement);
    },
    movements: movements.find,
    collectedMinor: (filter) => sum(filter, takesMoney),
    paidOutMinor: (filter) => sum(filter, (operation) => !takesMoney(operation) && operation !== 'refund'),
    refundedMinor: (filter) => sum(filter, (operation) => operation === 'refund'),
    walletMinor: (msisdn) => ledger.balanceMinor(wallet(msisdn)),
    accountMinor: () => ledger.balanceMinor(ACCOUNT),
    ledger,
  };
}
