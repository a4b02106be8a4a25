import { createSeededRandom } from '@canza/core/testing';
import type { TransactionRequest } from '@canza/mobile-money';
import { describe, expect, it } from 'vitest';

import { createJourney } from './support/daraja-journey.ts';

const PAYMENTS = 1000;

const requestOf = (index: number): TransactionRequest => ({
  transactionId: `order_${index}`,
  type: 'collection',
  amount: '100.00',
  currency: 'KES',
  phoneNumber: `+2547221${String(index).padStart(5, '0')}`,
});

describe('two bridges on one journal, both asked for the same 1,000 payments, one killed half-way', () => {
  it('charge nobody twice and lose nothing', { timeout: 60_000 }, async () => {
    const journey = createJourney(11);
    const { clock, daraja } = journey;
    // A share of everything goes wrong while the one is killed and the other goes on.
    daraja.faults.draw({
      random: createSeededRandom(3),
      share: 0.04,
      candidates: [
        { stage: 'submit', kind: 'reply-lost' },
        { stage: 'submit', kind: 'cut-json' },
        { stage: 'callback', kind: 'missing' },
        { stage: 'callback', kind: 'doubled' },
        { stage: 'query', kind: 'html' },
      ],
    });
    const policy = { tickMs: 5000 };
    const [first, second] = [await journey.start({ policy }), await journey.start({ policy })];
    const asked: Promise<unknown>[] = [];
    for (let index = 0; index < PAYMENTS; index++) {
      const request = requestOf(index);
      // What a killed process is asked for is never answered; nobody waits for it.
      void first.bridge.initiateTransaction(request).catch(() => undefined);
      asked.push(second.bridge.initiateTransaction(request));
      if (index % 50 === 0) await clock.advance(200);
      if (index === PAYMENTS / 2) first.die();
    }
    await clock.runUntil(Promise.all(asked));
    const ends = await clock.runUntil(
      Promise.all(
        Array.from({ length: PAYMENTS }, (_, index) =>
          second.bridge.waitForTransaction(`order_${index}`, { timeoutMs: 86_400_000 }),
        ),
      ),
    );
    const byStatus = Object.groupBy(ends, ({ status }) => status);
    const charges = daraja.books.charges();
    const charged = new Set(charges.map(({ msisdn }) => msisdn));
    expect(charged.size, 'nobody is charged twice').toBe(charges.length);
    expect(ends.length).toBe(PAYMENTS);
    expect(byStatus.failed ?? []).toEqual([]);
    expect(byStatus.succeeded?.every(({ attempts }) => attempts.at(-1)?.moneyMoved === 'yes')).toBe(true);
    // Only a payment whose reply and callback both went missing, or whose process died before it sent, needs a person.
    const reviewed = byStatus.review?.length ?? 0;
    expect((byStatus.succeeded?.length ?? 0) + reviewed).toBe(PAYMENTS);
    expect(reviewed).toBeLessThan(PAYMENTS / 20);
    expect(charges.length).toBeGreaterThanOrEqual(byStatus.succeeded?.length ?? 0);
    await journey.close();
  });
});
