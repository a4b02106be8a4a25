import { Account, Aptos, AptosConfig, Network } from '@aptos-labs/ts-sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { type AptosServer, startAptosServer } from './server.ts';
import { APTOS_ASSETS } from './settings.ts';

let server: AptosServer;
let aptos: Aptos;
beforeAll(async () => {
  server = await startAptosServer({ blockIntervalMs: 5 });
  aptos = new Aptos(
    new AptosConfig({
      network: Network.CUSTOM,
      fullnode: server.nodeUrl,
      faucet: server.faucetUrl,
      indexer: server.indexerUrl,
    }),
  );
});
afterAll(() => server.close());

const long = (account: Account) => account.accountAddress.toStringLong();

async function fundedAccount(): Promise<Account> {
  const account = Account.generate();
  await aptos.fundAccount({ accountAddress: account.accountAddress, amount: 1_000_000_000 });
  return account;
}

test('sends APT from one account to another, and the books say so', async () => {
  const [sender, recipient] = [await fundedAccount(), Account.generate()];
  const transaction = await aptos.transferCoinTransaction({
    sender: sender.accountAddress,
    recipient: recipient.accountAddress,
    amount: 1_234_567,
  });
  const pending = await aptos.signAndSubmitTransaction({ signer: sender, transaction });
  const executed = await aptos.waitForTransaction({ transactionHash: pending.hash });
  expect(executed).toMatchObject({ type: 'user_transaction', success: true, vm_status: 'Executed successfully' });
  expect(server.emulator.books.movedMinor({ hash: pending.hash as `0x${string}` })).toBe(1_234_567n);
  expect(server.emulator.books.balanceMinor(long(recipient))).toBe(1_234_567n);
  expect(await aptos.getAccountAPTAmount({ accountAddress: recipient.accountAddress })).toBe(1_234_567);
});

test('calls an entry function by the description of its module, in a batch to many', async () => {
  const sender = await fundedAccount();
  server.emulator.chain.mint(APTOS_ASSETS.usdc, long(sender), 1_000_000n);
  const recipients = [Account.generate(), Account.generate(), Account.generate()];
  const transaction = await aptos.transaction.build.simple({
    sender: sender.accountAddress,
    data: {
      function: '0x1::aptos_account::batch_transfer_fungible_assets',
      functionArguments: [APTOS_ASSETS.usdc, recipients.map(({ accountAddress }) => accountAddress), [1, 2, 3]],
    },
  });
  const [simulated] = await aptos.transaction.simulate.simple({ signerPublicKey: sender.publicKey, transaction });
  const { hash } = await aptos.signAndSubmitTransaction({ signer: sender, transaction });
  const executed = await aptos.waitForTransaction({ transactionHash: hash });
  expect(simulated).toMatchObject({ success: true, gas_used: executed.gas_used });
  expect(recipients.map((each) => server.emulator.books.balanceMinor(long(each), APTOS_ASSETS.usdc))).toEqual([
    1n,
    2n,
    3n,
  ]);
  const [balance] = await aptos.view({
    payload: {
      function: '0x1::primary_fungible_store::balance',
      typeArguments: ['0x1::fungible_asset::Metadata'],
      functionArguments: [sender.accountAddress, APTOS_ASSETS.usdc],
    },
  });
  expect(balance).toBe('999994');
});
