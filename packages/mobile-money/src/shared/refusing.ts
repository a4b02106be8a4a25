import { type Operation, type ProviderCapabilities, refuseUnsupported } from '@canza/core';

/** Makes the methods for what a credential cannot do: each refuses in the words of its capabilities. */
export const refusing =
  (provider: string, capabilities: ProviderCapabilities) =>
  (operation: Operation): (() => Promise<never>) => {
    const support = capabilities[operation];
    return refuseUnsupported(
      provider,
      operation,
      support === 'supported' ? 'it is not configured.' : support.unsupported,
    );
  };
