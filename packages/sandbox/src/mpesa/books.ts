import { createLedger, type Ledger } from '../ledger.ts';

/** One movement of money out of a customer's wallet. */
export interface Charge {
  /** What stands in the customer's SMS. */
  readonly receipt: string;
  readonly channel: 'stk';
  /** Whose wallet was charged. */
  readonly msisdn: string;
  /** The organisation that was paid. */
  readonly shortcode: string;
  /** Cents. */
  readonly amountMinor: bigint;
  readonly atMs: number;
  readonly accountReference: string;
  readonly checkoutRequestId: string;
  readonly callbackUrl: string;
}

/** Which charges are meant; every given property must fit. */
export type ChargeFilter = Partial<
  Pick<
    Charge,
    'receipt' | 'channel' | 'msisdn' | 'shortcode' | 'accountReference' | 'checkoutRequestId' | 'callbackUrl'
  >
>;

/** What M-PESA knows of the money, whatever its callers were told. */
export interface DarajaBooks {
  /** Oldest first. */
  charges(filter?: ChargeFilter): readonly Charge[];
  /** Cents: how much was taken from customers. */
  chargedMinor(filter?: ChargeFilter): bigint;
  /** The charges that belong to one callback address: what a payment whose reply was lost can still be found by. */
  byCallbackUrl(callbackUrl: string): readonly Charge[];
  /** Cents in a customer's wallet. */
  walletMinor(msisdn: string): bigint;
  /** Cents in an account of an organisation, such as `Utility Account`. */
  accountMinor(shortcode: string, account?: string): bigint;
  /** Every movement, with both its ends. */
  readonly ledger: Ledger;
}

/** The books with the right to write in them. */
export interface OpenBooks extends DarajaBooks {
  charge(charge: Charge): void;
}

const UTILITY = 'Utility Account';
const MERCHANT = 'Merchant Account';

const wallet = (msisdn: string): string => `wallet:${msisdn}`;
const account = (shortcode: string, name: string): string => `organisation:${shortcode}:${name}`;

export function createDarajaBooks(openingWalletMinor: bigint, tills: ReadonlySet<string>): OpenBooks {
  const ledger = createLedger((name) => (name.startsWith('wallet:') ? openingWalletMinor : 0n));
  const charges: Charge[] = [];
  const byMsisdn = new Map<string, Charge[]>();
  const byCallbackUrl = new Map<string, Charge[]>();
  const index = (map: Map<string, Charge[]>, key: string, charge: Charge): void => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [charge]);
    else list.push(charge);
  };
  const mainAccount = (shortcode: string): string => (tills.has(shortcode) ? MERCHANT : UTILITY);
  const find = (filter: ChargeFilter = {}): readonly Charge[] => {
    const wanted = Object.entries(filter) as [keyof ChargeFilter, string][];
    const { msisdn, callbackUrl } = filter;
    const candidates =
      callbackUrl !== undefined
        ? (byCallbackUrl.get(callbackUrl) ?? [])
        : msisdn !== undefined
          ? (byMsisdn.get(msisdn) ?? [])
          : charges;
    return candidates.filter((charge) => wanted.every(([name, value]) => charge[name] === value));
  };
  return {
    charge(charge) {
      const { msisdn, shortcode, amountMinor, atMs, receipt } = charge;
      const to = account(shortcode, mainAccount(shortcode));
      ledger.post({ from: wallet(msisdn), to, amountMinor, atMs, reference: receipt });
      charges.push(charge);
      index(byMsisdn, msisdn, charge);
      index(byCallbackUrl, charge.callbackUrl, charge);
    },
    charges: find,
    chargedMinor: (filter) => find(filter).reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
    byCallbackUrl: (callbackUrl) => find({ callbackUrl }),
    walletMinor: (msisdn) => ledger.balanceMinor(wallet(msisdn)),
    accountMinor: (shortcode, name = mainAccount(shortcode)) => ledger.balanceMinor(account(shortcode, name)),
    ledger,
  };
}
