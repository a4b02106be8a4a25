import assert from 'node:assert/strict';
import { type KeyValueStore, StoreError, systemRandom } from '@canza/core';
import type { SuiteRunner } from '@canza/core/contracts';
import { createRecordingLogger, createTurnedClock } from '@canza/core/testing';
import type { UssdReply } from '../conversation.ts';
import { USSDProtocolHandler, type UssdRequest } from '../handler.ts';
import type { UssdHandlerOptions } from '../handler-options.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import { runCrowd } from './crowd.ts';
import { createRecordingBridge } from './recording-bridge.ts';
import { sendMoneyMenu } from './send-money-menu.ts';
import { countCalls, withPrefix } from './stores.ts';

/** How the suite makes stores for sessions. */
export interface UssdSessionsHarness {
  /** A store, shared by the handlers of one test. */
  create(): Promise<KeyValueStore>;
  close?(store: KeyValueStore): Promise<void>;
  /** Sessions kept elsewhere than in the store, shared by the handlers of one test. */
  sessions?(): SessionStore;
}

const PHONE = '+254700123456';

/** What sessions promise over any store. No test waits: the handlers' clock is turned by hand, the store's is not touched. */
export function describeUssdSessions(runner: SuiteRunner, name: string, harness: UssdSessionsHarness): void {
  const test = (title: string, body: (world: World) => Promise<void>): void => {
    runner.it(title, async () => {
      const store = await harness.create();
      try {
        const own = withPrefix(store, `t${Buffer.from(systemRandom.bytes(6)).toString('hex')}:`);
        await body(createWorld(own, harness.sessions?.()));
      } finally {
        await harness.close?.(store);
      }
    });
  };

  /** What only sessions in the store itself can show. */
  const testStored = harness.sessions === undefined ? test : (): void => undefined;

  runner.describe(`USSD sessions over ${name}`, () => {
    for (const [handlers, people] of [
      [1, 1_000],
      [2, 1_000],
    ] as const) {
      test(`${people} people at once on ${handlers} handler(s): every screen right, one payment each`, async (world) => {
        const group = Array.from({ length: handlers }, () => world.handler());
        const result = await runCrowd({
          people,
          seed: 20_261_123,
          talkers: group.map((handler) => (request) => handler.processRequest(request)),
          concurrency: 64,
          faults: true,
        });
        assert.deepEqual(result.wrong, []);
        await Promise.all(group.map((handler) => handler.settled()));
        const paid = [...world.bridge.started.values()];
        assert.equal(paid.length, result.owed.size);
        for (const { phoneNumber, amount, description } of paid) {
          assert.deepEqual({ amount, description }, result.owed.get(phoneNumber));
        }
        assert.equal(world.bridge.calls.length, paid.length, 'no payment was asked for twice');
        assert.ok(result.hops > people * 6);
      });
    }

    testStored('a session costs one round trip a screen', async (world) => {
      const store = countCalls(world.store);
      const talk = world.talk('s1', { store, remember: false });
      const calls: string[] = [];
      for (const entry of [undefined, '1', '0712345678', '500', 'rent']) {
        // A session is one hop after the other.
        // oxlint-disable-next-line no-await-in-loop
        await (entry === undefined ? talk.dial() : talk.enter(entry));
        calls.push(store.takeCalls());
      }
      assert.deepEqual(calls, ['swap', 'swap', 'swap', 'swap', 'swap']);
    });

    testStored('a number that is remembered costs one write more, at the first screen', async (world) => {
      const store = countCalls(world.store);
      const talk = world.talk('s1', { store });
      await talk.dial();
      assert.equal(store.takeCalls(), 'swap swap');
      await talk.enter('1');
      assert.equal(store.takeCalls(), 'swap');
      await talk.again();
      assert.equal(store.takeCalls(), '', 'a repeated hop is answered from what is remembered');
    });

    testStored('a session goes on at another handler, for one round trip more', async (world) => {
      const store = countCalls(world.store);
      const [one, other] = [world.handler({ store }), world.handler({ store })];
      await one.processRequest(request('s1', ''));
      store.takeCalls();
      assert.match((await other.processRequest(request('s1', '1'))).text, /^Phone number/);
      assert.equal(store.takeCalls(), 'get swap');
      assert.match((await one.processRequest(request('s1', '1*0712345678'))).text, /^Amount/);
      assert.equal(store.takeCalls(), 'swap swap');
    });

    test('a repeated hop is answered with the same screen, and starts no second payment', async (world) => {
      const talk = world.talk('s1');
      await talk.dial();
      const first = await talk.enter('1');
      assert.deepEqual(await talk.again(), first);
      for (const entry of ['0712345678', '500', 'rent']) {
        // oxlint-disable-next-line no-await-in-loop
        await talk.enter(entry);
      }
      const replies = await Promise.all([talk.enter('1'), talk.again(), talk.again()]);
      assert.deepEqual(new Set(replies.map(({ text }) => text)).size, 1);
      await talk.handler.settled();
      await talk.again();
      await world.handler().processRequest(request('s1', '1*0712345678*500*rent*1'));
      await talk.handler.settled();
      assert.equal(world.bridge.calls.length, 1);
      assert.match(world.bridge.calls[0]?.transactionId ?? '', /^ussd-[0-9a-f]{32}$/);
    });

    test('an older hop that comes late changes nothing', async (world) => {
      const talk = world.talk('s1');
      await talk.dial();
      await talk.enter('1');
      const current = await talk.enter('0712345678');
      assert.deepEqual(await talk.handler.processRequest(request('s1', '1')), current);
      assert.deepEqual(await talk.handler.processRequest(request('s1', '')), current);
      assert.match((await talk.enter('500')).text, /^What is it for/);
    });

    test('an entry with a star in it shifts nothing', async (world) => {
      const talk = world.talk('s1');
      await talk.dial();
      await talk.enter('1');
      assert.match((await talk.enter('50*20*1')).text, /^Wrong entry.*\nPhone number/);
      assert.match((await talk.enter('0712345678')).text, /^Amount in KES for \+254712345678/);
      await talk.enter('500');
      assert.match((await talk.enter('a*1*b')).text, /for a\*1\*b\?/);
    });

    test('a history that does not begin with the known one is refused', async (world) => {
      const talk = world.talk('s1');
      await talk.dial();
      await talk.enter('1');
      await talk.enter('0712345678');
      const reply = await talk.handler.processRequest(request('s1', '2*5'));
      assert.equal(reply.end, true);
      assert.match(reply.text, /could not read/);
      assert.match((await talk.enter('500')).text, /^What is it for/);
    });

    test('another number with the same session id sees nothing of it', async (world) => {
      const talk = world.talk('s1');
      await talk.dial();
      await talk.enter('1');
      const reply = await talk.handler.processRequest({
        ...request('s1', '1*0712345678'),
        phoneNumber: '+254799999999',
      });
      assert.equal(reply.end, true);
      assert.match(reply.text, /could not read/);
    });

    test('a session that was dropped is taken up with consent, and its late hop pays nothing', async (world) => {
      const lost = world.talk('s1');
      await lost.walk('1', '0712345678', '500', 'rent');
      const talk = world.talk('s2');
      assert.equal((await talk.dial()).text, 'You were not finished last time.\n1. Continue\n2. Start again');
      assert.match((await talk.enter('1')).text, /^Send KES 500 to \+254712345678 for rent\?/);
      assert.match((await lost.enter('1')).text, /^This session is over/);
      await talk.enter('1');
      await Promise.all([lost.handler.settled(), talk.handler.settled()]);
      assert.equal(world.bridge.calls.length, 1);
    });

    test('where nothing is taken up, a late hop of an older session pays nothing either', async (world) => {
      const times = { resumeMs: 0 };
      const lost = world.talk('s1', { times });
      await lost.walk('1', '0712345678', '500', 'rent');
      assert.match((await world.talk('s2', { times }).dial()).text, /^Welcome/);
      assert.match((await lost.enter('1')).text, /^This session is over/);
      await lost.handler.settled();
      assert.equal(world.bridge.calls.length, 0);
    });

    test('a session that paid is never taken up: the next one tells what became of it', async (world) => {
      const paid = await world.pay('s1');
      assert.match((await world.talk('s2').dial()).text, /^Last payment: KES 500 on its way\nWelcome/);
      world.bridge.settle(paid, 'succeeded');
      assert.match((await world.talk('s3', { handler: world.handler() }).dial()).text, /^Welcome/);
    });

    test('a language that was chosen is spoken the next time', async (world) => {
      const talk = world.talk('s1');
      await talk.dial();
      assert.match((await talk.enter('3')).text, /^Bienvenue/);
      assert.match((await world.talk('s2').dial()).text, /^Bienvenue/);
      const unreadable = await world.handler().processRequest({ ...request('s3', '\u0007') });
      assert.match(unreadable.text, /^Désolé/);
    });

    test('time limits end a session politely, and an ended one stays ended', async (world) => {
      const talk = world.talk('s1', { times: { idleMs: 60_000, sessionMs: 100_000 } });
      await talk.dial();
      await world.clock.advance(60_000);
      assert.match((await talk.enter('1')).text, /^Phone number/);
      await world.clock.advance(41_000);
      const expired = await talk.enter('0712345678');
      assert.deepEqual([expired.end, expired.text.slice(0, 33)], [true, 'Sorry, this session has run out. ']);
      const idle = world.talk('s2', { times: { idleMs: 60_000 } });
      await idle.dial();
      await world.clock.advance(61_000);
      assert.equal((await idle.enter('1')).end, true);
      const ended = world.talk('s4');
      await ended.walk('x', 'y', 'z');
      assert.match((await ended.enter('1')).text, /^This session is over/);
    });

    test('what was dialled behind the code is answered, up to the question whether to pay', async (world) => {
      const handler = world.handler();
      assert.match((await handler.processRequest(request('s1', '1'))).text, /^Phone number of the recipient/);
      const deep = await handler.processRequest({
        ...request('s2', '1*0712345678*500*rent*1'),
        phoneNumber: '+254711000111',
      });
      assert.match(deep.text, /^Send KES 500 to \+254712345678 for rent\?/);
      assert.equal(deep.end, false);
      const wrong = { ...request('s3', '1*nobody*0712345678'), phoneNumber: '+254711000222' };
      assert.match((await handler.processRequest(wrong)).text, /^Wrong entry.*\nPhone number/);
      await handler.settled();
      assert.equal(world.bridge.calls.length, 0);
    });

    testStored('a store that is away gives a closing screen and starts nothing', async (world) => {
      let isAway = false;
      const store: KeyValueStore = {
        ...world.store,
        swap: async (...given) => {
          if (isAway) throw new StoreError('The store is away.');
          return world.store.swap(...given);
        },
      };
      const talk = world.talk('s1', { store });
      await talk.walk('1', '0712345678', '500', 'rent');
      isAway = true;
      const failed = await talk.enter('1');
      assert.equal(failed.end, true);
      assert.match(failed.text, /not available. Nothing was done/);
      await talk.handler.settled();
      assert.equal(world.bridge.calls.length, 0);
      isAway = false;
      assert.equal((await talk.again()).text, 'KES 500 is on its way. Approve it on your phone.');
    });

    testStored('a closing screen whose write got lost does not say that nothing was done', async (world) => {
      let losesReplies = false;
      const store: KeyValueStore = {
        ...world.store,
        swap: async (key, ...given) => {
          const result = await world.store.swap(key, ...given);
          if (losesReplies && key.includes(':s:')) throw new StoreError('The reply was lost.');
          return result;
        },
      };
      const talk = world.talk('s1', { store });
      await talk.walk('1', '0712345678', '500', 'rent');
      losesReplies = true;
      assert.match((await talk.enter('1')).text, /Dial again to see your last payment before you pay again/);
      losesReplies = false;
      await world.clock.advance(20_000);
      await world.handler().sweep();
      assert.equal(world.bridge.calls.length, 1);
    });

    test('a promise whose process died is kept by the next sweep, once', async (world) => {
      const dead = world.talk('s1', world.dying());
      await dead.walk('1', '0712345678', '500', 'rent', '1');
      const [one, other] = [world.handler(), world.handler()];
      await one.sweep();
      assert.equal(world.bridge.calls.length, 0, 'its own process is still at it');
      await world.clock.advance(16_000);
      await one.sweep();
      await other.sweep();
      assert.equal(world.bridge.calls.length, 1);
      assert.equal(world.bridge.started.size, 1);
    });

    test('a payer is not told that nothing was taken while somebody may still be starting it', async (world) => {
      const dead = world.talk('s1', world.dying());
      await dead.walk('1', '0712345678', '500', 'rent', '1');
      const texts: string[] = [];
      const sms = { send: async ({ text }: { readonly text: string }) => void texts.push(text) };
      await world.clock.advance(121_000);
      await world.handler({ sms }).sweep();
      assert.deepEqual([world.bridge.calls.length, texts.length], [0, 0], 'too late to start, too early to tell');
      await world.clock.advance(60_000);
      await world.handler({ sms }).sweep();
      assert.deepEqual([world.bridge.calls.length, texts.length], [0, 1]);
    });

    test('a promise that came too late is not kept, and the payer is told that nothing was taken', async (world) => {
      const dead = world.talk('s1', world.dying());
      await dead.walk('1', '0712345678', '500', 'rent', '1');
      const texts: string[] = [];
      const sms = { send: async ({ text }: { readonly text: string }) => void texts.push(text) };
      await world.clock.advance(24 * 3_600_000 - 1);
      await world.handler({ sms }).sweep();
      await world.handler({ sms }).sweep();
      assert.equal(world.bridge.calls.length, 0);
      assert.equal(texts.length, 1);
      assert.match(texts[0] ?? '', /KES 500 was not made\. Nothing was taken/);
    });
  });
}

type Options = Partial<UssdHandlerOptions<'balance'>>;

interface Talk {
  readonly handler: USSDProtocolHandler<'balance'>;
  dial(): Promise<UssdReply>;
  enter(entry: string): Promise<UssdReply>;
  /** Dials and enters one after the other; resolves with the last screen. */
  walk(...entries: readonly string[]): Promise<UssdReply>;
  /** The last hop once more. */
  again(): Promise<UssdReply>;
}

type World = ReturnType<typeof createWorld>;

function createWorld(store: KeyValueStore, sessions: SessionStore | undefined) {
  const clock = createTurnedClock();
  const bridge = createRecordingBridge();
  const logger = createRecordingLogger();
  const handler = (options: Options = {}): USSDProtocolHandler<'balance'> => {
    const { times, ...rest } = options;
    return new USSDProtocolHandler({
      menu: sendMoneyMenu,
      store,
      ...(sessions === undefined ? {} : { sessions }),
      payments: bridge,
      clock,
      logger,
      data: { balance: async () => ({ values: { balance: '1250.00' } }) },
      // No delay, so that nothing waits on a clock that a store with its own does not follow.
      times: { paymentDelayMs: 0, ...times },
      ...rest,
    });
  };
  const talk = (
    sessionId: string,
    options: Options & { readonly handler?: USSDProtocolHandler<'balance'> } = {},
  ): Talk => {
    const { handler: shared, ...rest } = options;
    const answering = shared ?? handler(rest);
    let text = '';
    const send = (): Promise<UssdReply> => answering.processRequest(request(sessionId, text));
    return {
      handler: answering,
      dial: send,
      enter(entry) {
        text = text === '' ? entry : `${text}*${entry}`;
        return send();
      },
      async walk(...entries) {
        let reply = await send();
        for (const entry of entries) {
          // A session is one hop after the other.
          // oxlint-disable-next-line no-await-in-loop
          reply = await this.enter(entry);
        }
        return reply;
      },
      again: send,
    };
  };
  /** A process that dies when it is about to start a payment: its calls and its timers never come to anything. */
  const dying = (): Options => ({
    payments: { ...bridge, initiateTransaction: () => new Promise(() => undefined) },
    clock: createTurnedClock(clock.nowMs()),
  });
  return {
    store,
    dying,
    clock,
    bridge,
    logger,
    handler,
    talk,
    /** Walks one session to its payment and returns the payment's id. */
    async pay(sessionId: string): Promise<string> {
      const talking = talk(sessionId);
      await talking.walk('1', '0712345678', '500', 'rent', '1');
      await talking.handler.settled();
      return bridge.calls.at(-1)?.transactionId ?? '';
    },
  };
}

const request = (sessionId: string, text: string): UssdRequest => ({
  sessionId,
  phoneNumber: PHONE,
  serviceCode: '*384#',
  text,
});
