import { AbortedError, type HttpRequest, type HttpResponse, TransportError } from '@canza/core';
import type { Dispatcher } from 'undici';

import type { Exchange, ExchangeLimits } from './exchange.ts';

/** What we need of axios: an instance of it fits. */
export interface AxiosClient {
  request(config: AxiosRequest): Promise<unknown>;
}

/** A request as axios takes it, with the connection in the place of its own adapter. */
export interface AxiosRequest {
  method: string;
  url: string;
  headers: Record<string, string | false>;
  data?: string | Uint8Array;
  transformRequest: (body: unknown) => unknown;
  transformResponse: (body: unknown) => unknown;
  adapter: <Config extends { readonly headers: { toJSON(): object } }>(config: Config) => Promise<AxiosReply<Config>>;
}

interface AxiosReply<Config> {
  status: number;
  statusText: string;
  headers: Record<string, string>;
  data: string;
  config: Config;
}

const asItIs = (body: unknown): unknown => body;

/**
 * Runs an exchange from within a client of the caller's, and resolves with the reply from the wire. Address, method and body are
 * ours, headers what its interceptors made of them. What the client throws before the send is the exchange's failure, and what
 * it throws afterwards says nothing about the exchange. A client that does not come to an end in time is not waited for.
 * @throws TransportError
 */
export async function exchangeThrough(
  client: AxiosClient,
  exchange: Exchange,
  dispatcher: Dispatcher,
  request: HttpRequest,
  { timeoutMs, signal }: ExchangeLimits,
): Promise<HttpResponse> {
  if (signal?.aborted === true) {
    exchange.callOff();
    throw exchange.failure ?? new AbortedError('A request', 'no');
  }
  const { promise: timeIsOver, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    exchange.expire();
    resolve();
  }, timeoutMs);
  const onAbort = (): void => {
    exchange.callOff();
    resolve();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  const sentElsewhere = await Promise.race([sendThrough(client, exchange, dispatcher, request), timeIsOver]);
  clearTimeout(timer);
  signal?.removeEventListener('abort', onAbort);
  if (exchange.reply !== undefined) return exchange.reply;
  // Whoever was given up before it came to the wire may have sent otherwise.
  if (sentElsewhere ?? !exchange.begun)
    throw new TransportError('connection-lost', 'The client kept to itself what it sent.');
  throw exchange.failure ?? new TransportError('connection-lost', 'The exchange ended without a result.');
}

/** @returns whether what failed was not the wire that it was given: then nobody knows what left. */
async function sendThrough(
  client: AxiosClient,
  exchange: Exchange,
  dispatcher: Dispatcher,
  request: HttpRequest,
): Promise<boolean> {
  const { method, url, headers } = request;
  const sent = request.bytes ?? request.body;
  let isDispatched = false;
  const adapter: AxiosRequest['adapter'] = async (config) => {
    const told = config.headers.toJSON() as Record<string, string>;
    const { status, headers: replied, body: data } = await exchange.run(dispatcher, request, told);
    return { status, statusText: '', headers: { ...replied }, data, config };
  };
  try {
    await client.request({
      method,
      url,
      ...(sent === undefined
        ? // `false` keeps axios from naming a type for a body that is not there.
          { headers: { 'Content-Type': false, ...headers } }
        : { headers: { ...headers }, data: sent }),
      // The last thing that the client does before it calls an adapter, ours or another one.
      transformRequest: (body) => {
        isDispatched = true;
        return body;
      },
      transformResponse: asItIs,
      adapter,
    });
    return false;
  } catch (error) {
    const used = (error as { readonly config?: { readonly adapter?: unknown } } | null | undefined)?.config?.adapter;
    if (used !== undefined && used !== adapter) return true;
    // An error that does not say whose it is, of a client that had gone on to send otherwise.
    if (isDispatched && !exchange.begun) return true;
    exchange.fail('connection-lost', 'could not be sent', error);
    return false;
  }
}
