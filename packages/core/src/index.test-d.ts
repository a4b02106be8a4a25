import { assertType, expectTypeOf } from 'vitest';

import {
  type Clock,
  type CurrencyCode,
  DuplicateReferenceError,
  type Environment,
  type FailureReason,
  type Finding,
  type HttpRequest,
  type Journal,
  type KeyValueStore,
  liesWith,
  type MobileMoneyProvider,
  type Money,
  type MoneyMoved,
  type Payment,
  PaymentError,
  type PaymentRecord,
  type PaymentStatus,
  parseMoney,
  parseTransactionId,
  readOperatorAmount,
  type SubmitFinding,
  type TransactionId,
  TransportError,
  toOperatorAmount,
  viewPayment,
  withDeadline,
} from './index.ts';

// No number holds money, on either side.
expectTypeOf<Money['amountMinor']>().toEqualTypeOf<bigint>();
expectTypeOf<Payment['amount']>().toEqualTypeOf<string>();
expectTypeOf<PaymentRecord['amount']>().toEqualTypeOf<string>();
expectTypeOf(parseMoney('1', 'KES')).toEqualTypeOf<Money>();
expectTypeOf(toOperatorAmount).returns.toEqualTypeOf<string>();
expectTypeOf(readOperatorAmount).returns.toEqualTypeOf<Money | undefined>();

// A currency is one of a list, not any text.
expectTypeOf<'KES'>().toExtend<CurrencyCode>();
expectTypeOf<'SLL'>().not.toExtend<CurrencyCode>();
expectTypeOf<string>().not.toExtend<CurrencyCode>();

// An id that was not checked is no transaction id.
expectTypeOf<string>().not.toExtend<TransactionId>();
expectTypeOf<TransactionId>().toExtend<string>();
expectTypeOf(parseTransactionId).returns.toEqualTypeOf<TransactionId>();

// What is told of a payment can be told apart to the last case.
expectTypeOf<PaymentStatus>().toEqualTypeOf<'created' | 'sending' | 'pending' | 'succeeded' | 'failed' | 'review'>();
expectTypeOf<MoneyMoved>().toEqualTypeOf<'no' | 'maybe' | 'yes'>();
expectTypeOf<Extract<Finding, { status: 'failed' }>['reason']>().toEqualTypeOf<FailureReason>();
expectTypeOf<SubmitFinding['status']>().toEqualTypeOf<'succeeded' | 'failed' | 'pending' | 'unknown'>();
expectTypeOf(liesWith).returns.toEqualTypeOf<'payer' | 'recipient' | 'route' | 'request'>();

// The view of a payment has no place for a number or a callback token.
expectTypeOf(viewPayment).returns.not.toHaveProperty('msisdn');
expectTypeOf<Payment['attempts'][number]>().not.toHaveProperty('callbackToken');

// A record is not changed, but followed by another.
// @ts-expect-error -- the status of a record is read-only.
export const change = (record: PaymentRecord): string => (record.status = 'succeeded');

// An error that was recognised has its fields, and those of its own family only.
export function recognise(error: unknown): void {
  if (PaymentError.isInstance(error)) {
    expectTypeOf(error).toEqualTypeOf<PaymentError>();
    expectTypeOf(error.moneyMoved).toEqualTypeOf<MoneyMoved>();
  }
  if (TransportError.isInstance(error)) {
    expectTypeOf(error).toEqualTypeOf<TransportError>();
    expectTypeOf<(typeof error)['code']>().toEqualTypeOf<'TRANSPORT'>();
    expectTypeOf(error.failure).toExtend<string>();
  }
  if (DuplicateReferenceError.isInstance(error)) expectTypeOf(error).not.toHaveProperty('failure');
}

// The ports are so small that a plain function or object fits.
assertType<Environment>({
  transport: async (request: HttpRequest) => ({ status: 200, headers: {}, body: request.url }),
  clock: { nowMs: () => 0, monotonicMs: () => 0, setTimer: () => () => undefined },
  random: { bytes: (length) => new Uint8Array(length), float: () => 0 },
  logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
});
expectTypeOf<MobileMoneyProvider['collect']>().returns.resolves.toEqualTypeOf<SubmitFinding>();
expectTypeOf<Journal['read']>().returns.resolves.not.toBeAny();
expectTypeOf<KeyValueStore['increment']>().returns.resolves.toBeNumber();
expectTypeOf(withDeadline<'done'>).returns.resolves.toEqualTypeOf<'done'>();
expectTypeOf<Clock['setTimer']>().returns.returns.toBeVoid();
