import { AccountAddress, U64 } from '@aptos-labs/ts-sdk';
import { expect, test } from 'vitest';
import { AptosCaller, accountOf, addressOf, batchTransfer, call, transfer } from '../../../test/aptos-caller.ts';
import { APTOS_ASSETS } from '../settings.ts';

const carol = addressOf(accountOf(9));
const LEDGER = 'x-aptos-ledger-version';

async function refusalOf(caller: AptosCaller, path: string) {
  const { status, headers, body } = await caller.get(path);
  return { status, hasLedger: LEDGER in headers, body: JSON.parse(body) as object };
}

const UNKNOWN = `0x${'ab'.repeat(32)}`;

test.each([
  [
    `/transactions/by_hash/${UNKNOWN}`,
    404,
    'transaction_not_found',
    `Transaction not found by Transaction hash(${UNKNOWN})`,
  ],
  [
    `/transactions/wait_by_hash/${UNKNOWN}`,
    404,
    'transaction_not_found',
    `Transaction not found by Transaction hash(${UNKNOWN})`,
  ],
  ['/transactions/by_version/10000', 404, 'transaction_not_found', 'Transaction not found by Ledger version(10000)'],
  [
    '/accounts/0x1/resource/0x1::a::B',
    404,
    'resource_not_found',
    'Resource not found by Address(0x1), Struct tag(0x1::a::B) and Ledger version(2)',
  ],
  [
    '/accounts/0x1/module/NoNoNo',
    404,
    'module_not_found',
    'Module not found by Address(0x1), Module name(NoNoNo) and Ledger version(2)',
  ],
  ['/blocks/by_height/1000', 404, 'block_not_found', 'Block not found by Block height(1000)'],
  [
    '/accounts/0x1?ledger_version=100000000',
    404,
    'version_not_found',
    'Ledger version not found by Ledger version(100000000)',
  ],
  ['/transactions?limit=0', 400, 'invalid_input', 'Given limit value (0) must not be zero'],
  [
    '/transactions?start=1000000',
    400,
    'invalid_input',
    'Given start value (1000000) is higher than the current ledger version, it must be < 2',
  ],
])('refuses %s like the node, with the headers of the ledger', async (path, status, code, message) => {
  expect(await refusalOf(new AptosCaller(), path)).toEqual({
    status,
    hasLedger: true,
    body: { message, error_code: code, vm_error_code: null },
  });
});

test.each([
  [
    '/transactions/by_hash/0x12',
    400,
    'failed to parse path `txn_hash`: failed to parse "string(HashValue)": unable to parse HashValue',
  ],
  [
    '/transactions?start=hello',
    400,
    'failed to parse parameter `start`: failed to parse "string(U64)": Parsing u64 string "hello" failed, caused by error: invalid digit found in string (occurred while parsing "optional<string(U64)>")',
  ],
  [
    `/accounts/0x${'1'.repeat(61)}x01`,
    400,
    'failed to parse path `address`: failed to parse "string(Address)": Invalid account address: Hex characters are invalid: Invalid character \'x\' at position 61',
  ],
  [
    '/accounts/0x1/resource/0x1::GUID_Generator',
    400,
    'failed to parse path `resource_type`: failed to parse "string(MoveStructTag)": invalid struct tag: 0x1::GUID_Generator, expected token ColonColon, got EOF',
  ],
  ['/nowhere', 404, 'not found'],
  ['/view', 405, 'request-method not allowed'],
])('refuses %s before it looks at the ledger', async (path, status, message) => {
  expect(await refusalOf(new AptosCaller(), path)).toEqual({
    status,
    hasLedger: false,
    body: { message, error_code: 'web_framework_error', vm_error_code: null },
  });
});

test('refuses bodies that are no transactions', async () => {
  const caller = new AptosCaller();
  const cut = await caller.postBytes('/transactions', caller.signed(caller.alice, transfer(carol, 1n)).subarray(0, 80));
  expect([cut.status, JSON.parse(cut.body)]).toEqual([
    400,
    {
      message: 'Failed to deserialize input into SignedTransaction: unexpected end of input',
      error_code: 'invalid_input',
      vm_error_code: null,
    },
  ]);
  const foreign = await caller.postBytes('/transactions', new Uint8Array(3), 'invalid');
  expect([foreign.status, JSON.parse(foreign.body)]).toMatchObject([
    415,
    {
      message: 'the `Content-Type` requested by the client is not supported: invalid',
      error_code: 'web_framework_error',
    },
  ]);
  expect(JSON.parse((await caller.post('/view', 'nonsense')).body)).toMatchObject({
    message: 'parse request payload error: expected value at line 1 column 1',
  });
});

const refusedWith = (name: string, code: number) => ({
  status: 400,
  body: {
    message: `Invalid transaction: Type: Validation Code: ${name}`,
    error_code: 'vm_error',
    vm_error_code: code,
  },
});

test('names what is wrong with a transaction by the code of the virtual machine', async () => {
  const caller = new AptosCaller();
  const { alice } = caller;
  const one = transfer(carol, 1n);
  const forged = caller.signed(alice, one);
  forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
  expect(await caller.submit(forged)).toEqual(refusedWith('INVALID_SIGNATURE', 1));
  const submit = (parts: Parameters<AptosCaller['signed']>[2]) => caller.submit(caller.signed(alice, one, parts));
  expect(await submit({ maxGas: 20_000_001n })).toEqual(refusedWith('MAX_GAS_UNITS_EXCEEDS_MAX_GAS_UNITS_BOUND', 13));
  expect(await submit({ maxGas: 27n })).toEqual(refusedWith('MAX_GAS_UNITS_BELOW_MIN_TRANSACTION_GAS_UNITS', 14));
  expect(await submit({ price: 99n })).toEqual(refusedWith('GAS_UNIT_PRICE_BELOW_MIN_BOUND', 15));
  expect(await submit({ price: 10_000_000_001n })).toEqual(refusedWith('GAS_UNIT_PRICE_ABOVE_MAX_BOUND', 16));
  // At the very second of its expiry a transaction is too old.
  expect(await submit({ lifetimeSeconds: 0 })).toEqual(refusedWith('TRANSACTION_EXPIRED', 6));
  expect(await submit({ chainId: 1 })).toEqual(refusedWith('BAD_CHAIN_ID', 23));
  expect(await submit({ sequenceNumber: 1n << 63n })).toEqual(refusedWith('SEQUENCE_NUMBER_TOO_BIG', 24));
  expect(await caller.submit(caller.signed(accountOf(77), one))).toEqual(
    refusedWith('INSUFFICIENT_BALANCE_FOR_TRANSACTION_FEE', 5),
  );
  expect(caller.emulator.books.movements({ kind: 'transfer' })).toEqual([]);
});

test('commits what aborts, with its fee, and with nothing else', async () => {
  const caller = new AptosCaller();
  const { alice, emulator } = caller;
  const before = emulator.books.balanceMinor(addressOf(alice));
  emulator.chain.mint(APTOS_ASSETS.usdc, addressOf(alice), 100n);
  const recipients = [carol, addressOf(caller.bob)];
  emulator.chain.setFrozen(APTOS_ASSETS.usdc, addressOf(caller.bob), true);
  const hash = await caller.commit(caller.signed(alice, batchTransfer(APTOS_ASSETS.usdc, recipients, [1n, 2n])));
  const committed = await caller.json(`/transactions/by_hash/${hash}`);
  expect(committed).toMatchObject({
    success: false,
    vm_status:
      'Move abort in 0x1::fungible_asset: ESTORE_IS_FROZEN(0x50003): Store is disabled from sending and receiving this fungible asset.',
    events: [{ type: '0x1::transaction_fee::FeeStatement' }],
  });
  // Its number, its fee, and the supply that the fee was burnt from.
  const changed = (committed['changes'] as { type: string; data: { type: string } | null }[]).map(
    ({ type, data }) => data?.type ?? type,
  );
  expect(changed).toEqual([
    '0x1::account::Account',
    '0x1::fungible_asset::FungibleStore',
    '0x1::object::ObjectCore',
    'write_table_item',
  ]);
  expect(emulator.books.balanceMinor(carol, APTOS_ASSETS.usdc)).toBe(0n);
  expect(before - emulator.books.balanceMinor(addressOf(alice))).toBe(BigInt(String(committed['gas_used'])) * 100n);
  expect(emulator.chain.sequenceNumber(addressOf(alice))).toBe(1n);
});

test.each([
  [
    call('0x1::aptos_account::transfer', [AccountAddress.from(carol), new U64(10n ** 11n)]),
    'Move abort in 0x1::fungible_asset: EINSUFFICIENT_BALANCE(0x10004): Insufficient balance to withdraw or transfer.',
  ],
  [
    call('0x1::coin::transfer', [AccountAddress.from(carol), new U64(10n ** 11n)], ['0x1::aptos_coin::AptosCoin']),
    'Move abort in 0x1::coin: EINSUFFICIENT_BALANCE(0x10006): Not enough coins to complete transaction',
  ],
  [
    batchTransfer(APTOS_ASSETS.usdc, [carol], [1n, 2n]),
    "Move abort in 0x1::aptos_account: EMISMATCHING_RECIPIENTS_AND_AMOUNTS_LENGTH(0x10005): The lengths of the recipients and amounts lists don't match.",
  ],
  [call('0xabcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789::nobody::nothing', []), 'LINKER_ERROR'],
  [call('0x1::aptos_account::transfer', []), 'LINKER_ERROR'],
])('tells why call %# failed', async (payload, vmStatus) => {
  const caller = new AptosCaller();
  const hash = await caller.commit(caller.signed(caller.alice, payload));
  expect(await caller.json(`/transactions/by_hash/${hash}`)).toMatchObject({ success: false, vm_status: vmStatus });
});
