import { createTurnedClock } from '@canza/core/testing';
import { expect, test } from 'vitest';
import { AptosCaller, accountOf, addressOf, BASE, transfer } from '../../test/aptos-caller.ts';
import type { Fault } from '../faults.ts';
import { createScenario } from '../scenario.ts';
import { createAptosEmulator } from './emulator.ts';

const carol = addressOf(accountOf(9));
const one = transfer(carol, 1n);
const USEC = 1_000_000;

/** What an answer about a hash says, by the ledger that it was read from. */
async function lookUp(caller: AptosCaller, hash: unknown) {
  const { status, headers, body } = await caller.get(`/transactions/by_hash/${String(hash)}`);
  const ledgerSeconds = Math.floor(Number(headers['x-aptos-ledger-timestampusec']) / USEC);
  return { status, ledgerSeconds, body: JSON.parse(body) as Record<string, unknown> };
}

const nowSeconds = (caller: AptosCaller) => Math.floor(caller.clock.nowMs() / 1000);

test('moves the money though the reply to the submission is lost', async () => {
  const caller = new AptosCaller();
  caller.emulator.faults.add({ stage: 'submit', kind: 'reply-lost' });
  const bytes = caller.signed(caller.alice, one);
  await expect(caller.submit(bytes)).rejects.toMatchObject({ failure: 'connection-lost' });
  await caller.clock.advance(200);
  expect(caller.emulator.books.balanceMinor(carol)).toBe(1n);
  expect((await caller.submit(bytes)).body).toMatchObject({ error_code: 'vm_error', vm_error_code: 3 });
});

test.each([
  [{ stage: 'submit', kind: 'html', accepted: true }, 502, 1n],
  [{ stage: 'submit', kind: 'html' }, 502, 0n],
  [{ stage: 'submit', kind: 'server-error', accepted: true }, 503, 1n],
  [{ stage: 'submit', kind: 'throttled' }, 429, 0n],
] as readonly (readonly [Fault, number, bigint])[])(
  'answers %j with a page that is not the node’s',
  async (fault, status, moved) => {
    const caller = new AptosCaller();
    caller.emulator.faults.add(fault);
    const reply = await caller.postBytes('/transactions', caller.signed(caller.alice, one));
    expect([reply.status, reply.headers['content-type']]).toEqual([status, 'text/html']);
    expect(reply.body).toContain('<html>');
    await caller.clock.advance(200);
    expect(caller.emulator.books.balanceMinor(carol)).toBe(moved);
  },
);

test('lets no answer come, and takes the transaction in all the same', async () => {
  const caller = new AptosCaller();
  caller.emulator.faults.add({ stage: 'submit', kind: 'hang' });
  const request = {
    method: 'POST' as const,
    url: `${BASE}/transactions`,
    headers: { 'content-type': 'application/x.aptos.signed_transaction+bcs' },
    bytes: caller.signed(caller.alice, one),
  };
  await expect(caller.clock.runUntil(caller.emulator.transport(request, { timeoutMs: 5_000 }))).rejects.toMatchObject({
    failure: 'timeout',
  });
  expect(caller.emulator.books.balanceMinor(carol)).toBe(1n);
});

test('does not know on a lagging node what is committed, and says by its own headers how old it is', async () => {
  const caller = new AptosCaller();
  const bytes = caller.signed(caller.alice, one, { lifetimeSeconds: 20 });
  await caller.clock.advance(10_000);
  await caller.get('');
  const hash = await caller.commit(bytes);
  const expiry = nowSeconds(caller) + 10;
  caller.emulator.faults.add({ stage: 'chain', kind: 'lagging-node', delayMs: 8_000 });
  const stale = await lookUp(caller, hash);
  expect(stale).toMatchObject({ status: 404, body: { error_code: 'transaction_not_found' } });
  expect(stale.ledgerSeconds).toBeLessThan(expiry);
  expect((await lookUp(caller, hash)).status).toBe(200);
});

test('never answers 404 with a ledger time at or past the expiry of what has committed, however far a node lags', async () => {
  const caller = new AptosCaller();
  const bytes = caller.signed(caller.alice, one, { lifetimeSeconds: 10 });
  const expiry = nowSeconds(caller) + 10;
  await caller.clock.advance(9_400);
  const hash = await caller.commit(bytes);
  const falseProofs: unknown[] = [];
  for (let round = 0; round < 60; round++) {
    await caller.clock.advance(100);
    caller.emulator.faults.add({ stage: 'chain', kind: 'lagging-node', delayMs: 100 * round + 500 });
    const seen = await lookUp(caller, hash);
    if (seen.status === 404 && seen.ledgerSeconds >= expiry) falseProofs.push(seen);
  }
  expect(falseProofs).toEqual([]);
  caller.emulator.faults.add({ stage: 'chain', kind: 'lagging-node', delayMs: 4_000 });
  const { headers, body } = await caller.get('');
  expect(JSON.parse(body)).toMatchObject({ ledger_version: headers['x-aptos-ledger-version'] });
});

test('answers from two nodes in turn, each with a ledger of its own', async () => {
  const caller = new AptosCaller({
    nodes: [
      { name: 'near', lagMs: 0 },
      { name: 'far', lagMs: 3_000 },
    ],
  });
  await caller.clock.advance(10_000);
  const { body } = await caller.submit(caller.signed(caller.alice, one));
  // The one that was not asked to take it has it neither in its mempool nor, for three seconds, in its ledger.
  const asked = async () => (await lookUp(caller, body['hash'])).status;
  expect([await asked(), await asked()]).toEqual([404, 200]);
  await caller.clock.advance(200);
  expect([await asked(), await asked()]).toEqual([404, 200]);
  await caller.clock.advance(4_000);
  expect([await asked(), await asked()]).toEqual([200, 200]);
});

test('answers from the node that is called by its name', async () => {
  const caller = new AptosCaller({
    nodes: [
      { name: 'near', lagMs: 0 },
      { name: 'far', lagMs: 3_000 },
    ],
  });
  await caller.clock.advance(10_000);
  const hash = await caller.commit(caller.signed(caller.alice, one));
  const ask = async (host: string) => {
    const url = `http://${host}.aptos.test/v1/transactions/by_hash/${hash}`;
    return (await caller.emulator.handle({ method: 'GET', url, headers: {} })).status;
  };
  expect([await ask('far'), await ask('near'), await ask('far'), await ask('near')]).toEqual([404, 200, 404, 200]);
});

test('drops a transaction that it has taken, and proves it only when its time is over', async () => {
  const caller = new AptosCaller();
  caller.emulator.faults.add({ stage: 'chain', kind: 'dropped' });
  const bytes = caller.signed(caller.alice, one, { lifetimeSeconds: 20 });
  const expiry = nowSeconds(caller) + 20;
  const { status, body } = await caller.submit(bytes);
  expect(status).toBe(202);
  const early = await lookUp(caller, body['hash']);
  expect([early.status, early.ledgerSeconds < expiry]).toEqual([404, true]);
  await caller.clock.advance(20_500);
  const late = await lookUp(caller, body['hash']);
  expect([late.status, late.ledgerSeconds >= expiry]).toEqual([404, true]);
  expect((await caller.submit(bytes)).body).toMatchObject({ vm_error_code: 6 });
});

test('keeps a transaction pending until it expires, and then no block takes it', async () => {
  const caller = new AptosCaller();
  caller.emulator.faults.add({ stage: 'chain', kind: 'held' });
  const { body } = await caller.submit(caller.signed(caller.alice, one, { lifetimeSeconds: 20 }));
  await caller.clock.advance(19_000);
  expect((await lookUp(caller, body['hash'])).body).toMatchObject({ type: 'pending_transaction' });
  await caller.clock.advance(2_000);
  expect((await lookUp(caller, body['hash'])).status).toBe(404);
  expect(caller.emulator.books.balanceMinor(carol)).toBe(0n);
});

test('puts off a transaction for a while when told for how long', async () => {
  const caller = new AptosCaller();
  caller.emulator.faults.add({ stage: 'chain', kind: 'held', delayMs: 5_000 });
  await caller.commit(caller.signed(caller.alice, one));
  expect(caller.emulator.books.balanceMinor(carol)).toBe(0n);
  await caller.clock.advance(5_000);
  expect(caller.emulator.books.balanceMinor(carol)).toBe(1n);
});

test('commits the newest first when told to', async () => {
  const caller = new AptosCaller({ blocks: 'on-demand' });
  caller.emulator.chain.setNewestFirst(true);
  const hashes: unknown[] = [];
  for (const nonce of [1n, 2n, 3n])
    hashes.push((await caller.submit(caller.signed(caller.alice, one, { nonce }))).body['hash']);
  expect(caller.emulator.chain.produceBlock()).toEqual(hashes.toReversed());
});

test.each([
  ['aborted', 'Move abort in 0x1::sandbox: 0x10001'],
  ['out-of-gas', 'Out of gas'],
] as const)('commits a failure when a transaction is to be %s', async (kind, vmStatus) => {
  const caller = new AptosCaller();
  caller.emulator.faults.add({ stage: 'chain', kind });
  const hash = await caller.commit(caller.signed(caller.alice, one));
  expect((await lookUp(caller, hash)).body).toMatchObject({ success: false, vm_status: vmStatus });
  expect(caller.emulator.books.movements({ hash }).map((row) => row.kind)).toEqual(['fee']);
});

test('takes nothing while its mempool is full, and says 507', async () => {
  const caller = new AptosCaller();
  caller.emulator.faults.add({ stage: 'chain', kind: 'mempool-full' });
  const bytes = caller.signed(caller.alice, one);
  expect(await caller.submit(bytes)).toMatchObject({ status: 507, body: { error_code: 'mempool_is_full' } });
  expect((await caller.submit(bytes)).status).toBe(202);
});

test('wants ten times the price for a while, and lets what pays less wait', async () => {
  const caller = new AptosCaller();
  caller.emulator.faults.add({ stage: 'chain', kind: 'gas-spike', operation: 'gas-price', delayMs: 10_000 });
  expect(await caller.json('/estimate_gas_price')).toEqual({
    deprioritized_gas_estimate: 1000,
    gas_estimate: 1000,
    prioritized_gas_estimate: 3000,
  });
  await caller.commit(caller.signed(caller.alice, one));
  expect(caller.emulator.books.balanceMinor(carol)).toBe(0n);
  await caller.commit(caller.signed(caller.bob, one, { price: 1000n }));
  expect(caller.emulator.books.balanceMinor(carol)).toBe(1n);
  await caller.clock.advance(10_000);
  expect(caller.emulator.books.balanceMinor(carol)).toBe(2n);
});

test('lets ledger time stand still while it takes transactions in', async () => {
  const caller = new AptosCaller();
  caller.emulator.faults.add({ stage: 'chain', kind: 'ledger-stopped', delayMs: 60_000 });
  const { status, body } = await caller.submit(caller.signed(caller.alice, one, { lifetimeSeconds: 30 }));
  expect(status).toBe(202);
  const before = await lookUp(caller, body['hash']);
  await caller.clock.advance(50_000);
  // Past its expiry by the clock, and not by the ledger: it may yet commit.
  expect(await lookUp(caller, body['hash'])).toEqual(before);
  await caller.clock.advance(11_000);
  expect((await lookUp(caller, body['hash'])).status).toBe(404);
  expect(caller.emulator.books.balanceMinor(carol)).toBe(0n);
});

test('judges expiry by its own time where it is ahead of the clock', async () => {
  const caller = new AptosCaller();
  caller.emulator.chain.setAhead(60_000);
  await caller.clock.advance(1_000);
  expect((await caller.submit(caller.signed(caller.alice, one, { lifetimeSeconds: 30 }))).body).toMatchObject({
    vm_error_code: 6,
  });
  expect((await caller.submit(caller.signed(caller.alice, one, { lifetimeSeconds: 90 }))).status).toBe(202);
});

test('commits one fault for one submission, in the order in which they were added', async () => {
  const caller = new AptosCaller();
  caller.emulator.faults.add({ stage: 'chain', kind: 'aborted' }, { stage: 'chain', kind: 'mempool-full' });
  const hash = await caller.commit(caller.signed(caller.alice, one));
  expect((await lookUp(caller, hash)).body).toMatchObject({ success: false });
  expect((await caller.submit(caller.signed(caller.alice, one, { sequenceNumber: 1n }))).status).toBe(507);
});

test('says 410 of history that it no longer has', async () => {
  const caller = new AptosCaller();
  caller.emulator.faults.add({ stage: 'chain', kind: 'pruned' });
  expect(await caller.get('/transactions/by_version/0')).toMatchObject({ status: 410 });
  expect(await caller.json('/transactions/by_version/0')).toMatchObject({ type: 'genesis_transaction' });
});

test('replays a run of faults from its seed', async () => {
  const candidates: readonly Fault[] = [
    { stage: 'submit', kind: 'reply-lost' },
    { stage: 'chain', kind: 'dropped' },
    { stage: 'chain', kind: 'held', delayMs: 1_000 },
    { stage: 'query', kind: 'html' },
    { stage: 'chain', kind: 'lagging-node' },
  ];
  const tell = async (seed: number): Promise<string> => {
    const clock = createTurnedClock();
    const scenario = createScenario({ seed, clock, chance: { share: 0.4, candidates } });
    const caller = new AptosCaller();
    const { balances } = caller.emulator.settings;
    const emulator = createAptosEmulator({ ...scenario.portsOf('aptos'), balances: balances.slice(1) });
    for (let number = 0; number < 12; number++) {
      const bytes = caller.signed(caller.alice, one, { sequenceNumber: BigInt(number), lifetimeSeconds: 600 });
      const headers = { 'content-type': 'application/x.aptos.signed_transaction+bcs' };
      await emulator.handle({ method: 'POST', url: `${BASE}/transactions`, headers, bytes }).catch(() => undefined);
      await clock.advance(300);
      await emulator.handle({ method: 'GET', url: BASE, headers: {} });
    }
    return scenario.story();
  };
  const first = await tell(5);
  expect(await tell(5)).toBe(first);
  expect(await tell(6)).not.toBe(first);
  expect(first).toMatch(/fault: chain (?:dropped|held|lagging-node)/);
});
