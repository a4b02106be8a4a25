import type { HttpRequest } from '@canza/core';

import { type HashInput, hashOf } from './crypto/callback-hash.ts';

/** What a callback says, true or not. */
export interface CallbackStatement {
  readonly id: string;
  readonly message: string;
  readonly statusCode: string;
  readonly airtelMoneyId: string;
}

/** How a callback is made authentic; `wrong` has a hash that fits nothing. */
export type HashMode = 'right' | 'wrong' | 'absent';

export interface CallbackSettings {
  readonly url: string;
  readonly key: string | undefined;
  readonly input: HashInput;
}

/** Writes the callback of a transaction. It names no amount, no currency and no number. Source: docs/sandbox/airtel-money.md#callbacks */
export function buildCallback(
  { id, message, statusCode, airtelMoneyId }: CallbackStatement,
  { url, key, input }: CallbackSettings,
  mode: HashMode = 'right',
): HttpRequest {
  const transaction = JSON.stringify({ id, message, status_code: statusCode, airtel_money_id: airtelMoneyId });
  const hash = key === undefined ? '' : hashOf(transaction, mode === 'wrong' ? `not ${key}` : key, input);
  const tail = key === undefined || mode === 'absent' ? '' : `,"hash":${JSON.stringify(hash)}`;
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json' },
    body: `{"transaction":${transaction}${tail}}`,
  };
}
