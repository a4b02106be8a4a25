import { createLedger, type Ledger } from '../ledger.ts';
import { createRegister } from '../register.ts';
import { type AccountName, incomingAccount, type Organisation, openingBalanceMinor } from './organisations.ts';

interface Movement {
  /** What stands in the SMS: the operator's id of a movement. */
  readonly receipt: string;
  /** Cents. */
  readonly amountMinor: bigint;
  readonly atMs: number;
}

/** Money that left a customer's wallet for an organisation. */
export interface Charge extends Movement {
  /** A prompt that the merchant asked for, or a payment that the customer began. */
  readonly channel: 'stk' | 'c2b';
  /** Whose wallet was charged. */
  readonly msisdn: string;
  /** The organisation that was paid. */
  readonly shortcode: string;
  readonly accountReference: string;
  /** Of a prompt. */
  readonly checkoutRequestId?: string;
  /** Of a prompt. */
  readonly callbackUrl?: string;
}

interface ByInitiator {
  readonly conversationId: string;
  readonly originatorConversationId: string;
}

/** Money from an organisation to a customer's wallet. */
export interface Payout extends Movement, ByInitiator {
  readonly msisdn: string;
  readonly shortcode: string;
  readonly feeMinor: bigint;
}

/** Money from one organisation to another. */
export interface Transfer extends Movement, ByInitiator {
  readonly fromShortcode: string;
  readonly toShortcode: string;
  readonly toAccount: AccountName;
  readonly feeMinor: bigint;
  readonly accountReference: string;
}

/** A charge given back, whole or in part. */
export interface Reversal extends Movement, ByInitiator {
  readonly originalReceipt: string;
  readonly msisdn: string;
  readonly shortcode: string;
}

/** What M-PESA knows of the money, whatever its callers were told. Every filter's properties must all fit. */
export interface DarajaBooks {
  readonly charges: (filter?: Partial<Charge>) => readonly Charge[];
  /** Cents taken from customers; what was given back later is not subtracted. */
  readonly chargedMinor: (filter?: Partial<Charge>) => bigint;
  /** The charges that belong to one callback address: what a payment whose reply was lost can still be found by. */
  readonly byCallbackUrl: (callbackUrl: string) => readonly Charge[];
  readonly payouts: (filter?: Partial<Payout>) => readonly Payout[];
  /** Cents paid to customers. */
  readonly paidOutMinor: (filter?: Partial<Payout>) => bigint;
  readonly transfers: (filter?: Partial<Transfer>) => readonly Transfer[];
  readonly transferredMinor: (filter?: Partial<Transfer>) => bigint;
  readonly reversals: (filter?: Partial<Reversal>) => readonly Reversal[];
  readonly reversedMinor: (filter?: Partial<Reversal>) => bigint;
  /** Cents in a customer's wallet. */
  readonly walletMinor: (msisdn: string) => bigint;
  /** Cents in an account of an organisation; the one that customers' money lands on when none is named. */
  readonly accountMinor: (shortcode: string, account?: AccountName) => bigint;
  /** Every movement, with both its ends. */
  readonly ledger: Ledger;
}

/** The books with the right to write in them. */
export interface OpenBooks extends DarajaBooks {
  readonly charge: (charge: Charge) => void;
  readonly payOut: (payout: Payout) => void;
  readonly transfer: (transfer: Transfer) => void;
  readonly reverse: (reversal: Reversal) => void;
}

const FEES = 'operator:fees';
const wallet = (msisdn: string): string => `wallet:${msisdn}`;
const account = (shortcode: string, name: AccountName): string => `organisation:${shortcode}:${name}`;
const sum = (rows: readonly Movement[]): bigint => rows.reduce((total, { amountMinor }) => total + amountMinor, 0n);

export function createDarajaBooks(
  openingWalletMinor: bigint,
  organisations: ReadonlyMap<string, Organisation>,
): OpenBooks {
  const ledger = createLedger((name) => {
    const [kind, id = '', accountName = ''] = name.split(':');
    if (kind === 'wallet') return openingWalletMinor;
    const organisation = organisations.get(id);
    return organisation === undefined ? 0n : openingBalanceMinor(organisation, accountName);
  });
  const charges = createRegister<Charge>('callbackUrl', 'receipt', 'msisdn');
  const payouts = createRegister<Payout>('receipt', 'originatorConversationId');
  const transfers = createRegister<Transfer>('receipt');
  const reversals = createRegister<Reversal>('originalReceipt', 'receipt');
  const incoming = (shortcode: string): AccountName => {
    const organisation = organisations.get(shortcode);
    return organisation === undefined ? 'Utility Account' : incomingAccount(organisation);
  };
  const post = (from: string, to: string, { amountMinor, atMs, receipt: reference }: Movement): void =>
    ledger.post({ from, to, amountMinor, atMs, reference });
  const postFee = (shortcode: string, feeMinor: bigint, { atMs, receipt: reference }: Movement): void => {
    if (feeMinor === 0n) return;
    ledger.post({ from: account(shortcode, 'Charges Paid Account'), to: FEES, amountMinor: feeMinor, atMs, reference });
  };
  return {
    charge(charge) {
      post(wallet(charge.msisdn), account(charge.shortcode, incoming(charge.shortcode)), charge);
      charges.add(charge);
    },
    payOut(payout) {
      post(account(payout.shortcode, 'Utility Account'), wallet(payout.msisdn), payout);
      postFee(payout.shortcode, payout.feeMinor, payout);
      payouts.add(payout);
    },
    transfer(transfer) {
      const from = account(transfer.fromShortcode, 'Working Account');
      post(from, account(transfer.toShortcode, transfer.toAccount), transfer);
      postFee(transfer.fromShortcode, transfer.feeMinor, transfer);
      transfers.add(transfer);
    },
    reverse(reversal) {
      post(account(reversal.shortcode, incoming(reversal.shortcode)), wallet(reversal.msisdn), reversal);
      reversals.add(reversal);
    },
    charges: charges.find,
    chargedMinor: (filter) => sum(charges.find(filter)),
    byCallbackUrl: (callbackUrl) => charges.find({ callbackUrl }),
    payouts: payouts.find,
    paidOutMinor: (filter) => sum(payouts.find(filter)),
    transfers: transfers.find,
    transferredMinor: (filter) => sum(transfers.find(filter)),
    reversals: reversals.find,
    reversedMinor: (filter) => sum(reversals.find(filter)),
    walletMinor: (msisdn) => ledger.balanceMinor(wallet(msisdn)),
    accountMinor: (shortcode, name = incoming(shortcode)) => ledger.balanceMinor(account(shortcode, name)),
    ledger,
  };
}
