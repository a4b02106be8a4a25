/**
 * A hundred payouts in USDC on Aptos, against an emulated chain: they gather into a few transactions, one recipient is frozen by the
 * issuer, and one reply of the node is lost after it took the transaction. At the end each settlement is compared with the ledger.
 */
import { randomBytes } from 'node:crypto';

import { SettlementService } from '@canza/blockchain';
import { aptos, createSigner } from '@canza/blockchain/aptos';
import { createMemoryJournal, formatUnits } from '@canza/core';
import { APTOS_ASSETS, type AptosAddress, startAptosServer } from '@canza/sandbox';

const PAYOUTS = 100;
const USDC_DECIMALS = 6;

const privateKey = randomBytes(32).toString('hex');
const treasury = createSigner(privateKey).address;
const recipients = Array.from({ length: PAYOUTS }, (): AptosAddress => `0x${randomBytes(32).toString('hex')}`);
const [frozen = treasury] = recipients;

// The chain, with our money on it from the first block on.
const chain = await startAptosServer({
  speed: 20,
  balances: [
    { owner: treasury, asset: APTOS_ASSETS.usdc, amountMinor: 1_000_000_000_000n },
    { owner: treasury, asset: APTOS_ASSETS.apt, amountMinor: 100_000_000_000n },
  ],
});
const { books, faults, chain: controls } = chain.emulator;
controls.setFrozen(APTOS_ASSETS.usdc, frozen, true);
faults.add({ stage: 'submit', kind: 'reply-lost', operation: 'submit' });

const service = new SettlementService({
  network: aptos({
    nodeUrl: chain.nodeUrl,
    privateKey,
    assets: { USD: { fungibleAsset: APTOS_ASSETS.usdc, decimals: USDC_DECIMALS } },
  }),
  journal: createMemoryJournal(), // Redis or PostgreSQL where money is real
  maxSettlementAmount: '1000.00',
  batching: { maxSize: 40, maxDelayMs: 50 },
});
service.on('transaction.changed', ({ from, status, members, transactionHash }) => {
  if (from !== status)
    console.log(`transaction  ${transactionHash?.slice(0, 10) ?? ''}… ${status}, ${members} settlements`);
});
await service.initialize();

const requests = recipients.map((toAddress, index) => ({
  settlementId: `payout-${index + 1}`,
  amount: `${10 + (index % 5)}.50`,
  fromCurrency: 'USD',
  toCurrency: 'USD',
  toAddress,
}));
for await (const result of service.settleBatch(requests, { concurrency: PAYOUTS })) {
  if (result.outcome !== 'accepted') console.error(`${result.settlementId}: ${result.error.message}`);
}
const settlements = await Promise.all(
  requests.map(({ settlementId }) => service.waitForSettlement(settlementId, { timeoutMs: 60_000 })),
);
const { transactions, feePerSettlement } = service.metrics();
await service.shutdown();

const told = Object.entries(Object.groupBy(settlements, ({ status }) => status));
console.log(`\ntold         ${told.map(([status, some]) => `${some?.length ?? 0} ${status}`).join(', ')}`);
console.log(
  `cost         ${transactions.committed} transactions; ${formatUnits(BigInt(feePerSettlement), 8)} APT a settlement`,
);
const failed = settlements.find(({ status }) => status === 'failed');
console.log(`frozen       ${failed?.settlementId}: ${failed?.reason}, money moved: ${failed?.moneyMoved}`);

const differing = requests.filter(({ toAddress, amount }, index) => {
  const arrivedMinor = books.movedMinor({ to: toAddress, asset: APTOS_ASSETS.usdc });
  const paid = formatUnits(arrivedMinor, USDC_DECIMALS);
  return settlements[index]?.moneyMoved === 'yes' ? Number(paid) !== Number(amount) : arrivedMinor !== 0n;
});
await chain.close();
console.log(`ledger       ${differing.length === 0 ? 'agrees with every one ✓' : `${differing.length} DIFFER`}`);
process.exitCode = differing.length === 0 && failed?.reason !== undefined ? 0 : 1;
