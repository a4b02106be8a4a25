/**
 * Payments a second on the emulator, each to its commit: batched, one transaction each, and through the SDK's own worker. And the gas of
 * each. Rounds interleaved, ratios within a round.
 */
import {
  Account,
  Aptos,
  AptosConfig,
  Ed25519PrivateKey,
  type InputGenerateTransactionPayloadData,
  Network,
  TransactionWorkerEventsEnum,
} from '@aptos-labs/ts-sdk';
import { AptosClient } from '@canza/blockchain/aptos';

import { startEmulator } from './emulator-process.ts';
import { median, ratioLine } from './rounds.ts';

const ROUNDS = 5;
const PAYMENTS = 400;
const BATCH = 100;
/** Enough for a second or so. */
const BATCHES = 40;
const KEYS = Array.from({ length: 2 + ROUNDS }, (_, index) => (index + 17).toString(16).padStart(64, '5'));
const [batchKey = '', singleKey = '', ...workerKeys] = KEYS;
const recipient = (index: number): `0x${string}` => `0x${index.toString(16).padStart(64, 'b')}`;

const emulator = await startEmulator(KEYS);
const { nodeUrl, usdc } = emulator;

const clientOf = (privateKey: string): AptosClient =>
  new AptosClient({ nodeUrl, privateKey, assets: { USD: { fungibleAsset: usdc, decimals: 6 } } });
const batching = clientOf(batchKey);
const single = clientOf(singleKey);
const transfers = Array.from({ length: BATCH }, (_, index) => ({ to: recipient(index), amount: '0.01' }));

interface Run {
  readonly perSecond: number;
  readonly cpuMicros: number;
}
async function measured(payments: number, work: () => Promise<void>): Promise<Run> {
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: payments / seconds, cpuMicros: (user + system) / payments };
}

const batched = (): Promise<void> => measuredAll(BATCHES, () => batching.batchTransfer({ asset: 'USD', transfers }));
const oneEach = (): Promise<void> =>
  measuredAll(PAYMENTS, (index) =>
    single.transfer({ asset: 'USD', to: recipient(index % BATCH), amount: '0.01' }, { maxGasUnits: 2000n }),
  );
async function measuredAll(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, index) => work(index)));
}

/** The SDK's worker, on an account of its own for each round: it burns a number each time it starts. */
async function worker(privateKey: string): Promise<void> {
  const aptos = new Aptos(new AptosConfig({ network: Network.CUSTOM, fullnode: nodeUrl }));
  const sender = Account.fromPrivateKey({ privateKey: new Ed25519PrivateKey(`0x${privateKey}`, false) });
  const data: InputGenerateTransactionPayloadData[] = Array.from({ length: PAYMENTS }, (_, index) => ({
    function: '0x1::primary_fungible_store::transfer',
    typeArguments: ['0x1::fungible_asset::Metadata'],
    functionArguments: [usdc, recipient(index % BATCH), 10_000],
  }));
  // The SDK's types lose what it inherits from its event emitter.
  const events = aptos.transaction.batch as unknown as { on(event: string, listener: () => void): void };
  const done = new Promise<void>((resolve) => {
    events.on(TransactionWorkerEventsEnum.ExecutionFinish, resolve);
  });
  aptos.transaction.batch.forSingleAccount({ sender, data });
  await done;
}

// The stores of the recipients exist from here on, and both accounts.
const firstBatch = await batching.batchTransfer({ asset: 'USD', transfers });
await single.transfer({ asset: 'USD', to: recipient(0), amount: '0.01' });
const [batchGas, singleGas] = [
  (await batching.batchTransfer({ asset: 'USD', transfers })).gasUsed,
  (await single.transfer({ asset: 'USD', to: recipient(0), amount: '0.01' })).gasUsed,
];

const runs: Record<'batched' | 'oneEach' | 'worker', Run[]> = { batched: [], oneEach: [], worker: [] };
for (let round = 0; round < ROUNDS; round += 1) {
  runs.batched.push(await measured(BATCHES * BATCH, batched));
  runs.oneEach.push(await measured(PAYMENTS, oneEach));
  runs.worker.push(await measured(PAYMENTS, () => worker(workerKeys[round] ?? '')));
}
await Promise.all([batching.close(), single.close()]);
emulator.close();

const speeds = (name: keyof typeof runs): number[] => runs[name].map(({ perSecond }) => perSecond);
for (const [name, all] of Object.entries(runs)) {
  const cpu = median(all.map(({ cpuMicros }) => cpuMicros));
  console.log(
    `${name.padEnd(8)} ${median(all.map(({ perSecond }) => perSecond)).toFixed(0)} payments/s, ${cpu.toFixed(0)} µs of CPU each`,
  );
}
console.log(ratioLine('batched beside one transaction each', speeds('batched'), speeds('oneEach')));
console.log(ratioLine('one transaction each beside the SDK’s worker', speeds('oneEach'), speeds('worker')));
console.log(
  `gas of a payment: ${singleGas} units alone, ${Number(batchGas) / BATCH} in a batch of ${BATCH} (${Number(firstBatch.gasUsed) / BATCH} where each recipient is new)`,
);
