import { createHmac } from 'node:crypto';

/** What the hash of a callback is made over: the sources do not agree. Source: docs/sandbox/airtel-money.md#callbacks */
export type HashInput =
  /** The JSON of the `transaction` value. */
  | 'transaction'
  /** The whole body without the hash. */
  | 'body';

/** @param transaction JSON, as it stands in the body. */
export const hashOf = (transaction: string, key: string, input: HashInput): string =>
  createHmac('sha256', key)
    .update(input === 'transaction' ? transaction : `{"transaction":${transaction}}`)
    .digest('base64');
