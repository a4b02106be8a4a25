import type { JsonFields } from '../../wire.ts';
import { isCompactStamp } from '../east-africa-time.ts';
import type { DarajaErrors } from '../error-replies.ts';
import {
  isCallbackUrl,
  isFilled,
  isMsisdn,
  isShortcode,
  isWholeAmount,
  type Read,
  refuse,
  refuseFirst,
  take,
  textOf,
  wholeAmountMinor,
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
  const reference = fields['AccountReference'];
  const description = fields['TransactionDesc'] ?? '';
  const known = shortcodes.get(textOf(fields['BusinessShortCode']));
  const isWrong: Readonly<Record<string, boolean>> = {
    BusinessShortCode: !isShortcode(fields['BusinessShortCode']),
    Password: typeof fields['Password'] !== 'string' || fields['Password'] === '',
    Timestamp: !isCompactStamp(textOf(fields['Timestamp'])),
    TransactionType: !TRANSACTION_TYPES.includes(type) || (known !== undefined && !takes(known, type)),
    Amount: !isWholeAmount(fields['Amount']),
    PartyA: !isMsisdn(fields['PartyA']),
    PartyB: !isShortcode(fields['PartyB']),
    PhoneNumber: !isMsisdn(fields['PhoneNumber']),
    CallBackURL: !isCallbackUrl(fields['CallBackURL']),
    AccountReference: !isFilled(reference) || reference.length > longest(12),
    TransactionDesc: typeof description !== 'string' || description.length > longest(13),
  };
  const refusal = refuseFirst(isWrong, errors);
  if (refusal !== undefined) return refuse(refusal);
  const merchant = readMerchant(fields, known, errors);
  if (!merchant.ok) return merchant;
  return take({
    shortcode: merchant.value,
    transactionType: type,
    amountMinor: wholeAmountMinor(fields['Amount']),
    payer: textOf(fields['PartyA']),
    receiver: textOf(fields['PartyB']),
    phone: textOf(fields['PhoneNumber']),
    callbackUrl: textOf(fields['CallBackURL']),
    accountReference: textOf(reference),
    description: textOf(description),
  });
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
  const refusal = refuseFirst(isWrong, errors);
  if (refusal !== undefined) return refuse(refusal);
  const merchant = readMerchant(fields, known, errors);
  if (!merchant.ok) return merchant;
  return take({ shortcode: merchant.value, checkoutRequestId: textOf(checkoutRequestId) });
}

/** The merchant whose shortcode, passkey and timestamp make the password. */
function readMerchant(fields: JsonFields, known: StkShortcode | undefined, errors: DarajaErrors): Read<StkShortcode> {
  if (known === undefined) return refuse(errors.envelope(500, '500.001.1001', 'Merchant does not exist'));
  const plain = known.shortcode + known.passkey + textOf(fields['Timestamp']);
  return fields['Password'] === Buffer.from(plain, 'utf8').toString('base64')
    ? take(known)
    : refuse(errors.envelope(500, '500.001.1001', '[MerchantValidate] - Wrong credentials'));
}

/** A Pay Bill takes Pay Bill payments alone, a store Buy Goods alone. */
const takes = ({ till }: StkShortcode, transactionType: string): boolean =>
  transactionType === (till === undefined ? 'CustomerPayBillOnline' : 'CustomerBuyGoodsOnline');
