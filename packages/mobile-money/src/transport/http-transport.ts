import { type CallOptions, type HttpRequest, type HttpResponse, type Transport } from '@canza/core';
import { Agent } from 'undici';
import { z } from 'zod';

import { parseConfig } from '../shared/parse-config.ts';
import { type AxiosClient, exchangeThrough } from './axios-client.ts';
import { Exchange, type ExchangeLimits } from './exchange.ts';

const positive = (unit: string) =>
  z.int({ error: `a whole number of ${unit} above zero` }).positive({ error: `a whole number of ${unit} above zero` });

const OptionsSchema = z.strictObject({
  timeoutMs: positive('milliseconds').default(30_000),
  connectTimeoutMs: positive('milliseconds').default(5000),
  maxReplyBytes: positive('bytes').default(1024 * 1024),
  connectionsPerHost: positive('connections').default(64),
  keepAliveMs: positive('milliseconds').default(4000),
  certificateAuthorities: z.array(z.string({ error: 'certificates in PEM form' })).optional(),
  client: z
    .custom<AxiosClient>((value) => typeof (value as Partial<AxiosClient> | undefined)?.request === 'function', {
      error: 'an axios instance, such as axios.create()',
    })
    .optional(),
});

/** How patient a transport is, and how many connections it has. */
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
   * An axios instance of yours, to send every request through: its interceptors watch (tracing, metrics) and add headers. The
   * wire stays ours: the reply is taken from it whatever they return, and a client that repeats by itself sends nothing twice.
   * Left out, requests go straight to the connection, at half of the cost.
   */
  readonly client?: AxiosClient;
}

/** A transport over HTTP that its owner closes. */
export interface HttpTransport extends Transport {
  /** Takes no more requests, lets those under way end within their time, and closes all connections. */
  close(): Promise<void>;
}

/**
 * Makes the transport that talks HTTP/1.1 over a pool of kept-alive undici connections.
 * Every status resolves; redirects are not followed; nothing is ever sent twice. Only TransportError leaves it, and it holds no
 * header, body or path.
 * @throws ConfigError naming the option that is not usable.
 */
export function createHttpTransport(options: HttpTransportOptions = {}): HttpTransport {
  const { client, ...config } = parseConfig('transport', OptionsSchema, options);
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

  const transport = (
    request: HttpRequest,
    { timeoutMs = config.timeoutMs, signal }: CallOptions = {},
  ): Promise<HttpResponse> => {
    const { maxReplyBytes } = config;
    const limits: ExchangeLimits =
      signal === undefined ? { timeoutMs, maxReplyBytes } : { timeoutMs, maxReplyBytes, signal };
    const exchange = new Exchange(request.url, limits);
    if (client === undefined) return exchange.run(agent, request, request.headers);
    return exchangeThrough(client, exchange, agent, request, limits);
  };
  return Object.assign(transport, { close: () => agent.close() });
}
