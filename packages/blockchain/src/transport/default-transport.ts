import type { Transport } from '@canza/core';

import type { HttpTransport } from './http-transport.ts';

/** A transport that its owner closes. */
export interface OwnedTransport {
  readonly transport: Transport;
  close(): Promise<void>;
}

async function load(): Promise<HttpTransport> {
  const { createHttpTransport } = await import('./http-transport.ts');
  return createHttpTransport();
}

/** The HTTP transport for whoever is given none. Loaded with the first request: who brings one does not load undici. */
export function createDefaultTransport(): OwnedTransport {
  let loading: Promise<HttpTransport> | undefined;
  return {
    transport: async (request, options) => (await (loading ??= load()))(request, options),
    async close() {
      await (await loading)?.close();
    },
  };
}
