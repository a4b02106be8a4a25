import { createMemoryJournal, type Journal } from '@canza/core';
import {
  createModelNetwork,
  createMortal,
  createSeededRandom,
  createSlow,
  createTurnedClock,
  type Death,
  MODEL_ASSETS,
  ModelLedger,
} from '@canza/core/testing';
import { describe, expect, it } from 'vitest';

import { SettlementService, settlementKinds } from '../src/index.ts';
import type { SettlementRequest } from '../src/service/request.ts';
import { fund, SENDER } from './settlement-world.ts';

type Slots = 'numbers' | 'nonces';

const requests = (count: number): readonly SettlementRequest[] =>
  Array.from({ length: count }, (_, index) => ({
    settlementId: `s${index}`,
    amount: `${index + 1}.00`,
    fromCurrency: 'USD',
    toCurrency: 'USD',
    toAddress: `acct:r${index}`,
  }));

/** A chain and a journal that outlive processes. */
function createWorld(slots: Slots, simulates = true) {
  const clock = createTurnedClock();
  const journal = createMemoryJournal();
  const ledger = new ModelLedger({ clock, slots });
  fund(ledger, SENDER);
  const chain = createModelNetwork({ ledger, simulates });
  return { clock, journal, ledger, chain };
}
type CrashWorld = ReturnType<typeof createWorld>;

const start = ({ clock, journal, chain }: CrashWorld, death: Death | undefined, seed: number) => {
  const mortal = createMortal(clock, death);
  const service = new SettlementService({
    network: mortal.network(chain.factory),
    journal: mortal.journal(journal),
    clock: mortal.clock,
    random: createSeededRandom(seed),
    transport: async () => Promise.reject(new Error('A model network sends nothing.')),
    batching: { maxDelayMs: 5 },
  });
  return { mortal, service };
};

/** Runs until every settlement is at rest, or the process is dead. */
async function runToDeathOrEnd(
  { clock }: CrashWorld,
  { mortal, service }: ReturnType<typeof start>,
  lines: readonly SettlementRequest[],
): Promise<'dead' | 'ended'> {
  const state = { ended: false };
  const all = (async () => {
    await service.initialize();
    await Promise.all(lines.map((line) => service.settlePayment(line)));
    await Promise.all(lines.map(({ settlementId }) => service.waitForSettlement(settlementId)));
    state.ended = true;
  })();
  all.catch(() => undefined);
  for (let turns = 0; turns < 2000 && !state.ended && !mortal.dead; turns++) await clock.advance(50);
  return mortal.dead ? 'dead' : 'ended';
}

/** The records and the ledger's books agree, and each settlement was paid as often as it should. */
async function checkBooks(
  { ledger, journal }: CrashWorld,
  lines: readonly SettlementRequest[],
  frozen: ReadonlySet<string>,
  service: SettlementService,
): Promise<void> {
  for (const { settlementId, toAddress, amount } of lines) {
    const paid = ledger.commits.filter(({ proofs }) => proofs.some(({ account }) => account === toAddress));
    const settlement = await service.getSettlement(settlementId);
    if (frozen.has(toAddress)) {
      expect([settlementId, paid.length, settlement.status, settlement.moneyMoved]).toEqual([
        settlementId,
        0,
        'failed',
        'no',
      ]);
      continue;
    }
    expect([settlementId, paid.length, settlement.status]).toEqual([settlementId, 1, 'settled']);
    expect(settlement.transactionHash).toBe(paid[0]?.hash);
    expect(ledger.balance(toAddress, MODEL_ASSETS.usd.id)).toBe(BigInt(Number.parseInt(amount, 10)) * 1_000_000n);
  }
  await checkNothingIsOpen(journal);
}

async function checkNothingIsOpen(journal: Journal): Promise<void> {
  const kinds = settlementKinds('model');
  for (const [kind, states] of [
    [kinds.settlements, ['created', 'pending', 'review']],
    [kinds.transactions, ['open', 'review']],
  ] as const) {
    for (const state of states) {
      const { entries } = await journal.list({ kind, state, limit: 10 });
      expect([kind, state, entries.map(({ id }) => id)]).toEqual([kind, state, []]);
    }
  }
}

/** Kills a process at its k-th call, for every k, and lets another take over. @returns how many deaths there were. */
async function dieEverywhere(
  slots: Slots,
  effect: Death['effect'],
  lines: readonly SettlementRequest[],
  frozen: ReadonlySet<string> = new Set(),
): Promise<number> {
  for (let atCall = 1; ; atCall++) {
    const world = createWorld(slots, frozen.size === 0);
    for (const address of frozen) world.ledger.freeze(address);
    const first = start(world, { atCall, effect }, 1);
    const outcome = await runToDeathOrEnd(world, first, lines);
    const second = start(world, undefined, 2);
    expect(await runToDeathOrEnd(world, second, lines)).toBe('ended');
    await world.clock.advance(120_000);
    try {
      await checkBooks(world, lines, frozen, second.service);
    } catch (error) {
      throw new Error(`died ${effect} call ${atCall}, ${first.mortal.calls.at(-1)}`, { cause: error });
    }
    await world.clock.runUntil(second.service.shutdown());
    if (outcome === 'ended') {
      return atCall - 1;
    }
  }
}

describe('a process that dies, wherever it does', () => {
  for (const slots of ['numbers', 'nonces'] as const) {
    for (const effect of ['before', 'after'] as const) {
      it(`${effect} a call, settling one with ${slots}: one transfer, and the record is right`, async () => {
        expect(await dieEverywhere(slots, effect, requests(1))).toBeGreaterThan(10);
      });

      it(`${effect} a call, settling a batch with ${slots}: one transfer each, and the records are right`, async () => {
        expect(await dieEverywhere(slots, effect, requests(4))).toBeGreaterThan(15);
      });
    }

    it(`after a call, with one frozen recipient in a batch with ${slots}: the others are paid once, it is not`, async () => {
      expect(await dieEverywhere(slots, 'after', requests(3), new Set(['acct:r1']))).toBeGreaterThan(20);
    });
  }
});

describe('two processes on one journal and one account', () => {
  for (const slots of ['numbers', 'nonces'] as const) {
    it(`that settle the same at the same time with ${slots}, both slow: one transfer each`, async () => {
      for (let seed = 1; seed <= 12; seed++) {
        const world = createWorld(slots);
        const lines = requests(8);
        const services = [1, 2].map((number) => {
          const random = createSeededRandom(seed * 10 + number);
          const slow = createSlow(world.clock, random, 200);
          return new SettlementService({
            network: slow.network(world.chain.factory),
            journal: slow.journal(world.journal),
            clock: world.clock,
            random,
            transport: async () => Promise.reject(new Error('A model network sends nothing.')),
            batching: { maxDelayMs: 20, maxSize: 3 },
            policy: { takeOverAfterMs: 3000, leaseMs: 2000 },
          });
        });
        const work = Promise.all(
          services.map(async (service) => {
            await service.initialize();
            await Promise.all(lines.map((line) => service.settlePayment(line)));
            await Promise.all(lines.map(({ settlementId }) => service.waitForSettlement(settlementId)));
          }),
        );
        await world.clock.runUntil(work);
        const [first] = services;
        if (first === undefined) throw new Error('no service');
        await world.clock.runUntil(Promise.all(services.map((service) => service.shutdown())));
        expect([seed, await timesPaid(world, lines)]).toEqual([seed, lines.map(() => '1, settled')]);
      }
    });
  }
});

/** For each line: in how many transactions it was paid, and what its record says. */
function timesPaid({ ledger, journal }: CrashWorld, lines: readonly SettlementRequest[]): Promise<readonly string[]> {
  return Promise.all(
    lines.map(async ({ settlementId, toAddress }) => {
      const paid = ledger.commits.filter(({ proofs }) => proofs.some(({ account }) => account === toAddress));
      const entry = await journal.read(settlementKinds('model').settlements, settlementId);
      return `${paid.length}, ${entry?.state ?? 'unknown'}`;
    }),
  );
}
