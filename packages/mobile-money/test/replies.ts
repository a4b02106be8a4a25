import { type HttpResponse, PaymentError } from '@canza/core';

export const jsonReply = (status: number, body: unknown): HttpResponse => textReply(status, JSON.stringify(body));

export const textReply = (status: number, body: string): HttpResponse => ({ status, headers: {}, body });

/** The PaymentError that a call throws. */
export function thrownBy(call: () => unknown): PaymentError {
  try {
    call();
  } catch (error) {
    if (PaymentError.isInstance(error)) return error;
  }
  throw new Error('No PaymentError was thrown.');
}
