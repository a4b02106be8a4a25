import { type CancelTimer, type Clock, type HttpRequest, type HttpResponse, type Money, maskMsisdn } from '@canza/core';

import type { SendReport } from '../../callback-reports.ts';
import type { Deliveries } from '../../deliveries.ts';
import type { EventListener } from '../../events.ts';
import type { FaultPlan } from '../../faults.ts';
import type { HandsetBehaviour, HandsetReaction, Handsets } from '../../handset.ts';
import type { Schedule } from '../../schedule.ts';
import { jsonReply, textReply } from '../../wire.ts';
import type { ApiUser } from '../api-users.ts';
import { type OpenBooks, takesMoney } from '../books.ts';
import { badRequest, walletError } from '../error-replies.ts';
import { isReference } from '../fields.ts';
import type { MomoIdentifiers } from '../identifiers.ts';
import { isConfigurationCode, type MagicOutcome, magicOutcome } from '../magic-numbers.ts';
import type { MomoEnvironment, MomoShapes, MomoTimings } from '../settings.ts';
import type { MomoSubscribers } from '../subscribers.ts';
import type { PaymentKind, Version } from './kinds.ts';
import { type PaymentOrder, readOrder } from './order.ts';
import { describePayment, type PaymentEnd } from './statement.ts';

/** A payment that was accepted, and what became of it. */
export interface MomoPayment extends PaymentOrder {
  readonly kind: PaymentKind;
  readonly submittedAtMs: number;
  /** Absent while it is not decided. */
  readonly end?: PaymentEnd;
  readonly endedAtMs?: number;
  /** How often its state was asked for. */
  readonly queries: number;
}

export interface PaymentDesk {
  /** Takes in a payment: the reply, once the callback that a fault sends ahead of it is through. */
  readonly accept: (kind: PaymentKind, version: Version, request: HttpRequest, user: ApiUser) => Promise<HttpResponse>;
  readonly query: (kind: PaymentKind, referenceId: string) => HttpResponse;
  readonly find: (kind: PaymentKind['operation'], referenceId: string) => MomoPayment | undefined;
  /** Lets the person with this phone answer the prompt that has waited longest; `false` when there is none. */
  readonly answerPrompt: (msisdn: string, reaction: HandsetReaction) => boolean;
  /** Every payment so far, oldest first. */
  readonly payments: readonly MomoPayment[];
}

export interface PaymentDeskOptions {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly deliveries: Deliveries;
  readonly report: SendReport;
  readonly faults: FaultPlan;
  readonly books: OpenBooks;
  readonly handsets: Handsets;
  readonly subscribers: MomoSubscribers;
  readonly identifiers: MomoIdentifiers;
  readonly environment: MomoEnvironment;
  readonly timings: MomoTimings;
  readonly shapes: MomoShapes;
  readonly onEvent?: EventListener | undefined;
}

type OpenPayment = { -readonly [Key in keyof MomoPayment]: MomoPayment[Key] } & {
  readonly request: HttpRequest;
  readonly verb: 'PUT' | 'POST';
  deciding?: CancelTimer;
};

/** Payments as the wallet system runs them: a prompt or none, a movement or none, a callback. */
export function createPaymentDesk(options: PaymentDeskOptions): PaymentDesk {
  const { clock, schedule, deliveries, report, faults, books, handsets, subscribers, environment, timings, shapes } =
    options;
  const { identifiers } = options;
  const payments: OpenPayment[] = [];
  const byReference = new Map<string, OpenPayment>();
  const isSandbox = environment.targetEnvironment === 'sandbox';

  const emit = (what: 'prompt' | 'result', { party, end }: OpenPayment): void => {
    const said = end === undefined ? '' : ` ${end.status === 'FAILED' ? end.code : end.status}`;
    options.onEvent?.({
      atMs: clock.nowMs(),
      emulator: 'mtn-momo',
      what,
      detail: `${party === undefined ? 'refund' : maskMsisdn(party.partyId)}${said}`,
    });
  };

  /** Whose wallet is meant: the party's, or that of the payer of the original. */
  const walletOf = ({ party, refundOf }: PaymentOrder): string | undefined =>
    party?.partyId ?? books.movements({ operation: 'request-to-pay', referenceId: refundOf ?? '' })[0]?.msisdn;

  const byPhone: Readonly<Record<Exclude<HandsetBehaviour, 'approve'>, string>> = {
    decline: 'APPROVAL_REJECTED',
    'wrong-pin': 'PAYMENT_NOT_APPROVED',
    ignore: shapes.unanswered,
    unreachable: shapes.unanswered,
    'insufficient-funds': shapes.noFunds,
  };

  /** Why nobody is asked, where that is so. */
  const refusalOf = ({ kind, party }: OpenPayment): string | undefined => {
    if (party === undefined) return undefined;
    const state = subscribers.stateOf(party.partyId);
    if (state === 'active') return undefined;
    if (takesMoney(kind.operation)) return 'PAYER_NOT_FOUND';
    return state === 'unknown' ? 'PAYEE_NOT_FOUND' : 'PAYEE_NOT_ALLOWED_TO_RECEIVE';
  };

  /** Why the money cannot move although everybody agrees. */
  const obstacleTo = (payment: OpenPayment): string | undefined => {
    const { kind, money, refundOf } = payment;
    if (kind.operation === 'refund') {
      const [original] = books.movements({ operation: 'request-to-pay', referenceId: refundOf ?? '' });
      if (original === undefined) return 'RESOURCE_NOT_FOUND';
      const given = books.refundedMinor({ refundOf: original.referenceId });
      if (given + money.amountMinor > original.amountMinor) return 'NOT_ALLOWED';
    }
    const holds = takesMoney(kind.operation) ? books.walletMinor(walletOf(payment) ?? '') : books.accountMinor();
    return holds < money.amountMinor ? shapes.noFunds : undefined;
  };

  const endOf = (payment: OpenPayment, reaction: HandsetReaction): PaymentEnd => {
    if (reaction.behaviour === 'code') {
      const { code, description } = reaction;
      return { status: 'FAILED', code, ...(description === undefined ? {} : { message: description }) };
    }
    const code =
      refusalOf(payment) ?? (reaction.behaviour === 'approve' ? obstacleTo(payment) : byPhone[reaction.behaviour]);
    if (code !== undefined) return { status: 'FAILED', code };
    return { status: 'SUCCESSFUL', financialTransactionId: identifiers.financialTransactionId() };
  };

  const callbackOf = (payment: OpenPayment, end: PaymentEnd | undefined, money?: Money): HttpRequest => ({
    method: shapes.callbackVerb === 'by-operation' ? payment.verb : shapes.callbackVerb,
    url: payment.callbackUrl ?? '',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(describePayment(payment.kind, payment, end, shapes, money)),
  });

  const inventedSuccess = (): PaymentEnd => ({
    status: 'SUCCESSFUL',
    financialTransactionId: identifiers.financialTransactionId(),
  });

  /** Ends the payment, moves the money, and sends its callbacks: all at once where they come ahead of the reply. */
  const conclude = async (payment: OpenPayment, reaction: HandsetReaction, isAhead = false): Promise<void> => {
    if (payment.end !== undefined) return;
    payment.deciding?.();
    const end = endOf(payment, reaction);
    payment.end = end;
    payment.endedAtMs = clock.nowMs();
    if (end.status === 'SUCCESSFUL') {
      books.move({
        operation: payment.kind.operation,
        product: payment.kind.product,
        referenceId: payment.referenceId,
        externalId: payment.externalId,
        msisdn: walletOf(payment) ?? '',
        amountMinor: payment.money.amountMinor,
        atMs: clock.nowMs(),
        financialTransactionId: end.financialTransactionId,
        ...(payment.refundOf === undefined ? {} : { refundOf: payment.refundOf }),
      });
    }
    emit('result', payment);
    if (payment.callbackUrl === undefined) return;
    const { money } = payment;
    await report({
      operation: payment.kind.operation,
      request: payment.request,
      dueMs: timings.callbackDelayMs,
      isAhead,
      truth: (isAmountWrong) =>
        callbackOf(payment, end, isAmountWrong ? { ...money, amountMinor: money.amountMinor + 100n } : money),
      opposite: () =>
        callbackOf(
          payment,
          end.status === 'SUCCESSFUL' ? { status: 'FAILED', code: 'APPROVAL_REJECTED' } : inventedSuccess(),
        ),
    });
  };

  const decideLater = (payment: OpenPayment, magic: MagicOutcome | undefined): (() => Promise<void>) | undefined => {
    if (magic === 'stays-open') return undefined;
    if (magic !== undefined && magic !== 'delayed') {
      const reaction = { behaviour: 'code', code: magic.code } as const;
      return plan(payment, timings.processingMs, reaction);
    }
    const { kind, party } = payment;
    const isAsked = kind.prompts && party !== undefined && refusalOf(payment) === undefined;
    if (!isAsked || magic === 'delayed') {
      return plan(payment, magic === 'delayed' ? timings.delayedMs : timings.processingMs, { behaviour: 'approve' });
    }
    const reaction = handsets.reactTo(party.partyId);
    emit('prompt', payment);
    const usualMs = timings.thinkingMs[reaction.behaviour === 'code' ? 'approve' : reaction.behaviour];
    return plan(payment, reaction.thinkingMs ?? usualMs, reaction);
  };

  /** Sets the time of a decision; returns how to have it now, ahead of the reply. */
  const plan = (payment: OpenPayment, delayMs: number, reaction: HandsetReaction): (() => Promise<void>) => {
    payment.deciding = schedule.after(delayMs, () => conclude(payment, reaction));
    return () => conclude(payment, reaction, true);
  };

  const sendEarly = (payment: OpenPayment, kind: 'forged' | 'intermediate', delayMs: number): void => {
    if (payment.callbackUrl === undefined) return;
    const callback = callbackOf(payment, kind === 'forged' ? inventedSuccess() : undefined);
    deliveries.sendAfter(delayMs, payment.kind.operation, callback);
  };

  return {
    payments,
    async accept(kind, version, request, user) {
      const read = readOrder(kind, request, user, environment, (id) => byReference.has(keyOf(kind, id)));
      if ('refusal' in read) return read.refusal;
      const order = read.value;
      const magicId = kind.operation === 'cash-transfer' ? order.externalId : (order.party?.partyId ?? order.refundOf);
      const magic = isSandbox ? magicOutcome(kind.magic, magicId ?? '') : undefined;
      if (typeof magic === 'object' && shapes.configurationNumbers === 'refused' && isConfigurationCode(magic.code)) {
        return walletError(magic.code);
      }
      const payment: OpenPayment = {
        ...order,
        kind,
        request,
        verb: kind.versions[version] ?? 'PUT',
        submittedAtMs: clock.nowMs(),
        queries: 0,
      };
      payments.push(payment);
      byReference.set(keyOf(kind, order.referenceId), payment);
      const decideNow = decideLater(payment, magic);
      for (const fault of faults.takeForCallback(kind.operation, request, ['before-reply', 'forged', 'intermediate'])) {
        if (fault.kind === 'before-reply') await decideNow?.();
        else sendEarly(payment, fault.kind === 'forged' ? 'forged' : 'intermediate', fault.delayMs ?? 0);
      }
      return textReply(202, '', 'text/plain');
    },
    query(kind, referenceId) {
      if (!isReference(referenceId)) return badRequest();
      const payment = byReference.get(keyOf(kind, referenceId));
      // A reference is unique among all payments of a product, but asked for at its own address only.
      if (payment === undefined || payment.kind !== kind) return walletError('RESOURCE_NOT_FOUND');
      payment.queries += 1;
      if (payment.queries <= shapes.hiddenQueries) return walletError('RESOURCE_NOT_FOUND');
      return jsonReply(200, describePayment(kind, payment, payment.end, shapes));
    },
    find: (operation, referenceId) =>
      payments.find((payment) => payment.kind.operation === operation && payment.referenceId === referenceId),
    answerPrompt(msisdn, reaction) {
      const payment = payments.find(
        ({ kind, party, end }) => kind.prompts && party?.partyId === msisdn && end === undefined,
      );
      if (payment === undefined) return false;
      payment.deciding?.();
      payment.deciding = schedule.after(0, () => conclude(payment, reaction));
      return true;
    },
  };
}

const keyOf = ({ product }: PaymentKind, referenceId: string): string => `${product} ${referenceId}`;
