import type { CurrencyCode } from '@canza/core';

import { createLedger, type Ledger } from '../ledger.ts';
import { createRegister } from '../register.ts';
import type { MarketName } from './markets.ts';

/** Money of one kind in one country: what one set of books is about. */
export interface Purse {
  readonly market: MarketName;
  readonly currency: CurrencyCode;
}

/** What moves money: to us, to a customer, to another organisation, or back. */
export type MovementKind = 'c2b' | 'b2c' | 'b2b' | 'reversal';

/** Money that moved. */
export interface Movement extends Purse {
  readonly kind: MovementKind;
  readonly transactionId: string;
  readonly conversationId: string;
  /** The caller's. */
  readonly thirdPartyConversationId: string;
  /** The caller's short code. */
  readonly organisation: string;
  /** Who is on the other side: a customer's E.164 digits, or a short code. */
  readonly party: string;
  /** The caller's; empty for a reversal. */
  readonly reference: string;
  /** What a reversal gives back. */
  readonly originalTransactionId?: string;
  readonly amountMinor: bigint;
  readonly atMs: number;
}

type Filter = Partial<Omit<Movement, 'kind'>>;

/** What the platform knows of the money, whatever its callers were told. Every filter's properties must all fit. */
export interface VodacomBooks {
  /** Money that left customers' wallets for us. */
  readonly collections: (filter?: Filter) => readonly Movement[];
  /** Minor units of one currency taken from customers; what was given back later is not subtracted. */
  readonly collectedMinor: (filter: Purse & Filter) => bigint;
  /** Money from us to customers. */
  readonly payouts: (filter?: Filter) => readonly Movement[];
  readonly paidOutMinor: (filter: Purse & Filter) => bigint;
  /** Money from us to other organisations. */
  readonly transfers: (filter?: Filter) => readonly Movement[];
  readonly transferredMinor: (filter: Purse & Filter) => bigint;
  /** Money that went back to where it came from. */
  readonly reversals: (filter?: Filter) => readonly Movement[];
  readonly reversedMinor: (filter: Purse & Filter) => bigint;
  /** Minor units in a customer's wallet. */
  readonly walletMinor: (purse: Purse, msisdn: string) => bigint;
  /** Minor units of an organisation, by its short code. */
  readonly organisationMinor: (purse: Purse, code: string) => bigint;
  /** Every movement of one market and currency, with both its ends. */
  readonly ledger: (purse: Purse) => Ledger;
}

/** The ends of a movement, by the names of their accounts. */
export interface Ends {
  readonly from: string;
  readonly to: string;
}

/** The books with the right to write in them. */
export interface OpenBooks extends VodacomBooks {
  /** Moves the money; `false`, and nothing is written, when it is not there. */
  readonly move: (movement: Movement, ends: Ends) => boolean;
}

export const walletOf = (msisdn: string): string => `wallet:${msisdn}`;
export const organisationOf = (code: string): string => `organisation:${code}`;

const sum = (rows: readonly Movement[]): bigint => rows.reduce((total, { amountMinor }) => total + amountMinor, 0n);

export function createVodacomBooks(openingWalletMinor: bigint, openingOrganisationMinor: bigint): OpenBooks {
  const ledgers = new Map<string, Ledger>();
  const ledger = ({ market, currency }: Purse): Ledger => {
    const key = `${market} ${currency}`;
    const known = ledgers.get(key);
    if (known !== undefined) return known;
    const opened = createLedger((name) => (name.startsWith('wallet:') ? openingWalletMinor : openingOrganisationMinor));
    ledgers.set(key, opened);
    return opened;
  };
  const movements = createRegister<Movement>(
    'transactionId',
    'thirdPartyConversationId',
    'originalTransactionId',
    'kind',
  );
  const of =
    (kind: MovementKind) =>
    (filter: Filter = {}): readonly Movement[] =>
      movements.find({ ...filter, kind });
  const sumOf =
    (kind: MovementKind) =>
    (filter: Purse & Filter): bigint =>
      sum(of(kind)(filter));
  return {
    move(movement, { from, to }) {
      const { amountMinor, atMs, transactionId: reference } = movement;
      const book = ledger(movement);
      if (book.balanceMinor(from) < amountMinor) return false;
      book.post({ from, to, amountMinor, atMs, reference });
      movements.add(movement);
      return true;
    },
    collections: of('c2b'),
    collectedMinor: sumOf('c2b'),
    payouts: of('b2c'),
    paidOutMinor: sumOf('b2c'),
    transfers: of('b2b'),
    transferredMinor: sumOf('b2b'),
    reversals: of('reversal'),
    reversedMinor: sumOf('reversal'),
    walletMinor: (purse, msisdn) => ledger(purse).balanceMinor(walletOf(msisdn)),
    organisationMinor: (purse, code) => ledger(purse).balanceMinor(organisationOf(code)),
    ledger,
  };
}
