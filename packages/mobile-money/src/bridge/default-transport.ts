import type { Transport } from '@canza/core';

import type { HttpTransport } from '../transport/index.ts';

/** A transport that its owner closes. */
export interface OwnedTransport {
  readonly transport: Transport;
  close(): Promise<void>;
}

/**
 * The HTTP transport that a bridge uses when it is given none. Loaded with the first request: whoever brings a transport of
 * his own, or only wants the types, does not load undici.
 */
export function createDefaultTransport(): OwnedTransport {
  let loading: Promise<HttpTransport> | undefined;
  let loaded: HttpTransport | undefined;
  const load = async (): Promise<HttpTransport> => {
    const { createHttpTransport } = await import('../transport/index.ts');
    return (loaded = createHttpTransport());
  };
  return {
    transport: (request, options) =>
      loaded?.(request, options) ?? (loading ??= load()).then((transport) => transport(request, options)),
    async close() {
      await (await loading)?.close();
    },
  };
}
