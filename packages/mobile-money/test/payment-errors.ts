import { inspect } from 'node:util';

import { PaymentError } from '@canza/core';

/** What a call rejects with, which must be an error of ours. */
export async function errorOf(call: Promise<unknown>): Promise<PaymentError> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (PaymentError.isInstance(error)) return error;
  throw new Error(`Not a PaymentError: ${inspect(error)}`);
}

/** What a call throws that does not wait. */
export function thrownBy(call: () => unknown): PaymentError {
  try {
    call();
  } catch (error) {
    if (PaymentError.isInstance(error)) return error;
  }
  throw new Error('No PaymentError was thrown.');
}
