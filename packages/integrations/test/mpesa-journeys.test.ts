import type { Payment } from '@canza/core';
import type { TransactionRequest } from '@canza/mobile-money';
import {
  CALLBACK_FAULT_KINDS,
  type Fault,
  type HandsetBehaviour,
  REQUEST_FAULT_KINDS,
  type RequestFaultKind,
} from '@canza/sandbox';
import { afterEach, describe, expect, it } from 'vitest';

import { createJourney, type DeathPoint, type Journey } from './support/daraja-journey.ts';

const MSISDN = '254722123456';
const REQUEST: TransactionRequest = {
  transactionId: 'order_1',
  type: 'collection',
  amount: '1000.00',
  currency: 'KES',
  phoneNumber: `+${MSISDN}`,
  description: 'Order 1',
};
const DAY_MS = 24 * 60 * 60_000;
/** Longer than any prompt lives and any callback is late. */
const AFTERMATH_MS = 20 * 60_000;

const open: Journey[] = [];
function journey(): Journey {
  const made = createJourney();
  open.push(made);
  return made;
}
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** Rare ticks and an early deadline: simulated days are then a few thousand steps instead of a hundred thousand. */
const CALM = { tickMs: 20_000, reviewAfterMs: 2 * 60 * 60_000 };

/** One payment from request to rest, with everything that was shown on the way. */
async function pay(each: Journey, options: { readonly pull?: boolean } = {}): Promise<Payment> {
  const { bridge } = await each.start({ policy: CALM, ...options });
  try {
    each.note(await each.clock.runUntil(bridge.initiateTransaction(REQUEST)));
  } catch (error) {
    each.note(error);
    throw error;
  }
  await each.clock.runUntil(bridge.waitForTransaction('order_1', { timeoutMs: 3 * DAY_MS }));
  // What was called failed too early may be approved a minute later: the books are read when nothing can happen any more.
  await each.clock.advance(AFTERMATH_MS);
  const result = await bridge.getTransaction('order_1');
  each.note(result);
  return result;
}

/** `right` where the record is what happened, or is with a person who is told that nobody knows; else what is wrong. */
function verdict({ daraja, shown, secrets }: Journey, { status, moneyMoved }: Payment): string {
  const amounts = daraja.books.charges({ msisdn: MSISDN }).map(({ amountMinor }) => amountMinor);
  const text = shown();
  const secret = [...secrets, MSISDN, MSISDN.slice(3)].find((each) => text.includes(each));
  if (secret !== undefined) return 'something secret was shown';
  if (amounts.length > 1) return `charged ${amounts.length} times`;
  if (status === 'succeeded')
    return moneyMoved === 'yes' && amounts[0] === 100_000n ? 'right' : 'succeeded without a charge';
  if (status === 'failed') return moneyMoved === 'no' && amounts.length === 0 ? 'right' : 'failed, and charged';
  return status === 'review' && moneyMoved === 'maybe' ? 'right' : `left ${status}`;
}

describe('an M-Pesa collection', () => {
  it('whose STK reply is cut after acceptance ends succeeded through its callback, with one charge', async () => {
    const each = journey();
    each.daraja.faults.add({ stage: 'submit', kind: 'reply-lost' });
    const result = await pay(each);
    expect(result).toMatchObject({ status: 'succeeded', moneyMoved: 'yes' });
    expect(result.receipt).toBe(each.daraja.books.charges({ msisdn: MSISDN })[0]?.receipt);
    expect(verdict(each, result)).toBe('right');
  });

  it('whose callback never comes ends succeeded through a query', async () => {
    const each = journey();
    each.daraja.faults.add({ stage: 'callback', kind: 'missing' });
    const result = await pay(each);
    expect(result.status).toBe('succeeded');
    expect(verdict(each, result)).toBe('right');
  });

  it('whose reply and callback are both lost goes to a person, and is charged once at most', async () => {
    const each = journey();
    each.daraja.faults.add({ stage: 'submit', kind: 'reply-lost' }, { stage: 'callback', kind: 'missing' });
    const result = await pay(each);
    expect(result).toMatchObject({ status: 'review', moneyMoved: 'maybe' });
    expect(verdict(each, result)).toBe('right');
  });

  describe('whose reply and callback are both lost, with a short code that pulls', () => {
    const lost = () => {
      const each = journey();
      each.daraja.faults.add({ stage: 'submit', kind: 'reply-lost' }, { stage: 'callback', kind: 'missing' });
      return each;
    };

    it('ends succeeded with its receipt, by the account of its prompt', async () => {
      const each = lost();
      const result = await pay(each, { pull: true });
      expect(result).toMatchObject({ status: 'succeeded', moneyMoved: 'yes' });
      expect(result.receipt).toBe(each.daraja.books.charges({ msisdn: MSISDN })[0]?.receipt);
      expect(verdict(each, result)).toBe('right');
    });

    it('goes to a person where the customer declined: that nothing was pulled proves nothing', async () => {
      const each = lost();
      each.daraja.handset.set(MSISDN, 'decline');
      const result = await pay(each, { pull: true });
      expect(result).toMatchObject({ status: 'review', moneyMoved: 'maybe' });
    });

    it('is settled by the statement, where only the app pulls', async () => {
      const each = lost();
      const result = await pay(each);
      expect(result.status).toBe('review');
      const { bridge, mpesa } = await each.start({ pull: true });
      const nowMs = each.clock.nowMs();
      const lines = mpesa.statement({ fromMs: nowMs - DAY_MS, untilMs: nowMs });
      expect(await bridge.reconcile({ provider: 'mpesa', lines })).toMatchObject({
        settled: ['order_1'],
        differences: [],
      });
      expect(verdict(each, await bridge.getTransaction('order_1'))).toBe('right');
    });
  });

  it('that nobody answers ends failed, because the operator lists that code as final', async () => {
    const each = journey();
    each.daraja.handset.set(MSISDN, 'unreachable');
    const result = await pay(each);
    expect(result).toMatchObject({ status: 'failed', moneyMoved: 'no', reason: 'not-answered' });
    expect(verdict(each, result)).toBe('right');
  });
});

describe('a process that is killed', () => {
  for (const diesAt of ['before-send', 'before-reply'] satisfies DeathPoint[]) {
    it(`${diesAt}: the next one ends the payment right, with at most one charge`, async () => {
      const each = journey();
      const first = await each.start({ diesAt });
      void first.bridge.initiateTransaction(REQUEST).catch(() => undefined);
      await each.clock.advance(1000);
      expect((await each.journal.read('payment', 'order_1'))?.state).toBe('sending');

      const second = await each.start({ policy: CALM });
      const again = await each.clock.runUntil(second.bridge.initiateTransaction(REQUEST));
      expect(again).toMatchObject({ transactionId: 'order_1', moneyMoved: 'maybe' });
      const result = await each.clock.runUntil(second.bridge.waitForTransaction('order_1', { timeoutMs: DAY_MS }));
      const charged = each.daraja.books.charges({ msisdn: MSISDN }).length;
      expect(charged).toBe(diesAt === 'before-send' ? 0 : 1);
      expect(result.status).toBe(diesAt === 'before-send' ? 'review' : 'succeeded');
      expect(verdict(each, result)).toBe('right');
    });
  }

  it('after the reply: the next one finds out with the id that was stored', async () => {
    const each = journey();
    each.daraja.faults.add({ stage: 'callback', kind: 'missing' });
    const first = await each.start();
    await each.clock.runUntil(first.bridge.initiateTransaction(REQUEST));
    first.die();
    const second = await each.start({ policy: CALM });
    const result = await each.clock.runUntil(second.bridge.waitForTransaction('order_1'));
    expect(result.status).toBe('succeeded');
    expect(verdict(each, result)).toBe('right');
  });
});

describe('the fault matrix of M-Pesa: the record says what happened, and nothing secret is shown', () => {
  const PHONES: readonly HandsetBehaviour[] = ['approve', 'decline', 'wrong-pin', 'unreachable', 'insufficient-funds'];
  const acceptances = (kind: RequestFaultKind): readonly (boolean | undefined)[] =>
    ['server-error', 'html', 'slow', 'hang'].includes(kind) ? [true, false] : [undefined];

  const faults: Fault[] = [
    ...(['token', 'submit', 'query'] as const).flatMap((stage) =>
      REQUEST_FAULT_KINDS.flatMap((kind) =>
        acceptances(kind).map((accepted) => ({ stage, kind, ...(accepted === undefined ? {} : { accepted }) })),
      ),
    ),
    ...CALLBACK_FAULT_KINDS.map((kind) => ({ stage: 'callback' as const, kind })),
  ];
  for (const fault of faults) {
    const accepted = 'accepted' in fault ? `, accepted: ${String(fault.accepted)}` : '';
    for (const times of [1, Infinity]) {
      it(`${fault.stage}: ${fault.kind}${accepted}, ${times === 1 ? 'once' : 'for good'}`, async () => {
        for (const phone of PHONES) {
          const each = journey();
          each.daraja.handset.set(MSISDN, phone);
          each.daraja.faults.add({ ...fault, times });
          const result = await pay(each);
          expect(verdict(each, result)).toBe('right');
          // Where the operator can be asked and answers, nobody else has to look.
          const mayNeedPerson = times === Infinity || fault.stage === 'submit';
          expect(mayNeedPerson || result.status !== 'review', `${phone}: ${result.status}`).toBe(true);
        }
      });
    }
  }
});
