import { type HttpRequest, type HttpResponse, sha256Hex } from '@canza/core';

import { readJsonFields } from '../../wire.ts';
import { compactStamp } from '../east-africa-time.ts';
import { formatKes } from '../money.ts';
import type { DarajaShapes } from '../settings.ts';
import type { CustomerPayment } from './request.ts';

/** Which version of the API the addresses were registered with: they show the payer differently. */
export type RegistrationVersion = 'v1' | 'v2';

export interface C2bNotice extends CustomerPayment {
  readonly receipt: string;
  readonly atMs: number;
  readonly kind: 'Pay Bill' | 'Buy Goods';
  readonly payerName: string;
  /** What the validation's answer gave along. */
  readonly thirdPartyId: string;
  /** Of the organisation, after the payment; absent while the merchant is being asked. */
  readonly balanceMinor?: bigint;
}

/** Writes a validation or confirmation: one body for both. Source: docs/providers/mpesa.md#c2b */
export function buildC2bNotice(
  notice: C2bNotice,
  url: string,
  version: RegistrationVersion,
  phone: DarajaShapes['c2bPhone'],
): HttpRequest {
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json;charset=UTF-8' },
    body: JSON.stringify({
      TransactionType: notice.kind,
      TransID: notice.receipt,
      TransTime: compactStamp(notice.atMs),
      TransAmount: formatKes(notice.amountMinor),
      BusinessShortCode: notice.shortcode,
      BillRefNumber: notice.billReference,
      InvoiceNumber: '',
      OrgAccountBalance: notice.balanceMinor === undefined ? '' : formatKes(notice.balanceMinor),
      ThirdPartyTransID: notice.thirdPartyId,
      MSISDN: showMsisdn(notice.msisdn, phone === 'by-version' ? (version === 'v1' ? 'hashed' : 'spaced') : phone),
      FirstName: notice.payerName.split(' ')[0] ?? '',
      MiddleName: '',
      LastName: '',
    }),
  };
}

function showMsisdn(msisdn: string, form: Exclude<DarajaShapes['c2bPhone'], 'by-version'>): string {
  if (form === 'hashed') return sha256Hex(msisdn);
  if (form === 'spaced') return `${msisdn.slice(0, 4)} ***** ${msisdn.slice(-3)}`;
  return form === 'starred' ? `${msisdn.slice(0, 5)}****${msisdn.slice(-3)}` : msisdn;
}

/** What a merchant's answer to a validation means. */
export type ValidationVerdict =
  | { readonly kind: 'accepted'; readonly thirdPartyId: string }
  | { readonly kind: 'rejected'; readonly code: string }
  | { readonly kind: 'unanswered' };

export function readValidation(response: HttpResponse | undefined): ValidationVerdict {
  const fields = response === undefined || response.status !== 200 ? undefined : readJsonFields(response.body);
  const code = fields?.['ResultCode'];
  if (fields === undefined || (typeof code !== 'string' && typeof code !== 'number')) return { kind: 'unanswered' };
  if (Number(code) !== 0) return { kind: 'rejected', code: String(code) };
  const thirdPartyId = fields['ThirdPartyTransID'];
  return { kind: 'accepted', thirdPartyId: typeof thirdPartyId === 'string' ? thirdPartyId : '' };
}
