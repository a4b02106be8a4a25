/**
 * Publishes a package, asks a view, calls a contract, and adds, swaps and removes liquidity. Offline against the emulator; with
 * APTOS_NODE_URL, APTOS_PRIVATE_KEY and a compiled package (`node src/main.ts build/my_package`) the first half runs on testnet.
 */
import assert from 'node:assert/strict';

import { AptosClient, createSigner, FailedTransactionError, moveArgument, pancakeSwap } from '@canza/blockchain/aptos';
import { APTOS_ASSETS, startAptosServer } from '@canza/sandbox';

import { placeholderPackage, readPackage } from './compiled-package.ts';

const { APTOS_NODE_URL: nodeUrl, APTOS_PRIVATE_KEY: privateKey = '5e'.repeat(32) } = process.env;
const [folder] = process.argv.slice(2);
const USDC = '0xf22bede237a07e121b56d91a491eb7bcdfd1f5907926a9e58338f964a01b17fa::asset::USDC';
const owner = createSigner(privateKey).address;

const emulator =
  nodeUrl === undefined
    ? await startAptosServer({
        balances: [
          { owner, asset: APTOS_ASSETS.apt, amountMinor: 100_000_000_000n },
          { owner, asset: APTOS_ASSETS.lzUsdc, amountMinor: 10_000_000_000n },
        ],
      })
    : undefined;

const client = new AptosClient({
  nodeUrl: nodeUrl ?? emulator?.nodeUrl ?? '',
  privateKey,
  assets: {
    APT: { coin: '0x1::aptos_coin::AptosCoin', decimals: 8 },
    USDC: { coin: USDC, decimals: 6 },
  },
  pools: { 'APT/USDC': pancakeSwap({ x: 'APT', y: 'USDC' }) },
});

const published = await client.publishPackage(
  folder === undefined ? placeholderPackage('greetings', 'greeting') : await readPackage(folder),
);
console.log(`published  ${published.hash} for ${published.fee} APT`);

const [decimals] = await client.view({
  function: '0x1::coin::decimals',
  typeArguments: ['0x1::aptos_coin::AptosCoin'],
});
console.log(`view       APT has ${Number(decimals)} decimals; this account holds ${await client.balance()} APT`);

const called = await client.call({
  function: '0x1::aptos_account::set_allow_direct_coin_transfers',
  arguments: [moveArgument.bool(true)],
});
console.log(`called     ${called.hash}, ${called.gasUsed} units of gas`);

if (emulator !== undefined) {
  const before = await client.balance({ asset: 'USDC' });
  const added = await client.pools.addLiquidity({
    pool: 'APT/USDC',
    desired: [
      { asset: 'APT', amount: '100' },
      { asset: 'USDC', amount: '800' },
    ],
    minimum: [
      { asset: 'APT', amount: '100' },
      { asset: 'USDC', amount: '800' },
    ],
  });
  const shares = added.deposits.findLast(
    ({ owner: whose, asset }) => whose === owner && asset === undefined,
  )?.baseUnits;
  assert.ok(shares !== undefined);
  console.log(`added      100 APT and 800 USDC, for ${shares} shares`);

  const swapped = await client.pools.swap({
    pool: 'APT/USDC',
    pay: { asset: 'APT', amount: '1' },
    minimum: { asset: 'USDC', amount: '7.89' },
  });
  const received = swapped.deposits.find(({ owner: whose, asset }) => whose === owner && asset === 'USDC')?.amount;
  console.log(`swapped    1 APT for ${received} USDC`);

  const refused = await client.pools
    .swap({ pool: 'APT/USDC', pay: { asset: 'APT', amount: '1' }, minimum: { asset: 'USDC', amount: '7.9' } })
    .catch((error: unknown) => error);
  assert.ok(FailedTransactionError.isInstance(refused) && refused.moneyMoved === 'no');
  console.log('refused    a swap below its minimum: nothing moved');

  await client.pools.removeLiquidity({
    pool: 'APT/USDC',
    shares: String(shares),
    minimum: [
      { asset: 'APT', amount: '100' },
      { asset: 'USDC', amount: '790' },
    ],
  });
  console.log(`removed    all shares; USDC ${before} before, ${await client.balance({ asset: 'USDC' })} after`);

  // Nobody but this account has used the pool: what it holds now is what it had, but for the smallest shares, which stay locked.
  const held = emulator.emulator.books.balanceMinor(owner, APTOS_ASSETS.lzUsdc);
  assert.ok(10_000_000_000n - held < 10_000n, `the books differ: ${held}`);
}

await client.close();
await emulator?.close();
