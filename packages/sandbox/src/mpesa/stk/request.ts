import type { HttpResponse } from '@canza/core';

import type { JsonFields } from '../../wire.ts';
import { isCompactStamp } from '../east-africa-time.ts';
import type { DarajaErrors } from '../error-replies.ts';
import {
  isCallbackUrl,
  isFilled,
  isMsisdn,
  isShortcode,
  type Read,
  readWholeAmount,
  refuseFirst,
  textOf,
} from '../fields.ts';
import type { DarajaShapes, StkShortcode } from '../settings.ts';

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

const TRANSACTION_TYPES = ['CustomerPayBillOnline', 'CustomerBuyGoodsOnline'];

/** Checks an STK push the way the gateway does: the first wrong field is named, then the password. */
export function readStkPush(
  fields: JsonFields,
  shortcodes: ReadonlyMap<string, StkShortcode>,
  errors: DarajaErrors,
  longTexts: DarajaShapes['longTexts'],
): Read<StkPush> {
  const longest = (characters: number): number => (longTexts === 'refused' ? characters : Infinity);
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
    AccountReference: !isFilled(reference) || reference.length > longest(12),
    TransactionDesc: typeof description !== 'string' || description.length > longest(13),
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
