import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

import { type HttpResponse, type Transport, TransportError } from '@canza/core';

/** Carries callbacks, until it is closed. */
export interface HttpDeliver {
  /** Carries one callback over a real socket. */
  readonly deliver: Transport;
  /** Breaks the connections that are kept alive. */
  close(): void;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const LARGEST_REPLY_BYTES = 1024 * 1024;

/** Sends callbacks the way an operator does: a POST to the address the caller named, and no second try. */
export function createHttpDeliver(): HttpDeliver {
  const http = new HttpAgent({ keepAlive: true });
  const https = new HttpsAgent({ keepAlive: true });
  const deliver: Transport = ({ method, url, headers, body = '' }, { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = {}) =>
    new Promise<HttpResponse>((resolve, reject) => {
      const fail = (): void =>
        reject(new TransportError('connection-lost', 'The receiver of a callback did not answer.'));
      const options = {
        method,
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
        timeout: timeoutMs,
        ...(signal === undefined ? {} : { signal }),
      };
      const outgoing = url.startsWith('https:')
        ? httpsRequest(url, { ...options, agent: https })
        : httpRequest(url, { ...options, agent: http });
      outgoing.on('timeout', () => outgoing.destroy());
      outgoing.on('error', fail);
      outgoing.on('response', (incoming) => {
        const chunks: Buffer[] = [];
        let size = 0;
        incoming.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > LARGEST_REPLY_BYTES) outgoing.destroy();
          else chunks.push(chunk);
        });
        incoming.on('error', fail);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: flatten(incoming.headers),
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      });
      outgoing.end(body);
    });
  return {
    deliver,
    close() {
      http.destroy();
      https.destroy();
    },
  };
}

function flatten(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
