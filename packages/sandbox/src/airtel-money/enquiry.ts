import type { HttpResponse } from '@canza/core';

import { codeOf, envelope, type Family, refuse, refuseByBus } from './replies.ts';
import type { AirtelShapes } from './settings.ts';
import type { AirtelTransaction, Transactions } from './transactions.ts';

/** Answers what became of a transaction, in the family's own shape. */
export type Enquire = (family: Family, id: string) => HttpResponse;

/** Source: docs/sandbox/airtel-money.md#enquiry */
export function createEnquiry(transactions: Transactions, shapes: AirtelShapes): Enquire {
  return (family, id) => {
    const transaction = transactions.find(id);
    if (transaction === undefined || transaction.family !== family) return notFound(family);
    transaction.enquiries += 1;
    if (transaction.enquiries <= shapes.hiddenEnquiries) return notFound(family);
    return family === 'collection' ? stateCollection(transaction, shapes) : statePayout(transaction, shapes);
  };
}

const NOT_FOUND = { message: 'Transaction not found', resultCode: 'ESB000045' } as const;

/** The table of cash-ins has no code for it. */
function notFound(family: Family): HttpResponse {
  if (family === 'cash-in') return refuseByBus(NOT_FOUND.resultCode, NOT_FOUND.message);
  return refuse(family, family === 'collection' ? '1025' : '1015', NOT_FOUND);
}

/** What goes beside a status: whether it is called a success, and by which code of the bus. */
const BESIDE = {
  TS: { message: 'SUCCESS', result: 'ESB000010' },
  TI: { message: 'SUCCESS', result: undefined },
  TIP: { message: 'SUCCESS', result: 'ESB000010' },
  TA: { message: 'Ambiguous', result: 'ESB000001' },
  TF: { message: 'FAILED', result: 'ESB000011' },
  TE: { message: 'FAILED', result: 'ESB000011' },
} as const;

function stateCollection(transaction: AirtelTransaction, shapes: AirtelShapes): HttpResponse {
  const { id, status, digits, message } = transaction;
  const moneyId = {
    TS: { airtel_money_id: transaction.airtelMoneyId ?? '' },
    TF: { airtel_money_id: '' },
    TE: { airtel_money_id: '' },
    TA: {},
    TI: {},
    TIP: {},
  }[status];
  const beside = { ...BESIDE[status], code: status === 'TS' ? shapes.successCode : digits };
  return say(transaction, { ...moneyId, id, ...(status === 'TA' ? {} : { message }), status }, beside, shapes);
}

/** A payout's enquiry never names Airtel's id. */
const statePayout = (transaction: AirtelTransaction, shapes: AirtelShapes): HttpResponse => {
  const { id, status, digits, message } = transaction;
  return say(transaction, { id, message, status }, { ...BESIDE[status], code: digits }, shapes);
};

function say(
  { family, status }: AirtelTransaction,
  transaction: object,
  beside: { readonly message: string; readonly result: string | undefined; readonly code: string },
  { statusCode, successFlag }: AirtelShapes,
): HttpResponse {
  const isFine = status === 'TI' || status === 'TIP' || (status === 'TS' && successFlag === 'true');
  // Recorded with a number: the newest status has the newest spelling.
  const isNumber = statusCode === 'number' || status === 'TI';
  return envelope(
    {
      code: isNumber ? 200 : '200',
      message: beside.message,
      ...(beside.result === undefined ? {} : { result_code: beside.result }),
      response_code: codeOf(family, beside.code),
      success: isFine,
    },
    { transaction },
  );
}
