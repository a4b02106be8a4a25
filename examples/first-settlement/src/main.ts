/** 500.00 USD settled on Aptos. For testnet, set `APTOS_NODE_URL` and `APTOS_PRIVATE_KEY`; nothing else changes. */
import { SettlementService } from '@canza/blockchain';
import { aptos, createSigner } from '@canza/blockchain/aptos';
import { createMemoryJournal } from '@canza/core';
import { APTOS_ASSETS, startAptosServer } from '@canza/sandbox';

const { APTOS_NODE_URL, APTOS_PRIVATE_KEY, RECIPIENT = `0x${'ca'.repeat(32)}` } = process.env;

// A chain of one's own, where the sender holds 1,000 USDC and some APT for fees.
const privateKey = APTOS_PRIVATE_KEY ?? '5e'.repeat(32);
const owner = createSigner(privateKey).address;
const balances = [
  { owner, asset: APTOS_ASSETS.usdc, amountMinor: 1_000_000_000n },
  { owner, asset: APTOS_ASSETS.apt, amountMinor: 1_000_000_000n },
];
const chain = APTOS_NODE_URL === undefined ? await startAptosServer({ balances }) : undefined;

const service = new SettlementService({
  network: aptos({
    nodeUrl: APTOS_NODE_URL ?? chain?.nodeUrl ?? '',
    privateKey,
    // The address of USDC on testnet, which the chain of one's own has too.
    assets: { USD: { fungibleAsset: APTOS_ASSETS.usdc, decimals: 6 } },
  }),
  journal: createMemoryJournal(),
  maxSettlementAmount: '100000.0',
  autoConfirm: true,
});
await service.initialize();

const request = {
  settlementId: 'settlement_123',
  amount: '500.00',
  fromCurrency: 'USD',
  toCurrency: 'USD',
  toAddress: RECIPIENT,
};
const sent = await service.settlePayment(request);
console.log(`sender     ${sent.fromAddress}`);
console.log(`recipient  ${sent.toAddress}`);
console.log(`status     ${sent.status}, money moved: ${sent.moneyMoved}`);

const settled = await service.waitForSettlement('settlement_123');
console.log(`status     ${settled.status}, money moved: ${settled.moneyMoved}`);
console.log(`hash       ${settled.transactionHash}`);
console.log(`fee        ${settled.fee} octas, at version ${settled.ledgerVersion}`);

// The same id again sends nothing.
const again = await service.settlePayment(request);
console.log(`again      ${again.status}, the same hash: ${again.transactionHash === settled.transactionHash}`);

// Refunds never add up to more than arrived.
const refund = { settlementId: 'refund_1', originalSettlementId: 'settlement_123', toAddress: RECIPIENT };
try {
  await service.refund({ ...refund, amount: '500.01' });
} catch (error) {
  console.log(`refund     ${error instanceof Error ? error.message : 'refused'}`);
}

const moved = chain?.emulator.books.movedMinor({ kind: 'transfer', asset: APTOS_ASSETS.usdc });
if (moved !== undefined) console.log(`chain      ${moved} base units changed hands`);
await service.shutdown();
await chain?.close();
process.exitCode = settled.status === 'settled' && (moved ?? 500_000_000n) === 500_000_000n ? 0 : 1;
