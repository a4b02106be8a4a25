import { readFileSync } from 'node:fs';

import type { HttpResponse } from '@canza/core';

/** One exchange with an operator, as it was published or seen. Texts are kept as text where their spelling matters. */
interface Fixture {
  readonly title: string;
  readonly origin: string;
  readonly request?: { readonly method: string; readonly path: string; readonly body: unknown };
  readonly reply?: { readonly status: number; readonly contentType: string; readonly body: unknown };
  readonly callback?: { readonly body: unknown };
  readonly answer?: { readonly body: unknown };
}

const read = (name: string): Fixture =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/${name}.json`, import.meta.url), 'utf8')) as Fixture;

const asText = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body));

/** The reply of a fixture, such as `mpesa/x01-token`. */
export function replyOf(name: string): HttpResponse {
  const { reply } = read(name);
  if (reply === undefined) throw new Error(`The fixture ${name} has no reply.`);
  return { status: reply.status, headers: { 'content-type': reply.contentType }, body: asText(reply.body) };
}

/** The raw body of a fixture's callback. */
export function callbackOf(name: string): string {
  const { callback } = read(name);
  if (callback === undefined) throw new Error(`The fixture ${name} has no callback.`);
  return asText(callback.body);
}

/** What a fixture answers to a callback. */
export function answerOf(name: string): string {
  const { answer } = read(name);
  if (answer === undefined) throw new Error(`The fixture ${name} has no answer.`);
  return asText(answer.body);
}

/** The body that a fixture sends. */
export const requestBodyOf = (name: string): Readonly<Record<string, unknown>> =>
  requestOf(name).body as Readonly<Record<string, unknown>>;

/** The same, as it goes over the wire. */
export const requestTextOf = (name: string): string => asText(requestOf(name).body);

function requestOf(name: string): NonNullable<Fixture['request']> {
  const { request } = read(name);
  if (request === undefined) throw new Error(`The fixture ${name} has no request.`);
  return request;
}
