import { formatMoney, type IncomingCallback, InvalidCallbackError, readOperatorAmount } from '@canza/core';
import { z } from 'zod';
import { readJson } from '../../shared/reply.ts';
import { readEastAfricaTime } from '../east-africa-time.ts';

/** A payment that a customer started. Validation and confirmation have the same body; their addresses tell them apart. */
export interface PaymentNotice {
  /** The receipt in the customer's SMS; the same payment may be announced again under it. */
  readonly receipt: string;
  /** `Pay Bill`, `Buy Goods`. */
  readonly type: string;
  /** Decimal string. */
  readonly amount: string;
  readonly currency: 'KES';
  readonly shortcode: string;
  /** What the customer typed; empty for a till. Compare it trimmed and without regard to case. */
  readonly account: string;
  /** Milliseconds since 1970. */
  readonly paidAtMs?: number;
  /** Whole where Daraja tells it. */
  readonly msisdn?: string;
  /** Masked (version 2) or hashed (version 1), where the number is not told. */
  readonly maskedMsisdn?: string;
  /** Personal data; some parts may be missing. */
  readonly payerName?: string;
  /** Of our account after the payment, in a confirmation. */
  readonly balance?: string;
  /** What our answer to the validation had put in. */
  readonly ourReference?: string;
}

/** What a short code's owner answers to a validation. */
export interface NoticeAnswer {
  readonly contentType: 'application/json';
  readonly body: string;
}

/** Why a payment is not wanted. Source: docs/providers/mpesa.md#c2b */
const REFUSALS = {
  'invalid-msisdn': 'C2B00011',
  'invalid-account': 'C2B00012',
  'invalid-amount': 'C2B00013',
  'invalid-kyc': 'C2B00014',
  'invalid-shortcode': 'C2B00015',
  other: 'C2B00016',
} as const;

/** Why a payment that is announced is refused. */
export type NoticeRefusal = keyof typeof REFUSALS;

const text = z.string().nullish();
const NoticeSchema = z.object({
  TransactionType: text,
  TransID: z.string().min(1),
  TransTime: z.unknown().optional(),
  TransAmount: z.union([z.string(), z.number()]),
  BusinessShortCode: z.union([z.string(), z.number()]).transform(String),
  BillRefNumber: text,
  OrgAccountBalance: z.unknown().optional(),
  ThirdPartyTransID: text,
  MSISDN: z
    .union([z.string(), z.number()])
    .transform((msisdn) => String(msisdn).trim())
    .nullish(),
  FirstName: text,
  MiddleName: text,
  LastName: text,
});

const WHOLE_MSISDN = /^254\d{9}$/;

/**
 * Reads a validation or a confirmation.
 * @throws InvalidCallbackError when it is neither, or its amount is not to be read exactly.
 * Source: docs/providers/mpesa.md#c2b
 */
export function readPaymentNotice(callback: Pick<IncomingCallback, 'body'>, provider: string): PaymentNotice {
  const read = NoticeSchema.safeParse(readJson(callback));
  const money = read.success ? readOperatorAmount(read.data.TransAmount, 'KES') : undefined;
  if (!read.success || money === undefined) {
    throw new InvalidCallbackError('Not the body of an M-PESA validation or confirmation.', { provider });
  }
  const { data } = read;
  const paidAtMs = readEastAfricaTime(data.TransTime);
  const balance = readOperatorAmount(data.OrgAccountBalance, 'KES');
  const payerName = [data.FirstName, data.MiddleName, data.LastName]
    .map((part) => part?.trim() ?? '')
    .filter((part) => part !== '')
    .join(' ');
  return {
    receipt: data.TransID,
    type: data.TransactionType ?? '',
    amount: formatMoney(money),
    currency: 'KES',
    shortcode: data.BusinessShortCode,
    account: data.BillRefNumber ?? '',
    ...(paidAtMs === undefined ? {} : { paidAtMs }),
    ...partyOf(data.MSISDN ?? ''),
    ...(payerName === '' ? {} : { payerName }),
    ...(balance === undefined ? {} : { balance: formatMoney(balance) }),
    ...(data.ThirdPartyTransID == null || data.ThirdPartyTransID === ''
      ? {}
      : { ourReference: data.ThirdPartyTransID }),
  };
}

/** Lets a payment pass its validation. `ourReference` comes back in the confirmation. */
export const acceptPayment = (ourReference?: string): NoticeAnswer =>
  answer({
    ResultCode: '0',
    ResultDesc: 'Accepted',
    ...(ourReference === undefined ? {} : { ThirdPartyTransID: ourReference }),
  });

/** Turns a payment away at its validation. */
export const refusePayment = (why: NoticeRefusal): NoticeAnswer =>
  answer({ ResultCode: REFUSALS[why], ResultDesc: 'Rejected' });

/** Takes note of a confirmation; the money has moved, and no answer changes that. */
export const noteConfirmation = (): NoticeAnswer => answer({ ResultCode: 0, ResultDesc: 'Success' });

const answer = (body: object): NoticeAnswer => ({ contentType: 'application/json', body: JSON.stringify(body) });

function partyOf(msisdn: string): Pick<PaymentNotice, 'msisdn' | 'maskedMsisdn'> {
  if (WHOLE_MSISDN.test(msisdn)) return { msisdn };
  return msisdn === '' ? {} : { maskedMsisdn: msisdn };
}
