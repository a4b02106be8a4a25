/**
 * Settlements a second through the service on the emulator, each until it is settled: batched, and one transaction each. And the memory of
 * 10,000 of them. Journal in memory, emulator in a second process; rounds interleaved, ratios within a round.
 */
import { SettlementService } from '@canza/blockchain';
import { aptos } from '@canza/blockchain/aptos';
import { createMemoryJournal } from '@canza/core';

import { startEmulator } from './emulator-process.ts';
import { median, ratioLine } from './rounds.ts';

const ROUNDS = 5;
const BATCHED = 4000;
const ALONE = 200;
const MANY = 10_000;
const KEYS = { batched: '51'.repeat(32), alone: '52'.repeat(32), many: '53'.repeat(32) } as const;
const recipient = (index: number): string => `0x${(index % 100).toString(16).padStart(64, 'b')}`;

const emulator = await startEmulator(Object.values(KEYS));
const serviceOf = async (privateKey: string, maxSize: number): Promise<SettlementService> => {
  const service = new SettlementService({
    network: aptos({
      nodeUrl: emulator.nodeUrl,
      privateKey,
      assets: { USD: { fungibleAsset: emulator.usdc, decimals: 6 } },
    }),
    journal: createMemoryJournal(),
    batching: { maxSize, maxDelayMs: maxSize === 1 ? 0 : 20 },
  });
  await service.initialize();
  return service;
};

interface Run {
  readonly perSecond: number;
  readonly cpuMicros: number;
  /** Of the emulator, in its own process on the same cores. */
  readonly emulatorMicros: number;
}
let round = 0;
async function settle(service: SettlementService, count: number): Promise<Run> {
  round += 1;
  const idOf = (index: number): string => `r${round}-${index}`;
  const emulatorBefore = await emulator.cpuMicros();
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const settlementId = idOf(index);
      const asked = { fromCurrency: 'USD', toCurrency: 'USD', toAddress: recipient(index), amount: '0.01' };
      await service.settlePayment({ settlementId, ...asked });
      const { status } = await service.waitForSettlement(settlementId);
      if (status !== 'settled') throw new Error(`${settlementId} is ${status}`);
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const emulatorMicros = ((await emulator.cpuMicros()) - emulatorBefore) / count;
  return { perSecond: count / seconds, cpuMicros: (user + system) / count, emulatorMicros };
}

const [batching, alone] = [await serviceOf(KEYS.batched, 100), await serviceOf(KEYS.alone, 1)];
await settle(batching, 100);
await settle(alone, 10);
const runs = { batched: [] as Run[], alone: [] as Run[] };
for (let count = 0; count < ROUNDS; count += 1) {
  runs.batched.push(await settle(batching, BATCHED));
  runs.alone.push(await settle(alone, ALONE));
}
await Promise.all([batching.shutdown(), alone.shutdown()]);

const middle = (all: readonly Run[], what: keyof Run): string => median(all.map((run) => run[what])).toFixed(0);
for (const [name, all] of Object.entries(runs)) {
  const cpu = `${middle(all, 'cpuMicros')} µs of CPU each, and ${middle(all, 'emulatorMicros')} µs of the emulator's`;
  console.log(`${name.padEnd(8)} ${middle(all, 'perSecond')} settlements/s, ${cpu}`);
}
console.log(
  ratioLine(
    'batched beside one transaction each',
    runs.batched.map(({ perSecond }) => perSecond),
    runs.alone.map(({ perSecond }) => perSecond),
  ),
);
console.log(
  ratioLine(
    'the same in CPU',
    runs.alone.map(({ cpuMicros }) => cpuMicros),
    runs.batched.map(({ cpuMicros }) => cpuMicros),
  ),
);

const used = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1e6;
};
const many = await serviceOf(KEYS.many, 100);
const before = used();
await settle(many, MANY);
console.log(`${MANY} settlements: ${(used() - before).toFixed(0)} MB, journal in memory included`);
await many.shutdown();
emulator.close();
