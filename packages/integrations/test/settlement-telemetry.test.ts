import { SettlementService } from '@canza/blockchain';
import { aptos, createSigner } from '@canza/blockchain/aptos';
import { createMemoryJournal } from '@canza/core';
import { createTelemetry, METRICS, traceIdOfSettlement, traceIdOfTransaction } from '@canza/core/opentelemetry';
import { APTOS_ASSETS, type AptosServer, startAptosServer } from '@canza/sandbox';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { createIntegrations } from '../src/index.ts';
import { createTelemetryBackend } from './support/telemetry-backend.ts';

const SENDER_KEY = '5e'.repeat(32);
const RECIPIENT = `0x${'b0'.repeat(32)}`;

let chain: AptosServer;
beforeEach(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const { address } = createSigner(SENDER_KEY);
  chain = await startAptosServer({
    speed: 50,
    balances: [
      { owner: address, asset: APTOS_ASSETS.usdc, amountMinor: 10n ** 12n },
      { owner: address, asset: APTOS_ASSETS.apt, amountMinor: 10n ** 12n },
    ],
  });
});
afterEach(async () => {
  context.disable();
  await chain.close();
});

it('a settlement has a trace, its transaction another that the hash names, and no key is shown', {
  timeout: 60_000,
}, async () => {
  const backend = createTelemetryBackend();
  const telemetry = createTelemetry(backend);
  const journal = createMemoryJournal();
  const assets = { USD: { fungibleAsset: APTOS_ASSETS.usdc, decimals: 6 } };
  const service = new SettlementService({
    network: telemetry.network(aptos({ nodeUrl: chain.nodeUrl, privateKey: SENDER_KEY, assets })),
    journal: telemetry.journal(journal),
  });
  const stop = telemetry.watch({ settlements: service, journal });
  await service.initialize();
  const request = { settlementId: 'settlement_1', amount: '5.00', fromCurrency: 'USD', toCurrency: 'USD' } as const;
  await service.settlePayment({ ...request, toAddress: RECIPIENT });
  const { status, transactionHash = '' } = await service.waitForSettlement('settlement_1', { timeoutMs: 30_000 });
  expect(status).toBe('settled');

  const spansOf = (traceId: string) => backend.spans().filter((span) => span.spanContext().traceId === traceId);
  const settled = spansOf(traceIdOfSettlement('aptos-4', 'settlement_1'));
  expect(settled.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['journal insert', 'journal replace', 'settlement payment']),
  );
  expect(settled.find(({ name }) => name === 'settlement payment')?.attributes).toMatchObject({
    'canza.settlement.status': 'settled',
    'canza.money.moved': 'yes',
    'canza.transaction.hash': transactionHash,
  });
  const sent = spansOf(traceIdOfTransaction(transactionHash));
  expect(sent.map(({ name }) => name)).toEqual(expect.arrayContaining(['submit aptos-4', 'look aptos-4', 'POST']));
  expect(sent.find(({ name }) => name === 'submit aptos-4')?.attributes['canza.network.answer']).toBe('accepted');

  await expect(backend.points('canza.settlements.ended')).resolves.toEqual([
    {
      value: 1,
      attributes: {
        'canza.settlement.kind': 'payment',
        'canza.network': 'aptos-4',
        'canza.currency': 'USD',
        'canza.settlement.status': 'settled',
      },
    },
  ]);
  const [fees] = await backend.points('canza.settlement.fees');
  expect(fees?.value).toBe(Number(chain.emulator.books.feesOctas()));
  const all = await Promise.all(Object.values(METRICS).map(({ name }) => backend.points(name)));
  const shown = JSON.stringify([
    backend.spans().map(({ name, attributes, events }) => [name, attributes, events]),
    all,
  ]);
  expect(shown).not.toContain(SENDER_KEY);

  stop();
  await service.shutdown();
  await backend.close();
});

it('one configuration traces its settlements too: what the journal writes of them, and what nodes are asked', {
  timeout: 60_000,
}, async () => {
  const backend = createTelemetryBackend();
  const integrations = await createIntegrations({
    journal: 'memory',
    settlement: {
      aptos: {
        nodeUrl: chain.nodeUrl,
        privateKey: SENDER_KEY,
        assets: { USD: { fungibleAsset: APTOS_ASSETS.usdc, decimals: 6 } },
      },
    },
    telemetry: createTelemetry(backend),
  });
  await integrations.initialize();
  const request = { settlementId: 'settlement_2', amount: '5.00', fromCurrency: 'USD', toCurrency: 'USD' } as const;
  await integrations.settlement.settlePayment({ ...request, toAddress: RECIPIENT });
  const { transactionHash = '' } = await integrations.settlement.waitForSettlement('settlement_2', {
    timeoutMs: 30_000,
  });
  const namesIn = (traceId: string) =>
    backend
      .spans()
      .filter((span) => span.spanContext().traceId === traceId)
      .map(({ name }) => name);
  expect(namesIn(traceIdOfSettlement('aptos-4', 'settlement_2'))).toEqual(
    expect.arrayContaining(['journal insert', 'journal replace', 'settlement payment']),
  );
  expect(namesIn(traceIdOfTransaction(transactionHash))).toEqual(
    expect.arrayContaining(['journal insert', 'submit aptos-4', 'look aptos-4', 'POST']),
  );
  await integrations.shutdown();
  await backend.close();
});
