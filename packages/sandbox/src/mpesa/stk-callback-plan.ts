import type { HttpRequest } from '@canza/core';

import type { CallbackFault, CallbackFaultKind } from '../faults.ts';
import type { DarajaShapes } from './settings.ts';
import { buildStkCallback, type StkCallbackStatement } from './stk-callback.ts';
import type { StkPush } from './stk-request.ts';
import { STK_RESULTS, type StkResult } from './stk-results.ts';

/** A callback and when it is to be sent, counted from now. */
export interface PlannedCallback {
  readonly delayMs: number;
  readonly request: HttpRequest;
}

export interface StkCallbackPlanOptions {
  readonly payment: StkPush & {
    readonly merchantRequestId: string;
    readonly checkoutRequestId: string;
    readonly result: StkResult;
    readonly receipt?: string;
    readonly concludedAtMs?: number;
  };
  readonly faults: readonly CallbackFault[];
  /** Milliseconds until the callback would come if all went well. */
  readonly dueMs: number;
  readonly shapes: DarajaShapes;
  /** Of the payer, after the payment. */
  readonly walletMinor: bigint;
  /** A receipt that no charge has. */
  readonly drawReceipt: () => string;
}

const LATE_MS = 300_000;
const APART_MS = 1_000;

/** Which callbacks one payment sends, and when: one, unless faults say otherwise. */
export function planStkCallbacks(options: StkCallbackPlanOptions): readonly PlannedCallback[] {
  const { payment, faults, dueMs, shapes, walletMinor } = options;
  const fault = (kind: CallbackFaultKind): CallbackFault | undefined => faults.find((one) => one.kind === kind);
  const atMs = payment.concludedAtMs ?? 0;
  const say = (result: StkResult, receipt: string | undefined, amountMinor = payment.amountMinor): HttpRequest => {
    const statement: StkCallbackStatement = {
      merchantRequestId: payment.merchantRequestId,
      checkoutRequestId: payment.checkoutRequestId,
      shortcode: payment.shortcode.shortcode,
      callbackUrl: payment.callbackUrl,
      result,
      ...(receipt === undefined
        ? {}
        : { paid: { receipt, amountMinor, atMs, msisdn: payment.payer, balanceMinor: walletMinor } }),
    };
    return buildStkCallback(statement, shapes);
  };
  if (fault('missing') !== undefined) return [];

  const late = fault('late');
  const firstMs = dueMs + (late === undefined ? 0 : (late.delayMs ?? LATE_MS));
  const wrongAmount = fault('wrong-amount') === undefined ? undefined : payment.amountMinor + 100n;
  const truth = say(payment.result, payment.receipt, wrongAmount);
  const opposite = (): HttpRequest =>
    payment.receipt === undefined
      ? say(STK_RESULTS.paid, options.drawReceipt())
      : say(STK_RESULTS.cancelled, undefined);

  const callbacks: PlannedCallback[] = [{ delayMs: firstMs, request: truth }];
  const doubled = fault('doubled');
  if (doubled !== undefined) callbacks.push({ delayMs: firstMs + (doubled.delayMs ?? APART_MS), request: truth });
  const after = fault('contradicting');
  if (after !== undefined) callbacks.push({ delayMs: firstMs + (after.delayMs ?? APART_MS), request: opposite() });
  const before = fault('contradicting-first');
  if (before === undefined) return callbacks;
  const shiftMs = before.delayMs ?? APART_MS;
  return [
    { delayMs: firstMs, request: opposite() },
    ...callbacks.map(({ delayMs, request }) => ({ delayMs: delayMs + shiftMs, request })),
  ];
}

/** What somebody who knows the address and the ids could send: a success, with a receipt that no charge has. */
export function forgeStkCallback(
  payment: Omit<StkCallbackPlanOptions['payment'], 'result'>,
  shapes: DarajaShapes,
  receipt: string,
  atMs: number,
): HttpRequest {
  const { merchantRequestId, checkoutRequestId, callbackUrl, amountMinor, payer } = payment;
  const { headers, ...request } = buildStkCallback(
    {
      merchantRequestId,
      checkoutRequestId,
      shortcode: payment.shortcode.shortcode,
      callbackUrl,
      result: STK_RESULTS.paid,
      paid: { receipt, amountMinor, atMs, msisdn: payer, balanceMinor: 0n },
    },
    shapes,
  );
  return { ...request, headers: { 'content-type': headers['content-type'] ?? '' } };
}
