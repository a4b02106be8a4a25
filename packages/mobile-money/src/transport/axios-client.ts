import type { HttpRequest } from '@canza/core';
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
 * Runs an exchange from within a client of the caller's. Address, method and body are ours, headers what its interceptors made of
 * them. Never rejects: what the client throws before the send is the exchange's failure, and what it throws afterwards says
 * nothing about the exchange.
 */
export async function exchangeThrough(
  client: AxiosClient,
  exchange: Exchange,
  dispatcher: Dispatcher,
  request: HttpRequest,
): Promise<void> {
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
        await exchange.run(dispatcher, request, config.headers.toJSON() as Record<string, string>);
        if (exchange.reply === undefined) throw exchange.failure ?? new Error('The exchange ended without a result.');
        const { status, headers: told, body: data } = exchange.reply;
        return { status, statusText: '', headers: { ...told }, data, config };
      },
    });
  } catch (error) {
    exchange.fail('connection-lost', 'could not be sent', error);
  }
}
