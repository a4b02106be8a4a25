import { describe, expect, it } from 'vitest';

import { OPERATION_OF, refuseUnsupported } from './provider.ts';
import { FAILURE_REASONS, type FailureReason, liesWith, type ReasonLiesWith } from './reasons.ts';

describe('what an operator cannot do', () => {
  it('is refused by a rejection, not by a throw, and says why', async () => {
    const refuse = refuseUnsupported('mpesa', 'lookupAccount', 'Daraja has no such call.');
    const refused = refuse();
    await expect(refused).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      provider: 'mpesa',
      operation: 'lookupAccount',
      moneyMoved: 'no',
      message: '"lookupAccount" is not supported: Daraja has no such call.',
    });
  });
});

describe('each type of payment', () => {
  it('is carried by a provider method of its own', () => {
    expect(OPERATION_OF).toEqual({
      collection: 'collect',
      disbursement: 'disburse',
      remittance: 'remit',
      refund: 'refund',
    });
  });
});

describe('the reason of a failure', () => {
  const by: Readonly<Record<ReasonLiesWith, readonly FailureReason[]>> = {
    payer: [
      'insufficient-funds',
      'wrong-pin',
      'pin-locked',
      'cancelled-by-payer',
      'not-answered',
      'payer-not-found',
      'payer-not-allowed',
      'payer-limit-exceeded',
      'payer-busy',
    ],
    recipient: ['recipient-not-found', 'recipient-not-allowed', 'recipient-limit-exceeded'],
    request: [
      'amount-too-low',
      'amount-too-high',
      'amount-not-allowed',
      'request-refused',
      'original-not-found',
      'not-refundable',
    ],
    route: [
      'float-exhausted',
      'route-misconfigured',
      'route-not-permitted',
      'route-unavailable',
      'operator-refused',
      'never-sent',
    ],
  };

  it.each(Object.entries(by))('lies with the %s', (where, reasons) => {
    expect(FAILURE_REASONS.filter((reason) => liesWith(reason) === where).toSorted()).toEqual([...reasons].toSorted());
  });

  it('lets another route be tried only where it lies with the route: a wrong PIN is wrong everywhere', () => {
    const tryElsewhere = FAILURE_REASONS.filter((reason) => liesWith(reason) === 'route');
    for (const personal of by.payer) expect(tryElsewhere).not.toContain(personal);
    expect(tryElsewhere).toContain('float-exhausted');
  });
});
