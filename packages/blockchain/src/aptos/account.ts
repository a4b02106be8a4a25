import type { CallOptions } from '@canza/core';
import { z } from 'zod';

import { type Address, readNodeAddress } from './address.ts';
import { type Answer, bodyOf } from './fullnode/answer.ts';
import type { Fullnode } from './fullnode/fullnode.ts';

const AccountSchema = z.object({
  sequence_number: z
    .string()
    .regex(/^\d{1,20}$/)
    .transform(BigInt),
  authentication_key: z.string().transform((text, context): Address => {
    const read = readNodeAddress(text);
    if (read !== undefined) return read;
    context.addIssue({ code: 'custom', message: 'a key' });
    return z.NEVER;
  }),
});

export interface AccountState {
  /** That of the next transaction with a sequence number. */
  readonly sequenceNumber: bigint;
  readonly authenticationKey: Address;
  /** The answer that it stood in. */
  readonly answer: Answer;
}

/**
 * Reads an account. One that the chain has never seen has number 0, and its address for a key; older nodes answer 404 for it.
 * @throws UnexpectedResponseError where the node does not tell: a number is never guessed.
 */
export async function readAccount(fullnode: Fullnode, address: Address, options?: CallOptions): Promise<AccountState> {
  const answer = await fullnode.read({ method: 'GET', path: `accounts/${address}` }, { ...options, fresh: true });
  if (answer.status === 404 && answer.error?.code === 'account_not_found') {
    return { sequenceNumber: 0n, authenticationKey: address, answer };
  }
  const account = bodyOf(answer, AccountSchema, 'an account');
  return { sequenceNumber: account.sequence_number, authenticationKey: account.authentication_key, answer };
}
