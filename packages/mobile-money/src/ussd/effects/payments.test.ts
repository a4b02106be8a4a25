import { describe, expect, it } from 'vitest';
import type { Effect } from '../steps.ts';
import { planPayment } from './payments.ts';

const session = { key: 'ussd:ready:africas-talking:s:ATUid_1', startedAtMs: 1_000 };
const times = { nowMs: 60_000, delayMs: 1_500, startWithinMs: 120_000 };
const effect: Effect = {
  kind: 'pay',
  step: 'sent',
  payment: { type: 'collection', amount: '500', currency: 'KES', phoneNumber: '+254700123456', description: 'Rent' },
};
const idOf = (...given: Parameters<typeof planPayment>): string => planPayment(...given).request.transactionId;

describe('a planned payment', () => {
  it('has the id of its session and step, whoever plans it and whenever', () => {
    const id = idOf(session, effect, {}, times);
    expect(id).toBe('ussd-b70e4b6b87dcfa4bf9a8d46bf3bbcca3');
    expect(idOf({ ...session }, { ...effect }, { operator: 'ke-63902' }, { ...times, nowMs: 99_000 })).toBe(id);
  });

  it('is another one in another session, at another step, and in a session whose id was used before', () => {
    const ids = [
      idOf(session, effect, {}, times),
      idOf({ ...session, key: `${session.key}2` }, effect, {}, times),
      idOf(session, { ...effect, step: 'billPaid' }, {}, times),
      idOf({ ...session, startedAtMs: 2_000 }, effect, {}, times),
    ];
    expect(new Set(ids).size).toBe(4);
  });

  it('starts after the delay, and not after its time', () => {
    expect(planPayment(session, effect, {}, times)).toMatchObject({
      startAtMs: 61_500,
      expiresAtMs: 180_000,
      purpose: '',
    });
  });

  it('says no more than a bridge takes', () => {
    const long = {
      ...effect,
      payment: { ...effect.payment, description: 'x'.repeat(500), accountReference: 'y'.repeat(99) },
    };
    const { request } = planPayment(session, long, { operator: 'ke-63902' }, times);
    expect([request.description.length, request.accountReference?.length, request.operator]).toEqual([
      200,
      64,
      'ke-63902',
    ]);
  });

  it.each([{ amount: '' }, { amount: '0' }, { amount: '1.234' }, { currency: 'XYZ' }, { phoneNumber: 'nobody' }])(
    'is refused when it is no payment: %j',
    (wrong) => {
      const broken = { ...effect, payment: { ...effect.payment, ...wrong } };
      expect(() => planPayment(session, broken, {}, times)).toThrow(/is refused/);
    },
  );
});
