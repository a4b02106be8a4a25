import { type CancelTimer, type Clock, type HttpRequest, type HttpResponse, maskMsisdn } from '@canza/core';
import type { SendReport } from '../../callback-reports.ts';
import type { Deliveries } from '../../deliveries.ts';
import type { EventListener } from '../../events.ts';
import type { FaultPlan } from '../../faults.ts';
import type { HandsetReaction, Handsets } from '../../handset.ts';
import type { Schedule } from '../../schedule.ts';
import { jsonReply } from '../../wire.ts';
import type { OpenBooks } from '../books.ts';
import type { C2bDesk } from '../c2b/desk.ts';
import type { DarajaErrors } from '../error-replies.ts';
import type { DarajaIdentifiers } from '../identifiers.ts';
import type { DarajaLimits, DarajaShapes, DarajaTimings, PendingShape } from '../settings.ts';
import { refuseApproved, refuseUnasked } from './refusals.ts';
import type { StkPush, StkQuery } from './request.ts';
import { RESULT_OF_BEHAVIOUR, STK_RESULTS, type StkResult } from './results.ts';
import { type StkStatements, stateStkPayment } from './statements.ts';

/** A prompt that was sent to a phone, and what became of it. */
export interface StkPayment extends StkPush {
  readonly merchantRequestId: string;
  readonly checkoutRequestId: string;
  readonly submittedAtMs: number;
  /** Absent while the payer has not decided. */
  readonly result?: StkResult;
  readonly concludedAtMs?: number;
  /** Of a charge. */
  readonly receipt?: string;
  /** How often its state was asked for. */
  readonly queries: number;
}

export interface StkDesk {
  /** Takes in a push: the reply, once the callback that a fault sends ahead of it is through. */
  readonly push: (push: StkPush, request: HttpRequest) => Promise<HttpResponse>;
  readonly query: (query: StkQuery) => HttpResponse;
  /** Lets the person with this phone answer the prompt that is open; `false` when there is none. */
  readonly answerPrompt: (msisdn: string, reaction: HandsetReaction) => boolean;
  /** Every prompt so far, oldest first. */
  readonly payments: readonly StkPayment[];
}

export interface StkDeskOptions {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly deliveries: Deliveries;
  readonly books: OpenBooks;
  readonly handsets: Handsets;
  readonly faults: FaultPlan;
  readonly identifiers: DarajaIdentifiers;
  readonly errors: DarajaErrors;
  readonly timings: DarajaTimings;
  readonly shapes: DarajaShapes;
  readonly limits: DarajaLimits;
  /** Shortcodes that exist and can be paid. */
  readonly receivers: ReadonlySet<string>;
  readonly report: SendReport;
  /** Confirms a charge at the addresses registered for customers' own payments, where that is wanted. */
  readonly confirm?: C2bDesk['confirm'] | undefined;
  readonly onEvent?: EventListener | undefined;
}

const OPERATION = 'stk-push';

type OpenPayment = { -readonly [Key in keyof StkPayment]: StkPayment[Key] } & {
  request: HttpRequest;
  thinking?: CancelTimer;
};

/** STK push as M-PESA runs it: one prompt a phone, a person who decides, a charge or none, a callback. */
export function createStkDesk(options: StkDeskOptions): StkDesk {
  const { clock, schedule, deliveries, books, handsets, faults, identifiers, errors, timings, shapes, limits } =
    options;
  const payments: OpenPayment[] = [];
  const byCheckoutId = new Map<string, OpenPayment>();
  const sessions = new Map<string, OpenPayment>();
  let lastQueryAtMs = -Infinity;

  const emit = (what: 'prompt' | 'result', { phone, result }: OpenPayment): void =>
    options.onEvent?.({
      atMs: clock.nowMs(),
      emulator: 'mpesa',
      what,
      detail: `${maskMsisdn(phone)}${result === undefined ? '' : ` ${result.code}`}`,
    });

  const isLocked = (phone: string): boolean => {
    const last = sessions.get(phone);
    if (last === undefined) return false;
    return last.result === undefined || clock.nowMs() < last.submittedAtMs + timings.sessionLockMs;
  };

  const state = (payment: OpenPayment): StkStatements =>
    stateStkPayment(payment, {
      shapes,
      nowMs: clock.nowMs(),
      walletMinor: books.walletMinor(payment.payer),
      drawReceipt: () => identifiers.receipt(clock.nowMs()),
    });

  const resultOf = (payment: OpenPayment, reaction: HandsetReaction): StkResult => {
    if (reaction.behaviour === 'code') {
      return { code: reaction.code, description: reaction.description ?? `Result ${reaction.code}` };
    }
    if (reaction.behaviour !== 'approve') return RESULT_OF_BEHAVIOUR[reaction.behaviour];
    return (
      refuseApproved(payment, { books, limits, nowMs: clock.nowMs(), repeatWindowMs: timings.repeatWindowMs }) ??
      STK_RESULTS.paid
    );
  };

  /** Ends the payment, moves the money, and sends its callbacks: all at once where they come ahead of the reply. */
  const conclude = async (payment: OpenPayment, reaction: HandsetReaction, isAhead = false): Promise<void> => {
    payment.thinking?.();
    const nowMs = clock.nowMs();
    payment.result = refuseUnasked(payment, options) ?? resultOf(payment, reaction);
    payment.concludedAtMs = nowMs;
    if (payment.result.code === STK_RESULTS.paid.code) {
      payment.receipt = identifiers.receipt(nowMs);
      books.charge({
        receipt: payment.receipt,
        channel: 'stk',
        msisdn: payment.payer,
        shortcode: payment.receiver,
        amountMinor: payment.amountMinor,
        atMs: nowMs,
        accountReference: payment.accountReference,
        checkoutRequestId: payment.checkoutRequestId,
        callbackUrl: payment.callbackUrl,
      });
    }
    emit('result', payment);
    const { result } = payment;
    const statements = state(payment);
    await options.report({
      operation: OPERATION,
      request: payment.request,
      dueMs: reaction.behaviour === 'unreachable' ? timings.unreachableCallbackDelayMs : timings.callbackDelayMs,
      isAhead,
      truth: (isAmountWrong) => statements.truth(result, payment.amountMinor + (isAmountWrong ? 100n : 0n)),
      opposite: statements.opposite,
    });
    if (payment.receipt !== undefined) {
      await options.confirm?.(
        {
          shortcode: payment.receiver,
          msisdn: payment.payer,
          amountMinor: payment.amountMinor,
          billReference: payment.accountReference,
          receipt: payment.receipt,
          atMs: nowMs,
          balanceMinor: books.accountMinor(payment.receiver),
        },
        payment.request,
      );
    }
  };

  const answerPending: Readonly<Record<PendingShape, (payment: OpenPayment) => HttpResponse>> = {
    'under-processing': (payment) => answerQuery(payment, '4999', 'The transaction is still under processing'),
    'being-processed': () => errors.envelope(500, '500.001.1001', 'The transaction is being processed'),
    'empty-envelope': () => errors.envelope(200, '500.001.1001', ''),
    'too-early': () => errors.invalidField('CheckoutRequestID'),
  };

  return {
    payments,
    async push(push, request) {
      if (isLocked(push.phone)) {
        return errors.envelope(
          500,
          '500.001.1001',
          'Unable to lock subscriber, a transaction is already in process for the current subscriber',
        );
      }
      const nowMs = clock.nowMs();
      const payment: OpenPayment = {
        ...push,
        request,
        merchantRequestId: identifiers.gatewayId(),
        checkoutRequestId: identifiers.checkoutRequestId(nowMs, push.phone),
        submittedAtMs: nowMs,
        queries: 0,
      };
      payments.push(payment);
      byCheckoutId.set(payment.checkoutRequestId, payment);
      sessions.set(push.phone, payment);
      const reaction: HandsetReaction =
        refuseUnasked(push, options) === undefined
          ? handsets.reactTo(push.phone)
          : { behaviour: 'ignore', thinkingMs: timings.refusalMs };
      const early = faults.takeForCallback(OPERATION, request, ['before-reply', 'forged']);
      const forgery = early.find(({ kind }) => kind === 'forged');
      if (forgery !== undefined) deliveries.sendAfter(forgery.delayMs ?? 0, OPERATION, state(payment).forgery());
      emit('prompt', payment);
      if (early.some(({ kind }) => kind === 'before-reply')) {
        await conclude(payment, reaction, true);
      } else {
        const thinkingMs =
          reaction.thinkingMs ?? timings.thinkingMs[reaction.behaviour === 'code' ? 'approve' : reaction.behaviour];
        payment.thinking = schedule.after(thinkingMs, () => conclude(payment, reaction));
      }
      return acknowledge(payment);
    },
    query({ checkoutRequestId, shortcode }) {
      const nowMs = clock.nowMs();
      if (nowMs < lastQueryAtMs + timings.queryEveryMs) return errors.throttled();
      lastQueryAtMs = nowMs;
      const payment = byCheckoutId.get(checkoutRequestId);
      if (payment === undefined || payment.shortcode !== shortcode) {
        return errors.envelope(500, '500.001.1001', 'The transaction does not Exist');
      }
      payment.queries += 1;
      const { result } = payment;
      return result === undefined
        ? answerPending[shapes.pending[(payment.queries - 1) % shapes.pending.length] ?? 'under-processing'](payment)
        : answerQuery(payment, result.code, result.queryDescription ?? result.description);
    },
    answerPrompt(msisdn, reaction) {
      const payment = sessions.get(msisdn);
      if (payment === undefined || payment.result !== undefined) return false;
      payment.thinking?.();
      payment.thinking = schedule.after(0, () => conclude(payment, reaction));
      return true;
    },
  };
}

const answerQuery = (payment: OpenPayment, code: string, description: string): HttpResponse =>
  jsonReply(200, {
    ResponseCode: '0',
    ResponseDescription: 'The service request has been accepted successfully',
    MerchantRequestID: payment.merchantRequestId,
    CheckoutRequestID: payment.checkoutRequestId,
    ResultCode: code,
    ResultDesc: description,
  });

const acknowledge = ({ merchantRequestId, checkoutRequestId }: OpenPayment): HttpResponse =>
  jsonReply(200, {
    MerchantRequestID: merchantRequestId,
    CheckoutRequestID: checkoutRequestId,
    ResponseCode: '0',
    ResponseDescription: 'Success. Request accepted for processing',
    CustomerMessage: 'Success. Request accepted for processing',
  });
