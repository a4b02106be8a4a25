import type { HttpResponse } from '@canza/core';

/**
 * The body as JSON, or `undefined` where it is something else: an HTML page of a firewall, nothing at all, or JSON that was
 * cut. What is not readable proves nothing.
 */
export function readJson({ body }: Pick<HttpResponse, 'body'>): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
