import type { CurrencyCode } from './currencies.ts';
import type { CallOptions, Environment } from './environment.ts';
import { UnsupportedError } from './errors/request.ts';
import type { Money } from './money.ts';
import type { FailureReason } from './reasons.ts';

/**
 * What a mobile-money provider promises to the bridge.
 *
 * A provider builds a request, sends it once and reads the answer. It never repeats a request that could move money, never
 * decides about failover and keeps no payment: the bridge does, with the journal. What it learns is a {@link Finding}; what
 * it could not carry out is a thrown PaymentError whose `moneyMoved` says what is known.
 */
export interface MobileMoneyProvider {
  /** Stable and unique in one bridge: `mpesa`, or `mpesa-payouts` where two credentials are configured. */
  readonly name: string;
  readonly capabilities: ProviderCapabilities;
  /** The ways to wallets that this credential opens, one for each operation, country and currency. */
  readonly routes: readonly Route[];

  /** Asks a customer to pay us. */
  collect(request: SubmitRequest, options?: CallOptions): Promise<SubmitFinding>;
  /** Pays a customer. */
  disburse(request: SubmitRequest, options?: CallOptions): Promise<SubmitFinding>;
  /** Pays a customer across a border. */
  remit(request: SubmitRequest, options?: CallOptions): Promise<SubmitFinding>;
  /** Gives an earlier collection back, whole or in part; `request.original` names it. */
  refund(request: SubmitRequest, options?: CallOptions): Promise<SubmitFinding>;

  /** Asks what became of an attempt. Safe to repeat. */
  query(request: QueryRequest, options?: CallOptions): Promise<Finding>;
  /** Our own accounts at the operator. */
  balance(options?: CallOptions): Promise<readonly AccountBalance[]>;
  /** Whether a wallet exists and, where the operator tells, its holder's name. */
  lookupAccount(msisdn: string, options?: CallOptions): Promise<AccountHolder>;

  /**
   * Reads a callback that reached one attempt's own address.
   * Pure: no request, no clock. @throws InvalidCallbackError when it is not authentic or not readable.
   */
  readCallback(callback: IncomingCallback): CallbackReport;

  /**
   * Only for an operator that calls one address for all payments of an application: our reference of the attempt that a callback
   * is about; `undefined` where it names none. The bridge takes such callbacks at its base address with the provider's name behind
   * it. Whoever knows a reference can write one, so what they say is a hint like any other.
   * Pure. @throws InvalidCallbackError when it is not authentic or not readable.
   */
  attemptNamedBy?(callback: IncomingCallback): string | undefined;
  /**
   * Only where the first payment would otherwise be held up or put off: does ahead of need what takes time, such as opening a
   * session. The bridge calls it when it starts, and does not wait. Moves no money, and is safe to repeat.
   */
  prepare?(options?: CallOptions): Promise<void>;
}

/** Checks its configuration when it is made, and becomes a provider once it is given an environment. */
export type ProviderFactory = (environment: Environment) => MobileMoneyProvider;

/** The four operations that move money; each is also the `type` of a payment. */
export type PaymentType = 'collection' | 'disbursement' | 'remittance' | 'refund';

/** Everything that a provider can be asked to do. */
export type Operation = 'collect' | 'disburse' | 'remit' | 'refund' | 'query' | 'balance' | 'lookupAccount';

/** `supported`, or why not: in words for the person who asked for it. */
export type Support = 'supported' | { readonly unsupported: string };

/** What a provider can do as it is configured, and why it cannot do the rest. */
export type ProviderCapabilities = Readonly<Record<Operation, Support>>;

/** The provider method that carries a payment of each type. */
export const OPERATION_OF = {
  collection: 'collect',
  disbursement: 'disburse',
  remittance: 'remit',
  refund: 'refund',
} as const satisfies Record<PaymentType, Operation>;

/** One way to the wallets of one operator. */
export interface Route {
  /** Unique in one bridge and stable over restarts, because records name it: `mpesa:collection:174379`. */
  readonly id: string;
  readonly provider: string;
  /** Whose wallets it reaches, as the operator directory names them: `ke-63902`, by country and network code, never by a brand. */
  readonly operator: string;
  /** ISO 3166 alpha-2. */
  readonly country: string;
  readonly currency: CurrencyCode;
  readonly type: PaymentType;
  /** Decimals that the operator takes in this direction; not the currency's exponent. */
  readonly decimals: number;
  /** Bounds in minor units, as dated hints; left out where the operator is to decide. */
  readonly minMinor?: bigint;
  readonly maxMinor?: bigint;
  /**
   * Whether the operator refuses a second request with the same reference. Where it does not, an attempt whose reply was lost
   * is never sent again.
   */
  readonly deduplicates: boolean;
  /**
   * When a request of which nothing is known may go out again, the same under the same reference; left out where it never may. A promise about
   * money: only where {@link deduplicates} is documented by the operator.
   */
  readonly resend?: ResendWindow;
  readonly timing: RouteTiming;
}

/** In milliseconds after the first send. */
export interface ResendWindow {
  /** Not before: by then an accepted request would be known. Also the least time between two sends. */
  readonly afterMs: number;
  /** Not later: nobody knows for how long a reference is remembered. */
  readonly untilMs: number;
}

/** When it makes sense to ask, in milliseconds after the send. */
export interface RouteTiming {
  /** Not before: operators answer rubbish when asked at once. */
  readonly firstQueryAfterMs: number;
  /** Between two queries while the payment is young. */
  readonly queryEveryMs: number;
  /**
   * From when on a `not-found` proves that nothing was accepted; `null` where it never does.
   */
  readonly notFoundIsProofAfterMs: number | null;
  /** How long the payer can still approve; after it, queries become rarer. */
  readonly settlesWithinMs: number;
}

/** Ids that the operator gave to a payment, by the operator's own field name: `{ CheckoutRequestID: 'ws_CO_…' }`. */
export type ProviderReferences = Readonly<Record<string, string>>;

/** What is known of a payment that is to be given back. */
export interface OriginalPayment {
  readonly reference: string;
  readonly references: ProviderReferences;
  readonly receipt?: string;
  readonly money: Money;
}

/** One attempt, as the provider needs to know it. */
export interface SubmitRequest {
  readonly route: Route;
  /** Ours: 32 hex digits, derived from the transaction id and the attempt's number. */
  readonly reference: string;
  readonly money: Money;
  /** The other party: E.164 digits without a plus. */
  readonly msisdn: string;
  /**
   * This attempt's own address; the operator's callback is matched by it. Where an operator is given several, the provider
   * appends one segment of lower-case letters and dashes: `…/result`.
   */
  readonly callbackUrl: string;
  readonly description?: string;
  /** What the payer sees as the account or invoice. */
  readonly accountReference?: string;
  readonly original?: OriginalPayment;
}

/** One attempt in doubt. */
export interface QueryRequest {
  readonly route: Route;
  readonly reference: string;
  readonly references: ProviderReferences;
  readonly money: Money;
  readonly msisdn: string;
  readonly sentAtMs: number;
  readonly callbackUrl: string;
  /** What the payer saw as the account, where the caller named one: a statement then shows that in the place of our reference. */
  readonly accountReference?: string;
}

interface FindingBase {
  /** The operator's code, as it was spelled. */
  readonly code?: string;
  /** One sentence in our words or the operator's, already redacted. */
  readonly detail?: string;
  /** Ids learned with this finding. */
  readonly references?: ProviderReferences;
}

/** What a reply, a query or a callback says about a payment. Only `succeeded` and `failed` can end one. */
export type Finding =
  | (FindingBase & {
      readonly status: 'succeeded';
      /** The id in the customer's SMS, where the operator tells it. */
      readonly receipt?: string;
      /** What the operator says was paid; compared with the record. */
      readonly money?: Money;
    })
  /** A listed code that proves that nothing moved. */
  | (FindingBase & { readonly status: 'failed'; readonly reason: FailureReason })
  | (FindingBase & { readonly status: 'pending' })
  /** The operator does not know our reference: proof only after the route's `notFoundIsProofAfterMs`. */
  | (FindingBase & { readonly status: 'not-found' })
  /** An unlisted code or a contradiction: look again, never conclude. */
  | (FindingBase & { readonly status: 'unknown' })
  /** There is nothing to ask with: no id reached us and the operator does not take ours. */
  | (FindingBase & { readonly status: 'unaskable' });

/** What a send can find: the statuses `not-found` and `unaskable` belong to queries. */
export type SubmitFinding = Extract<Finding, { readonly status: 'succeeded' | 'failed' | 'pending' | 'unknown' }>;

/** A callback as it came in; header names are lower case. */
export interface IncomingCallback {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The raw body, because signatures are made over it. */
  readonly body: string;
  /** The segment that the provider had appended to the attempt's address. */
  readonly suffix?: string;
  /** What the attempt was to do, where the bridge has found it: one code may mean two things, by whose money it is. */
  readonly type?: PaymentType;
  /** The caller's network address as far as the app's proxy can be trusted for it. */
  readonly sourceAddress?: string;
}

/** What a callback says, and how far it can be believed. */
export interface CallbackReport {
  readonly finding: Finding;
  /** The party it names, where it does so unmasked. */
  readonly msisdn?: string;
  /**
   * `hint`: anyone who knows the address could have sent it, so a query confirms it before money is booked.
   * `signed`: the operator signed the raw body.
   */
  readonly trust: 'hint' | 'signed';
  /**
   * Ids in this callback that the operator has told nobody but us, in a reply, by the names under which the attempt keeps them.
   * Where the attempt holds the same value, the operator itself is speaking. What an unsigned callback brings under such a name
   * is never kept.
   */
  readonly vouchers?: ProviderReferences;
  /**
   * The callback answers a question of ours, for operators that answer every question by callback: with a matching voucher it is
   * as good as a query's own answer.
   */
  readonly answersQuery?: true;
  /** What the operator wants to read in the answer. */
  readonly acknowledgement: { readonly contentType: string; readonly body: string };
}

/** What one of our accounts at an operator holds. */
export interface AccountBalance {
  /** The operator's name for it: `Utility Account`. */
  readonly account: string;
  readonly available: Money;
}

/** What an operator tells about a wallet. */
export interface AccountHolder {
  readonly status: 'active' | 'inactive' | 'not-found' | 'unknown';
  /** As the operator spells it; personal data, kept out of logs. */
  readonly name?: string;
}

/** A provider method for what the operator cannot do. */
export function refuseUnsupported(provider: string, operation: Operation, why: string): () => Promise<never> {
  return async () => {
    throw new UnsupportedError(operation, why, { provider });
  };
}
