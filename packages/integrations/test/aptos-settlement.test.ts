/** The settlement service on Aptos, over sockets, under trouble drawn from a seed; the emulator's books say what really moved. */
import { SettlementService, type SettlementSettings } from '@canza/blockchain';
import { type AptosSettings, aptos, createSigner } from '@canza/blockchain/aptos';
import { createMemoryJournal, type Journal } from '@canza/core';
import { createSeededRandom } from '@canza/core/testing';
import { APTOS_ASSETS, type AptosAddress, type AptosServer, startAptosServer } from '@canza/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const KEY = '5e'.repeat(32);
const OTHER_KEY = '4d'.repeat(32);
const PAYER_KEY = '6f'.repeat(32);
const PLENTY = 10n ** 15n;
const OWNERS = [KEY, OTHER_KEY, PAYER_KEY].map((key) => createSigner(key).address);
const [SENDER = '0x'] = OWNERS;

let server: AptosServer;
let journal: Journal;
const running: SettlementService[] = [];

beforeEach(async () => {
  journal = createMemoryJournal();
  server = await startAptosServer({
    blockIntervalMs: 10,
    balances: OWNERS.flatMap((owner) => [
      { owner, asset: APTOS_ASSETS.usdc, amountMinor: PLENTY },
      { owner, asset: APTOS_ASSETS.apt, amountMinor: PLENTY },
    ]),
  });
});
afterEach(async () => {
  for (const service of running.splice(0)) await service.shutdown();
  const audit = server.emulator.books.audit();
  await server.close();
  expect(
    audit.every(({ unaccountedMinor, supplyErrorMinor }) => unaccountedMinor === 0n && supplyErrorMinor === 0n),
  ).toBe(true);
});

const networkWith = (settings: Partial<AptosSettings> = {}) =>
  aptos({
    nodeUrl: server.nodeUrl,
    ...(settings.senders === undefined ? { privateKey: KEY } : {}),
    assets: { USD: { fungibleAsset: APTOS_ASSETS.usdc, decimals: 6 } },
    exchangeTimeoutMs: 2000,
    ...settings,
  });

async function serviceWith(
  settings: Partial<AptosSettings> = {},
  more: Partial<SettlementSettings> = {},
): Promise<SettlementService> {
  const service = new SettlementService({
    network: networkWith(settings),
    journal,
    policy: { tickMs: 50, retryEveryMs: 200, gapAfterMs: 500, takeOverAfterMs: 1000, slowestLookMs: 500 },
    ...more,
  });
  running.push(service);
  await service.initialize();
  return service;
}
const recipient = (index: number): AptosAddress => `0x${(0xa000 + index).toString(16).padStart(64, 'b')}`;
const usd = (owner: AptosAddress): bigint => server.emulator.books.balanceMinor(owner, APTOS_ASSETS.usdc);
const request = (index: number, amount = '1') => ({
  settlementId: `s-${index}`,
  amount,
  fromCurrency: 'USD',
  toCurrency: 'USD',
  toAddress: recipient(index),
});

/** Settles to so many recipients at once, and waits for the end of each. */
async function settleAll(service: SettlementService, count: number) {
  await Promise.all(Array.from({ length: count }, (_, index) => service.settlePayment(request(index))));
  return Promise.all(
    Array.from({ length: count }, (_, index) => service.waitForSettlement(`s-${index}`, { timeoutMs: 60_000 })),
  );
}

describe('settlements arrive once each', () => {
  it('under trouble of every kind drawn from a seed', async () => {
    const service = await serviceWith({}, { batching: { maxSize: 3, maxDelayMs: 5 } });
    server.emulator.faults.draw({
      random: createSeededRandom(11),
      share: 0.25,
      candidates: [
        { stage: 'submit', kind: 'reply-lost' },
        { stage: 'submit', kind: 'html', accepted: true },
        { stage: 'submit', kind: 'server-error', accepted: false },
        { stage: 'query', kind: 'reply-lost' },
        { stage: 'chain', kind: 'dropped', operation: 'submit' },
        { stage: 'chain', kind: 'lagging-node', delayMs: 2000 },
      ],
    });
    const settled = await settleAll(service, 20);
    expect(settled.every(({ status }) => status === 'settled')).toBe(true);
    for (let index = 0; index < 20; index += 1) expect(usd(recipient(index))).toBe(1_000_000n);
  }, 60_000);

  it('from several accounts with one payer of fees, over two services on one journal', async () => {
    const settings: Partial<AptosSettings> = {
      senders: [{ privateKey: KEY }, { privateKey: OTHER_KEY }],
      feePayer: { privateKey: PAYER_KEY },
    };
    const services = [await serviceWith(settings), await serviceWith(settings)];
    // Both are asked for the same settlements.
    const all = await Promise.all(services.map((service) => settleAll(service, 20)));
    for (const settled of all) expect(settled.every(({ status }) => status === 'settled')).toBe(true);
    for (let index = 0; index < 20; index += 1) expect(usd(recipient(index))).toBe(1_000_000n);
    expect(server.emulator.chain.sequenceNumber(OWNERS[2] ?? '0x')).toBe(0n);
  }, 60_000);
});

it('the fees that are reported are those of the books, but for the octas that do not divide', async () => {
  const service = await serviceWith();
  const before = server.emulator.books.balanceMinor(SENDER);
  const settled = await settleAll(service, 30);
  const fees = settled.reduce((sum, { fee }) => sum + BigInt(fee ?? 0), 0n);
  const paid = before - server.emulator.books.balanceMinor(SENDER);
  expect(paid - fees).toBeGreaterThanOrEqual(0n);
  expect(paid - fees).toBeLessThan(30n);
});
