import { type IncomingCallback, InvalidCallbackError } from '@canza/core';

/** Callbacks are a few hundred bytes; what is larger is not one. */
const LARGEST_BODY_BYTES = 64 * 1024;

const TOKEN = /\/([0-9a-f]{32})\/?$/;

/** The last segment of the path, if it is a callback token at all. */
export const tokenOf = (request: Request): string | undefined => TOKEN.exec(new URL(request.url).pathname)?.[1];

/**
 * Reads a web-standard request into what providers read.
 * @throws InvalidCallbackError when the body is larger than 64 KiB or breaks off.
 */
export async function readCallbackRequest(request: Request, sourceAddress?: string): Promise<IncomingCallback> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size > LARGEST_BODY_BYTES) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new InvalidCallbackError('The callback broke off.', { cause });
  }
  if (size > LARGEST_BODY_BYTES) throw new InvalidCallbackError('The callback is larger than 64 KiB.');
  return {
    method: request.method,
    headers: Object.fromEntries(request.headers),
    body: Buffer.concat(chunks).toString('utf8'),
    ...(sourceAddress === undefined ? {} : { sourceAddress }),
  };
}
