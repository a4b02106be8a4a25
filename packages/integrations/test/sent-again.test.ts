import { expect, test } from 'vitest';

import { payThrough } from './support/operator-journey.ts';
import { OPERATOR_CASES } from './support/operators.ts';

const PAYOUTS = OPERATOR_CASES.filter(({ type }) => type === 'disbursement').map((operator) => ({
  ...operator,
  title: operator.name,
}));

test.each(PAYOUTS)('$title: a payout whose request got lost is sent again and paid once', async (operator) => {
  const paid = await payThrough(operator, ({ faults }) => void faults.add({ stage: 'submit', kind: 'request-lost' }));
  expect(paid).toEqual({ status: 'succeeded', verdict: 'right' });
});

test.each(PAYOUTS)(
  '$title: one that was carried out, and which no query finds, is not paid twice',
  async (operator) => {
    const { verdict } = await payThrough(operator, ({ faults }) => {
      faults.add({ stage: 'submit', kind: 'reply-lost' });
      faults.add({ stage: 'callback', kind: 'missing', times: Infinity });
      // Questions fail until well after the request has gone out again.
      faults.add({ stage: 'query', kind: 'server-error', times: 30 });
    });
    expect(verdict).toBe('right');
  },
);
