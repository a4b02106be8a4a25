import type { Transport } from '@canza/core';

/**
 * Hands an emulator's callbacks straight to a handler of web requests, in the place of a server that listens:
 * `startDarajaServer({ deliver: deliverTo((request) => bridge.handleCallback(request)) })`.
 */
export function deliverTo(handle: (request: Request) => Promise<Response>): Transport {
  return async ({ method, url, headers, body }) => {
    const response = await handle(new Request(url, { method, headers, ...(body === undefined ? {} : { body }) }));
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  };
}
