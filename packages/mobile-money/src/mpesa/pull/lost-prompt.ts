import { type Finding, parseMoney, type QueryRequest } from '@canza/core';

import type { PullPeriod } from './requests.ts';
import type { PulledPayment } from './responses.ts';

const MINUTE_MS = 60_000;

/** Clocks differ; a prompt lives for three minutes. */
const BEFORE_MS = 5 * MINUTE_MS;
const AFTER_MS = 30 * MINUTE_MS;

/** A payment that is not there by then is for a person. */
const LOOK_FOR_MS = 60 * MINUTE_MS;

/**
 * Looks among the payments of customers for one whose prompt was sent and never answered for: by the account, which nothing but that prompt
 * named. That it is not there proves nothing.
 * Source: docs/providers/mpesa.md#pull
 */
export async function findLostPrompt(
  { reference, accountReference, sentAtMs, msisdn }: QueryRequest,
  nowMs: number,
  statement: (period: Omit<PullPeriod, 'offset'>) => AsyncIterable<PulledPayment>,
): Promise<Finding> {
  if (accountReference !== undefined) {
    return { status: 'unaskable', detail: 'No CheckoutRequestID has reached us, and the account is not ours alone.' };
  }
  if (nowMs - sentAtMs > LOOK_FOR_MS) {
    return { status: 'unaskable', detail: 'An hour after the prompt, no payment was pulled that names it.' };
  }
  const period = { fromMs: sentAtMs - BEFORE_MS, untilMs: Math.min(nowMs + MINUTE_MS, sentAtMs + AFTER_MS) };
  for await (const payment of statement(period)) {
    if (payment.referenceStart === undefined || !reference.startsWith(payment.referenceStart)) continue;
    const { receipt, amount, currency, payer } = payment;
    if (!mayBe(payer, msisdn)) {
      return {
        status: 'unknown',
        code: 'PULLED',
        detail: `${receipt} names the prompt, and was paid from another number.`,
      };
    }
    return {
      status: 'succeeded',
      code: 'PULLED',
      detail: 'pulled, by the account of the prompt',
      receipt,
      money: parseMoney(amount, currency),
    };
  }
  return { status: 'not-found', code: 'PULLED', detail: 'No pulled payment names the prompt yet.' };
}

/** A number may come without its country code, or masked: then it contradicts nothing. */
const mayBe = (payer: string, msisdn: string): boolean => !/^\d{9,12}$/.test(payer) || msisdn.endsWith(payer.slice(-9));
