import { createMemoryKeyValueStore } from '@canza/core';
import { createTurnedClock } from '@canza/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeMenu } from '../checks/describe-menu.ts';
import { USSDProtocolHandler } from '../handler.ts';
import { createRecordingBridge } from '../testing/recording-bridge.ts';
import { fitsScreen, SCREEN_LIMITS } from '../text/gsm7.ts';
import { type ReadyMenuOptions, readyMenu } from './ready-menu.ts';

function createWorld(more: Partial<ReadyMenuOptions> = {}) {
  const clock = createTurnedClock();
  const bridge = createRecordingBridge();
  const purposes: string[] = [];
  const ready = readyMenu({
    brand: 'Canza Pay',
    currency: 'KES',
    country: 'KE',
    least: '10',
    most: '150000',
    payments: bridge,
    balance: async () => ({ values: { balance: '1,250.00' } }),
    airtime: ['63902'],
    ...more,
  });
  const handler = new USSDProtocolHandler({
    ...ready,
    store: createMemoryKeyValueStore({ clock }),
    payments: bridge,
    onConfirmed: async ({ purpose }) => void purposes.push(purpose),
    clock,
  });
  let sessions = 0;
  /** Dials and enters one after the other; returns the last screen. */
  const walk = async (entries: readonly string[], networkCode = '63902') => {
    sessions += 1;
    const hop = (text: string) =>
      handler.processRequest({
        sessionId: `s${sessions}`,
        phoneNumber: '+254700123456',
        serviceCode: '*384#',
        text,
        networkCode,
      });
    let reply = await hop('');
    for (let at = 1; at <= entries.length; at++) {
      // A session is one hop after the other.
      // oxlint-disable-next-line no-await-in-loop
      reply = await hop(entries.slice(0, at).join('*'));
    }
    await clock.advance(2_000);
    await handler.settled();
    return reply;
  };
  return { clock, bridge, purposes, ready, handler, walk };
}

describe('the ready menu', () => {
  it('answers "1" with the first screen of Send Money', async () => {
    const { handler } = createWorld();
    const { text, end } = await handler.processRequest({
      sessionId: 'session_123',
      phoneNumber: '+254700123456',
      serviceCode: '*123#',
      text: '1',
    });
    expect([text, end]).toEqual(['Send Money\nEnter the phone number of the recipient:\n0. Back', false]);
  });

  it.each([
    ['send-money', ['1', '0712345678', '500', '1'], 'Send money to +254712345678'],
    ['pay-bill', ['2', '1', '888880', 'ACC-77', '500', '1'], 'Bill 888880, account ACC-77'],
    ['pay-till', ['2', '2', '123456', '500', '1'], 'Till 123456'],
    ['airtime', ['3', '1', '500', '1'], 'Airtime'],
    ['airtime', ['3', '2', '0712345678', '500', '1'], 'Airtime for +254712345678'],
  ])('collects from the payer for %s', async (purpose, entries, description) => {
    expect(await createWorld().walk(entries.slice(0, -1))).toMatchObject({
      end: false,
      text: expect.stringContaining('KES 500'),
    });
    const { walk, bridge, purposes } = createWorld();
    expect(await walk(entries)).toMatchObject({ end: true, text: expect.stringMatching(/^Thank you\./) });
    expect(purposes).toEqual([purpose]);
    expect(bridge.calls).toMatchObject([
      { type: 'collection', amount: '500', currency: 'KES', phoneNumber: '+254700123456', description },
    ]);
  });

  it('offers airtime only on the networks where it can be bought', async () => {
    const { walk } = createWorld();
    expect((await walk([])).text).toContain('3. Buy Airtime');
    expect((await walk([], '63907')).text).not.toContain('Airtime');
    expect((await walk(['3'], '63907')).text).toMatch(/^Wrong entry/);
    expect((await createWorld({ airtime: true }).walk([], '')).text).toContain('3. Buy Airtime');
  });

  it('tells balance and last payments', async () => {
    const { walk, bridge } = createWorld();
    expect((await walk(['4'])).text).toBe('Your balance: KES 1,250.00');
    expect((await walk(['5'])).text).toBe('Your last payments:\nNo payments yet.');
    await walk(['1', '0712345678', '500', '1']);
    bridge.settle(bridge.calls[0]?.transactionId ?? '', 'succeeded');
    await walk(['1', '0712345678', '20', '1']);
    expect((await walk(['5'])).text).toBe('Your last payments:\nKES 20 on its way\nKES 500 paid');
  });

  it('speaks the language that was chosen, also in the next session', async () => {
    const { walk } = createWorld();
    expect((await walk(['6', '3'])).text).toMatch(/^Karibu Canza Pay\n1\. Tuma Pesa\n/);
    expect((await walk(['1'])).text).toBe('Tuma Pesa\nWeka namba ya simu ya mpokeaji:\n0. Rudi');
    expect((await walk(['6', '4', '1', '07'])).text).toMatch(/^Isso n.o . um n.mero daqui/);
  });

  it('is sound in all languages, whatever it offers', () => {
    const options = fc.record({
      brand: fc.constantFrom('C', 'Canza Pay', 'W'.repeat(24)),
      currency: fc.constantFrom('KES', 'UGX', 'XOF'),
      balance: fc.constantFrom(undefined, async () => ({ values: { balance: '1' } })),
      airtime: fc.constantFrom(undefined, true as const, ['63902']),
      pay: fc.subarray<'bill' | 'till'>(['bill', 'till']),
      languages: fc.constantFrom<ReadyMenuOptions['languages']>(
        undefined,
        ['fr'],
        ['sw', 'pt'],
        ['pt', 'sw', 'fr', 'en'],
      ),
      limit: fc.constantFrom(SCREEN_LIMITS.standard, SCREEN_LIMITS.full),
    });
    fc.assert(
      fc.property(options, ({ limit, balance, airtime, languages, ...rest }) => {
        const { menu, data } = readyMenu({
          country: 'KE',
          least: '10',
          most: '10000000',
          payments: createRecordingBridge(),
          ...rest,
          ...(balance === undefined ? {} : { balance }),
          ...(airtime === undefined ? {} : { airtime }),
          ...(languages === undefined ? {} : { languages }),
        });
        expect(describeMenu(menu, limit).problems).toEqual([]);
        expect(Object.keys(menu.data ?? {}).toSorted()).toEqual(Object.keys(data).toSorted());
      }),
      { numRuns: 60 },
    );
  });

  it('survives whatever is entered, in screens that fit', async () => {
    const entry = fc.oneof(
      fc.constantFrom('1', '2', '3', '4', '5', '6', '0', '00', '98', '0712345678', '500', '12345', 'ACC'),
      fc.string({ maxLength: 20 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(entry, { maxLength: 12 }), { maxLength: 3 }), async (list) => {
        const { walk, bridge, purposes } = createWorld();
        for (const entries of list) {
          // oxlint-disable-next-line no-await-in-loop
          expect(fitsScreen((await walk(entries)).text, SCREEN_LIMITS.standard)).toBe(true);
        }
        expect(bridge.calls).toHaveLength(purposes.length);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('refuses a brand that is no text, and bounds that are no amounts', () => {
    expect(() => createWorld({ brand: '{amount}' })).toThrow(/"brand"/);
    expect(() => createWorld({ brand: 'x'.repeat(25) })).toThrow(/"brand"/);
    expect(() => createWorld({ least: 'ten' })).toThrow(/"min"/);
  });
});
