import {
  ConfigError,
  createMemoryKeyValueStore,
  IdempotencyConflictError,
  InvalidRequestError,
  JournalError,
  RateLimitError,
} from '@canza/core';
import { createRecordingLogger, createTurnedClock } from '@canza/core/testing';
import { describe, expect, it } from 'vitest';
import { Outbox } from './effects/outbox.ts';
import { africasTalking } from './gateways/africas-talking.ts';
import { createUssdHandler, USSDProtocolHandler, type UssdRequest } from './handler.ts';
import type { UssdHandlerOptions } from './handler-options.ts';
import { defineMenu } from './menu.ts';
import { createRecordingBridge } from './testing/recording-bridge.ts';
import { sendMoneyMenu } from './testing/send-money-menu.ts';

const request = (text: string, more: Partial<UssdRequest> = {}): UssdRequest => ({
  sessionId: 's1',
  phoneNumber: '+254700123456',
  serviceCode: '*384#',
  text,
  ...more,
});

function createWorld(more: Partial<UssdHandlerOptions<'balance'>> = {}) {
  const clock = createTurnedClock();
  const logger = createRecordingLogger();
  const bridge = createRecordingBridge();
  const messages: { readonly to: string; readonly text: string; readonly key: string }[] = [];
  const options: UssdHandlerOptions<'balance'> = {
    menu: sendMoneyMenu,
    store: createMemoryKeyValueStore({ clock }),
    payments: bridge,
    sms: { send: async (message) => void messages.push(message) },
    clock,
    logger,
    data: { balance: async () => ({ values: { balance: '1250.00' } }) },
    ...more,
  };
  const handler = createUssdHandler(options);
  const walk = async (...entries: readonly string[]) => {
    let reply = await handler.processRequest(request(''));
    for (let at = 1; at <= entries.length; at++) {
      // A session is one hop after the other.
      // oxlint-disable-next-line no-await-in-loop
      reply = await clock.runUntil(handler.processRequest(request(entries.slice(0, at).join('*'))));
    }
    return reply;
  };
  return { clock, logger, bridge, messages, options, handler, walk };
}

const PAID = ['1', '0712345678', '500', 'rent', '1'] as const;

describe('garbage', () => {
  const reasonOf = ({ logger }: ReturnType<typeof createWorld>): unknown =>
    logger.lines.findLast(({ level }) => level === 'warn')?.fields;

  it.each([
    ['10 kB of input', request('9'.repeat(10_240)), 'too-long'],
    ['control characters', request('1\u0000\u001b[2J'), 'unsendable-characters'],
    ['emoji', request('😀'), 'unsendable-characters'],
    ['a session id of control characters', request('', { sessionId: 'a\u0000b' }), 'missing-field'],
    ['no session id', request('', { sessionId: undefined as unknown as string }), 'missing-field'],
    ['no phone number', request('', { phoneNumber: undefined as unknown as string }), 'missing-field'],
    ['a phone number that is none', request('', { phoneNumber: 'x'.repeat(9_000) }), 'missing-field'],
    ['no text', request(undefined as unknown as string), 'missing-field'],
    ['a service code that is none', request('', { serviceCode: '\u001e' }), 'missing-field'],
    ['nothing at all', undefined as unknown as UssdRequest, 'missing-field'],
    ['null', null as unknown as UssdRequest, 'missing-field'],
    ['arrays', request([] as unknown as string, { sessionId: [] as unknown as string }), 'missing-field'],
  ])('of %s is answered politely, with the reason in the log', async (_, garbage, reason) => {
    const world = createWorld();
    const reply = await world.handler.processRequest(garbage);
    expect(reply).toMatchObject({
      end: true,
      text: expect.stringMatching(/^Sorry, we could not read that\. Nothing was done/),
    });
    expect(reasonOf(world)).toMatchObject({ reason });
  });

  it('in the middle is answered in the language of the session, which can go on', async () => {
    const world = createWorld();
    await world.walk('3', '1');
    for (const bad of ['3*1*\u0007', '3*1*😀', `3*1*${'1'.repeat(5_000)}`]) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await world.handler.processRequest(request(bad))).toMatchObject({
        end: true,
        text: expect.stringMatching(/^Désolé, saisie illisible/),
      });
    }
    expect(await world.handler.processRequest(request('3*1*0712345678'))).toMatchObject({ end: false });
  });

  it('of an entry that is merely too long is a wrong entry', async () => {
    const world = createWorld();
    expect(await world.walk('1', '1'.repeat(65))).toMatchObject({
      end: false,
      text: expect.stringMatching(/^Wrong entry/),
    });
  });

  it('leaves no number in the log', async () => {
    const world = createWorld();
    await world.walk(...PAID);
    await world.handler.processRequest(request('2*2'));
    await world.handler.shutdown();
    const log = JSON.stringify(world.logger.lines);
    for (const secret of ['254700123456', '0712345678', '254712345678']) expect(log).not.toContain(secret);
    expect(world.logger.lines.length).toBeGreaterThan(1);
  });
});

describe('a payment', () => {
  it('starts after the closing screen, once the session has had time to close', async () => {
    const world = createWorld();
    const reply = await world.walk(...PAID.slice(0, -1));
    expect(reply.end).toBe(false);
    const closing = await world.handler.processRequest(request(PAID.join('*')));
    expect(closing).toMatchObject({ end: true, text: 'KES 500 is on its way. Approve it on your phone.' });
    expect(world.bridge.calls).toHaveLength(0);
    await world.clock.advance(1_499);
    expect(world.bridge.calls).toHaveLength(0);
    await world.clock.advance(1);
    await world.handler.settled();
    expect(world.bridge.calls).toEqual([
      {
        transactionId: expect.stringMatching(/^ussd-[0-9a-f]{32}$/),
        type: 'collection',
        amount: '500',
        currency: 'KES',
        phoneNumber: '+254700123456',
        description: 'To +254712345678: rent',
      },
    ]);
    expect(world.clock.pendingTimers).toBe(0);
  });

  it('names the operator of the network that the SIM is on, or the network itself, and of nobody else', async () => {
    const menu = { ...sendMoneyMenu, name: 'payout', screens: { ...sendMoneyMenu.screens } };
    const { done } = sendMoneyMenu.screens;
    if (done.kind !== 'end' || done.pay === undefined) throw new Error('the menu pays');
    menu.screens.done = { ...done, pay: { ...done.pay, type: 'disbursement', phoneNumber: '{recipient}' } };
    const operators = { '63902': 'ke-63902' };
    for (const [world, operator, network] of [
      [createWorld({ operators }), 'ke-63902', undefined],
      [createWorld({ operators, menu }), undefined, undefined],
      [createWorld({ menu }), undefined, undefined],
      [createWorld(), undefined, '63902'],
    ] as const) {
      for (let at = 0; at <= PAID.length; at++) {
        const hop = request(PAID.slice(0, at).join('*'), { networkCode: '63902' });
        // A session is one hop after the other.
        // oxlint-disable-next-line no-await-in-loop
        await world.handler.processRequest(hop);
      }
      // oxlint-disable-next-line no-await-in-loop
      await world.handler.shutdown();
      expect(world.bridge.calls.map((call) => [call.operator, call.network])).toEqual([[operator, network]]);
    }
  });

  it('waits for the app to have kept the order', async () => {
    const kept: unknown[] = [];
    const world = createWorld({
      onConfirmed: async (order) => {
        kept.push(order);
        if (kept.length === 1) throw new JournalError('The database is away.', 'no');
      },
    });
    await world.walk(...PAID);
    await world.clock.advance(1_500);
    expect([kept.length, world.bridge.calls.length]).toEqual([1, 0]);
    await world.clock.advance(1_000);
    await world.handler.settled();
    expect([kept.length, world.bridge.calls.length]).toEqual([2, 1]);
    expect(kept[0]).toMatchObject({
      purpose: 'send-money',
      language: 'en',
      answers: { recipient: '+254712345678', amount: '500' },
    });
  });

  it('is asked for again under the same id when the bridge is away', async () => {
    const world = createWorld();
    world.bridge.failNext(new JournalError('away', 'no'), new JournalError('away', 'maybe'));
    await world.walk(...PAID);
    await world.clock.advance(10_000);
    await world.handler.settled();
    expect(new Set(world.bridge.calls.map(({ transactionId }) => transactionId)).size).toBe(1);
    expect([world.bridge.calls.length, world.bridge.started.size]).toEqual([3, 1]);
  });

  it('that is refused is not tried again, and the payer is told that nothing was taken', async () => {
    const world = createWorld();
    world.bridge.failNext(new InvalidRequestError({ field: 'amount', expected: 'more' }));
    await world.walk(...PAID);
    await world.clock.advance(60_000);
    await world.handler.settled();
    expect(world.bridge.calls).toHaveLength(1);
    expect(world.messages).toEqual([
      {
        to: '+254700123456',
        text: 'Your payment of KES 500 was not made. Nothing was taken from your account. To +254712345678: rent',
        key: expect.stringMatching(/^ussd-.*:failed$/),
      },
    ]);
  });

  it('that another one has the id of is told as what became of that one, never as "nothing was taken"', async () => {
    const world = createWorld();
    world.bridge.failNext(new JournalError('the answer was lost', 'maybe'));
    await world.walk(...PAID);
    await world.clock.advance(1_500);
    // The first try had been stored after all, and the second one meets it.
    const [lost] = world.bridge.calls;
    if (lost === undefined) throw new Error('the payment is asked for');
    await world.bridge.initiateTransaction(lost);
    world.bridge.settle(lost.transactionId, 'succeeded');
    world.bridge.failNext(new IdempotencyConflictError(lost.transactionId));
    await world.clock.advance(60_000);
    await world.handler.settled();
    expect(world.messages.map(({ text }) => text)).toEqual([
      'Your payment of KES 500 is made. To +254712345678: rent Receipt: RCPT1',
    ]);
  });

  it('that another process is about to promise is not struck off by a sweep in between', async () => {
    const world = createWorld();
    await world.walk(...PAID.slice(0, -1));
    const outbox = new Outbox({
      store: world.options.store,
      prefix: `ussd:${sendMoneyMenu.name}:direct:o:`,
      timeoutMs: 1_000,
    });
    await outbox.add('s1');
    await outbox.add('never-begun');
    const other = createUssdHandler(world.options);
    await other.sweep();
    expect(await outbox.list()).toEqual(['never-begun', 's1']);
    await world.clock.advance(59_000);
    await other.sweep();
    expect(await outbox.list()).toEqual(['never-begun', 's1']);
    await world.clock.advance(1_000);
    await other.sweep();
    expect(await outbox.list()).toEqual(['s1']);
  });

  it('is not started once the wait for the app is over, when the payer has been told otherwise', async () => {
    const keeps = Promise.withResolvers<void>();
    const world = createWorld({ onConfirmed: () => keeps.promise });
    await world.walk(...PAID);
    await world.clock.advance(400_000);
    await world.handler.settled();
    expect(world.messages.map(({ key }) => key)).toEqual([expect.stringMatching(/:failed$/)]);
    keeps.resolve();
    await world.clock.advance(1_000);
    expect(world.bridge.calls).toHaveLength(0);
  });

  it('keeps no shutdown waiting for an SMS that is never sent', async () => {
    const world = createWorld({ sms: { send: () => new Promise(() => undefined) } });
    world.bridge.failNext(new InvalidRequestError({ field: 'amount', expected: 'more' }));
    await world.walk(...PAID);
    await world.clock.runUntil(world.handler.shutdown());
    expect(world.clock.pendingTimers).toBe(0);
  });

  it('whose outcome is reported twice is told once', async () => {
    const world = createWorld();
    await world.walk('3', ...PAID);
    await world.clock.advance(1_500);
    await world.handler.settled();
    const { transactionId } = world.bridge.calls[0] as { transactionId: string };
    await world.handler.tellOutcome({ transactionId, status: 'pending' });
    expect(world.messages).toHaveLength(0);
    const payment = world.bridge.settle(transactionId, 'succeeded');
    await Promise.all([world.handler.tellOutcome(payment), world.handler.tellOutcome(payment)]);
    await world.handler.tellOutcome(payment);
    expect(world.messages.map(({ text }) => text)).toEqual([
      'Votre paiement de KES 500 est fait. To +254712345678: rent Reçu: RCPT1',
    ]);
    await world.handler.tellOutcome({ transactionId: 'somebody-elses', status: 'succeeded' });
    expect(world.messages).toHaveLength(1);
  });

  it('whose SMS could not be sent is told at the next report', async () => {
    let isAway = true;
    const texts: string[] = [];
    const world = createWorld({
      sms: {
        send: async ({ text }) => {
          if (isAway) throw new Error('no route');
          texts.push(text);
        },
      },
    });
    await world.walk(...PAID);
    await world.clock.advance(1_500);
    await world.handler.settled();
    const payment = world.bridge.settle(world.bridge.calls[0]?.transactionId ?? '', 'succeeded');
    await expect(world.handler.tellOutcome(payment)).rejects.toThrow('no route');
    isAway = false;
    await world.handler.tellOutcome(payment);
    expect(texts).toEqual(['Your payment of KES 500 is made. To +254712345678: rent Receipt: RCPT1']);
  });

  it('that waits for its moment starts at once when the service shuts down', async () => {
    const world = createWorld();
    await world.handler.initialize();
    await world.walk(...PAID);
    await world.handler.shutdown();
    expect(world.bridge.calls).toHaveLength(1);
    expect(world.clock.pendingTimers).toBe(0);
    expect(await world.handler.processRequest(request('', { sessionId: 's9' }))).toMatchObject({ end: true });
  });
});

describe('data', () => {
  it('that takes too long leaves the payer where they are', async () => {
    const world = createWorld({ data: { balance: () => new Promise(() => undefined) } });
    expect(await world.walk('2')).toMatchObject({
      end: false,
      text: expect.stringMatching(/^Not available now\.\nWelcome/),
    });
    expect(world.clock.pendingTimers).toBe(0);
  });

  it('is looked up for the one who asked', async () => {
    const asked: unknown[] = [];
    const world = createWorld({
      data: {
        balance: async ({ phoneNumber, language, network, recentPayments }) => {
          asked.push([phoneNumber, language, network, await recentPayments()]);
          return { values: { balance: '7' } };
        },
      },
    });
    expect(await world.walk('2')).toMatchObject({ end: true, text: 'You have KES 7.' });
    expect(asked).toEqual([['+254700123456', 'en', '', []]]);
  });
});

describe('a handler', () => {
  it('refuses a broken menu, and says all that is wrong with it', () => {
    const menu = defineMenu({
      name: 'broken',
      languages: ['en'],
      start: 'home',
      screens: {
        home: { kind: 'choice', text: { en: 'x'.repeat(20) }, options: [] },
        lost: { kind: 'end', text: { en: '' } },
      },
    });
    const make = () => new USSDProtocolHandler({ menu, store: createWorld().options.store });
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(/dead-end \(home\).*unreachable \(lost\).*missing-translation \(lost, en\)/s);
  });

  it('refuses a menu that pays without somebody who pays, and one whose data nobody brings', () => {
    const { payments: _, ...unpaid } = createWorld().options;
    expect(() => new USSDProtocolHandler(unpaid)).toThrow(/"payments"/);
    const { data: __, ...blind } = createWorld().options;
    expect(() => new USSDProtocolHandler(blind)).toThrow(/"data.balance"/);
    expect(() => createWorld({ times: { idleMs: Number.NaN } })).toThrow(/"times.idleMs"/);
  });

  it('refuses a gateway in production that anybody could imitate', () => {
    expect(() => createWorld({ gateway: africasTalking() })).toThrow(/"gateway.authenticity"/);
    expect(() => createWorld({ gateway: africasTalking(), environment: 'sandbox' })).not.toThrow();
    const authenticity = { secretPath: 'k3fj29dkf83jd02k' };
    expect(() => createWorld({ gateway: africasTalking({ authenticity }) })).not.toThrow();
  });

  it('turns away a number that begins too many sessions', async () => {
    let left = 2;
    const starts = {
      admit: async () => {
        left -= 1;
        if (left < 0) throw new RateLimitError('Too many.', { retryAfterMs: 1_000 });
      },
    };
    const world = createWorld({ starts });
    for (const sessionId of ['a', 'b']) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await world.handler.processRequest(request('', { sessionId }))).toMatchObject({ end: false });
    }
    expect(await world.handler.processRequest(request('', { sessionId: 'c' }))).toMatchObject({
      end: true,
      text: expect.stringMatching(/^Many people/),
    });
  });

  it('reads a number in national form where it knows the country', async () => {
    const world = createWorld({ country: 'KE' });
    expect(await world.handler.processRequest(request('', { phoneNumber: '0700123456' }))).toMatchObject({
      end: false,
    });
    const stranger = createWorld();
    expect(await stranger.handler.processRequest(request('', { phoneNumber: '0700123456' }))).toMatchObject({
      end: true,
    });
  });
});
