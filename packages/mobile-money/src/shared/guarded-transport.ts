import { PaymentError, type Transport, TransportError } from '@canza/core';

/** Lets no foreign error out of a transport that a caller wrote. */
export const guarded = (transport: Transport, provider: string): Transport => {
  const known = (error: unknown): PaymentError =>
    PaymentError.isInstance(error)
      ? error
      : new TransportError('connection-lost', 'The transport failed in a way of its own.', { provider, cause: error });
  const onFailure = (error: unknown): never => {
    throw known(error);
  };
  return (request, options) => {
    try {
      return transport(request, options).catch(onFailure);
    } catch (error) {
      return Promise.reject(known(error));
    }
  };
};
