import { SettlementService, settlementKinds } from '@canza/blockchain';
import { aptos } from '@canza/blockchain/aptos';
import { systemClock } from '@canza/core';
import { createMortal, type Death } from '@canza/core/testing';
import { describe, expect, it } from 'vitest';

import {
  POLICY,
  request,
  type SettlementChain,
  startSettlementChain,
  TREASURY_KEY,
  USDC,
  usd,
} from './support/settlement-chain.ts';

/** The calls between which a settlement can lose its process, in the order in which they come. */
const DEATHS: readonly Omit<Death, 'effect'>[] = [
  { named: 'journal.insert', atCall: 2 },
  { named: 'network.estimate', atCall: 1 },
  { named: 'journal.claimDue', atCall: 3 },
  { named: 'network.nextSlot', atCall: 1 },
  { named: 'network.ledger', atCall: 1 },
  { named: 'journal.replace', atCall: 1 },
  { named: 'network.build', atCall: 1 },
  { named: 'journal.insert', atCall: 3 },
  { named: 'journal.replace', atCall: 2 },
  { named: 'network.submit', atCall: 1 },
  { named: 'network.look', atCall: 1 },
  { named: 'journal.replace', atCall: 3 },
  { named: 'journal.replace', atCall: 4 },
  { named: 'journal.replace', atCall: 5 },
];

/** Starts a settlement in a process that dies, and resolves once it is dead, or has nothing more to do. */
async function dieAt(on: SettlementChain, death: Death): Promise<boolean> {
  const mortal = createMortal(systemClock, death);
  const service = new SettlementService({
    network: mortal.network(
      aptos({
        nodeUrl: on.server.nodeUrl,
        privateKey: TREASURY_KEY,
        assets: { USD: { fungibleAsset: USDC, decimals: 6 } },
      }),
    ),
    journal: mortal.journal(on.journal),
    clock: mortal.clock,
    policy: POLICY,
  });
  void (async () => {
    await service.initialize();
    await service.settlePayment(request(1));
  })().catch(() => undefined);
  for (let waits = 0; waits < 300 && !mortal.dead; waits++) {
    await new Promise((resolve) => void setTimeout(resolve, 10));
  }
  return mortal.dead;
}

describe('a process that settles on Aptos and dies', () => {
  for (const effect of ['before', 'after'] as const) {
    it(`${effect} each of its calls leaves one transfer to its successor, and the record is right`, async () => {
      const outcomes = await Promise.all(
        DEATHS.map(async (death) => {
          const on = await startSettlementChain();
          const died = await dieAt(on, { ...death, effect });
          const successor = await on.start();
          await successor.settlePayment(request(1));
          const settled = await successor.waitForSettlement('s1', { timeoutMs: 60_000 });
          const committed = on.server.emulator.chain.committed(settled.transactionHash as `0x${string}`);
          const outcome = [death, died, settled.status, committed !== undefined, on.held(1), on.arrivals(1)];
          on.audit();
          await on.close();
          return outcome;
        }),
      );
      expect(outcomes).toEqual(DEATHS.map((death) => [death, true, 'settled', true, usd(500), 1]));
    }, 120_000);
  }
});

describe('two services on one journal and one account', () => {
  it('that are asked for the same at the same time pay it once', async () => {
    const on = await startSettlementChain();
    const services = [await on.start(), await on.start()];
    const lines = Array.from({ length: 20 }, (_, index) => request(index));
    await Promise.all(services.flatMap((service) => lines.map((line) => service.settlePayment(line))));
    const all = await Promise.all(
      services.flatMap((service) => lines.map(({ settlementId }) => service.waitForSettlement(settlementId))),
    );
    expect(all.map(({ status }) => status)).toEqual(all.map(() => 'settled'));
    expect(lines.map((_, index) => [on.held(index), on.arrivals(index)])).toEqual(lines.map(() => [usd(500), 1]));
    const { entries } = await on.journal.list({ kind: settlementKinds('aptos-4').transactions, limit: 100 });
    expect(entries.every(({ state }) => state === 'committed')).toBe(true);
    on.audit();
    await on.close();
  });
});
