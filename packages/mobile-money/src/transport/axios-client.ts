import { type HttpRequest, type HttpResponse, TransportError } from '@canza/core';
import type { Dispatcher } from 'undici';

import type { Exchange } from './exchange.ts';

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
 * it throws afterwards says nothing about the exchange.
 * @throws TransportError
 */
export async function exchangeThrough(
  client: AxiosClient,
  exchange: Exchange,
  dispatcher: Dispatcher,
  request: HttpRequest,
): Promise<HttpResponse> {
  const { method, url, headers } = request;
  const sent = request.bytes ?? request.body;
  try {
    await client.request({
      method,
      url,
      ...(sent === undefined
        ? // `false` keeps axios from naming a type for a body that is not there.
          { headers: { 'Content-Type': false, ...headers } }
        : { headers: { ...headers }, data: sent }),
      transformRequest: asItIs,
      transformResponse: asItIs,
      adapter: async (config) => {
        const told = config.headers.toJSON() as Record<string, string>;
        const { status, headers: replied, body: data } = await exchange.run(dispatcher, request, told);
        return { status, statusText: '', headers: { ...replied }, data, config };
      },
    });
  } catch (error) {
    exchange.fail('connection-lost', 'could not be sent', error);
  }
  if (exchange.reply !== undefined) return exchange.reply;
  throw exchange.failure ?? new TransportError('connection-lost', 'The exchange ended without a result.');
}
