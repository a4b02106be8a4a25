import type { HttpResponse } from '@canza/core';

import type { JsonFields } from '../wire.ts';
import { isCompactStamp } from './east-africa-time.ts';
import type { DarajaErrors } from './error-replies.ts';
import type { StkShortcode } from './settings.ts';

/** An STK push that the gateway has let through. */
export interface StkPush {
  readonly shortcode: StkShortcode;
  readonly transactionType: string;
  /** Cents. */
  readonly amountMinor: bigint;
  /** Whose wallet pays. */
  readonly payer: string;
  readonly receiver: string;
  /** Whose phone gets the prompt. */
  readonly phone: string;
  readonly callbackUrl: string;
  readonly accountReference: string;
  readonly description: string;
}

export interface StkQuery {
  readonly shortcode: StkShortcode;
  readonly checkoutRequestId: string;
}

export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: HttpResponse };

const MSISDN = /^254[17]\d{8}$/;
const SHORTCODE = /^\d{5,7}$/;
const WHOLE_AMOUNT = /^[1-9]\d{0,9}$/;
const TRANSACTION_TYPES = ['CustomerPayBillOnline', 'CustomerBuyGoodsOnline'];
/** Words that an address may not contain. Source: docs/providers/mpesa.md#callback-addresses */
const REFUSED_WORDS = /m-?pesa|safaricom|exe|cmd|sql|query/i;

/** A field as text: JSON numbers count as the text they were written with. */
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

/** Whole shillings as cents; `undefined` for anything else. */
function readWholeAmount(value: unknown): bigint | undefined {
  const text = textOf(value);
  return WHOLE_AMOUNT.test(text) ? BigInt(text) * 100n : undefined;
}

const isMsisdn = (value: unknown): boolean => MSISDN.test(textOf(value));
const isShortcode = (value: unknown): boolean => SHORTCODE.test(textOf(value));

/** What a callback address has to be: absolute, and without the refused words. Plain HTTP passes on a sandbox. */
function isCallbackUrl(value: unknown): value is string {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, host, pathname, search } = new URL(value);
  return (protocol === 'https:' || protocol === 'http:') && !REFUSED_WORDS.test(host + pathname + search);
}

/** Checks an STK push the way the gateway does: the first wrong field is named, then the password. */
export function readStkPush(
  fields: JsonFields,
  shortcodes: ReadonlyMap<string, StkShortcode>,
  errors: DarajaErrors,
): Read<StkPush> {
  const type = textOf(fields['TransactionType']);
  const amountMinor = readWholeAmount(fields['Amount']);
  const reference = fields['AccountReference'];
  const description = fields['TransactionDesc'] ?? '';
  const known = shortcodes.get(textOf(fields['BusinessShortCode']));
  const isWrong: Readonly<Record<string, boolean>> = {
    BusinessShortCode: !isShortcode(fields['BusinessShortCode']),
    Password: typeof fields['Password'] !== 'string' || fields['Password'] === '',
    Timestamp: !isCompactStamp(textOf(fields['Timestamp'])),
    TransactionType: !TRANSACTION_TYPES.includes(type) || (known !== undefined && !takes(known, type)),
    Amount: amountMinor === undefined,
    PartyA: !isMsisdn(fields['PartyA']),
    PartyB: !isShortcode(fields['PartyB']),
    PhoneNumber: !isMsisdn(fields['PhoneNumber']),
    CallBackURL: !isCallbackUrl(fields['CallBackURL']),
    AccountReference: typeof reference !== 'string' || reference.trim() === '' || reference.length > 12,
    TransactionDesc: typeof description !== 'string' || description.length > 13,
  };
  const refusal = refuseFirst(isWrong, errors) ?? refusePassword(fields, known, errors);
  if (refusal !== undefined || known === undefined || amountMinor === undefined) {
    return { ok: false, refusal: refusal ?? errors.internal() };
  }
  return {
    ok: true,
    value: {
      shortcode: known,
      transactionType: type,
      amountMinor,
      payer: textOf(fields['PartyA']),
      receiver: textOf(fields['PartyB']),
      phone: textOf(fields['PhoneNumber']),
      callbackUrl: textOf(fields['CallBackURL']),
      accountReference: textOf(reference),
      description: textOf(description),
    },
  };
}

/** Checks an STK query. */
export function readStkQuery(
  fields: JsonFields,
  shortcodes: ReadonlyMap<string, StkShortcode>,
  errors: DarajaErrors,
): Read<StkQuery> {
  const known = shortcodes.get(textOf(fields['BusinessShortCode']));
  const checkoutRequestId = fields['CheckoutRequestID'];
  const isWrong: Readonly<Record<string, boolean>> = {
    BusinessShortCode: !isShortcode(fields['BusinessShortCode']),
    Password: typeof fields['Password'] !== 'string' || fields['Password'] === '',
    Timestamp: !isCompactStamp(textOf(fields['Timestamp'])),
    CheckoutRequestID: typeof checkoutRequestId !== 'string' || !/^ws_CO_\d{12,}$/.test(checkoutRequestId),
  };
  const refusal = refuseFirst(isWrong, errors) ?? refusePassword(fields, known, errors);
  if (refusal !== undefined || known === undefined) return { ok: false, refusal: refusal ?? errors.internal() };
  return { ok: true, value: { shortcode: known, checkoutRequestId: textOf(checkoutRequestId) } };
}

/** Names the first field that is wrong, in the order of the table. */
function refuseFirst(isWrong: Readonly<Record<string, boolean>>, errors: DarajaErrors): HttpResponse | undefined {
  const field = Object.keys(isWrong).find((name) => isWrong[name]);
  return field === undefined ? undefined : errors.invalidField(field);
}

function refusePassword(
  fields: JsonFields,
  known: StkShortcode | undefined,
  errors: DarajaErrors,
): HttpResponse | undefined {
  if (known === undefined) return errors.envelope(500, '500.001.1001', 'Merchant does not exist');
  const plain = known.shortcode + known.passkey + textOf(fields['Timestamp']);
  return fields['Password'] === Buffer.from(plain, 'utf8').toString('base64')
    ? undefined
    : errors.envelope(500, '500.001.1001', '[MerchantValidate] - Wrong credentials');
}

/** A Pay Bill takes Pay Bill payments alone, a store Buy Goods alone. */
const takes = ({ till }: StkShortcode, transactionType: string): boolean =>
  transactionType === (till === undefined ? 'CustomerPayBillOnline' : 'CustomerBuyGoodsOnline');
