import { createMemoryJournal, type Journal, TransportError } from '@canza/core';
import { describe, expect, it } from 'vitest';

import { settlementKinds } from '../src/index.ts';
import { REQUEST, world } from './settlement-world.ts';

const KINDS = settlementKinds('model');

/** A journal whose first insert of a transaction is held up on its way, before it takes effect, until it is let go. */
function createHeldUp(journal: Journal) {
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => void (letGo = resolve));
  const outcomes: string[] = [];
  let seen = false;
  const held: Journal = Object.assign(Object.create(journal) as Journal, {
    insert: async (...args: Parameters<Journal['insert']>) => {
      if (args[0].kind !== KINDS.transactions || seen) return journal.insert(...args);
      seen = true;
      await gate;
      const result = await journal.insert(...args);
      outcomes.push(result.outcome);
      return result;
    },
  });
  return { held, letGo, outcomes };
}

describe('a process that is only slow, while another takes over what it held', () => {
  for (const slots of ['numbers', 'nonces'] as const) {
    it(`finds its transaction declared dead, and submits nothing, with ${slots}`, async () => {
      const journal = createMemoryJournal();
      const { held, letGo, outcomes } = createHeldUp(journal);
      const slow = await world({ journal: held, model: { slots }, policy: { journalTimeoutMs: 600_000 } });
      const other = await slow.another({ journal });
      const sent = slow.service.settlePayment(REQUEST);
      await slow.clock.advance(100);
      expect((await slow.service.getSettlement(REQUEST.settlementId)).status).toBe('pending');
      const settled = await slow.clock.runUntil(other.service.waitForSettlement(REQUEST.settlementId));
      expect(settled).toMatchObject({ status: 'settled', attempts: 2 });
      letGo();
      await slow.clock.runUntil(sent);
      await slow.clock.advance(60_000);
      expect(outcomes).toEqual(['exists']);
      expect([...slow.chain.submissions, ...other.chain.submissions]).toHaveLength(1);
      expect(slow.held('acct:alice')).toBe(500_000_000n);
    });
  }

  for (const slots of ['numbers', 'nonces'] as const) {
    it(`and could not sign after all, sets nothing free that another transaction carries by then, with ${slots}`, async () => {
      const slow = await world({ model: { slots }, policy: { queryTimeoutMs: 600_000 } });
      let giveUpSigning: () => void = () => undefined;
      const signing = new Promise<never>((_, reject) => {
        giveUpSigning = () => reject(new TransportError('timeout', 'The signer does not answer.'));
      });
      const { build } = slow.chain.network;
      let builds = 0;
      Object.assign(slow.chain.network, {
        build: (...args: Parameters<typeof build>) => (builds++ === 0 ? signing : build(...args)),
      });
      const other = await slow.another();
      const sent = slow.service.settlePayment(REQUEST);
      await slow.clock.advance(100);
      slow.ledger.hold();
      await slow.clock.advance(70_000);
      const carried = await slow.service.getSettlement(REQUEST.settlementId);
      expect(carried).toMatchObject({ status: 'pending', moneyMoved: 'maybe' });
      expect(carried.attempts).toBeGreaterThan(1);
      giveUpSigning();
      await slow.clock.runUntil(sent);
      expect(await slow.service.getSettlement(REQUEST.settlementId)).toEqual(carried);
      await slow.clock.advance(60_000);
      slow.ledger.hold(false);
      await slow.clock.runUntil(other.service.waitForSettlement(REQUEST.settlementId));
      await slow.clock.advance(120_000);
      expect(slow.held('acct:alice')).toBe(500_000_000n);
    });
  }
});
