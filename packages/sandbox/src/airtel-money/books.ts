import { createLedger, type Ledger } from '../ledger.ts';
import { createRegister } from '../register.ts';

/** Our own wallets at Airtel, by the names that the balance is asked for under. */
export const ACCOUNTS = ['COLL', 'DISB', 'CASHIN', 'CASHOUT'] as const;

/** An account of the application at Airtel. */
export type Account = (typeof ACCOUNTS)[number];

interface Movement {
  /** Airtel's id, which stands in the SMS. */
  readonly airtelMoneyId: string;
  /** The customer, E.164 digits. */
  readonly msisdn: string;
  readonly amountMinor: bigint;
  readonly atMs: number;
}

/** Money that left a customer's wallet for us. */
export interface Collection extends Movement {
  /** The caller's. */
  readonly transactionId: string;
  readonly reference: string;
}

/** Money from us to a customer's wallet. */
export interface Payout extends Movement {
  /** The caller's; the `extTRID` of a remittance. */
  readonly transactionId: string;
  readonly kind: 'disbursement' | 'cash-in' | 'remittance';
}

/** Money that went back: a collection to the customer, a remittance to us. */
export interface Refund extends Movement {
  readonly originalAirtelMoneyId: string;
  readonly kind: 'collection' | 'remittance';
}

/** What Airtel knows of the money, whatever its callers were told. Every filter's properties must all fit. */
export interface AirtelBooks {
  readonly collections: (filter?: Partial<Collection>) => readonly Collection[];
  /** Minor units taken from customers; what was given back later is not subtracted. */
  readonly collectedMinor: (filter?: Partial<Collection>) => bigint;
  readonly payouts: (filter?: Partial<Payout>) => readonly Payout[];
  readonly paidOutMinor: (filter?: Partial<Payout>) => bigint;
  readonly refunds: (filter?: Partial<Refund>) => readonly Refund[];
  readonly refundedMinor: (filter?: Partial<Refund>) => bigint;
  /** Minor units in a customer's wallet. */
  readonly walletMinor: (msisdn: string) => bigint;
  /** Minor units in one of ours. */
  readonly accountMinor: (account: Account) => bigint;
  /** Every movement, with both its ends. */
  readonly ledger: Ledger;
}

/** The books with the right to write in them. */
export interface OpenBooks extends AirtelBooks {
  readonly collect: (collection: Collection) => void;
  readonly payOut: (payout: Payout) => void;
  readonly refund: (refund: Refund) => void;
}

/** Which of our wallets a payout is made from. */
export const ACCOUNT_OF: Readonly<Record<Payout['kind'], Account>> = {
  disbursement: 'DISB',
  'cash-in': 'CASHIN',
  remittance: 'CASHIN',
};

const wallet = (msisdn: string): string => `wallet:${msisdn}`;
const account = (name: Account): string => `partner:${name}`;
const sum = (rows: readonly Movement[]): bigint => rows.reduce((total, { amountMinor }) => total + amountMinor, 0n);

export function createAirtelBooks(openingWalletMinor: bigint, openingAccountMinor: bigint): OpenBooks {
  const ledger = createLedger((name) => (name.startsWith('wallet:') ? openingWalletMinor : openingAccountMinor));
  const collections = createRegister<Collection>('transactionId', 'airtelMoneyId');
  const payouts = createRegister<Payout>('transactionId', 'airtelMoneyId');
  const refunds = createRegister<Refund>('originalAirtelMoneyId');
  const post = (from: string, to: string, { amountMinor, atMs, airtelMoneyId: reference }: Movement): void =>
    ledger.post({ from, to, amountMinor, atMs, reference });
  return {
    collect(collection) {
      post(wallet(collection.msisdn), account('COLL'), collection);
      collections.add(collection);
    },
    payOut(payout) {
      post(account(ACCOUNT_OF[payout.kind]), wallet(payout.msisdn), payout);
      payouts.add(payout);
    },
    refund(refund) {
      if (refund.kind === 'collection') post(account('COLL'), wallet(refund.msisdn), refund);
      else post(wallet(refund.msisdn), account(ACCOUNT_OF.remittance), refund);
      refunds.add(refund);
    },
    collections: collections.find,
    collectedMinor: (filter) => sum(collections.find(filter)),
    payouts: payouts.find,
    paidOutMinor: (filter) => sum(payouts.find(filter)),
    refunds: refunds.find,
    refundedMinor: (filter) => sum(refunds.find(filter)),
    walletMinor: (msisdn) => ledger.balanceMinor(wallet(msisdn)),
    accountMinor: (name) => ledger.balanceMinor(account(name)),
    ledger,
  };
}
