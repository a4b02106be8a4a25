import type { StkShortcode } from './settings.ts';

/** The accounts an organisation can have. Source: docs/providers/mpesa.md#account-balance */
export type AccountName =
  | 'Working Account'
  | 'Float Account'
  | 'Utility Account'
  | 'Merchant Account'
  | 'Charges Paid Account'
  | 'Organization Settlement Account';

/** The APIs of API users; each asks for a role of its name. */
export const INITIATOR_OPERATIONS = ['b2c', 'b2b', 'reversal', 'transaction-status', 'account-balance'] as const;

/** What an API user may be allowed to do. */
export type InitiatorOperation = (typeof INITIATOR_OPERATIONS)[number];

/** An API user of an organisation. */
export interface Initiator {
  readonly name: string;
  readonly password: string;
  /** Every role when left out. */
  readonly roles?: readonly InitiatorOperation[];
}

/** A business that M-PESA keeps accounts for. */
export interface Organisation {
  readonly shortcode: string;
  readonly name: string;
  /** `bulk` is a shortcode for paying out (B2C). */
  readonly kind: 'pay-bill' | 'till' | 'bulk';
  /** Cents at the start; the default of its kind when left out. */
  readonly openingMinor?: Partial<Record<AccountName, bigint>>;
  /** Whoever is in the emulator's list when left out. */
  readonly initiators?: readonly Initiator[];
  /** Whether the merchant is asked before a customer's payment is taken; yes unless said otherwise. */
  readonly externalValidation?: boolean;
}

/** The accounts of each kind, in the order in which a balance lists them. */
export const ACCOUNTS_OF: Readonly<Record<Organisation['kind'], readonly AccountName[]>> = {
  'pay-bill': [
    'Working Account',
    'Float Account',
    'Utility Account',
    'Charges Paid Account',
    'Organization Settlement Account',
  ],
  till: ['Merchant Account', 'Working Account', 'Charges Paid Account'],
  bulk: ['Working Account', 'Utility Account', 'Charges Paid Account'],
};

/** Where money that comes in lands. */
export const incomingAccount = ({ kind }: Organisation): AccountName =>
  kind === 'till' ? 'Merchant Account' : 'Utility Account';

const MILLION_MINOR = 1_000_000_00n;

/** What an account holds at the start. */
export function openingBalanceMinor({ kind, openingMinor }: Organisation, account: string): bigint {
  const given = openingMinor?.[account as AccountName];
  if (given !== undefined) return given;
  if (account === 'Working Account') return MILLION_MINOR;
  return kind === 'bulk' && account === 'Utility Account' ? MILLION_MINOR : 0n;
}

/** Shortcodes as the operator's own test pages use them. Source: docs/providers/mpesa.md#sandbox */
const TEST_ORGANISATIONS: readonly Organisation[] = [
  { shortcode: '600984', name: 'Safaricom Daraja 984', kind: 'pay-bill' },
  { shortcode: '600992', name: 'Safaricom Daraja 992', kind: 'bulk' },
  { shortcode: '600996', name: 'Safaricom Daraja 996', kind: 'pay-bill' },
  { shortcode: '600000', name: 'Biller Company', kind: 'pay-bill' },
];

/** All businesses by shortcode: the emulator's, those that take STK pushes, and the caller's, which replace the others. */
export function listOrganisations(
  stkShortcodes: readonly StkShortcode[],
  own: readonly Organisation[] = [],
): ReadonlyMap<string, Organisation> {
  const fromStk = stkShortcodes.map(
    ({ shortcode, till, businessName }): Organisation => ({
      shortcode: till ?? shortcode,
      name: businessName,
      kind: till === undefined ? 'pay-bill' : 'till',
    }),
  );
  return new Map([...TEST_ORGANISATIONS, ...fromStk, ...own].map((one) => [one.shortcode, one]));
}

export const TEST_INITIATOR: Initiator = { name: 'testapi', password: 'Safaricom999!*!' };
