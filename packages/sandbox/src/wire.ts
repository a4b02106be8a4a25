import type { HttpRequest, HttpResponse } from '@canza/core';

/** What the caller sees of one exchange: a reply, a connection that breaks, or nothing until it gives up. */
export type WireOutcome =
  | { readonly kind: 'reply'; readonly response: HttpResponse }
  /** The connection broke before the operator took anything in. */
  | { readonly kind: 'request-lost' }
  /** The operator took the request in; the connection broke before its reply was through. */
  | { readonly kind: 'reply-lost' }
  /** The connection stays open and nothing comes. */
  | { readonly kind: 'silence' };

/** What the emulators know of a request's body: the fields of a JSON object, unchecked. */
export type JsonFields = Readonly<Record<string, unknown>>;

/** A reply with a JSON body, spelled as `JSON.stringify` spells it. */
export const jsonReply = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** A reply of another kind: the page of a firewall, an empty body. */
export const textReply = (status: number, body: string, contentType = 'text/html'): HttpResponse => ({
  status,
  headers: { 'content-type': contentType },
  body,
});

/**
 * A JSON number spelled exactly like `text`, such as `1.00`, which `JSON.stringify` would write as `1`.
 * Lets amounts go from minor units to the wire without ever being a `number`.
 */
export const rawNumber = (text: string): unknown =>
  (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);

/** A header by its name in any case. */
export function headerOf(request: HttpRequest, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const [key, value] of Object.entries(request.headers)) {
    if (key.toLowerCase() === wanted) return value;
  }
  return undefined;
}

/** The fields of a JSON object; `undefined` for anything else. */
export function readJsonFields(body: string | undefined): JsonFields | undefined {
  try {
    const value: unknown = JSON.parse(body ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonFields) : undefined;
  } catch {
    return undefined;
  }
}
