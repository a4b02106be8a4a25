import type { Clock, HttpRequest, HttpResponse } from '@canza/core';

import type { SendReport } from '../callback-reports.ts';
import type { HandsetBehaviour, HandsetReaction, Handsets } from '../handset.ts';
import type { Schedule } from '../schedule.ts';
import { type JsonFields, jsonReply } from '../wire.ts';
import type { OpenBooks } from './books.ts';
import type { DarajaErrors } from './error-replies.ts';
import {
  isCallbackUrl,
  isFilled,
  isShortcode,
  isWholeAmount,
  type Read,
  refuse,
  refuseFirst,
  take,
  textOf,
  wholeAmountMinor,
} from './fields.ts';
import type { DarajaIdentifiers } from './identifiers.ts';
import { formatKes } from './money.ts';
import { incomingAccount, type Organisation } from './organisations.ts';
import type { DarajaTimings } from './settings.ts';

/** A till's owner is asked to pay a pay bill. */
interface B2bExpressRequest {
  readonly payer: string;
  readonly receiver: string;
  readonly amountMinor: bigint;
  readonly reference: string;
  readonly callbackUrl: string;
  readonly requestId: string;
}

export interface B2bExpressDesk {
  readonly read: (fields: JsonFields) => Read<B2bExpressRequest>;
  readonly push: (request: B2bExpressRequest, httpRequest: HttpRequest) => HttpResponse;
}

export interface B2bExpressOptions {
  readonly schedule: Schedule;
  readonly report: SendReport;
  readonly books: OpenBooks;
  /** The owner's phone goes by the till's number. */
  readonly handsets: Handsets;
  readonly errors: DarajaErrors;
  readonly identifiers: DarajaIdentifiers;
  readonly organisations: ReadonlyMap<string, Organisation>;
  readonly timings: DarajaTimings;
  readonly clock: Clock;
}

interface Outcome {
  readonly code: string;
  readonly description: string;
}

/** Source: docs/providers/mpesa.md#till-prompt */
const OUTCOMES: Readonly<Record<Exclude<HandsetBehaviour, 'approve'>, Outcome>> = {
  decline: { code: '4001', description: 'User cancelled transaction' },
  'wrong-pin': { code: '4102', description: 'Merchant KYC failure' },
  ignore: { code: '4203', description: 'USSD exception error' },
  unreachable: { code: '4201', description: 'USSD network error' },
  'insufficient-funds': { code: '4203', description: 'USSD exception error' },
};

/** Asks a till's owner on the phone, and answers in a shape that no other API has: flat, and all of it text. */
export function createB2bExpressDesk(options: B2bExpressOptions): B2bExpressDesk {
  const { schedule, report, books, handsets, errors, identifiers, organisations, timings, clock } = options;

  const outcomeOf = (request: B2bExpressRequest, reaction: HandsetReaction): Outcome | undefined => {
    if (reaction.behaviour === 'code') return { code: reaction.code, description: reaction.description ?? '' };
    if (reaction.behaviour !== 'approve') return OUTCOMES[reaction.behaviour];
    const hasFunds = books.accountMinor(request.payer, 'Working Account') >= request.amountMinor;
    return hasFunds ? undefined : OUTCOMES['insufficient-funds'];
  };

  const conclude = async (
    request: B2bExpressRequest,
    httpRequest: HttpRequest,
    reaction: HandsetReaction,
  ): Promise<void> => {
    const atMs = clock.nowMs();
    const conversationId = identifiers.conversationId(atMs);
    const receipt = identifiers.receipt(atMs);
    const failure = outcomeOf(request, reaction);
    const receiver = organisations.get(request.receiver);
    if (failure === undefined && receiver !== undefined) {
      books.transfer({
        receipt,
        fromShortcode: request.payer,
        toShortcode: request.receiver,
        toAccount: incomingAccount(receiver),
        amountMinor: request.amountMinor,
        feeMinor: 0n,
        atMs,
        accountReference: request.reference,
        conversationId,
        originatorConversationId: request.requestId,
      });
    }
    const paid = (isAmountWrong: boolean): object => ({
      resultCode: '0',
      resultDesc: 'The service request is processed successfully.',
      amount: showAmount(request.amountMinor + (isAmountWrong ? 100n : 0n)),
      requestId: request.requestId,
      resultType: '0',
      conversationID: conversationId,
      transactionId: receipt,
      status: 'SUCCESS',
    });
    const refused = ({ code, description }: Outcome): object => ({
      resultCode: code,
      resultDesc: description,
      requestId: request.requestId,
      amount: showAmount(request.amountMinor),
      paymentReference: request.reference,
    });
    const send = (body: object): HttpRequest => ({
      method: 'POST',
      url: request.callbackUrl,
      headers: { 'content-type': 'application/json;charset=UTF-8' },
      body: JSON.stringify(body),
    });
    await report({
      operation: 'b2b-express',
      request: httpRequest,
      dueMs: timings.callbackDelayMs,
      truth: (isAmountWrong) => send(failure === undefined ? paid(isAmountWrong) : refused(failure)),
      opposite: () => send(failure === undefined ? refused(OUTCOMES.decline) : paid(false)),
    });
  };

  return {
    read(fields) {
      const payer = textOf(fields['primaryShortCode']);
      const receiver = textOf(fields['receiverShortCode']);
      const refusal = refuseFirst(
        {
          primaryShortCode: organisations.get(payer)?.kind !== 'till',
          receiverShortCode: !isShortcode(receiver) || organisations.get(receiver)?.kind !== 'pay-bill',
          amount: !isWholeAmount(fields['amount']),
          paymentRef: !isFilled(fields['paymentRef']),
          callbackUrl: !isCallbackUrl(fields['callbackUrl']),
          partnerName: !isFilled(fields['partnerName']),
          RequestRefID: !isFilled(fields['RequestRefID']),
        },
        errors,
      );
      if (refusal !== undefined) return refuse(refusal);
      return take({
        payer,
        receiver,
        amountMinor: wholeAmountMinor(fields['amount']),
        reference: textOf(fields['paymentRef']),
        callbackUrl: textOf(fields['callbackUrl']),
        requestId: textOf(fields['RequestRefID']),
      });
    },
    push(request, httpRequest) {
      const reaction = handsets.reactTo(request.payer);
      const thinkingMs =
        reaction.thinkingMs ?? timings.thinkingMs[reaction.behaviour === 'code' ? 'approve' : reaction.behaviour];
      schedule.after(thinkingMs, () => conclude(request, httpRequest, reaction));
      return jsonReply(200, { code: '0', status: 'USSD Initiated Successfully' });
    },
  };
}

/** `71.0` */
const showAmount = (amountMinor: bigint): string => formatKes(amountMinor).slice(0, -1);
