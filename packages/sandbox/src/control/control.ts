import { type HttpRequest, type HttpResponse, InvalidRequestError, PaymentError } from '@canza/core';

import type { Delivery } from '../deliveries.ts';
import type { FaultPlan } from '../faults.ts';
import { type HandsetReaction, type HandsetSetting, type Handsets, readReaction } from '../handset.ts';
import { headerOf, type JsonFields, jsonReply, readJsonFields } from '../wire.ts';
import { parseFaultText, readFaultFields } from './fault-text.ts';

/** What of an emulator can be watched and steered from outside. */
export interface Controlled {
  readonly name: string;
  /** What a client is configured with, by name. */
  readonly settings: Readonly<Record<string, string>>;
  readonly faults: FaultPlan;
  /** Rows of its books, by the name of the book. */
  readonly books: () => Readonly<Record<string, readonly object[]>>;
  readonly deliveries?: readonly Delivery[];
  readonly handset?: Handsets;
  readonly answerPrompt?: (msisdn: string, reaction: HandsetReaction) => boolean;
  /** What this emulator alone can do; each throws InvalidRequestError for fields that do not fit. */
  readonly commands?: Readonly<Record<string, (fields: JsonFields) => unknown>>;
}

/** Where every server can be steered, whatever it emulates. */
export const CONTROL_PATH = '/__sandbox';

type Action = (request: HttpRequest, fields: JsonFields) => unknown;

/**
 * Answers requests below {@link CONTROL_PATH}. Changes take JSON with its content type, which no web page can send here
 * without having been let in.
 */
export function createControl(emulator: Controlled): (request: HttpRequest) => Promise<HttpResponse> {
  const actions = listActions(emulator);
  return async (request) => {
    const path = new URL(request.url).pathname.slice(CONTROL_PATH.length).replace(/\/$/, '');
    const action = actions[`${request.method} ${path}`];
    if (action === undefined) {
      return write(404, { error: 'There is nothing here.', actions: listAddresses(actions) });
    }
    const isChange = request.method === 'POST' || request.method === 'PUT';
    if (isChange && !/^application\/json\b/i.test(headerOf(request, 'content-type') ?? '')) {
      return write(415, { error: 'Send application/json.' });
    }
    const fields = isChange ? readJsonFields(request.body) : {};
    if (fields === undefined) return write(400, { error: 'The body is no JSON object.' });
    try {
      return write(200, (await action(request, fields)) ?? { done: true });
    } catch (error) {
      if (!PaymentError.isInstance(error)) throw error;
      return write(400, { error: error.message });
    }
  };
}

function listActions(emulator: Controlled): Readonly<Record<string, Action>> {
  const { name, settings, faults, books, deliveries, handset, answerPrompt, commands = {} } = emulator;
  const actions: Record<string, Action> = {
    'GET ': () => ({ emulator: name, actions: listAddresses(actions) }),
    'GET /settings': () => settings,
    'GET /books': ({ url }) => describeBooks(books(), new URL(url).searchParams),
    'GET /faults': () => ({ planned: faults.list(), struck: faults.struck }),
    'POST /faults': (_request, fields) => {
      const { fault } = fields;
      faults.add(typeof fault === 'string' ? parseFaultText(fault) : readFaultFields(fields));
    },
    'DELETE /faults': () => faults.clear(),
  };
  if (deliveries !== undefined) actions['GET /callbacks'] = () => ({ callbacks: deliveries });
  if (handset !== undefined) actions['PUT /handset'] = (_request, fields) => setHandset(handset, fields);
  if (answerPrompt !== undefined) {
    actions['POST /prompts/answer'] = (_request, fields) => ({
      answered: answerPrompt(textField(fields, 'msisdn'), readReaction(fields)),
    });
  }
  for (const [command, run] of Object.entries(commands)) {
    actions[`POST /commands/${command}`] = (_request, fields) => run(fields);
  }
  return actions;
}

/** `GET /__sandbox/books` */
const listAddresses = (actions: Readonly<Record<string, Action>>): readonly string[] =>
  Object.keys(actions).map((action) => action.replace(' ', ` ${CONTROL_PATH}`));

/** Count, sum and rows of each book; what the query string names has to be in a row. */
function describeBooks(books: Readonly<Record<string, readonly object[]>>, filter: URLSearchParams): object {
  const wanted = [...filter];
  return Object.fromEntries(
    Object.entries(books).map(([book, all]) => {
      const rows = all.filter((row) => wanted.every(([key, value]) => String((row as JsonFields)[key]) === value));
      const amountMinor = rows.reduce<bigint>((sum, row) => {
        const amount = (row as JsonFields)['amountMinor'];
        return typeof amount === 'bigint' ? sum + amount : sum;
      }, 0n);
      return [book, { count: rows.length, amountMinor, rows }];
    }),
  );
}

function setHandset(handset: Handsets, { msisdn, reactions, ...reaction }: JsonFields): void {
  const settings = (Array.isArray(reactions) ? reactions : [reaction]) as HandsetSetting[];
  const [first, ...more] = settings;
  if (first === undefined) throw new InvalidRequestError({ field: 'reactions', expected: 'one reaction or more' });
  if (msisdn === undefined) handset.setDefault(first);
  else handset.set(textField({ msisdn }, 'msisdn'), first, ...more);
}

export function textField(fields: JsonFields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new InvalidRequestError({ field: name, expected: 'text' });
}

/** JSON with minor units as text, and `Infinity` as `"always"`. */
const write = (status: number, body: unknown): HttpResponse => ({
  ...jsonReply(status, null),
  body: `${JSON.stringify(body, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value === Infinity ? 'always' : value,
  )}\n`,
});
