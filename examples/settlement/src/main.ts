/**
 * Settles 500.00 USD on Aptos. Offline against the emulator; with APTOS_NODE_URL and APTOS_PRIVATE_KEY it is the same on testnet, for an
 * account that holds USDC and some APT.
 */
import { SettlementService } from '@canza/blockchain';
import { APTOS_ASSETS, aptos, createSigner } from '@canza/blockchain/aptos';
import { createMemoryJournal } from '@canza/core';
import { APTOS_ASSETS as EMULATED, startAptosServer } from '@canza/sandbox';

const { APTOS_NODE_URL, APTOS_PRIVATE_KEY: privateKey = '5e'.repeat(32) } = process.env;
const recipient = '0x5b3f2e1d0c9b8a7f6e5d4c3b2a190817263544f5e6d7c8b9aabbccddeeff0011';
const sender = createSigner(privateKey).address;

const emulator =
  APTOS_NODE_URL === undefined
    ? await startAptosServer({
        balances: [
          { owner: sender, asset: EMULATED.usdc, amountMinor: 1_000_000_000n },
          { owner: sender, asset: EMULATED.apt, amountMinor: 100_000_000n },
        ],
      })
    : undefined;

const service = new SettlementService({
  network: aptos({
    nodeUrl: APTOS_NODE_URL ?? emulator?.nodeUrl ?? '',
    privateKey,
    assets: { USD: APTOS_ASSETS.testnet.USDC },
  }),
  // A real service keeps its journal in PostgreSQL or Redis, so that it survives the process.
  journal: createMemoryJournal(),
  maxSettlementAmount: '100000.0',
  autoConfirm: true,
});
await service.initialize();

const accepted = await service.settlePayment({
  settlementId: 'settlement_123',
  amount: '500.00',
  fromCurrency: 'USD',
  toCurrency: 'USD',
  toAddress: recipient,
});
console.log(`amount     ${accepted.amount} ${accepted.toCurrency}`);
console.log(`sender     ${accepted.fromAddress ?? sender}`);
console.log(`recipient  ${accepted.toAddress}`);

const settled = await service.waitForSettlement('settlement_123', { timeoutMs: 60_000 });
console.log(`status     ${settled.status}, money moved: ${settled.moneyMoved}`);
console.log(`hash       ${settled.transactionHash}`);

// The same id again moves nothing: the stored settlement comes back.
const again = await service.settlePayment({
  settlementId: 'settlement_123',
  amount: '500.00',
  fromCurrency: 'USD',
  toCurrency: 'USD',
  toAddress: recipient,
});
const tooMuch = await service
  .settlePayment({
    settlementId: 'settlement_124',
    amount: '100000.01',
    fromCurrency: 'USD',
    toCurrency: 'USD',
    toAddress: recipient,
  })
  .then(
    ({ status }) => status,
    (error: unknown) => (error as Error).message,
  );
console.log(
  `again      ${again.transactionHash === settled.transactionHash ? 'the same hash' : 'ANOTHER TRANSACTION'}`,
);
console.log(`too much   ${tooMuch}`);
await service.shutdown();

const arrived = emulator?.emulator.books.balanceMinor(recipient, EMULATED.usdc) ?? 500_000_000n;
await emulator?.close();
process.exitCode = settled.status === 'settled' && arrived === 500_000_000n ? 0 : 1;
