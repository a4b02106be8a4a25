import { parseMsisdn } from '@canza/core';
import { it } from 'vitest';

import { operatorId } from './operators.ts';
import { findRange } from './ranges.ts';
import { resolveOperator } from './resolve.ts';

const nowMs = Date.parse('2026-11-23T12:00:00Z');
const number = parseMsisdn('+254757123456');
const hint = operatorId('KE', 'M-Pesa');
const successes = [{ operator: operatorId('KE', 'Airtel Money'), atMs: nowMs - 5 * 86_400_000 }];

// oxlint-disable-next-line vitest/expect-expect -- figures to read: how fast it is, the machine decides.
it('from a number to its operators, beside reading the number', async ({ bench }) => {
  await bench.compare(
    bench('parseMsisdn alone', () => void parseMsisdn('0757 123 456', { country: 'KE' })),
    bench('findRange alone', () => void findRange(number.msisdn)),
    bench('resolveOperator, number only', () => void resolveOperator({ number, nowMs })),
    bench('resolveOperator, all evidence', () => {
      resolveOperator({ number, nowMs, hint, network: '63902', successes });
    }),
    bench('resolveOperator, typed number', () => {
      resolveOperator({ number: '0757 123 456', country: 'KE', nowMs });
    }),
  );
});
