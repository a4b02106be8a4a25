import type { HttpRequest } from '@canza/core';
import { maskDigits } from '@canza/core';

import { rawNumber } from '../../wire.ts';
import { compactStamp } from '../east-africa-time.ts';
import { formatKes } from '../money.ts';
import type { DarajaShapes } from '../settings.ts';
import { numericCode, type StkResult } from './results.ts';

/** What a callback says, true or not. */
export interface StkCallbackStatement {
  readonly merchantRequestId: string;
  readonly checkoutRequestId: string;
  readonly shortcode: string;
  readonly callbackUrl: string;
  readonly result: StkResult;
  /** Of a success alone. */
  readonly paid?: {
    readonly receipt: string;
    readonly amountMinor: bigint;
    readonly atMs: number;
    readonly msisdn: string;
    /** Of the wallet, after the charge. */
    readonly balanceMinor: bigint;
  };
}

/** Writes the callback of an STK payment. Source: docs/providers/mpesa.md#stk-callback */
export function buildStkCallback(statement: StkCallbackStatement, shapes: DarajaShapes): HttpRequest {
  const { merchantRequestId, checkoutRequestId, result, paid, shortcode, callbackUrl } = statement;
  const stkCallback = {
    MerchantRequestID: merchantRequestId,
    CheckoutRequestID: checkoutRequestId,
    ResultCode: numericCode(result.code),
    ResultDesc: result.description,
    ...(paid === undefined ? {} : { CallbackMetadata: { Item: buildItems(paid, shapes) } }),
  };
  return {
    method: 'POST',
    url: callbackUrl,
    headers: { 'content-type': 'application/json;charset=UTF-8', businessshortcode: shortcode },
    body: JSON.stringify({ Body: { stkCallback } }),
  };
}

interface Item {
  readonly Name: string;
  readonly Value?: unknown;
}

function buildItems(
  { receipt, amountMinor, atMs, msisdn, balanceMinor }: NonNullable<StkCallbackStatement['paid']>,
  { balanceItem, callbackPhone }: DarajaShapes,
): readonly Item[] {
  const balance = formatKes(balanceMinor);
  const balances: Readonly<Record<DarajaShapes['balanceItem'], readonly Item[]>> = {
    absent: [],
    'without-value': [{ Name: 'Balance' }],
    number: [{ Name: 'Balance', Value: rawNumber(balance) }],
    text: [
      { Name: 'Balance', Value: `{Amount={CurrencyCode=KES, MinimumAmount=${balanceMinor}, BasicAmount=${balance}}}` },
    ],
  };
  const phones: Readonly<Record<DarajaShapes['callbackPhone'], readonly Item[]>> = {
    number: [{ Name: 'PhoneNumber', Value: rawNumber(msisdn) }],
    masked: [{ Name: 'PhoneNumber', Value: maskDigits(msisdn) }],
    absent: [],
  };
  return [
    { Name: 'Amount', Value: rawNumber(formatKes(amountMinor)) },
    { Name: 'MpesaReceiptNumber', Value: receipt },
    ...balances[balanceItem],
    { Name: 'TransactionDate', Value: rawNumber(compactStamp(atMs)) },
    ...phones[callbackPhone],
  ];
}
