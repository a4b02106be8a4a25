import { createMemoryJournal, createMemoryKeyValueStore, type KeyValueStore, StoreError } from '@canza/core';
import { createScriptedProvider, createTurnedClock, type ScriptedProvider } from '@canza/core/testing';
import { describe, expect, it } from 'vitest';

import { DAY_MS, PAID, REQUEST, type World, world } from '../../test/bridge-world.ts';
import { MMOBridge } from './bridge.ts';
import type { TransactionRequest } from './transaction-request.ts';

const SAFARICOM = 'ke-63902';
const AIRTEL = 'ke-63903';

/** Both of Kenya's wallets; the number is in a range that was first Safaricom's. */
function both() {
  const mpesa = createScriptedProvider({ name: 'mpesa' });
  const airtel = createScriptedProvider({ name: 'airtel', route: { operator: AIRTEL } });
  for (const provider of [mpesa, airtel]) provider.onQuery(PAID);
  return { mpesa, airtel, providers: [mpesa, airtel] };
}

async function pay({ bridge, clock }: World, change: Partial<TransactionRequest> = {}) {
  const transactionId = change.transactionId ?? 'tx_123';
  await clock.runUntil(bridge.initiateTransaction({ ...REQUEST, ...change }));
  return clock.runUntil(bridge.waitForTransaction(transactionId));
}

const choiceOf = async ({ bridge, clock }: World) => (await clock.runUntil(bridge.planRoute(REQUEST))).operators;

/** A store whose calls are kept. */
function watched(store: KeyValueStore) {
  const calls: unknown[][] = [];
  const spied: KeyValueStore = {
    ...store,
    get: (key, options) => (calls.push(['get', key]), store.get(key, options)),
    swap: (key, seen, value, options) => (calls.push(['swap', key, value]), store.swap(key, seen, value, options)),
  };
  return { store: spied, calls };
}

const DIGEST_KEY = 'a secret of this app';

describe('whose wallet it is', () => {
  it('is told by the network that the phone is on now, before its prefix', async () => {
    const { mpesa, airtel, providers } = both();
    const made = await world(providers);
    await pay(made, { network: '63903' });
    expect([mpesa.sends.length, airtel.sends.length]).toEqual([0, 1]);
    await pay(made, { transactionId: 'tx_2', phoneNumber: '+254700999999', network: 'none that anybody knows' });
    expect(mpesa.sends).toHaveLength(1);
  });

  it('is told by where the last payment of the number succeeded, and the plan says so', async () => {
    const { mpesa, airtel, providers } = both();
    const made = await world(providers);
    expect(await choiceOf(made)).toMatchObject([{ operator: SAFARICOM }]);
    await pay(made, { operator: AIRTEL });
    const because = expect.arrayContaining(['past-success: a payment succeeded there today']);
    expect(await choiceOf(made)).toMatchObject([{ operator: AIRTEL, why: because }]);
    await pay(made, { transactionId: 'tx_2' });
    expect([mpesa.sends.length, airtel.sends.length]).toEqual([0, 2]);
    await pay(made, { transactionId: 'tx_3', phoneNumber: '+254700999999' });
    expect(mpesa.sends, 'of another number it says nothing').toHaveLength(1);
  });

  it('is told by that for ninety days, and then by the prefix again', async () => {
    const { mpesa, providers } = both();
    const made = await world(providers);
    await pay(made, { operator: AIRTEL });
    made.clock.jump(91 * DAY_MS);
    await pay(made, { transactionId: 'tx_2' });
    expect(mpesa.sends).toHaveLength(1);
  });

  it('is not told by a payment that failed', async () => {
    const { mpesa, airtel, providers } = both();
    airtel.onSend({ status: 'failed', reason: 'cancelled-by-payer' });
    const made = await world(providers);
    await pay(made, { operator: AIRTEL });
    await pay(made, { transactionId: 'tx_2' });
    expect(mpesa.sends).toHaveLength(1);
  });

  it('is another one where an operator said that it has no such wallet', async () => {
    const { mpesa, airtel } = both();
    const knowing: ScriptedProvider = {
      ...mpesa,
      factory: (environment) => ({
        ...mpesa.factory(environment),
        capabilities: { ...mpesa.factory(environment).capabilities, lookupAccount: 'supported' },
        lookupAccount: async () => ({ status: 'not-found' }),
      }),
    };
    const made = await world([knowing, airtel]);
    expect(await made.clock.runUntil(made.bridge.lookupAccount({ phoneNumber: REQUEST.phoneNumber }))).toMatchObject({
      status: 'not-found',
      operator: SAFARICOM,
    });
    await expect(made.clock.runUntil(made.bridge.initiateTransaction(REQUEST))).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      field: 'operator',
    });
    expect(mpesa.sends, 'no prompt where there is no wallet').toHaveLength(0);
    await pay(made, { operator: AIRTEL });
    await pay(made, { transactionId: 'tx_2' });
    expect(airtel.sends).toHaveLength(2);
  });
});

describe('what is remembered of numbers', () => {
  it('is shared by processes with one cache, under a digest that nobody can try out', async () => {
    const { airtel, providers } = both();
    const clock = createTurnedClock();
    const { store, calls } = watched(createMemoryKeyValueStore({ clock }));
    const first = await world(providers, { clock, cache: { store, digestKey: DIGEST_KEY } });
    await pay(first, { operator: AIRTEL });
    const second = await world(providers, { clock, cache: { store, digestKey: DIGEST_KEY }, seed: 2 });
    await pay(second);
    expect(airtel.sends).toHaveLength(2);

    const stranger = await world(providers, {
      clock,
      cache: { store, digestKey: `${DIGEST_KEY}, and another` },
      seed: 3,
    });
    expect(await choiceOf(stranger)).toMatchObject([{ operator: SAFARICOM }]);
    expect(JSON.stringify(calls)).not.toContain('00123456');
  });

  it('is not asked for where it can make no difference', async () => {
    const { mpesa } = both();
    const clock = createTurnedClock();
    const { store, calls } = watched(createMemoryKeyValueStore({ clock }));
    await pay(await world([mpesa], { clock, cache: { store, digestKey: DIGEST_KEY } }));
    expect(calls).toEqual([]);
    const { providers } = both();
    const made = await world(providers, { clock, cache: { store, digestKey: DIGEST_KEY }, seed: 2 });
    await made.bridge.initiateTransaction({ ...REQUEST, operator: AIRTEL });
    expect(calls, 'the customer has said it').toEqual([]);
  });

  it('of a number that has moved spares its owner the question, where one wallet alone is reached', async () => {
    const { mpesa } = both();
    const made = await world([mpesa]);
    const moved = { phoneNumber: '+254733123456' };
    await expect(made.clock.runUntil(made.bridge.initiateTransaction({ ...REQUEST, ...moved }))).rejects.toMatchObject({
      field: 'phoneNumber',
    });
    await pay(made, { ...moved, operator: SAFARICOM });
    await pay(made, { ...moved, transactionId: 'tx_2' });
    expect(mpesa.sends).toHaveLength(2);
  });

  it.each([
    ['fails', () => Promise.reject(new StoreError('away'))],
    ['hangs', () => new Promise<never>(() => undefined)],
    ['holds rubbish', async () => ({ value: '{"paid":7}', version: 1 })],
    ['holds rubbish within', async () => ({ value: '{"paid":[7],"told":[]}', version: 1 })],
    ['holds what is of no time', async () => ({ value: '{"paid":[["ke-63903",null]],"told":[null]}', version: 1 })],
  ])('holds up nothing where the cache %s: the payment goes by its prefix', async (_what, get) => {
    const { mpesa, providers } = both();
    const clock = createTurnedClock();
    const store: KeyValueStore = { ...createMemoryKeyValueStore({ clock }), get };
    const made = await world(providers, { clock, cache: { store, digestKey: DIGEST_KEY } });
    await clock.runUntil(made.bridge.initiateTransaction(REQUEST));
    expect(clock.monotonicMs()).toBeLessThanOrEqual(250);
    expect(mpesa.sends).toHaveLength(1);
    expect((await clock.runUntil(made.bridge.waitForTransaction('tx_123'))).status).toBe('succeeded');
  });

  it.each([
    [{ store: {}, digestKey: DIGEST_KEY }, 'cache.store'],
    [{ store: createMemoryKeyValueStore({ clock: createTurnedClock() }), digestKey: 'short' }, 'cache.digestKey'],
  ])('needs a store and a secret: %#', (cache, field) => {
    const settings = {
      providers: [createScriptedProvider().factory],
      journal: createMemoryJournal(),
      transport: async () => Promise.reject(new Error('unused')),
      callbacks: { baseUrl: 'https://pay.example.com/callbacks' },
      cache,
    };
    expect(() => new MMOBridge(settings as never)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', field }));
  });
});
