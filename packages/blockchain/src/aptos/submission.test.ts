import type { HttpResponse } from '@canza/core';
import { describe, expect, it } from 'vitest';

import { answered, gateway, refused } from '../../test/support/node-answers.ts';
import { readAnswer } from './fullnode/answer.ts';
import { classifySubmission } from './submission.ts';

const HASH = `0x${'ab'.repeat(32)}`;
const classify = (response: HttpResponse) => classifySubmission(readAnswer('node.example', response), HASH);
const vm = (code: number, name: string) =>
  refused(400, 'vm_error', `Invalid transaction: Type: Validation Code: ${name}`, code);

describe('a submission is', () => {
  it('accepted, when the node names the very transaction', () => {
    expect(classify(answered(202, { hash: HASH }))).toEqual({ status: 'accepted' });
    expect(classify(answered(202, { hash: HASH.toUpperCase().replace('0X', '0x') }))).toEqual({ status: 'accepted' });
  });

  it.each([
    [vm(3, 'SEQUENCE_NUMBER_TOO_OLD')],
    [vm(42, 'NONCE_ALREADY_USED')],
    [refused(400, 'sequence_number_too_old', 'transaction sequence number is 1, current sequence number is  2')],
    [refused(400, 'invalid_transaction_update', 'Transaction already in mempool with a different payload')],
    [
      refused(
        400,
        'invalid_transaction_update',
        'Transaction already in mempool with a different expiration timestamp',
      ),
    ],
    [refused(400, 'invalid_transaction_update', 'Transaction already in mempool with a different max gas amount')],
  ])('to be looked up, because an earlier one may have got through: %j', (response) => {
    expect(classify(response).status).toBe('known');
  });

  it.each([
    [vm(1, 'INVALID_SIGNATURE'), 'malformed'],
    [vm(2, 'INVALID_AUTH_KEY'), 'malformed'],
    [vm(5, 'INSUFFICIENT_BALANCE_FOR_TRANSACTION_FEE'), 'cannot-pay-fee'],
    [vm(6, 'TRANSACTION_EXPIRED'), 'expired'],
    [vm(13, 'MAX_GAS_UNITS_EXCEEDS_MAX_GAS_UNITS_BOUND'), 'fee-out-of-bounds'],
    [vm(23, 'BAD_CHAIN_ID'), 'malformed'],
    [
      refused(400, 'invalid_transaction_update', 'Transaction already in mempool with a higher gas price'),
      'price-too-low',
    ],
    [
      refused(400, 'invalid_input', 'Failed to deserialize input into SignedTransaction: unexpected end of input'),
      'malformed',
    ],
    [refused(413, 'web_framework_error', 'payload too large'), 'malformed'],
  ])('refused by this node: %j', (response, reason) => {
    expect(classify(response)).toMatchObject({ status: 'refused', reason });
  });

  it('to be sent again later, when mempool is full', () => {
    expect(classify(refused(507, 'mempool_is_full', 'Mempool is full'))).toMatchObject({ status: 'busy' });
  });

  it.each([
    ['a gateway’s page', gateway(502)],
    ['a limit of the gateway', gateway(429)],
    ['a gateway’s 400', gateway(400)],
    ['a gateway’s 202', gateway(202)],
    ['202 for another transaction', answered(202, { hash: `0x${'cd'.repeat(32)}` })],
    ['202 for none', answered(202, {})],
    ['an error of the node itself', refused(500, 'internal_error', 'x')],
    ['a framework error under 500', refused(500, 'web_framework_error', 'x')],
    ['a code of the virtual machine that is not listed', vm(4, 'SEQUENCE_NUMBER_TOO_NEW')],
    ['a refusal without a code of the virtual machine', refused(400, 'vm_error', 'x')],
    ['a refusal under a status that does not go with it', refused(500, 'vm_error', 'x', 1)],
    ['an API that is switched off', refused(403, 'api_disabled', 'x')],
  ])('unknown after %s', (_what, response) => {
    expect(classify(response).status).toBe('unknown');
  });
});
