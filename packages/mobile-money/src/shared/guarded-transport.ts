import { PaymentError, type Transport, TransportError } from '@canza/core';

/** Lets no foreign error out of a transport that a caller wrote. */
export const guarded =
  (transport: Transport, provider: string): Transport =>
  async (request, options) => {
    try {
      return await transport(request, options);
    } catch (error) {
      if (PaymentError.isInstance(error)) throw error;
      throw new TransportError('connection-lost', 'The transport failed in a way of its own.', {
        provider,
        cause: error,
      });
    }
  };
