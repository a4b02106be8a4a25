import { type IncomingCallback, InvalidCallbackError } from '@canza/core';

/** Callbacks are a few hundred bytes; what is larger is not one. */
const LARGEST_BODY_BYTES = 64 * 1024;

const ADDRESS = /\/([0-9a-f]{32})(?:\/([a-z][a-z-]{0,31}))?\/?$/;

/** Whose callback it is, by the end of its path; `undefined` where that is no callback address at all. */
export function addressOf(request: Request): { readonly token: string; readonly suffix?: string } | undefined {
  const [, token, suffix] = ADDRESS.exec(new URL(request.url).pathname) ?? [];
  if (token === undefined) return undefined;
  return suffix === undefined ? { token } : { token, suffix };
}

const LAST_SEGMENT = /\/([^/]+)\/?$/;

/** The provider that an address without a token is for, by its name at the end of the path. */
export const providerNamedBy = (request: Request): string | undefined =>
  LAST_SEGMENT.exec(new URL(request.url).pathname)?.[1];

/**
 * Reads a web-standard request into what providers read.
 * @throws InvalidCallbackError when the body is larger than 64 KiB or breaks off.
 */
export async function readCallbackRequest(request: Request, sourceAddress?: string): Promise<IncomingCallback> {
  const suffix = addressOf(request)?.suffix;
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
    ...(suffix === undefined ? {} : { suffix }),
    ...(sourceAddress === undefined ? {} : { sourceAddress }),
  };
}
