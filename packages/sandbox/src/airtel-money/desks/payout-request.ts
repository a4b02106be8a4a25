import type { JsonFields } from '../../wire.ts';
import { type CheckContext, type Checked, objectOf, readPayment } from '../fields.ts';
import type { CheckPin } from '../pin.ts';
import { refuse } from '../replies.ts';
import type { PayoutOrder } from './payouts.ts';

/** The generations of the disbursement API; each has fields of its own. */
export type DisbursementVersion = 'v1' | 'v2' | 'v3';

/** The newest refuses what is neither letter nor digit. */
const PLAIN_ID = /^[A-Za-z0-9]{1,64}$/;

const invalid = (message: string): Checked<never> => ({
  ok: false,
  refusal: refuse('disbursement', '1013', { message, resultCode: 'ESB000008' }),
});

/** Source: docs/sandbox/airtel-money.md#payouts */
export function readDisbursement(
  version: DisbursementVersion,
  fields: JsonFields,
  context: CheckContext,
  checkPin: CheckPin,
): Checked<PayoutOrder> {
  const transaction = objectOf(fields['transaction']);
  const payee = objectOf(fields['payee']);
  if (version !== 'v1' && transaction['type'] !== 'B2C' && transaction['type'] !== 'B2B') {
    return invalid('Invalid transaction type: B2C or B2B is expected');
  }
  if (version === 'v2' && payee['currency'] !== context.application.currency) {
    return invalid('Invalid/Missing Currency');
  }
  if (version === 'v3' && payee['wallet_type'] !== 'NORMAL' && payee['wallet_type'] !== 'SALARY') {
    return invalid('Invalid wallet type: NORMAL or SALARY is expected');
  }
  const payment = readPayment(
    {
      family: 'disbursement',
      transaction,
      party: payee,
      reference: fields['reference'],
      ...(version === 'v3' ? { idPattern: PLAIN_ID } : {}),
    },
    context,
  );
  if (!payment.ok) return payment;
  const refused = checkPin(fields['pin']);
  if (refused !== undefined) return { ok: false, refusal: refused };
  const duplicateDigits = version === 'v3' ? '1017' : '1011';
  return { ok: true, value: { ...payment.value, family: 'disbursement', duplicateDigits } };
}

export function readCashIn(fields: JsonFields, context: CheckContext, checkPin: CheckPin): Checked<PayoutOrder> {
  const payment = readPayment(
    {
      family: 'cash-in',
      transaction: objectOf(fields['transaction']),
      party: objectOf(fields['subscriber']),
      reference: fields['reference'],
    },
    context,
  );
  if (!payment.ok) return payment;
  const refused = checkPin(fields['pin']);
  if (refused !== undefined) return { ok: false, refusal: refused };
  return { ok: true, value: { ...payment.value, family: 'cash-in', duplicateDigits: '1016' } };
}
