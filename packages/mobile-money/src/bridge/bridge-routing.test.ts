import { createMemoryJournal, RateLimitError, SafetyWatch, type SubmitFinding, TransportError } from '@canza/core';
import { createScriptedProvider } from '@canza/core/testing';
import { describe, expect, it } from 'vitest';

import { PAID, REQUEST, world } from '../../test/bridge-world.ts';
import { operatorId } from '../directory/index.ts';
import { DEFAULT_HEALTH } from '../routing/route-health.ts';
import { DEFAULT_ROUTING } from '../routing/router.ts';

const AIRTEL = operatorId('KE', 'Airtel Money');
const MPESA = operatorId('KE', 'M-Pesa');
const NO_EXPLORATION = { ...DEFAULT_ROUTING, explorationShare: 0 };

const requestOf = (index: number) => ({ ...REQUEST, transactionId: `tx_${index}` });

describe('whose wallet it is', () => {
  const mpesa = () => createScriptedProvider({ name: 'mpesa', route: { operator: MPESA } });
  const airtel = () => createScriptedProvider({ name: 'airtel', route: { operator: AIRTEL } });

  it('is told by the number: an Airtel number goes to Airtel, whatever comes first in the configuration', async () => {
    const [first, second] = [mpesa(), airtel()];
    const { bridge } = await world([first, second]);
    await bridge.initiateTransaction({ ...REQUEST, phoneNumber: '+254733123456' });
    expect([first.sends.length, second.sends.length]).toEqual([0, 1]);
  });

  it('is the caller’s to say, because numbers are ported', async () => {
    const [first, second] = [mpesa(), airtel()];
    const { bridge } = await world([first, second]);
    await bridge.initiateTransaction({ ...REQUEST, phoneNumber: '+254733123456', operator: MPESA });
    expect([first.sends.length, second.sends.length]).toEqual([1, 0]);
  });

  it('is asked for when the number seems to be of an operator that nobody reaches', async () => {
    const { bridge } = await world([mpesa()]);
    const refused = bridge.initiateTransaction({ ...REQUEST, phoneNumber: '+254733123456' });
    await expect(refused).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      field: 'phoneNumber',
      expected: expect.stringContaining('Airtel'),
    });
  });

  it('is asked for when the number does not tell and there is a choice, and not when there is none', async () => {
    const unknownRange = { ...REQUEST, phoneNumber: '+254600123456' };
    const choice = await world([mpesa(), airtel()]);
    await expect(choice.bridge.initiateTransaction(unknownRange)).rejects.toMatchObject({ field: 'operator' });
    const only = mpesa();
    const single = await world([only]);
    await single.bridge.initiateTransaction(unknownRange);
    expect(only.sends).toHaveLength(1);
  });

  it('of a collection is never another operator, however its own is doing', async () => {
    const [first, second] = [mpesa(), airtel()];
    first.onQuery({ status: 'failed', reason: 'route-unavailable' });
    const { bridge, clock } = await world([first, second]);
    await bridge.initiateTransaction(REQUEST);
    const result = await clock.runUntil(bridge.waitForTransaction('tx_123'));
    expect(result).toMatchObject({ status: 'failed', reason: 'route-unavailable' });
    expect(second.sends).toHaveLength(0);
  });
});

describe('a payout whose recipient an operator does not know', () => {
  const payout = (name: string, operator: string) =>
    createScriptedProvider({ name, type: 'disbursement', route: { operator } });

  it('is not sent to an operator for which nothing speaks', async () => {
    const [first, second] = [payout('mpesa', MPESA), payout('airtel', AIRTEL)];
    first.onQuery({ status: 'failed', reason: 'recipient-not-found' });
    const { bridge, clock } = await world([first, second]);
    await bridge.initiateTransaction({ ...REQUEST, type: 'disbursement' });
    const result = await clock.runUntil(bridge.waitForTransaction('tx_123'));
    expect(result).toMatchObject({ status: 'failed', reason: 'recipient-not-found' });
    expect(second.sends).toHaveLength(0);
  });
});

describe('a route that fails too often', () => {
  it('is closed, and then nothing is sent over it: another one is taken', async () => {
    const [first, second] = [createScriptedProvider({ name: 'first' }), createScriptedProvider({ name: 'second' })];
    const { bridge } = await world([first, second], { routing: NO_EXPLORATION });
    first.onSend(...Array.from({ length: 50 }, () => new TransportError('timeout', 'no reply')));
    for (let index = 0; index < 40; index++) await bridge.initiateTransaction(requestOf(index));
    expect(first.sends.length).toBeLessThanOrEqual(DEFAULT_HEALTH.faultsToClose);
    expect(second.sends.length).toBeGreaterThanOrEqual(30);
  });

  it('being the only one, puts payments off with nothing sent, says so in the plan, and is tried again', async () => {
    const provider = createScriptedProvider();
    const { faultsToClose } = DEFAULT_HEALTH;
    provider.onSend(...Array.from({ length: faultsToClose }, () => new TransportError('timeout', 'no reply')));
    provider.onQuery({ status: 'pending' });
    const { bridge, clock } = await world([provider]);
    for (let index = 0; index < faultsToClose; index++) await bridge.initiateTransaction(requestOf(index));

    const plan = await bridge.planRoute(requestOf(99));
    expect(plan).toMatchObject({ allClosed: true, routes: [{ health: { state: 'closed' }, takesAmount: true }] });
    const told = await bridge.initiateTransaction(requestOf(99));
    expect(told).toMatchObject({ status: 'created', moneyMoved: 'no' });
    expect(told.evidence.at(-1)).toMatchObject({ source: 'local', moneyMoved: 'no', code: 'PUT_OFF' });
    expect(provider.sends).toHaveLength(faultsToClose);

    await clock.advance(DEFAULT_HEALTH.coolDownMs + 2000);
    expect(provider.sends).toHaveLength(faultsToClose + 1);
    expect(bridge.health()[0]).toMatchObject({ routeId: provider.route.id, operation: 'collect', country: 'KE' });
  });

  it('is not closed by what lies with payers', async () => {
    const provider = createScriptedProvider();
    const declined: SubmitFinding = { status: 'failed', reason: 'insufficient-funds' };
    provider.onSend(...Array.from({ length: 30 }, () => declined));
    const { bridge } = await world([provider]);
    for (let index = 0; index < 30; index++) await bridge.initiateTransaction(requestOf(index));
    expect(bridge.health()[0]).toMatchObject({ state: 'operational', samples: 0 });
  });
});

describe('a rate limit', () => {
  it('makes sends queue for their turn, and puts off what would wait too long, with nothing sent', async () => {
    const provider = createScriptedProvider({ name: 'mpesa' });
    const { bridge, clock } = await world([provider], { rateLimits: { mpesa: { perSecond: 2 } } });
    const all = Promise.all(Array.from({ length: 10 }, (_, index) => bridge.initiateTransaction(requestOf(index))));
    const told = await clock.runUntil(all);
    expect(provider.sends.length).toBeLessThan(10);
    expect(told.filter(({ status }) => status === 'created').length).toBe(10 - provider.sends.length);
    await clock.advance(20_000);
    expect(provider.sends).toHaveLength(10);
    expect(new Set(provider.sends.map(({ reference }) => reference)).size).toBe(10);
  });

  it('for a provider that is not configured is refused', async () => {
    const settings = { rateLimits: { mtn: { perSecond: 2 } } };
    await expect(world([createScriptedProvider()], settings)).rejects.toMatchObject({ field: 'rateLimits.mtn' });
  });

  it('of a shared limiter that is asked by provider name holds too', async () => {
    const provider = createScriptedProvider({ name: 'mpesa' });
    const asked: string[] = [];
    const { bridge } = await world([provider], {
      rateLimiter: {
        admit: async (key) => {
          asked.push(key);
          throw new RateLimitError('used up', { retryAfterMs: 7000 });
        },
      },
    });
    expect(await bridge.initiateTransaction(REQUEST)).toMatchObject({ status: 'created', moneyMoved: 'no' });
    expect(asked).toEqual(['mpesa']);
    expect(provider.sends).toHaveLength(0);
  });
});

describe('a journal that may have lost writes', () => {
  it('stops sends to an operator that takes a payment twice, and only those, until it is reconciled', async () => {
    const safety = new SafetyWatch();
    const journal = {
      ...createMemoryJournal(),
      safety: {
        get state() {
          return safety.state;
        },
        onChange: safety.onChange.bind(safety),
        reconciled: async () => safety.sound(),
      },
    };
    const twice = createScriptedProvider({ name: 'twice', route: { deduplicates: false } });
    const once = createScriptedProvider({ name: 'once', type: 'disbursement', route: { deduplicates: true } });
    const { bridge, clock } = await world([twice, once], { journal });
    safety.suspect(clock.nowMs(), 'a failover', []);
    await expect(bridge.initiateTransaction(REQUEST)).rejects.toMatchObject({ code: 'JOURNAL_UNAVAILABLE' });
    await bridge.initiateTransaction({ ...REQUEST, transactionId: 'tx_out', type: 'disbursement' });
    expect([twice.sends.length, once.sends.length]).toEqual([0, 1]);
    await journal.safety.reconciled();
    await bridge.initiateTransaction(REQUEST);
    expect(twice.sends).toHaveLength(1);
  });
});

describe('a dry run', () => {
  it('tells wallet, candidates, scores and reasons, and stores and sends nothing', async () => {
    const [first, second] = [
      createScriptedProvider({ name: 'first', route: { minMinor: 200_000n } }),
      createScriptedProvider({ name: 'second', route: { decimals: 2 } }),
    ];
    const { bridge, journal } = await world([first, second], {
      routing: { ...NO_EXPLORATION, terms: { second: { preference: 3, costShare: 0.01 } } },
    });
    const plan = await bridge.planRoute(REQUEST);
    expect(plan.operators[0]).toMatchObject({ operator: MPESA, why: [expect.stringContaining('prefix')] });
    expect(plan.routes.map(({ provider, withinBounds }) => [provider, withinBounds])).toEqual([
      ['second', true],
      ['first', false],
    ]);
    expect(plan.routes[0]?.why).toEqual(['nothing is known of it yet', 'preference 3', 'costs 1.00 %']);
    expect(plan.allClosed).toBe(false);
    const fraction = await bridge.planRoute({ ...REQUEST, amount: '10.50' });
    expect(fraction.routes.map(({ provider, takesAmount }) => [provider, takesAmount])).toEqual([
      ['second', true],
      ['first', false],
    ]);
    expect(await journal.read('payment', 'tx_123')).toBeUndefined();
    expect(first.sends.length + second.sends.length).toBe(0);
  });

  it('shows that an amount goes over the route that takes its decimals', async () => {
    const [whole, exact] = [
      createScriptedProvider({ name: 'whole' }),
      createScriptedProvider({ name: 'exact', route: { decimals: 2 } }),
    ];
    exact.onQuery(PAID);
    const { bridge } = await world([whole, exact]);
    await bridge.initiateTransaction({ ...REQUEST, amount: '10.50' });
    expect([whole.sends.length, exact.sends.length]).toEqual([0, 1]);
  });
});
