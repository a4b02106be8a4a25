import { expect, test } from 'vitest';

import * as publicNames from './index.ts';

test('the public names of the M-Pesa adapter', () => {
  expect(Object.keys(publicNames).toSorted()).toEqual([
    'DARAJA_CALLBACK_SOURCES',
    'acceptPayment',
    'mpesa',
    'noteConfirmation',
    'parseStkCallback',
    'refusePayment',
  ]);
});
