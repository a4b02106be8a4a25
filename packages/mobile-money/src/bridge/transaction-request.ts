import {
  fingerprintOf,
  formatMoney,
  InvalidRequestError,
  type Money,
  type PaymentRecord,
  type PaymentType,
  parseMoney,
  parseMsisdn,
  parseTransactionId,
} from '@canza/core';
import { z } from 'zod';

import { firstProblem } from '../shared/first-problem.ts';

/** What a caller asks for. */
export interface TransactionRequest {
  /** Yours, and the idempotency key: the same id never moves money twice. */
  readonly transactionId: string;
  readonly type: Exclude<PaymentType, 'refund'>;
  /** Decimal string, such as `"1000.00"`. */
  readonly amount: string;
  /** ISO 4217, such as `"KES"`. */
  readonly currency: string;
  /** The other party's number, international, or national where `country` is given. */
  readonly phoneNumber: string;
  /** ISO 3166 alpha-2; taken from the number when left out. */
  readonly country?: string | undefined;
  /** Whose wallet it is, when the customer said so. */
  readonly operator?: string | undefined;
  /** The network that the number's SIM is on now, as a USSD gateway tells it: a code (`63902`) or a name. */
  readonly network?: string | undefined;
  /** What it is for; the payer may see it, cut to what the operator allows. */
  readonly description?: string | undefined;
  /** The account or invoice that the payer sees. */
  readonly accountReference?: string | undefined;
}

const text = (longest: number) =>
  z.string(`text of at most ${longest} characters`).max(longest, `text of at most ${longest} characters`).optional();

const SCHEMA = z.strictObject(
  {
    transactionId: z.unknown(),
    type: z.enum(['collection', 'disbursement', 'remittance'], '"collection", "disbursement" or "remittance"'),
    amount: z.unknown(),
    currency: z.unknown(),
    phoneNumber: z.unknown(),
    country: z.string('an ISO 3166 alpha-2 country code, such as "KE"').optional(),
    operator: z.string('an operator id of the directory').optional(),
    network: text(32),
    description: text(200),
    accountReference: text(64),
  },
  'an object with transactionId, type, amount, currency and phoneNumber',
);

/** A request that may be stored: checked, normalised, and with its fingerprint. */
export type CheckedRequest = Pick<
  PaymentRecord,
  | 'transactionId'
  | 'type'
  | 'amount'
  | 'currency'
  | 'msisdn'
  | 'country'
  | 'description'
  | 'accountReference'
  | 'fingerprint'
> & {
  readonly money: Money;
  /** What the caller said of the wallet. */
  readonly operator?: string;
  /** What a gateway said of the SIM. */
  readonly network?: string;
};

/**
 * Checks a caller's request; nothing is stored or sent before.
 * @throws InvalidRequestError naming the first field that is not usable, and what was expected.
 */
export function checkRequest(request: unknown): CheckedRequest {
  const shape = SCHEMA.safeParse(request);
  if (!shape.success) throw new InvalidRequestError(firstProblem(shape.error));
  const { type, description, accountReference, operator, network } = shape.data;
  const transactionId = parseTransactionId(shape.data.transactionId);
  const money = parseMoney(shape.data.amount, shape.data.currency);
  const country = shape.data.country;
  const { msisdn, country: home } = parseMsisdn(shape.data.phoneNumber, country === undefined ? {} : { country });
  const checked = { transactionId, type, amount: formatMoney(money), currency: money.currency, msisdn };
  return {
    ...checked,
    country: home,
    money,
    fingerprint: fingerprintOf(checked),
    ...(operator === undefined ? {} : { operator }),
    ...(network === undefined ? {} : { network }),
    ...(description === undefined ? {} : { description }),
    ...(accountReference === undefined ? {} : { accountReference }),
  };
}
