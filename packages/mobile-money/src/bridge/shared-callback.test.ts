import { InvalidCallbackError, type MobileMoneyProvider, RouteClosedError } from '@canza/core';
import { createScriptedProvider, type ScriptedProvider, type ScriptedProviderSettings } from '@canza/core/testing';
import { describe, expect, it } from 'vitest';

import { PAID, REQUEST, world } from '../../test/bridge-world.ts';

type Extras = (made: MobileMoneyProvider) => Partial<MobileMoneyProvider>;

function extended(extras: Extras, settings?: ScriptedProviderSettings): ScriptedProvider {
  const provider = createScriptedProvider(settings);
  return {
    ...provider,
    factory: (environment) => {
      const made = provider.factory(environment);
      return { ...made, ...extras(made) };
    },
  };
}

/** A provider whose operator calls one address, and names our reference in the body. */
const sharing = (settings?: ScriptedProviderSettings) =>
  extended(
    () => ({
      attemptNamedBy: ({ body }) => {
        if (!body.startsWith('{')) throw new InvalidCallbackError('The callback is not JSON.');
        return (JSON.parse(body) as { reference?: string }).reference;
      },
    }),
    settings,
  );

const SHARED = 'https://pay.example.com/callbacks/scripted';
const text = (body: object) =>
  JSON.stringify(body, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
const post = (url: string, body: string) => new Request(url, { method: 'POST', body });

describe('a callback at the address that all payments of a provider share', () => {
  it('reaches the payment whose reference it names, as a hint', async () => {
    const provider = sharing();
    provider.onQuery(PAID);
    const { bridge, clock } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    const body = text({ finding: PAID, reference: provider.sends[0]?.reference });
    const answer = await bridge.handleCallback(post(SHARED, body));
    expect([answer.status, await answer.text()]).toEqual([200, '{"received":true}']);
    expect(await bridge.getTransaction('tx_123')).toMatchObject({ status: 'pending', moneyMoved: 'maybe' });
    await clock.advance(1);
    expect(provider.queries).toHaveLength(1);
    expect(await bridge.getTransaction('tx_123')).toMatchObject({ status: 'succeeded', moneyMoved: 'yes' });
  });

  it('is the operator’s answer where it names what the operator told only us', async () => {
    const provider = sharing();
    provider.onSend({ status: 'pending', references: { ConversationID: 'fd1e' } });
    const { bridge } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    const { reference } = provider.sends[0] ?? {};
    const vouchers = { ConversationID: 'fd1e' };
    await bridge.handleCallback(post(`${SHARED}/`, text({ finding: PAID, reference, vouchers, answersQuery: true })));
    expect(await bridge.getTransaction('tx_123')).toMatchObject({ status: 'succeeded', moneyMoved: 'yes' });
  });

  it('tells the provider what the payment was for', async () => {
    const types: unknown[] = [];
    const provider = extended((made) => ({
      attemptNamedBy: ({ body }) => (JSON.parse(body) as { reference: string }).reference,
      readCallback: (callback) => (types.push(callback.type), made.readCallback(callback)),
    }));
    const { bridge } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    const body = text({ finding: { status: 'pending' }, reference: provider.sends[0]?.reference });
    await bridge.handleCallback(post(SHARED, body));
    expect(types).toEqual(['collection']);
  });

  it.each([
    ['an unknown reference', { reference: '0'.repeat(32) }, 404],
    ['no reference', {}, 404],
  ])('with %s changes nothing', async (_what, names, status) => {
    const provider = sharing();
    const { bridge, changes } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    const before = changes.length;
    expect((await bridge.handleCallback(post(SHARED, text({ finding: PAID, ...names })))).status).toBe(status);
    expect(changes).toHaveLength(before);
  });

  it('that cannot be read is refused', async () => {
    const { bridge } = await world([sharing()]);
    expect((await bridge.handleCallback(post(SHARED, '<html>'))).status).toBe(400);
  });

  it('cannot speak for a payment over another provider', async () => {
    const mine = createScriptedProvider({ name: 'mine' });
    const other = sharing({ name: 'other', type: 'disbursement' });
    const { bridge } = await world([mine, other]);
    await bridge.initiateTransaction(REQUEST);
    const body = text({ finding: PAID, reference: mine.sends[0]?.reference });
    const urls = ['https://pay.example.com/callbacks/other', 'https://pay.example.com/callbacks/mine'];
    for (const url of urls) expect((await bridge.handleCallback(post(url, body))).status).toBe(404);
    expect(await bridge.getTransaction('tx_123')).toMatchObject({ status: 'pending' });
  });
});

describe('a provider that needs time before its first payment', () => {
  it('is told so when the bridge starts', async () => {
    let prepared = 0;
    const provider = extended(() => ({ prepare: async () => void (prepared += 1) }));
    await world([provider]);
    expect(prepared).toBe(1);
  });

  it('keeps no bridge from starting when it fails', async () => {
    const provider = extended(() => ({ prepare: () => Promise.reject(new Error('down')) }));
    const { bridge, logger } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    expect(provider.sends).toHaveLength(1);
    expect(JSON.stringify(logger.lines)).toContain('not ready');
  });

  it('puts a payment off with nothing sent, and is no worse a route for it', async () => {
    const provider = createScriptedProvider();
    provider.onSend(new RouteClosedError('The session is not live yet.', { retryAfterMs: 20_000 }));
    const { bridge, clock } = await world([provider]);
    const put = await bridge.initiateTransaction(REQUEST);
    expect(put).toMatchObject({ status: 'created', moneyMoved: 'no' });
    expect(put.evidence.at(-1)?.detail).toContain('not live yet');
    expect(bridge.health()[0]).toMatchObject({ state: 'operational', samples: 0 });
    await clock.advance(19_000);
    expect(provider.sends).toHaveLength(1);
    await clock.advance(3000);
    expect(provider.sends).toHaveLength(2);
  });
});
