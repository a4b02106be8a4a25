import {
  Account,
  AccountAddress,
  Aptos,
  AptosApiError,
  AptosConfig,
  Ed25519Account,
  Ed25519PrivateKey,
  generateUserTransactionHash,
  MultiEd25519Account,
  MultiEd25519PublicKey,
  MultiKey,
  MultiKeyAccount,
  Network,
  Secp256k1PrivateKey,
  Serializer,
  SingleKeyAccount,
  TransactionWorkerEventsEnum,
} from '@aptos-labs/ts-sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { shortAddress } from './move/address.ts';
import { type AptosServer, startAptosServer } from './server.ts';
import { APTOS_ASSETS } from './settings.ts';
import { primaryStore } from './transaction/hashes.ts';

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

let keysGiven = 0;
/** Keys that are the same in every run. */
const nextKey = (): Uint8Array => Buffer.alloc(32, `key ${(keysGiven += 1)} `);
const person = (): Ed25519Account => new Ed25519Account({ privateKey: new Ed25519PrivateKey(nextKey()) });

const long = (account: Account) => account.accountAddress.toStringLong();

async function funded<A extends Account>(account: A): Promise<A> {
  await aptos.fundAccount({ accountAddress: account.accountAddress, amount: 1_000_000_000 });
  return account;
}

const transferTo = (recipient: Account, amount: number) => ({
  function: '0x1::aptos_account::transfer' as const,
  functionArguments: [recipient.accountAddress, amount],
});

async function send(signer: Account, data: Parameters<Aptos['transaction']['build']['simple']>[0]['data']) {
  const transaction = await aptos.transaction.build.simple({ sender: signer.accountAddress, data });
  const { hash } = await aptos.signAndSubmitTransaction({ signer, transaction });
  return aptos.waitForTransaction({ transactionHash: hash });
}

test('sends APT from one account to another, and the books say so', async () => {
  const [sender, recipient] = [await funded(person()), person()];
  const transaction = await aptos.transferCoinTransaction({
    sender: sender.accountAddress,
    recipient: recipient.accountAddress,
    amount: 1_234_567,
  });
  const senderAuthenticator = aptos.sign({ signer: sender, transaction });
  const pending = await aptos.transaction.submit.simple({ transaction, senderAuthenticator });
  expect(pending.hash).toBe(generateUserTransactionHash({ transaction, senderAuthenticator }));
  const executed = await aptos.waitForTransaction({ transactionHash: pending.hash });
  expect(executed).toMatchObject({ type: 'user_transaction', success: true, vm_status: 'Executed successfully' });
  const { books } = server.emulator;
  expect(books.movements({ kind: 'transfer', sender: long(sender) })).toMatchObject([
    { from: long(sender), to: long(recipient), amountMinor: 1_234_567n, hash: pending.hash },
  ]);
  expect(await aptos.getAccountAPTAmount({ accountAddress: recipient.accountAddress })).toBe(1_234_567);
});

test('calls an entry function by the description of its module, in a batch to many', async () => {
  const sender = await funded(person());
  server.emulator.chain.mint(APTOS_ASSETS.usdc, long(sender), 1_000_000n);
  const recipients = [person(), person(), person()];
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
  const held = recipients.map((each) => server.emulator.books.balanceMinor(long(each), APTOS_ASSETS.usdc));
  expect(held).toEqual([1n, 2n, 3n]);
  const [balance] = await aptos.view({
    payload: {
      function: '0x1::primary_fungible_store::balance',
      typeArguments: ['0x1::fungible_asset::Metadata'],
      functionArguments: [sender.accountAddress, APTOS_ASSETS.usdc],
    },
  });
  expect(balance).toBe('999994');
});

const single = (scheme: 'ed25519' | 'secp256k1') =>
  new SingleKeyAccount({
    privateKey: scheme === 'ed25519' ? new Ed25519PrivateKey(nextKey()) : new Secp256k1PrivateKey(nextKey()),
  });

function multiKey(): MultiKeyAccount {
  const signers = [single('ed25519'), single('secp256k1')];
  const third = person();
  const publicKeys = [third.publicKey, ...signers.map(({ publicKey }) => publicKey)];
  return new MultiKeyAccount({ multiKey: new MultiKey({ publicKeys, signaturesRequired: 2 }), signers });
}

function multiEd25519(): MultiEd25519Account {
  const keys = [1, 2, 3].map(() => new Ed25519PrivateKey(nextKey()));
  const publicKey = new MultiEd25519PublicKey({ publicKeys: keys.map((key) => key.publicKey()), threshold: 2 });
  return new MultiEd25519Account({ publicKey, signers: [keys[0], keys[2]] as Ed25519PrivateKey[] });
}

test.each([
  ['Ed25519 as a single key', () => single('ed25519'), 'single_sender'],
  ['secp256k1', () => single('secp256k1'), 'single_sender'],
  ['two keys of three, of two kinds', multiKey, 'single_sender'],
  ['two keys of three, the old way', multiEd25519, 'multi_ed25519_signature'],
])('verifies %s', async (_name, generate, type) => {
  const sender = await funded<Account>(generate());
  const executed = await send(sender, transferTo(person(), 7));
  expect(executed).toMatchObject({ success: true, signature: { type } });
  const other = generate();
  const stolen = await aptos.transaction.build.simple({
    sender: sender.accountAddress,
    data: transferTo(person(), 7),
  });
  await expect(aptos.signAndSubmitTransaction({ signer: other, transaction: stolen })).rejects.toThrow(
    'INVALID_AUTH_KEY',
  );
});

test('lets somebody else pay the fee, whether or not the sender knew who', async () => {
  const [sender, payer] = [person(), await funded(person())];
  server.emulator.chain.mint(APTOS_ASSETS.usdc, long(sender), 10n);
  const data = {
    function: '0x1::primary_fungible_store::transfer' as const,
    typeArguments: ['0x1::fungible_asset::Metadata'],
    functionArguments: [APTOS_ASSETS.usdc, payer.accountAddress, 3],
  };
  const build = () => aptos.transaction.build.simple({ sender: sender.accountAddress, withFeePayer: true, data });
  const open = await build();
  const senderAuthenticator = aptos.transaction.sign({ signer: sender, transaction: open });
  const feePayerAuthenticator = aptos.transaction.signAsFeePayer({ signer: payer, transaction: open });
  const pending = await aptos.transaction.submit.simple({
    transaction: open,
    senderAuthenticator,
    feePayerAuthenticator,
  });
  expect(await aptos.waitForTransaction({ transactionHash: pending.hash })).toMatchObject({
    signature: { type: 'fee_payer_signature', fee_payer_address: shortAddress(long(payer)) },
  });
  const known = await build();
  known.feePayerAddress = payer.accountAddress;
  const second = await aptos.transaction.submit.simple({
    transaction: known,
    senderAuthenticator: aptos.transaction.sign({ signer: sender, transaction: known }),
    feePayerAuthenticator: aptos.transaction.signAsFeePayer({ signer: payer, transaction: known }),
  });
  await aptos.waitForTransaction({ transactionHash: second.hash });
  const { books } = server.emulator;
  expect(books.balanceMinor(long(payer), APTOS_ASSETS.usdc)).toBe(6n);
  expect(books.movements({ kind: 'fee', sender: long(sender) }).map(({ from }) => from)).toEqual([
    long(payer),
    long(payer),
  ]);
  expect(books.balanceMinor(long(sender))).toBe(0n);
});

test('runs a transaction of several signers only when each has signed', async () => {
  const [one, two] = [await funded(person()), await funded(person())];
  const recipient = person();
  const transaction = await aptos.transaction.build.multiAgent({
    sender: one.accountAddress,
    secondarySignerAddresses: [two.accountAddress],
    data: {
      function: `0x${'cafe'.repeat(16)}::sandbox::pay_together`,
      functionArguments: [recipient.accountAddress, 5],
    },
  });
  const senderAuthenticator = aptos.transaction.sign({ signer: one, transaction });
  const submit = (second: Account) =>
    aptos.transaction.submit.multiAgent({
      transaction,
      senderAuthenticator,
      additionalSignersAuthenticators: [aptos.transaction.sign({ signer: second, transaction })],
    });
  await expect(submit(one)).rejects.toThrow('INVALID_AUTH_KEY');
  const { hash } = await submit(two);
  await aptos.waitForTransaction({ transactionHash: hash });
  expect(server.emulator.books.balanceMinor(long(recipient))).toBe(10n);
});

test('runs a transaction with a nonce, which takes no sequence number', async () => {
  const sender = await funded(person());
  const transaction = await aptos.transaction.build.simple({
    sender: sender.accountAddress,
    data: transferTo(person(), 9),
    options: { replayProtectionNonce: 12_345 },
  });
  const { hash } = await aptos.signAndSubmitTransaction({ signer: sender, transaction });
  expect(await aptos.waitForTransaction({ transactionHash: hash })).toMatchObject({
    sequence_number: '18446744073709551615',
    replay_protection_nonce: '12345',
    payload: { type: 'entry_function_payload' },
  });
  expect(await aptos.getAccountInfo({ accountAddress: sender.accountAddress })).toMatchObject({ sequence_number: '0' });
  expect(await aptos.getAccountTransactions({ accountAddress: sender.accountAddress })).toEqual([]);
});

test('serves the SDK’s own worker, which keeps many in flight', async () => {
  const sender = await funded(person());
  const recipient = person();
  const executed = new Promise<void>((resolve) => {
    let left = 30;
    // An emitter of events, which its types do not say.
    (aptos.transaction.batch as unknown as NodeJS.EventEmitter).on(
      TransactionWorkerEventsEnum.TransactionExecuted,
      () => {
        left -= 1;
        if (left === 0) resolve();
      },
    );
  });
  aptos.transaction.batch.forSingleAccount({
    sender,
    data: Array.from({ length: 30 }, () => transferTo(recipient, 1)),
  });
  await executed;
  expect(server.emulator.books.balanceMinor(long(recipient))).toBe(30n);
  expect(server.emulator.chain.sequenceNumber(long(sender))).toBe(30n);
});

test('lets an account change its key, by proof of both, and signs with the new one from then on', async () => {
  const [before, after] = [await funded(person()), person()];
  const fromAccount = before;
  const rotation = await aptos.rotateAuthKey({ fromAccount, toNewPrivateKey: after.privateKey });
  const { hash } = await aptos.signAndSubmitTransaction({ signer: before, transaction: rotation });
  await aptos.waitForTransaction({ transactionHash: hash });
  const renewed = new Ed25519Account({ privateKey: after.privateKey, address: before.accountAddress });
  expect(await send(renewed, transferTo(person(), 3))).toMatchObject({ success: true });
  await expect(send(before, transferTo(person(), 3))).rejects.toThrow('INVALID_AUTH_KEY');
  const found = await aptos.lookupOriginalAccountAddress({ authenticationKey: after.accountAddress });
  expect(found.toStringLong()).toBe(long(before));
});

test('moves assets between owners and between stores, and shows both ways of asking for a balance', async () => {
  const [sender, recipient] = [await funded(person()), person()];
  server.emulator.chain.mint(APTOS_ASSETS.usdc, long(sender), 100n);
  const first = await aptos.transferFungibleAsset({
    sender,
    fungibleAssetMetadataAddress: AccountAddress.from(APTOS_ASSETS.usdc),
    recipient: recipient.accountAddress,
    amount: 40,
  });
  const { hash } = await aptos.signAndSubmitTransaction({ signer: sender, transaction: first });
  await aptos.waitForTransaction({ transactionHash: hash });
  const [fromStore, toStore] = [sender, recipient].map((each) => primaryStore(long(each), APTOS_ASSETS.usdc));
  const second = await aptos.transferFungibleAssetBetweenStores({
    sender,
    fromStore: fromStore ?? '',
    toStore: toStore ?? '',
    amount: 5,
  });
  const { hash: between } = await aptos.signAndSubmitTransaction({ signer: sender, transaction: second });
  await aptos.waitForTransaction({ transactionHash: between });
  const { accountAddress } = recipient;
  expect(await aptos.getBalance({ accountAddress, asset: APTOS_ASSETS.usdc })).toBe(45);
  expect(await aptos.getAccountCoinAmount({ accountAddress, faMetadataAddress: APTOS_ASSETS.usdc })).toBe(45);
  const [unsigned] = await aptos.transaction.simulate.simple({
    transaction: await aptos.transferCoinTransaction({
      sender: sender.accountAddress,
      recipient: accountAddress,
      amount: 1,
    }),
  });
  expect(unsigned).toMatchObject({ success: true, signature: { type: 'single_sender' } });
});

test('publishes a package as bytes, and shows it', async () => {
  const publisher = await funded(person());
  const bytecode = 'a11ceb0b0700000a';
  const transaction = await aptos.publishPackageTransaction({
    account: publisher.accountAddress,
    metadataBytes: packageMetadata('coffee', 'beans'),
    moduleBytecode: [bytecode],
  });
  const { hash } = await aptos.signAndSubmitTransaction({ signer: publisher, transaction });
  await aptos.waitForTransaction({ transactionHash: hash });
  const module = await aptos.getAccountModule({ accountAddress: publisher.accountAddress, moduleName: 'beans' });
  expect(module).toMatchObject({ bytecode: `0x${bytecode}`, abi: { name: 'beans' } });
  const registry = await aptos.getAccountResource({
    accountAddress: publisher.accountAddress,
    resourceType: '0x1::code::PackageRegistry',
  });
  expect(registry).toMatchObject({ packages: [{ name: 'coffee', upgrade_number: '0' }] });
});

/** A package with one module, as its compiler writes it down. */
function packageMetadata(name: string, module: string): Uint8Array {
  const serializer = new Serializer();
  serializer.serializeStr(name);
  serializer.serializeU8(1);
  serializer.serializeU64(0);
  serializer.serializeStr('DIGEST');
  serializer.serializeBytes(new Uint8Array());
  serializer.serializeU32AsUleb128(1);
  serializer.serializeStr(module);
  serializer.serializeBytes(new Uint8Array());
  serializer.serializeBytes(new Uint8Array());
  serializer.serializeBool(false);
  serializer.serializeU32AsUleb128(0);
  serializer.serializeBool(false);
  return serializer.toUint8Array();
}

test('tells a failed transaction and a refused one apart, as the SDK knows them', async () => {
  const sender = await funded(person());
  await expect(send(sender, transferTo(person(), 10_000_000_000))).rejects.toThrow('EINSUFFICIENT_BALANCE(0x10004)');
  const missing = aptos.getTransactionByHash({ transactionHash: `0x${'12'.repeat(32)}` });
  await expect(missing).rejects.toThrow(AptosApiError);
  await expect(missing).rejects.toMatchObject({ status: 404, data: { error_code: 'transaction_not_found' } });
});

test('answers what the SDK asks of the chain and of the indexer', async () => {
  const owner = await funded(person());
  const { accountAddress } = owner;
  const spent = await send(owner, transferTo(person(), 1));
  expect(await aptos.getChainId()).toBe(4);
  expect(await aptos.getGasPriceEstimation()).toEqual({
    deprioritized_gas_estimate: 100,
    gas_estimate: 100,
    prioritized_gas_estimate: 150,
  });
  const block = await aptos.getBlockByVersion({
    ledgerVersion: Number(spent.version),
    options: { withTransactions: true },
  });
  expect(block.transactions?.map(({ type }) => type)).toEqual([
    'block_metadata_transaction',
    'user_transaction',
    'block_epilogue_transaction',
  ]);
  expect(await aptos.getTransactionByVersion({ ledgerVersion: Number(spent.version) })).toEqual(spent);
  expect(await aptos.getAccountTransactions({ accountAddress })).toEqual([spent]);
  const resources = await aptos.getAccountResources({ accountAddress });
  expect(resources.map(({ type }) => type)).toEqual(['0x1::account::Account']);
  const modules = await aptos.getAccountModules({ accountAddress: AccountAddress.ONE });
  expect(modules.map(({ abi }) => abi?.name)).toContain('primary_fungible_store');
  expect(await aptos.getAccountCoinsCount({ accountAddress })).toBe(1);
  const [apt] = await aptos.getCurrentFungibleAssetBalances({
    options: { where: { owner_address: { _eq: long(owner) } } },
  });
  expect(apt).toMatchObject({
    asset_type: APTOS_ASSETS.apt,
    amount: Number(server.emulator.books.balanceMinor(long(owner))),
  });
  expect(await aptos.getFungibleAssetMetadataByAssetType({ assetType: APTOS_ASSETS.usdc })).toMatchObject({
    symbol: 'USDC',
    decimals: 6,
  });
  expect(await aptos.getAccountTransactionsCount({ accountAddress })).toBe(1);
  expect(await aptos.lookupOriginalAccountAddress({ authenticationKey: accountAddress })).toEqual(accountAddress);
});
