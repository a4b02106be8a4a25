import { type CallOptions, type HttpRequest, type HttpResponse, type Transport, TransportError } from '@canza/core';
import { Axios, type AxiosInstance } from 'axios';
import { Agent } from 'undici';
import { z } from 'zod';

import { parseConfig } from '../shared/parse-config.ts';
import { Exchange } from './exchange.ts';

const positive = (unit: string) =>
  z.int({ error: `a whole number of ${unit} above zero` }).positive({ error: `a whole number of ${unit} above zero` });

const OptionsSchema = z.strictObject({
  timeoutMs: positive('milliseconds').default(30_000),
  connectTimeoutMs: positive('milliseconds').default(5000),
  maxReplyBytes: positive('bytes').default(1024 * 1024),
  connectionsPerHost: positive('connections').default(64),
  keepAliveMs: positive('milliseconds').default(4000),
  certificateAuthorities: z.array(z.string({ error: 'certificates in PEM form' })).optional(),
  intercept: z
    .custom<(client: AxiosClient) => void>((value) => typeof value === 'function', { error: 'a function' })
    .optional(),
});

/** What a caller may reach of axios: its interceptors. */
export type AxiosClient = Pick<AxiosInstance, 'interceptors'>;

export interface HttpTransportOptions {
  /** For a whole exchange whose caller names no time of its own: waiting for a connection, sending, reading. Default 30,000. */
  readonly timeoutMs?: number;
  /** For DNS, TCP and TLS together. Default 5,000. */
  readonly connectTimeoutMs?: number;
  /** Longest reply body that is read. Default 1 MiB. */
  readonly maxReplyBytes?: number;
  /** Open connections to one host; further requests wait within their time. Default 64. */
  readonly connectionsPerHost?: number;
  /**
   * How long an idle connection is kept where the server gives no hint. Default 4,000: a request on a connection that the server
   * has just closed ends as `connection-lost`, which for a payment means *maybe*, so long idling is not worth what it saves.
   */
  readonly keepAliveMs?: number;
  /** PEM certificates to trust besides none other; left out, Node's own list. */
  readonly certificateAuthorities?: readonly string[];
  /**
   * Called once with the axios client, to add interceptors that watch (tracing, metrics) or add headers. The reply is taken from
   * the wire whatever they return. They must not send a request again: the library decides what may be repeated.
   */
  readonly intercept?: (client: AxiosClient) => void;
}

export interface HttpTransport extends Transport {
  /** Takes no more requests, lets those under way end within their time, and closes all connections. */
  close(): Promise<void>;
}

/**
 * Makes the transport that talks HTTP/1.1 through axios over a pool of kept-alive undici connections.
 * Every status resolves; redirects are not followed; nothing is ever sent twice. Only TransportError leaves it, and it holds no
 * header, body or path.
 * @throws ConfigError naming the option that is not usable.
 */
export function createHttpTransport(options: HttpTransportOptions = {}): HttpTransport {
  const config = parseConfig('transport', OptionsSchema, options);
  const agent = new Agent({
    // HTTP/2 would put many payments on one connection: they would all be lost together.
    allowH2: false,
    pipelining: 1,
    connections: config.connectionsPerHost,
    keepAliveTimeout: config.keepAliveMs,
    keepAliveMaxTimeout: Math.max(config.keepAliveMs, 30_000),
    // The exchange has a deadline of its own; undici's timers tick by the second.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: {
      timeout: config.connectTimeoutMs,
      ...(config.certificateAuthorities === undefined ? {} : { ca: config.certificateAuthorities }),
    },
  });
  // Axios, not axios.create(): an instance without the library's default headers and transformations.
  const client = new Axios({});
  config.intercept?.(client);

  const transport = async (request: HttpRequest, { timeoutMs, signal }: CallOptions = {}): Promise<HttpResponse> => {
    const data = request.bytes ?? request.body;
    const exchange = new Exchange({
      timeoutMs: timeoutMs ?? config.timeoutMs,
      maxReplyBytes: config.maxReplyBytes,
      host: hostOf(request.url),
      ...(signal === undefined ? {} : { signal }),
    });
    try {
      await client.request({
        method: request.method,
        url: request.url,
        ...(data === undefined
          ? // `false` keeps axios from naming a type for a body that is not there.
            { headers: { 'Content-Type': false, ...request.headers } }
          : { headers: request.headers, data }),
        adapter: async (axiosConfig) => {
          const { origin, pathname, search } = new URL(request.url);
          await exchange.run(agent, {
            origin,
            path: pathname + search,
            method: request.method,
            headers: axiosConfig.headers.toJSON() as Record<string, string>,
            ...(data === undefined ? {} : { body: data }),
          });
          if (exchange.reply === undefined) throw exchange.failure ?? new Error('The exchange ended without a result.');
          const { status, headers, body } = exchange.reply;
          return { status, statusText: '', headers, data: body, config: axiosConfig };
        },
      });
    } catch (error) {
      // Also what an interceptor throws, or an address that is none.
      exchange.fail('connection-lost', 'could not be sent', error);
    }
    if (exchange.reply !== undefined) return exchange.reply;
    throw exchange.failure ?? new TransportError('connection-lost', 'The exchange ended without a result.');
  };
  return Object.assign(transport, { close: () => agent.close() });
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'an address that is not a URL');
