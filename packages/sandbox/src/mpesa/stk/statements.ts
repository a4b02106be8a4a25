import type { HttpRequest } from '@canza/core';

import type { DarajaShapes } from '../settings.ts';
import { buildStkCallback } from './callback.ts';
import type { StkPayment } from './desk.ts';
import { STK_RESULTS, type StkResult } from './results.ts';

/** What can be said of a payment at its callback address, truly or not. */
export interface StkStatements {
  readonly truth: (result: StkResult, amountMinor?: bigint) => HttpRequest;
  readonly opposite: () => HttpRequest;
  /** What somebody who knows the address and the ids could send: a success, with a receipt that no charge has. */
  readonly forgery: () => HttpRequest;
}

export interface StkStatementContext {
  readonly shapes: DarajaShapes;
  readonly nowMs: number;
  /** Of the payer, after the payment. */
  readonly walletMinor: bigint;
  /** A receipt that no charge has. */
  readonly drawReceipt: () => string;
}

export function stateStkPayment(
  { merchantRequestId, checkoutRequestId, shortcode, callbackUrl, payer, amountMinor, receipt }: StkPayment,
  { shapes, nowMs, walletMinor, drawReceipt }: StkStatementContext,
): StkStatements {
  const say = (result: StkResult, paidReceipt: string | undefined, paidMinor: bigint): HttpRequest =>
    buildStkCallback(
      {
        merchantRequestId,
        checkoutRequestId,
        shortcode: shortcode.shortcode,
        callbackUrl,
        result,
        ...(paidReceipt === undefined
          ? {}
          : {
              paid: {
                receipt: paidReceipt,
                amountMinor: paidMinor,
                atMs: nowMs,
                msisdn: payer,
                balanceMinor: walletMinor,
              },
            }),
      },
      shapes,
    );
  return {
    truth: (result, paidMinor = amountMinor) => say(result, receipt, paidMinor),
    opposite: () =>
      receipt === undefined
        ? say(STK_RESULTS.paid, drawReceipt(), amountMinor)
        : say(STK_RESULTS.cancelled, undefined, amountMinor),
    forgery() {
      const { headers, ...request } = say(STK_RESULTS.paid, drawReceipt(), amountMinor);
      return { ...request, headers: { 'content-type': headers['content-type'] ?? '' } };
    },
  };
}
