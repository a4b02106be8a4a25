import { AccountAddress, Serializer, U64 } from '@aptos-labs/ts-sdk';
import { expect, test } from 'vitest';

import { AptosCaller, accountOf, addressOf, BASE, batchTransfer, call, transfer } from '../../../test/aptos-caller.ts';
import { shortAddress } from '../move/address.ts';
import { APTOS_ASSETS } from '../settings.ts';
import { primaryStore } from '../transaction/hashes.ts';

const carol = addressOf(accountOf(9));
const one = transfer(carol, 1n);

test('tells of its ledger in the headers, and the same in the body', async () => {
  const caller = new AptosCaller();
  await caller.commit(caller.signed(caller.alice, one));
  for (const path of ['', '/']) {
    const { headers, body } = await caller.get(path);
    expect(headers).toMatchObject({
      'x-aptos-chain-id': '4',
      'x-aptos-ledger-version': '7',
      'x-aptos-ledger-oldest-version': '0',
      'x-aptos-ledger-timestampusec': '1767225600200000',
      'x-aptos-epoch': '1',
      'x-aptos-block-height': '3',
      'x-aptos-oldest-block-height': '0',
    });
    expect(JSON.parse(body)).toEqual({
      chain_id: 4,
      epoch: '1',
      ledger_version: '7',
      oldest_ledger_version: '0',
      ledger_timestamp: '1767225600200000',
      node_role: 'full_node',
      oldest_block_height: '0',
      block_height: '3',
      git_hash: '',
    });
  }
});

test('makes every block later than the one before, though the clock stands still', async () => {
  const caller = new AptosCaller({ blocks: 'on-demand' });
  const times = new Set<unknown>();
  for (let block = 0; block < 5; block++) {
    caller.emulator.chain.produceBlock();
    times.add((await caller.json(''))['ledger_timestamp']);
  }
  expect(times.size).toBe(5);
});

test('shows a transaction first as it waits, then as it committed, with changes and events', async () => {
  const caller = new AptosCaller();
  const { alice } = caller;
  const { body: sent } = await caller.submit(caller.signed(alice, one));
  const pending = await caller.json(`/transactions/by_hash/${String(sent['hash'])}`);
  expect(pending).toEqual({ ...sent, type: 'pending_transaction' });
  expect(Object.keys(sent)).toEqual([
    'hash',
    'sender',
    'sequence_number',
    'max_gas_amount',
    'gas_unit_price',
    'expiration_timestamp_secs',
    'payload',
    'signature',
    'replay_protection_nonce',
  ]);
  await caller.clock.advance(200);
  const committed = await caller.json(`/transactions/by_hash/${String(sent['hash'])}`);
  expect(committed).toMatchObject({
    ...sent,
    success: true,
    vm_status: 'Executed successfully',
    timestamp: '1767225600100000',
    type: 'user_transaction',
    payload: {
      function: '0x1::aptos_account::transfer',
      type_arguments: [],
      arguments: [shortAddress(carol), '1'],
      type: 'entry_function_payload',
    },
  });
  const store = shortAddress(primaryStore(carol, APTOS_ASSETS.apt));
  expect(committed['events']).toMatchObject([
    { guid: { creation_number: '0', account_address: '0x0' }, type: '0x1::fungible_asset::Withdraw' },
    { sequence_number: '0', type: '0x1::fungible_asset::Deposit', data: { amount: '1', store } },
    { type: '0x1::transaction_fee::FeeStatement', data: { total_charge_gas_units: committed['gas_used'] } },
  ]);
  const changes = committed['changes'] as {
    readonly address: string;
    readonly data: { readonly type: string; readonly data: object };
  }[];
  // The owner of a store stands beside its balance.
  expect(changes.filter(({ address }) => address === store).map(({ data }) => data)).toMatchObject([
    { type: '0x1::fungible_asset::FungibleStore', data: { balance: '1', frozen: false, metadata: { inner: '0xa' } } },
    { type: '0x1::object::ObjectCore', data: { owner: shortAddress(carol) } },
  ]);
});

test('holds a question about what waits, and answers at once about what it does not know', async () => {
  const caller = new AptosCaller({ blockIntervalMs: 400 });
  const { body } = await caller.submit(caller.signed(caller.alice, one));
  const from = caller.clock.nowMs();
  expect(await caller.json(`/transactions/wait_by_hash/${String(body['hash'])}`)).toMatchObject({ success: true });
  expect(caller.clock.nowMs() - from).toBe(400);
  const parked = await caller.submit(caller.signed(caller.alice, one, { sequenceNumber: 7n }));
  const later = caller.clock.nowMs();
  expect(await caller.json(`/transactions/wait_by_hash/${String(parked.body['hash'])}`)).toMatchObject({
    type: 'pending_transaction',
  });
  expect(caller.clock.nowMs() - later).toBe(1_000);
  expect((await caller.get(`/transactions/wait_by_hash/0x${'1'.repeat(64)}`)).status).toBe(404);
  expect(caller.clock.nowMs() - later).toBe(1_000);
});

test('counts numbered transactions by their number, and all of them in the summaries', async () => {
  const caller = new AptosCaller();
  const { alice } = caller;
  const path = `/accounts/${addressOf(alice)}`;
  const first = await caller.commit(caller.signed(alice, one));
  const orderless = await caller.commit(caller.signed(alice, one, { nonce: 77n }));
  const second = await caller.commit(caller.signed(alice, one, { sequenceNumber: 1n }));
  const hashes = async (query: string) =>
    (JSON.parse((await caller.get(`${path}/transactions${query}`)).body) as { hash: string }[]).map(({ hash }) => hash);
  expect(await hashes('')).toEqual([first, second]);
  expect(await hashes('?start=1&limit=1')).toEqual([second]);
  expect(await hashes('?start=2')).toEqual([]);
  expect(JSON.parse((await caller.get(`${path}/transaction_summaries?start_version=0`)).body)).toMatchObject([
    { transaction_hash: first, replay_protector: { SequenceNumber: '0' } },
    { transaction_hash: orderless, replay_protector: { Nonce: '77' } },
    { transaction_hash: second, replay_protector: { SequenceNumber: '1' } },
  ]);
});

test('refuses a number that its mempool knows to be used and its own ledger does not', async () => {
  const caller = new AptosCaller();
  await caller.clock.advance(10_000);
  await caller.commit(caller.signed(caller.alice, one));
  caller.emulator.faults.add({ stage: 'chain', kind: 'lagging-node' });
  expect(await caller.submit(caller.signed(caller.alice, transfer(carol, 2n)))).toMatchObject({
    status: 400,
    body: {
      message: 'transaction sequence number is 0, current sequence number is  1',
      error_code: 'sequence_number_too_old',
      vm_error_code: null,
    },
  });
});

const simulated = async (caller: AptosCaller, bytes: Uint8Array, query = '') => {
  const { status, body, headers } = await caller.postBytes(`/transactions/simulate${query}`, bytes);
  return { status, headers, body: JSON.parse(body) as unknown };
};

/** A transaction whose signature is nothing but zeros. */
function unsigned(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy.fill(0, copy.length - 64);
  return copy;
}

test('simulates what nobody signed, changes nothing, and refuses what somebody did', async () => {
  const caller = new AptosCaller();
  const bytes = caller.signed(caller.alice, one);
  expect((await simulated(caller, bytes)).body).toMatchObject({
    message: 'Simulated transactions must not have a valid signature',
  });
  const { status, body, headers } = await simulated(caller, unsigned(bytes));
  expect(status).toBe(200);
  expect(body).toMatchObject([{ success: true, gas_used: headers['x-aptos-gas-used'] }]);
  expect((body as object[])[0]).not.toHaveProperty('type');
  expect(caller.emulator.books.movements({ kind: 'transfer' })).toEqual([]);
  const hash = await caller.commit(bytes);
  expect(await caller.json(`/transactions/by_hash/${hash}`)).toMatchObject({ gas_used: headers['x-aptos-gas-used'] });
  expect((await simulated(caller, unsigned(bytes))).body).toMatchObject([
    { success: false, vm_status: 'SEQUENCE_NUMBER_TOO_OLD', gas_used: '0' },
  ]);
});

test('puts price and bound of its own into a simulation that asks for them', async () => {
  const caller = new AptosCaller();
  const bytes = unsigned(caller.signed(caller.alice, one, { price: 1_000n }));
  const query = '?estimate_gas_unit_price=true&estimate_max_gas_amount=true';
  expect((await simulated(caller, bytes, query)).body).toMatchObject([
    { gas_unit_price: '100', max_gas_amount: '20000000' },
  ]);
});

test('charges about what the chain charges', async () => {
  const caller = new AptosCaller();
  const { alice, emulator } = caller;
  emulator.chain.mint(APTOS_ASSETS.usdc, addressOf(alice), 1_000_000n);
  const recipients = Array.from({ length: 100 }, (_, index) => addressOf(accountOf(index + 10)));
  for (const each of recipients) emulator.chain.mint(APTOS_ASSETS.usdc, each, 1n);
  let sequenceNumber = 0n;
  const gasOf = async (payload: Parameters<AptosCaller['signed']>[1]): Promise<number> => {
    const hash = await caller.commit(caller.signed(alice, payload, { sequenceNumber, maxGas: 1_000_000n }));
    sequenceNumber += 1n;
    return Number((await caller.json(`/transactions/by_hash/${hash}`))['gas_used']);
  };
  // The first numbered transaction makes the sender's account, and this one a store for its recipient too.
  expect(await gasOf(one)).toBeGreaterThan(5_000 + 5_360);
  const plain = await gasOf(one);
  expect(plain).toBeGreaterThanOrEqual(80);
  expect(plain).toBeLessThanOrEqual(110);
  const toNew = await gasOf(transfer(addressOf(accountOf(200)), 1n));
  expect(toNew - plain).toBe(5_360);
  const amounts = recipients.map(() => 1n);
  const batch = await gasOf(batchTransfer(APTOS_ASSETS.usdc, recipients, amounts));
  expect(batch / (50 + 25 * 100)).toBeCloseTo(1, 1);
});

test('estimates a price above that of full blocks', async () => {
  const caller = new AptosCaller({ blocks: 'on-demand', blockSize: 2 });
  for (let block = 0; block < 20; block++) {
    for (const nonce of [0n, 1n]) {
      const parts = { nonce: BigInt(block) * 2n + nonce, price: 200n, maxGas: 6_000n };
      await caller.submit(caller.signed(caller.alice, one, parts));
    }
    caller.emulator.chain.produceBlock();
  }
  expect(await caller.json('/estimate_gas_price')).toEqual({
    deprioritized_gas_estimate: 300,
    gas_estimate: 300,
    prioritized_gas_estimate: 500,
  });
});

test('takes up to ten transactions at once, and says which it did not take', async () => {
  const caller = new AptosCaller();
  const serializer = new Serializer();
  const all = [
    caller.signed(caller.alice, one),
    caller.signed(caller.alice, one, { chainId: 2 }),
    caller.signed(caller.bob, one),
  ];
  serializer.serializeU32AsUleb128(all.length);
  for (const bytes of all) serializer.serializeFixedBytes(bytes);
  const { status, body } = await caller.postBytes('/transactions/batch', serializer.toUint8Array());
  expect(status).toBe(206);
  expect(JSON.parse(body)).toEqual({
    transaction_failures: [
      {
        error: {
          message: 'Invalid transaction: Type: Validation Code: BAD_CHAIN_ID',
          error_code: 'vm_error',
          vm_error_code: 23,
        },
        transaction_index: 1,
      },
    ],
  });
  await caller.clock.advance(200);
  expect(caller.emulator.books.balanceMinor(carol)).toBe(2n);
});

test('knows every address as an account, unless it is told not to', async () => {
  const address = addressOf(accountOf(99));
  expect(await new AptosCaller().json(`/accounts/${address}`)).toEqual({
    sequence_number: '0',
    authentication_key: address,
  });
  const strict = await new AptosCaller({ isStateless: false }).get(`/accounts/${address}`);
  expect([strict.status, JSON.parse(strict.body)]).toMatchObject([
    404,
    {
      error_code: 'account_not_found',
      message: `Account not found by Address(${shortAddress(address)}) and Ledger version(2)`,
    },
  ]);
});

test('pages through resources by a cursor, and reads them as they stood before', async () => {
  const caller = new AptosCaller();
  const { usdc } = APTOS_ASSETS;
  const types: string[] = [];
  let query = '?limit=2';
  for (;;) {
    const { headers, body } = await caller.get(`/accounts/${usdc}/resources${query}`);
    types.push(...(JSON.parse(body) as { type: string }[]).map(({ type }) => type));
    const cursor = headers['x-aptos-cursor'];
    if (cursor === undefined) break;
    query = `?limit=2&start=${cursor}`;
  }
  expect(types).toEqual([
    '0x1::fungible_asset::ConcurrentSupply',
    '0x1::fungible_asset::Metadata',
    '0x1::fungible_asset::DispatchFunctionStore',
    '0x1::object::ObjectCore',
  ]);
  const { ledger_version: before } = await caller.json('');
  caller.emulator.chain.mint(usdc, carol, 7n);
  const path = `/accounts/${primaryStore(carol, usdc)}/resource/0x1::fungible_asset::FungibleStore`;
  expect((await caller.get(`${path}?ledger_version=${String(before)}`)).status).toBe(404);
  expect(await caller.json(path)).toMatchObject({ data: { balance: '7' } });
});

test('holds only so many questions at once, and answers the others as they stand', async () => {
  const caller = new AptosCaller({ blockIntervalMs: 400, mostLongPolls: 1 });
  const { body } = await caller.submit(caller.signed(caller.alice, one));
  const ask = () =>
    caller.emulator.handle({
      method: 'GET',
      url: `${BASE}/transactions/wait_by_hash/${String(body['hash'])}`,
      headers: {},
    });
  const held = ask();
  expect(JSON.parse((await ask()).body)).toMatchObject({ type: 'pending_transaction' });
  expect(JSON.parse((await caller.clock.runUntil(held)).body)).toMatchObject({ type: 'user_transaction' });
});

test('answers a view with every digit, and refuses what is none', async () => {
  const caller = new AptosCaller();
  caller.emulator.chain.mint(APTOS_ASSETS.usdc, carol, 12_345_678_901_234_567n);
  const ask = async (name: string, types: string[], args: unknown[]) =>
    JSON.parse(
      (await caller.post('/view', { function: name, type_arguments: types, arguments: args })).body,
    ) as unknown;
  const metadata = '0x1::fungible_asset::Metadata';
  expect(await ask('0x1::primary_fungible_store::balance', [metadata], [carol, APTOS_ASSETS.usdc])).toEqual([
    '12345678901234567',
  ]);
  expect((await caller.get(`/accounts/${carol}/balance/${APTOS_ASSETS.usdc}`)).body).toBe('12345678901234567');
  expect(await ask('0x1::coin::paired_metadata', ['0x1::aptos_coin::AptosCoin'], [])).toEqual([
    { vec: [{ inner: '0xa' }] },
  ]);
  expect(await ask('0x1::aptos_account::transfer', [], [carol, '1'])).toMatchObject({
    message:
      "PartialVMError with status INVALID_MAIN_FUNCTION_SIGNATURE and message 'function not marked as view function'",
  });
});

test('takes a transaction as JSON when it was signed over the message that it tells', async () => {
  const caller = new AptosCaller();
  const request = {
    sender: addressOf(caller.alice),
    sequence_number: '0',
    max_gas_amount: '20000',
    gas_unit_price: '100',
    expiration_timestamp_secs: String(caller.clock.nowMs() / 1000 + 30),
    payload: {
      type: 'entry_function_payload',
      function: '0x1::aptos_account::transfer',
      type_arguments: [],
      arguments: [carol, '5'],
    },
  };
  const message = JSON.parse((await caller.post('/transactions/encode_submission', request)).body) as string;
  const signature = {
    type: 'ed25519_signature',
    public_key: caller.alice.publicKey.toString(),
    signature: caller.alice.sign(message).toString(),
  };
  const { status, body } = await caller.post('/transactions', { ...request, signature });
  expect([status, (JSON.parse(body) as { payload: object }).payload]).toMatchObject([
    202,
    { arguments: [shortAddress(carol), '5'] },
  ]);
  await caller.clock.advance(200);
  expect(caller.emulator.books.balanceMinor(carol)).toBe(5n);
  const mismatch = { ...request, payload: { ...request.payload, arguments: [carol] } };
  expect(JSON.parse((await caller.post('/transactions/encode_submission', mismatch)).body)).toMatchObject({
    error_code: 'invalid_input',
    message: expect.stringMatching(
      /^The given transaction is invalid: Failed to parse transaction payload: /,
    ) as string,
  });
});

test('forgets what is older than it keeps, and nothing of balances and numbers', async () => {
  const caller = new AptosCaller({ retainedVersions: 60 });
  const { alice, emulator } = caller;
  const first = await caller.commit(caller.signed(alice, one));
  for (let number = 1n; number < 40n; number++) {
    await caller.commit(caller.signed(alice, one, { sequenceNumber: number, lifetimeSeconds: 3_000 }));
  }
  const { oldest_ledger_version: oldest } = await caller.json('');
  expect(Number(oldest)).toBeGreaterThan(40);
  expect((await caller.get(`/transactions/by_hash/${first}`)).status).toBe(404);
  expect(await caller.get('/transactions/by_version/3')).toMatchObject({ status: 410 });
  expect(JSON.parse((await caller.get('/blocks/by_height/1')).body)).toMatchObject({ error_code: 'block_pruned' });
  expect(await caller.get(`/accounts/${carol}?ledger_version=3`)).toMatchObject({ status: 410 });
  expect(emulator.books.balanceMinor(carol)).toBe(40n);
  expect(emulator.books.movements().length).toBeLessThan(60);
  expect(emulator.books.totals(APTOS_ASSETS.apt)).toEqual({ transfers: 40, movedMinor: 40n });
  const [newest] = JSON.parse(
    (await caller.get(`/accounts/${addressOf(alice)}/transactions?start=39&limit=1`)).body,
  ) as [object];
  expect(newest).toMatchObject({ sequence_number: '39' });
});

test('refuses the plain transfer of an asset whose issuer stands between', async () => {
  const caller = new AptosCaller();
  const { alice, emulator } = caller;
  emulator.chain.mint(APTOS_ASSETS.usdc, addressOf(alice), 10n);
  emulator.chain.mint(APTOS_ASSETS.usdc, carol, 1n);
  const stores = [addressOf(alice), carol].map((owner) => AccountAddress.from(primaryStore(owner, APTOS_ASSETS.usdc)));
  const args = [...stores, new U64(4)] as [AccountAddress, AccountAddress, U64];
  const type = ['0x1::fungible_asset::FungibleStore'];
  const plain = await caller.commit(caller.signed(alice, call('0x1::fungible_asset::transfer', args, type)));
  expect(await caller.json(`/transactions/by_hash/${plain}`)).toMatchObject({ success: false });
  const dispatched = call('0x1::dispatchable_fungible_asset::transfer', args, type);
  await caller.commit(caller.signed(alice, dispatched, { sequenceNumber: 1n }));
  expect(emulator.books.balanceMinor(carol, APTOS_ASSETS.usdc)).toBe(5n);
});

test('gives a body of no bytes to whoever wants BCS back', async () => {
  const caller = new AptosCaller();
  const headers = { 'content-type': 'application/x.aptos.signed_transaction+bcs', accept: 'application/x-bcs' };
  const bytes = caller.signed(caller.alice, one);
  const reply = await caller.emulator.handle({ method: 'POST', url: `${BASE}/transactions`, headers, bytes });
  expect([reply.status, reply.headers['content-type'], reply.body]).toEqual([202, 'application/x-bcs', '']);
  // What it does not have it says, and never gives JSON in its place.
  const info = await caller.emulator.handle({ method: 'GET', url: BASE, headers });
  expect([info.status, JSON.parse(info.body)]).toMatchObject([400, { error_code: 'bcs_not_supported' }]);
});
