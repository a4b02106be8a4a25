import type { Transport } from '@canza/core';

import type { HttpTransport } from '../../transport/http-transport.ts';

/** A transport that its owner closes. */
export interface OwnedTransport {
  readonly transport: Transport;
  close(): Promise<void>;
}

async function load(): Promise<HttpTransport> {
  const { createHttpTransport } = await import('../../transport/http-transport.ts');
  return createHttpTransport();
}

/** The transport that was handed in, which its giver closes, or one of ours: loaded with the first request, closed by us. */
export function ownTransport(given: Transport | undefined): OwnedTransport {
  if (given !== undefined) return { transport: given, close: async () => undefined };
  let loading: Promise<HttpTransport> | undefined;
  return {
    transport: async (request, options) => (await (loading ??= load()))(request, options),
    close: async () => (await loading)?.close(),
  };
}
