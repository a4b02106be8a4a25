import { type CallOptions, type HttpRequest, type HttpResponse, type Transport, TransportError } from '@canza/core';
import { Agent, type Dispatcher } from 'undici';

/** How patient a transport is, and how many connections it has. */
export interface HttpTransportOptions {
  /** For a whole exchange whose caller names no time of its own. Default 30,000. */
  readonly timeoutMs?: number;
  /** For DNS, TCP and TLS together. Default 5,000. */
  readonly connectTimeoutMs?: number;
  /** Longest reply body that is read. Default 16 MiB. */
  readonly maxReplyBytes?: number;
  /** Open connections to one host; further requests wait within their time. Default 32. */
  readonly connectionsPerHost?: number;
}

/** A transport over HTTP that its owner closes. */
export interface HttpTransport extends Transport {
  /** Takes no more requests, lets those under way end within their time, and closes all connections. */
  close(): Promise<void>;
}

/**
 * Failures that come before the first byte of a request. Any other leaves it open whether a node got the bytes; for a signed
 * transaction that is no loss, because the same bytes can be sent again.
 */
const BEFORE_SENDING = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

/**
 * Makes the transport that talks HTTP/1.1 to nodes over kept-alive undici connections. Every status resolves; redirects are not
 * followed, nothing is sent twice. Only TransportError leaves it, and it holds no header, body or path.
 */
export function createHttpTransport(options: HttpTransportOptions = {}): HttpTransport {
  const { timeoutMs: defaultTimeoutMs = 30_000, maxReplyBytes = 16 * 1024 * 1024 } = options;
  const agent = new Agent({
    allowH2: false,
    pipelining: 1,
    connections: options.connectionsPerHost ?? 32,
    // The exchange has a deadline of its own; undici's timers tick by the second.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: options.connectTimeoutMs ?? 5000 },
  });

  const transport = async (request: HttpRequest, { timeoutMs, signal }: CallOptions = {}): Promise<HttpResponse> => {
    const host = URL.canParse(request.url) ? new URL(request.url).host : 'an address that is not a URL';
    if (signal?.aborted === true) {
      throw new TransportError('not-connected', `${host}: called off before anything was sent.`);
    }
    const limitMs = timeoutMs ?? defaultTimeoutMs;
    const giveUp = new AbortController();
    let ended: 'timeout' | 'aborted' | 'reply-too-large' | undefined;
    const end = (why: typeof ended) => (): void => {
      ended ??= why;
      giveUp.abort();
    };
    const onAbort = end('aborted');
    const timer = setTimeout(end('timeout'), limitMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const reply = await agent.request({ ...addressed(request.url), ...contentOf(request), signal: giveUp.signal });
      const body = await readBody(reply.body, maxReplyBytes, end('reply-too-large'));
      return { status: reply.statusCode, headers: flatten(reply.headers), body };
    } catch (error) {
      throw failureOf(error, ended, host, limitMs);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  };
  return Object.assign(transport, { close: () => agent.close() });
}

function addressed(url: string): { readonly origin: string; readonly path: string } {
  const { origin, pathname, search } = new URL(url);
  return { origin, path: pathname + search };
}

const contentOf = ({ method, headers, body, bytes }: HttpRequest) => ({
  method,
  headers,
  ...(bytes === undefined ? (body === undefined ? {} : { body }) : { body: bytes }),
});

async function readBody(
  stream: Dispatcher.ResponseData['body'],
  maxReplyBytes: number,
  onTooLarge: () => void,
): Promise<string> {
  const chunks: Buffer[] = [];
  let receivedBytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    receivedBytes += chunk.length;
    if (receivedBytes > maxReplyBytes) {
      onTooLarge();
      throw new Error('The reply is too large.');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function flatten(headers: Record<string, string | string[] | undefined>): Readonly<Record<string, string>> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return flat;
}

function failureOf(
  cause: unknown,
  ended: 'timeout' | 'aborted' | 'reply-too-large' | undefined,
  host: string,
  limitMs: number,
): TransportError {
  if (ended === 'timeout') return new TransportError('timeout', `${host}: no reply within ${limitMs} ms.`);
  if (ended === 'aborted') return new TransportError('aborted', `${host}: the call was called off.`);
  if (ended === 'reply-too-large') return new TransportError('reply-too-large', `${host}: the reply is too large.`);
  const code = (cause as { readonly code?: unknown }).code;
  return typeof code === 'string' && BEFORE_SENDING.has(code)
    ? new TransportError('not-connected', `${host}: no connection; nothing was sent.`, { cause })
    : new TransportError('connection-lost', `${host}: the connection broke.`, { cause });
}
