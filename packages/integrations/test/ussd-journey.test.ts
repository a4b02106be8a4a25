import { createMemoryKeyValueStore, type Transport } from '@canza/core';
import { createSeededRandom } from '@canza/core/testing';
import {
  africasTalking,
  arkesel,
  type Gateway,
  hubtel,
  infobip,
  nalo,
  readyMenu,
  USSDProtocolHandler,
} from '@canza/mobile-money/ussd';
import { createUssdPhone, expectTranscript, type PhoneFault, WIRE_NAMES, type WireName } from '@canza/sandbox/ussd';
import { describe, expect, it } from 'vitest';

import { createJourney } from './support/daraja-journey.ts';

const CODE = '*384*7#';
const PAYER = '+254722000001';
const SECRET_PATH = 'k3fj29dkf83jd02k';
const authenticity = { secretPath: SECRET_PATH };

const GATEWAYS: Readonly<Record<WireName, Gateway>> = {
  'africas-talking': africasTalking({ authenticity }),
  hubtel: hubtel({ authenticity }),
  arkesel: arkesel({ authenticity, serviceCode: CODE }),
  nalo: nalo({ authenticity, serviceCode: CODE }),
  infobip: infobip({ authenticity, serviceCode: CODE }),
};

/** Somebody with a phone, a gateway, our handler, our bridge and the operator's emulator, on one clock. */
async function createWorld(gateway: WireName) {
  const journey = createJourney(5);
  const { clock, daraja } = journey;
  const { bridge } = await journey.start();
  const messages: string[] = [];
  const handler = new USSDProtocolHandler({
    ...readyMenu({ brand: 'Canza Pay', currency: 'KES', country: 'KE', least: '10', most: '150000', payments: bridge }),
    gateway: GATEWAYS[gateway],
    store: createMemoryKeyValueStore({ clock }),
    payments: bridge,
    sms: { send: async ({ text }) => void messages.push(text) },
    clock,
  });
  bridge.on('payment.changed', ({ payment }) => void handler.tellOutcome(payment));
  const transport: Transport = async ({ url, headers, body }) => {
    const response = await handler.handle(new Request(url, { method: 'POST', headers, body: body ?? null }));
    return { status: response.status, headers: {}, body: await response.text() };
  };
  const phone = createUssdPhone({
    url: `https://pay.example.com/ussd/${SECRET_PATH}`,
    gateway,
    serviceCode: CODE,
    phoneNumber: PAYER,
    transport,
    clock,
    random: createSeededRandom(3),
  });
  return { journey, clock, daraja, bridge, handler, messages, phone };
}

const sendMoney = (fault?: PhoneFault): string => `
dial ${CODE}
| Welcome to Canza Pay
| 1. Send Money
| ...
type 1
| Send Money
| Enter the phone number of the recipient:
| ...
type 0733000111
| Enter the amount in KES:
| ...
type 500
| Send KES 500 to +254733000111?
| 1. Confirm
| 2. Cancel
| ...
${fault === undefined ? '' : `fault ${fault}`}
type 1
${fault === 'drop' ? 'error' : '| Thank you. You will be asked on your phone to approve KES 500. We tell you by SMS when it is done.\nend'}
`;

describe('a session that pays', () => {
  it.each(WIRE_NAMES)('over %s charges once, and the payer is told', async (gateway) => {
    const { journey, clock, daraja, handler, messages, phone } = await createWorld(gateway);
    const played = expectTranscript(sendMoney(), {
      // People take a while to read; without it a gateway that numbers no hops could not tell "1" from "1" again.
      ...phone,
      get isOpen() {
        return phone.isOpen;
      },
      enter: async (text) => {
        await clock.advance(5_000);
        return phone.enter(text);
      },
    });
    await played;
    expect(daraja.books.charges()).toHaveLength(0);
    await clock.advance(120_000);
    await handler.settled();
    expect(daraja.books.charges().map(({ msisdn }) => msisdn)).toEqual(['254722000001']);
    expect(messages).toEqual([
      expect.stringMatching(/^Your payment of KES 500 is made\. Send money to \+254733000111 ?(?:Receipt: \w+)?$/),
    ]);
    await clock.advance(600_000);
    await handler.shutdown();
    await journey.close();
  });

  it.each<PhoneFault>(['duplicate', 'drop'])('whose last hop meets the fault "%s" charges once', async (fault) => {
    const { journey, clock, daraja, handler, phone } = await createWorld('africas-talking');
    await expectTranscript(sendMoney(fault), phone);
    await clock.advance(3_000);
    // The payer does not know what became of it, and dials again.
    await expectTranscript(`dial ${CODE}\n| Last payment: KES 500 on its way\n| Welcome to Canza Pay\n| ...`, phone);
    await clock.advance(120_000);
    await handler.settled();
    expect(daraja.books.charges()).toHaveLength(1);
    await handler.shutdown();
    await journey.close();
  });

  it('that loses its signal before the confirmation pays nothing until it is taken up', async () => {
    const { journey, clock, daraja, handler, phone } = await createWorld('africas-talking');
    await expectTranscript(
      `dial ${CODE}\ntype 1\ntype 0733000111\ntype 500\n| Send KES 500 to +254733000111?\n| ...\nlose`,
      phone,
    );
    await clock.advance(60_000);
    expect(daraja.books.charges()).toHaveLength(0);
    await expectTranscript(
      `dial ${CODE}\n| You were not finished last time.\n| 1. Continue\n| 2. Start again\ntype 1\n| Send KES 500 to +254733000111?\n| ...\ntype 1\n| ...\nend`,
      phone,
    );
    await clock.advance(120_000);
    await handler.settled();
    expect(daraja.books.charges()).toHaveLength(1);
    await handler.shutdown();
    await journey.close();
  });

  it('is not answered at an address that nobody was told', async () => {
    const { journey, handler } = await createWorld('africas-talking');
    const request = new Request('https://pay.example.com/ussd', { method: 'POST', body: 'sessionId=1' });
    expect((await handler.handle(request)).status).toBe(403);
    await handler.shutdown();
    await journey.close();
  });
});
