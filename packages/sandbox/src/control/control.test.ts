import { afterEach, expect, test } from 'vitest';

import { createDarajaCaller, jsonOf, PAYER } from '../../test/daraja-caller.ts';
import { controlDaraja } from '../mpesa/control.ts';
import { startDarajaServer } from '../mpesa/server.ts';
import { createControl } from './control.ts';

const open: { readonly close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** A payer’s phone, a merchant, and somebody who steers the emulator from outside. */
function steer() {
  const caller = createDarajaCaller();
  const control = createControl(controlDaraja(caller.emulator));
  const send = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, headers?: object) => {
    const response = await control({
      method,
      url: `http://daraja.test/__sandbox${path}`,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, ...jsonOf(response) };
  };
  return { ...caller, send };
}

test('says what can be done', async () => {
  const { send } = steer();
  expect(await send('GET', '')).toMatchObject({
    status: 200,
    emulator: 'mpesa',
    actions: expect.arrayContaining(['GET /__sandbox', 'GET /__sandbox/books', 'POST /__sandbox/faults']),
  });
  expect(await send('GET', '/lunch')).toMatchObject({ status: 404, actions: expect.any(Array) });
});

test('tells the books, all or those that fit, with minor units as text', async () => {
  const { send, push, clock } = steer();
  await push();
  await clock.advance(30_000);
  expect(await send('GET', '/books')).toMatchObject({
    charges: { count: 1, amountMinor: '10000', rows: [{ msisdn: PAYER, amountMinor: '10000' }] },
    payouts: { count: 0, amountMinor: '0' },
  });
  expect(await send('GET', '/books?msisdn=254700000000')).toMatchObject({ charges: { count: 0, amountMinor: '0' } });
  expect(await send('GET', '/callbacks')).toMatchObject({ callbacks: [{ operation: 'stk-push', status: 200 }] });
});

test('adds faults as text or fields, lists them, and takes them back', async () => {
  const { send, push } = steer();
  await send('POST', '/faults', { fault: 'submit:html,times=always' });
  await send('POST', '/faults', { stage: 'query', kind: 'throttled', times: 2 });
  expect((await push()).status).toBe(403);
  expect(await send('GET', '/faults')).toMatchObject({
    planned: [{ fault: { stage: 'submit', kind: 'html', times: 'always' }, remaining: 'always' }, { remaining: 2 }],
    struck: [{ kind: 'html' }],
  });
  expect(await send('DELETE', '/faults')).toMatchObject({ status: 200, done: true });
  expect((await push()).status).toBe(200);
});

test('sets what phones do, and answers a prompt by hand', async () => {
  const { send, push, clock, emulator } = steer();
  await send('PUT', '/handset', { behaviour: 'ignore' });
  await send('PUT', '/handset', {
    msisdn: '254700000000',
    reactions: ['decline', { behaviour: 'approve', thinkingMs: 5 }],
  });
  expect(emulator.handset.reactTo('254700000000')).toEqual({ behaviour: 'decline' });
  expect(emulator.handset.reactTo('254700000000')).toEqual({ behaviour: 'approve', thinkingMs: 5 });
  await push();
  const approve = { msisdn: PAYER, behaviour: 'approve' };
  expect(await send('POST', '/prompts/answer', approve)).toMatchObject({ answered: true });
  await clock.advance(0);
  expect(emulator.books.charges()).toHaveLength(1);
  expect(await send('POST', '/prompts/answer', approve)).toMatchObject({ answered: false });
});

test('does what M-PESA alone can do', async () => {
  const { send, push, emulator } = steer();
  const payment = { shortcode: '600984', msisdn: PAYER, amount: '5.00', billReference: 'x' };
  expect(await send('POST', '/commands/customer-pays', payment)).toMatchObject({ kind: 'paid' });
  expect(emulator.books.chargedMinor({ channel: 'c2b' })).toBe(5_00n);
  await send('POST', '/commands/set-subscriber', { msisdn: PAYER, state: 'unknown' });
  expect(emulator.subscribers.stateOf(PAYER)).toBe('unknown');
  await push();
  await send('POST', '/commands/revoke-tokens', {});
  expect((await push()).status).toBe(404);
});

test.each<[method: 'POST' | 'PUT', path: string, body: unknown, error: string]>([
  ['POST', '/faults', { fault: 'submit:bang' }, '"fault.kind" is refused'],
  ['PUT', '/handset', { behaviour: 'shrug' }, '"behaviour" is refused'],
  ['PUT', '/handset', { behaviour: 'approve', thinkingMs: 'long' }, '"thinkingMs" is refused'],
  ['PUT', '/handset', { msisdn: 7, behaviour: 'approve' }, '"msisdn" is refused'],
  ['POST', '/prompts/answer', { behaviour: 'approve' }, '"msisdn" is refused'],
  ['POST', '/commands/customer-pays', { shortcode: '1', msisdn: PAYER, amount: '5.00' }, '"shortcode" is refused'],
  ['POST', '/commands/customer-pays', { shortcode: '600984', msisdn: PAYER, amount: 5 }, '"amount" is refused'],
  ['POST', '/commands/force-result', { operation: 'stk', code: '1' }, '"operation" is refused'],
  ['POST', '/commands/force-result', { operation: 'b2c', code: '0' }, '"code" is refused'],
  ['POST', '/faults', '{"fault":', 'The body is no JSON object'],
])('refuses %s %s %j and changes nothing', async (method, path, body, error) => {
  const { send, emulator } = steer();
  expect(await send(method, path, body)).toMatchObject({ status: 400, error: expect.stringContaining(error) });
  expect(emulator.faults.list()).toEqual([]);
  expect(emulator.books.charges()).toEqual([]);
});

test('takes no change from a web page, which can send other content types only', async () => {
  const { send, emulator } = steer();
  const refused = await send('POST', '/faults', { fault: 'submit:html' }, { 'content-type': 'text/plain' });
  expect(refused.status).toBe(415);
  expect(emulator.faults.list()).toEqual([]);
});

test('stands beside the operator’s own addresses on the socket', async () => {
  const server = await startDarajaServer();
  open.push(server);
  const response = await fetch(`${server.baseUrl}/__sandbox/settings`);
  expect(await response.json()).toMatchObject({
    consumerKey: server.credentials.consumerKey,
    shortcode: '174379',
    certificate: expect.stringContaining('BEGIN CERTIFICATE'),
  });
  expect((await fetch(`${server.baseUrl}/__sandboxes`)).status).toBe(404);
  expect(server.emulator.requestCount()).toBe(0);
});
