import { expect, test } from 'vitest';

import { AptosCaller, accountOf, addressOf, transfer } from '../../../test/aptos-caller.ts';
import { DEFAULT_MEMPOOL_LIMITS } from './mempool.ts';

const carol = addressOf(accountOf(9));
const one = transfer(carol, 1n);

test('parks what comes behind a gap, and runs it when the gap closes', async () => {
  const caller = new AptosCaller();
  const second = await caller.commit(caller.signed(caller.alice, transfer(carol, 2n), { sequenceNumber: 1n }));
  expect(await caller.json(`/transactions/by_hash/${second}`)).toMatchObject({ type: 'pending_transaction' });
  expect(caller.emulator.books.balanceMinor(carol)).toBe(0n);
  await caller.commit(caller.signed(caller.alice, one));
  expect(await caller.json(`/transactions/by_hash/${second}`)).toMatchObject({ success: true, sequence_number: '1' });
  expect(caller.emulator.books.balanceMinor(carol)).toBe(3n);
});

test('takes the same bytes again while they wait, and moves the money once', async () => {
  const caller = new AptosCaller();
  const bytes = caller.signed(caller.alice, one);
  const first = await caller.submit(bytes);
  const again = await caller.submit(bytes);
  expect([first.status, again.status]).toEqual([202, 202]);
  expect(again.body).toEqual(first.body);
  await caller.clock.advance(200);
  expect(caller.emulator.books.movements({ kind: 'transfer' })).toHaveLength(1);
  expect(await caller.submit(bytes)).toMatchObject({ status: 400, body: { error_code: 'vm_error', vm_error_code: 3 } });
});

test('lets nothing but a higher price take the place of what waits', async () => {
  const caller = new AptosCaller({ blocks: 'on-demand' });
  const parts = { price: 200n, maxGas: 5_000n };
  const first = await caller.submit(caller.signed(caller.alice, one, parts));
  const refused = async (bytes: Uint8Array) => (await caller.submit(bytes)).body['message'];
  expect(await refused(caller.signed(caller.alice, transfer(carol, 2n), { ...parts, price: 300n }))).toBe(
    'Transaction already in mempool with a different payload',
  );
  expect(await refused(caller.signed(caller.alice, one, { ...parts, price: 300n, lifetimeSeconds: 31 }))).toBe(
    'Transaction already in mempool with a different expiration timestamp',
  );
  expect(await refused(caller.signed(caller.alice, one, { price: 300n, maxGas: 6_000n }))).toBe(
    'Transaction already in mempool with a different max gas amount',
  );
  expect(await refused(caller.signed(caller.alice, one, { ...parts, price: 150n }))).toBe(
    'Transaction already in mempool with a higher gas price',
  );
  const bumped = await caller.submit(caller.signed(caller.alice, one, { ...parts, price: 300n }));
  expect(bumped.status).toBe(202);
  expect((await caller.get(`/transactions/by_hash/${String(first.body['hash'])}`)).status).toBe(404);
  expect(caller.emulator.chain.produceBlock()).toEqual([bumped.body['hash']]);
});

test('holds a hundred of one account, and no more', async () => {
  const caller = new AptosCaller({
    blocks: 'on-demand',
    mempool: { ...DEFAULT_MEMPOOL_LIMITS, mostNumberedPerSender: 3 },
  });
  const statuses = await Promise.all(
    [0n, 1n, 2n, 3n].map(async (sequenceNumber) => {
      const { status, body } = await caller.submit(caller.signed(caller.alice, one, { sequenceNumber, maxGas: 200n }));
      return [status, body['error_code']];
    }),
  );
  expect(statuses).toEqual([
    [202, undefined],
    [202, undefined],
    [202, undefined],
    [507, 'mempool_is_full'],
  ]);
  // Nonces are counted apart.
  expect((await caller.submit(caller.signed(caller.alice, one, { nonce: 1n }))).status).toBe(202);
});

test('drops what has waited ten minutes, though its own expiry is later', async () => {
  const caller = new AptosCaller();
  caller.emulator.chain.setFloorPrice(1_000n);
  const bytes = caller.signed(caller.alice, one, { lifetimeSeconds: 3_600 });
  const { body } = await caller.submit(bytes);
  await caller.clock.advance(599_000);
  expect((await caller.get(`/transactions/by_hash/${String(body['hash'])}`)).status).toBe(200);
  await caller.clock.advance(62_000);
  expect((await caller.get(`/transactions/by_hash/${String(body['hash'])}`)).status).toBe(404);
});

test('takes better prices first, by bucket, and those of one bucket in the order in which they came', async () => {
  const caller = new AptosCaller({ blocks: 'on-demand' });
  const prices = [100n, 149n, 150n, 1_000n];
  const hashes = new Map<string, bigint>();
  for (const [index, price] of prices.entries()) {
    const { body } = await caller.submit(caller.signed(caller.alice, one, { nonce: BigInt(index), price }));
    hashes.set(String(body['hash']), price);
  }
  expect(caller.emulator.chain.produceBlock().map((hash) => hashes.get(hash))).toEqual([1_000n, 150n, 100n, 149n]);
});

test('lets a nonce be used again only far enough behind its first expiry', async () => {
  const caller = new AptosCaller();
  const parts = { nonce: 5n, lifetimeSeconds: 30 };
  await caller.commit(caller.signed(caller.alice, one, parts));
  await caller.clock.advance(31_000);
  // Expired, but the new expiry is within a hundred seconds of the old one.
  expect((await caller.submit(caller.signed(caller.alice, one, parts))).body).toMatchObject({ vm_error_code: 42 });
  await caller.clock.advance(75_000);
  await caller.commit(caller.signed(caller.alice, one, parts));
  expect(caller.emulator.books.balanceMinor(carol)).toBe(2n);
  expect(caller.emulator.chain.sequenceNumber(addressOf(caller.alice))).toBe(0n);
  expect(
    (await caller.submit(caller.signed(caller.alice, one, { nonce: 6n, lifetimeSeconds: 102 }))).body,
  ).toMatchObject({
    vm_error_code: 44,
  });
});

test('discards without a trace what cannot pay any more when its block is made, and parks what is behind it', async () => {
  const caller = new AptosCaller({ blockIntervalMs: 500 });
  const { alice, emulator } = caller;
  const all = emulator.books.balanceMinor(addressOf(alice)) - 2_000_000n;
  const submit = async (sequenceNumber: bigint, octas: bigint) =>
    String((await caller.submit(caller.signed(alice, transfer(carol, octas), { sequenceNumber }))).body['hash']);
  const first = await submit(0n, all);
  const second = await submit(1n, 1n);
  const third = await submit(2n, 1n);
  // Whoever waits for it is told as soon as it is gone.
  expect((await caller.get(`/transactions/wait_by_hash/${second}`)).status).toBe(404);
  expect(await caller.json(`/transactions/by_hash/${first}`)).toMatchObject({ success: true });
  expect(await caller.json(`/transactions/by_hash/${third}`)).toMatchObject({ type: 'pending_transaction' });
  expect(emulator.chain.sequenceNumber(addressOf(alice))).toBe(1n);
  expect(emulator.books.movements({ sender: addressOf(alice), kind: 'fee' })).toHaveLength(1);
});
