import { type HttpRequest, InvalidRequestError } from '@canza/core';

import type { MpesaConfig } from '../config.ts';
import { kenyanMobile, parseShillings, parseShortcode, post } from '../fields.ts';

/** What a customer who scans the code does. */
export interface QrPayment {
  readonly merchantName: string;
  /** What the payment is for; the account, for a pay bill. */
  readonly reference: string;
  /** Decimal string, whole KES. */
  readonly amount: string;
  readonly to:
    | { readonly till: string }
    | { readonly paybill: string }
    | { readonly agent: string }
    | { readonly msisdn: string }
    | { readonly business: string };
  /** Edge of the picture. Default 300. */
  readonly sizePixels?: number;
}

const CODES = { till: 'BG', paybill: 'PB', agent: 'WA', msisdn: 'SM', business: 'SB' } as const;

/**
 * Builds the request of a QR code for one payment.
 * @throws InvalidRequestError naming the field.
 * Source: docs/providers/mpesa.md#qr
 */
export function buildQr(
  config: MpesaConfig,
  { merchantName, reference, amount, to, sizePixels = 300 }: QrPayment,
): HttpRequest {
  if (!Number.isInteger(sizePixels) || sizePixels < 1) {
    throw new InvalidRequestError({ field: 'sizePixels', expected: 'a whole number of pixels above zero' });
  }
  const [kind, party] = Object.entries(to)[0] as [keyof typeof CODES, string];
  return post(`${config.baseUrl}/mpesa/qrcode/v1/generate`, {
    MerchantName: merchantName,
    RefNo: reference,
    Amount: Number(parseShillings(amount)),
    TrxCode: CODES[kind],
    CPI: kind === 'msisdn' ? kenyanMobile(party, 'to.msisdn') : parseShortcode(party, `to.${kind}`),
    Size: String(sizePixels),
  });
}
