import type { JsonFields } from '../../wire.ts';
import type { DarajaErrors } from '../error-replies.ts';
import {
  isCallbackUrl,
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
import type { Organisation } from '../organisations.ts';

/** Where one shortcode wants to hear of customers' payments. */
export interface UrlRegistration {
  readonly shortcode: string;
  /** What happens when the validation address does not answer. */
  readonly responseType: 'Completed' | 'Cancelled';
  readonly confirmationUrl: string;
  readonly validationUrl: string;
}

/** A payment that a customer makes without having been asked. */
export interface CustomerPayment {
  readonly shortcode: string;
  readonly msisdn: string;
  /** Cents. */
  readonly amountMinor: bigint;
  /** What the customer typed as account number; empty for Buy Goods. */
  readonly billReference: string;
}

const LONGEST_BILL_REFERENCE = 20;

export function readUrlRegistration(
  fields: JsonFields,
  organisations: ReadonlyMap<string, Organisation>,
  errors: DarajaErrors,
): Read<UrlRegistration> {
  const shortcode = textOf(fields['ShortCode']);
  const responseType = textOf(fields['ResponseType']);
  const refusal = refuseFirst(
    {
      ShortCode: !isShortcode(shortcode) || !organisations.has(shortcode),
      ResponseType: responseType !== 'Completed' && responseType !== 'Cancelled',
      ConfirmationURL: !isCallbackUrl(fields['ConfirmationURL']),
      ValidationURL: !isCallbackUrl(fields['ValidationURL']),
    },
    errors,
  );
  if (refusal !== undefined) return refuse(refusal);
  return take({
    shortcode,
    responseType: responseType === 'Completed' ? 'Completed' : 'Cancelled',
    confirmationUrl: textOf(fields['ConfirmationURL']),
    validationUrl: textOf(fields['ValidationURL']),
  });
}

export function readSimulation(
  fields: JsonFields,
  organisations: ReadonlyMap<string, Organisation>,
  errors: DarajaErrors,
): Read<CustomerPayment> {
  const shortcode = textOf(fields['ShortCode']);
  const organisation = organisations.get(shortcode);
  const isTill = organisation?.kind === 'till';
  const reference = fields['BillRefNumber'];
  const refusal = refuseFirst(
    {
      ShortCode: !isShortcode(shortcode) || organisation === undefined,
      CommandID: textOf(fields['CommandID']) !== (isTill ? 'CustomerBuyGoodsOnline' : 'CustomerPayBillOnline'),
      Amount: !isWholeAmount(fields['Amount']),
      Msisdn: !isMsisdn(fields['Msisdn']),
      BillRefNumber: isTill
        ? textOf(reference) !== ''
        : textOf(reference).trim() === '' || textOf(reference).length > LONGEST_BILL_REFERENCE,
    },
    errors,
  );
  if (refusal !== undefined) return refuse(refusal);
  return take({
    shortcode,
    amountMinor: wholeAmountMinor(fields['Amount']),
    msisdn: textOf(fields['Msisdn']),
    billReference: textOf(reference),
  });
}
