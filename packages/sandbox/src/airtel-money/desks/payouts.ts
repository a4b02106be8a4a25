import { type HttpRequest, type HttpResponse, maskMsisdn } from '@canza/core';

import { ACCOUNT_OF } from '../books.ts';
import { nationalOf, type PaymentFields } from '../fields.ts';
import { formatPlain } from '../money.ts';
import { type Course, magicPayout, PAID, TOO_LITTLE } from '../outcomes.ts';
import { codeOf, envelope, type Family, refuse, timedOut } from '../replies.ts';
import { end, isOpen, type OpenTransaction } from '../transactions.ts';
import type { DeskParts } from './parts.ts';

type PayoutFamily = Exclude<Family, 'collection'>;
type OpenPayout = OpenTransaction & { readonly family: PayoutFamily };

/** A payout that passed its checks, PIN included. */
export interface PayoutOrder extends PaymentFields {
  readonly family: PayoutFamily;
  /** Last four digits of the code for an id that was used before, which depends on the version. */
  readonly duplicateDigits: string;
}

export interface PayoutDesk {
  readonly pay: (order: PayoutOrder, request: HttpRequest) => Promise<HttpResponse>;
}

const BARRED = { status: 'TF', digits: '1010', message: 'User is not allowed' } as const;

/** Payouts as Airtel runs them: at once within the answer, or later, or ambiguously. Source: docs/sandbox/airtel-money.md#payouts */
export function createPayoutDesk(parts: DeskParts): PayoutDesk {
  const { clock, schedule, application, books, subscribers, transactions, notices, identifiers, timings, shapes } =
    parts;
  const { country, currency } = application;

  const courseFor = ({ msisdn, amountMinor, family }: PayoutOrder): Course => {
    const magic = parts.hasMagic(msisdn) ? magicPayout(msisdn) : undefined;
    const course: Course = magic ?? { behaviour: 'approve', ending: PAID };
    if (course.ending?.status !== 'TS') return course;
    if (subscribers.stateOf(msisdn) === 'barred') return { ...course, ending: BARRED };
    return books.accountMinor(ACCOUNT_OF[family]) < amountMinor ? { ...course, ending: TOO_LITTLE } : course;
  };

  /** Ends it and moves the money. What lacked nothing when it began may lack it now. */
  const conclude = (transaction: OpenPayout, { ending }: Course): void => {
    if (!isOpen(transaction) || ending === undefined) return;
    const { id, msisdn, amountMinor, family: kind } = transaction;
    const nowMs = clock.nowMs();
    const isPaid = ending.status === 'TS' && books.accountMinor(ACCOUNT_OF[kind]) >= amountMinor;
    end(transaction, ending.status === 'TS' && !isPaid ? TOO_LITTLE : ending, nowMs);
    if (isPaid) {
      books.payOut({
        kind,
        airtelMoneyId: transaction.referenceId ?? '',
        transactionId: id,
        msisdn,
        amountMinor,
        atMs: nowMs,
      });
      transaction.message = thank(transaction);
    }
    parts.emit('result', `${maskMsisdn(msisdn)} ${transaction.status}`);
  };

  /** Names the payee and tells our balance, as the real one does: nothing for logs. */
  const thank = ({ msisdn, amountMinor, referenceId = '', family }: OpenPayout): string => {
    const { first, last } = subscribers.nameOf(msisdn);
    const balance = formatPlain(books.accountMinor(ACCOUNT_OF[family]), currency);
    return `You have sent ${currency} ${formatPlain(amountMinor, currency)} to ${first} ${last}. Bal ${currency} ${balance}. TID: ${referenceId}`;
  };

  const concludeLater = (transaction: OpenPayout, course: Course, request: HttpRequest): void =>
    void schedule.after(timings.payoutMs, async () => {
      conclude(transaction, course);
      if (!isOpen(transaction)) await notices.end(transaction.family, transaction, request, false);
    });

  const endsLater = ({ reply, opening, ending }: Course): boolean =>
    shapes.payouts === 'later' || reply !== undefined || opening !== undefined || ending === undefined;

  const answer = (transaction: OpenTransaction): HttpResponse => {
    const { family, id, status, digits, message } = transaction;
    if (status === 'TF' || status === 'TE') return refuse(family, digits, { message, resultCode: 'ESB000011' });
    return envelope(
      {
        response_code: codeOf(family, digits),
        code: shapes.statusCode === 'number' ? 200 : '200',
        success: true,
        result_code: 'ESB000010',
        message,
      },
      {
        transaction: {
          reference_id: transaction.referenceId,
          airtel_money_id: transaction.airtelMoneyId,
          id,
          status,
        },
      },
    );
  };

  return {
    async pay(order, request) {
      const { id, msisdn, amountMinor, reference, family, duplicateDigits } = order;
      if (transactions.find(id) !== undefined) {
        return refuse(family, duplicateDigits, { message: 'Duplicate exttRID', resultCode: '521050' });
      }
      if (subscribers.stateOf(msisdn) === 'unregistered') {
        const message = `${nationalOf(country, msisdn).slice(-3)} is no customer`;
        return refuse(family, '1012', { message, resultCode: 'ESB000011' });
      }
      const course = courseFor(order);
      const nowMs = clock.nowMs();
      const referenceId = identifiers.moneyId('CI', nowMs);
      const transaction: OpenPayout = {
        family,
        id,
        msisdn,
        amountMinor,
        reference,
        startedAtMs: nowMs,
        status: course.opening ?? 'TIP',
        digits: '1006',
        message: 'Transaction is in process',
        airtelMoneyId: `disbursement-${id}`,
        referenceId,
        enquiries: 0,
      };
      transactions.add(transaction);
      const { isAhead } = notices.begin(family, transaction, request);
      if (isAhead || !endsLater(course)) {
        conclude(transaction, course);
        if (isAhead) await notices.end(family, transaction, request, true);
      } else {
        concludeLater(transaction, course, request);
      }
      if (course.reply === 'timed-out') return timedOut();
      if (course.reply === undefined) return answer(transaction);
      if (isOpen(transaction)) Object.assign(transaction, { status: 'TA', digits: '1000' });
      return refuse(family, '1000', { message: 'Transaction ambiguous, please enquire', resultCode: '521050' });
    },
  };
}
