import { inspect } from 'node:util';

import type { HttpRequest, HttpResponse, NetworkCall, SettlementNetwork, SignedTransaction } from '@canza/core';
import { createRecordingLogger, createSeededRandom, createTurnedClock, type TurnedClock } from '@canza/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';

import { committed, pending } from '../../../test/support/committed.ts';
import {
  answered,
  gateway,
  type Ledger,
  ledgerHeaders,
  NOW_SECONDS,
  notFound,
  ok,
  refused,
  scriptedNode,
} from '../../../test/support/node-answers.ts';
import { type Address, primaryStoreOf } from '../address.ts';
import { isProofOfExpiry } from '../proof-of-expiry.ts';
import { aptos } from './network.ts';

const SECRET = '5e'.repeat(32);
const USD: Address = `0x${'ba'.repeat(32)}`;
const ALICE: Address = `0x${'a1'.repeat(32)}`;
const BOB: Address = `0x${'b0'.repeat(32)}`;

/** Answers of the node by the beginning of their path; the longest that fits counts. */
let routes: Record<string, HttpResponse | ((request: HttpRequest) => HttpResponse)>;
let requests: readonly HttpRequest[];
let clock: TurnedClock;

function network(settings: object = {}): SettlementNetwork {
  const node = scriptedNode((path, request) => {
    const route = Object.keys(routes)
      .filter((start) => path.startsWith(start))
      .toSorted((one, other) => other.length - one.length)[0];
    const found = route === undefined ? undefined : routes[route];
    if (found === undefined) return refused(404, 'web_framework_error', `no route for ${path}`);
    return typeof found === 'function' ? found(request) : found;
  });
  requests = node.requests;
  clock = createTurnedClock();
  const factory = aptos({
    nodeUrl: 'http://127.0.0.1:8080/v1',
    privateKey: SECRET,
    assets: { USD: { fungibleAsset: USD, decimals: 6 }, APT: { coin: '0x1::aptos_coin::AptosCoin', decimals: 8 } },
    timeoutMs: 300,
    ...settings,
  });
  return factory({
    transport: node.transport,
    clock,
    random: createSeededRandom(1),
    logger: createRecordingLogger(),
  });
}

const pay = (...transfers: readonly (readonly [Address, bigint])[]): NetworkCall => ({
  kind: 'transfers',
  asset: USD,
  transfers: transfers.map(([to, amount]) => ({ to, amount })),
});
const FEE = { maxUnits: '2000', unitPrice: '100' };
const snapshot = (seconds = NOW_SECONDS, version = '40') => ({
  node: '127.0.0.1:8080',
  version,
  oldestVersion: '0',
  position: String(seconds),
  atMs: seconds * 1000,
});

async function built(
  on: SettlementNetwork,
  call: NetworkCall = pay([ALICE, 5n]),
  slot = '7',
): Promise<SignedTransaction> {
  const [sender = ''] = on.senders;
  return on.build({ sender, slot, call, fee: FEE, ledger: snapshot() });
}
const look = (on: SettlementNetwork, { sender, slot, hash }: SignedTransaction, call: NetworkCall = pay([ALICE, 5n])) =>
  clock.runUntil(on.look({ sender, slot, call, hashes: [hash] }));

beforeEach(() => {
  routes = { accounts: ok({ sequence_number: '7', authentication_key: `0x${'00'.repeat(32)}` }) };
});

describe('building', () => {
  it('asks no node, knows the hash, and is valid for so long by the ledger’s clock', async () => {
    const on = network();
    const transaction = await built(on);
    expect(requests).toHaveLength(0);
    expect(transaction).toMatchObject({
      slot: '7',
      validUntil: String(NOW_SECONDS + 60),
      bornAtVersion: '40',
      fee: FEE,
    });
    expect(transaction.hash).toMatch(/^0x[0-9a-f]{64}$/);
    expect(await built(on)).toEqual(transaction);
    expect(inspect(on, { depth: 9, showHidden: true }) + inspect(transaction)).not.toContain(SECRET);
  });

  it('takes expiry, most gas and birth over from what it replaces, whatever the ledger says now', async () => {
    const on = network();
    const first = await built(on);
    const second = await on.build({
      sender: first.sender,
      slot: '7',
      call: pay([ALICE, 5n]),
      fee: { maxUnits: '9999', unitPrice: '150' },
      ledger: snapshot(NOW_SECONDS + 30, '900'),
      replaces: first,
    });
    expect(second).toMatchObject({
      validUntil: first.validUntil,
      bornAtVersion: first.bornAtVersion,
      fee: { maxUnits: '2000', unitPrice: '150' },
    });
    expect(second.hash).not.toBe(first.hash);
  });

  it.each([
    ['another slot', { slot: '8', fee: { maxUnits: '2000', unitPrice: '150' } }, 'replaces'],
    ['the same price', { slot: '7', fee: FEE }, 'fee.unitPrice'],
    ['a price above the ceiling', { slot: '7', fee: { maxUnits: '2000', unitPrice: '3000' } }, 'fee.unitPrice'],
  ])('refuses a replacement with %s', async (_what, change, field) => {
    const on = network();
    const replaces = await built(on);
    const request = { sender: replaces.sender, call: pay([ALICE, 5n]), ledger: snapshot(), replaces, ...change };
    await expect(on.build(request)).rejects.toMatchObject({ code: 'INVALID_REQUEST', field });
  });

  it.each<readonly [string, NetworkCall, string]>([
    ['nothing', pay(), 'call.transfers'],
    ['zero, which would commit and move nothing', pay([ALICE, 0n]), 'call.transfers.0.amount'],
    ['more than 64 bits', pay([ALICE, 5n], [BOB, 1n << 64n]), 'call.transfers.1.amount'],
    ['too many', pay(...Array.from({ length: 101 }, () => [ALICE, 1n] as const)), 'call.transfers'],
    [
      'an asset that is not configured',
      { kind: 'transfers', asset: ALICE, transfers: [{ to: ALICE, amount: 5n }] },
      'call.asset',
    ],
    [
      'a pool that is not configured',
      { kind: 'swap', pool: 'P', pay: { asset: USD, amount: 1n }, minimum: { asset: USD, amount: 1n } },
      'call.pool',
    ],
  ])('refuses %s', async (_what, call, field) => {
    await expect(built(network(), call)).rejects.toMatchObject({ code: 'INVALID_REQUEST', field });
  });

  it('raises a price to the next that mempool heeds, and not above the ceiling', () => {
    const on = network();
    expect(on.raiseFee(FEE)).toEqual({ maxUnits: '2000', unitPrice: '150' });
    expect(on.raiseFee({ maxUnits: '2000', unitPrice: '500' })).toEqual({ maxUnits: '2000', unitPrice: '1000' });
    expect(on.raiseFee({ maxUnits: '2000', unitPrice: '1000' })).toBeUndefined();
  });

  it('derives a nonce from the reference where transactions are orderless', async () => {
    const on = network({ replayProtection: 'orderless', expirySeconds: 50 });
    const [sender = ''] = on.senders;
    const [one, same, other] = await Promise.all(
      ['a', 'a', 'b'].map((reference) => on.nextSlot({ sender, reference })),
    );
    expect(one).toBe(same);
    expect(one).not.toBe(other);
    expect(requests).toHaveLength(0);
    expect(on.capabilities.bump).not.toBe('supported');
    expect((await built(on, pay([ALICE, 5n]), one)).slot).toBe(one);
  });
});

describe('addresses', () => {
  it('are taken whole, and not those of the framework', () => {
    const on = network();
    expect(on.parseAddress(ALICE.toUpperCase().replace('0X', '0x'))).toBe(ALICE);
    for (const wrong of [ALICE.slice(0, -1), '0x1', '0x0', '0xa', USD.slice(2)]) {
      expect(() => on.parseAddress(wrong, 'toAddress')).toThrow(expect.objectContaining({ field: 'toAddress' }));
    }
  });
});

describe('looking', () => {
  it('finds a commit with its proof, fee and time of record', async () => {
    const on = network();
    const transaction = await built(on);
    const events = [
      { type: '0x1::fungible_asset::Deposit', data: { store: primaryStoreOf(ALICE, USD), amount: '5' } },
      ...committed().events,
    ];
    routes[`transactions/wait_by_hash/${transaction.hash}`] = ok(committed({ hash: transaction.hash, events }), {
      version: 99,
    });
    expect(await look(on, transaction)).toEqual({
      sightings: [
        {
          hash: transaction.hash,
          ledger: snapshot(NOW_SECONDS, '99'),
          status: 'committed',
          version: '41',
          atMs: NOW_SECONDS * 1000,
          feePaid: 8000n,
          final: true,
          proofs: [{ event: 0, account: primaryStoreOf(ALICE, USD), asset: USD, amount: '5' }],
        },
      ],
    });
  });

  it.each([
    ['fungible asset', USD, '0x1::fungible_asset::Deposit', { store: primaryStoreOf(ALICE, USD), amount: '5' }],
    [
      'coin',
      `${BOB}::coin::T`,
      '0x1::coin::CoinDeposit',
      { coin_type: `${BOB}::coin::T`, account: ALICE, amount: '5' },
    ],
  ])('finds what arrived of a %s that is not configured any more', async (_what, asset, type, data) => {
    const before = network({
      assets: { T: asset === USD ? { fungibleAsset: USD, decimals: 6 } : { coin: asset, decimals: 6 } },
    });
    const call: NetworkCall = { kind: 'transfers', asset, transfers: [{ to: ALICE, amount: 5n }] };
    const transaction = await built(before, call);
    const on = network({ assets: { APT: { coin: '0x1::aptos_coin::AptosCoin', decimals: 8 } } });
    routes['transactions/wait_by_hash'] = ok(committed({ hash: transaction.hash, events: [{ type, data }] }), {
      version: 99,
    });
    const [seen] = (await look(on, transaction, call)).sightings;
    expect(seen).toMatchObject({ status: 'committed', proofs: [{ asset, amount: '5' }] });
  });

  it('looks for a transaction of an account whose key it does not have', async () => {
    const transaction = await built(network());
    const on = network({ privateKey: '7a'.repeat(32) });
    routes['transactions/wait_by_hash'] = ok(committed({ hash: transaction.hash }));
    expect((await look(on, transaction)).sightings[0]?.status).toBe('committed');
  });

  it('names the recipient whose store is frozen, or the sender', async () => {
    const on = network();
    const call = pay([ALICE, 5n], [BOB, 5n]);
    const transaction = await built(on, call);
    const vm_status = 'Move abort in 0x1::fungible_asset: ESTORE_IS_FROZEN(0x50003): x';
    routes['transactions/wait_by_hash'] = ok(committed({ hash: transaction.hash, success: false, vm_status }));
    const frozen = (owner: string) => (request: HttpRequest) =>
      ok([JSON.parse(request.body ?? '').arguments[0] === owner]);
    routes['view'] = frozen(BOB);
    const abort = { reason: 'recipient-refused', code: '0x1::fungible_asset/0x50003' };
    expect((await look(on, transaction, call)).sightings[0]).toMatchObject({
      status: 'aborted',
      abort: { ...abort, transfer: 1 },
    });
    routes['view'] = frozen(transaction.sender);
    expect((await look(on, transaction, call)).sightings[0]).toMatchObject({ abort: { reason: 'sender-refused' } });
    routes['view'] = gateway(502);
    expect((await look(on, transaction, call)).sightings[0]).toMatchObject({ abort });
    routes['view'] = refused(400, 'invalid_input', 'no such view');
    expect((await look(on, transaction, call)).sightings[0]).toMatchObject({ abort });
  });

  it('sees what pends, and what this node has forgotten', async () => {
    const on = network();
    const transaction = await built(on);
    routes['transactions/wait_by_hash'] = ok(pending(transaction.hash));
    expect((await look(on, transaction)).sightings[0]?.status).toBe('pending');
    routes['transactions/wait_by_hash'] = refused(410, 'version_pruned', 'x');
    expect((await look(on, transaction)).sightings[0]?.status).toBe('pruned');
  });

  it.each([
    ['a 404 without ledger headers', { ...notFound('0x'), headers: { 'content-type': 'application/json' } }],
    [
      'a 404 with headers that cannot be read',
      { ...notFound('0x'), headers: { ...ledgerHeaders(), 'x-aptos-ledger-version': 'x' } },
    ],
    ['a gateway’s 404', { ...gateway(404), headers: ledgerHeaders() }],
    ['a node’s 404 about something else', refused(404, 'account_not_found', 'x')],
    ['a 404 of another chain', notFound('0x', { chainId: 2 })],
    ['another transaction', ok(committed({ hash: `0x${'cd'.repeat(32)}` }))],
    ['a transaction without an end', ok({ ...committed(), success: undefined })],
    ['an empty page', answered(200, {})],
  ])('concludes nothing from %s', async (_what, response) => {
    const on = network();
    const transaction = await built(on);
    routes['transactions/wait_by_hash'] = response;
    const failure = await look(on, transaction).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'UNEXPECTED_RESPONSE', moneyMoved: 'no' });
    expect(clock.pendingTimers).toBe(0);
  });

  it('says of a slot whether it is free, and who used it', async () => {
    const on = network();
    const transaction = await built(on);
    routes['transactions/wait_by_hash'] = notFound(transaction.hash);
    expect((await look(on, transaction)).slot).toMatchObject({ status: 'free' });
    routes['accounts'] = ok({ sequence_number: '8', authentication_key: `0x${'00'.repeat(32)}` }, { version: 50 });
    const by = `0x${'cd'.repeat(32)}`;
    routes[`accounts/${transaction.sender}/transactions`] = ok([committed({ hash: by })], { version: 51 });
    expect((await look(on, transaction)).slot).toEqual({ status: 'used', by, ledger: snapshot(NOW_SECONDS, '51') });
    expect(requests.at(-1)?.url).toMatch(/\/transactions\?start=7&limit=1$/);
    // A list that begins elsewhere, or has been forgotten, names nobody.
    for (const list of [ok([committed({ sequence_number: '9' })]), ok([]), refused(410, 'version_pruned', 'x')]) {
      routes[`accounts/${transaction.sender}/transactions`] = list;
      expect((await look(on, transaction)).slot).toEqual({ status: 'used', ledger: snapshot(NOW_SECONDS, '50') });
    }
  });
});

describe('the proof that a transaction can never commit', () => {
  const EXPIRY = BigInt(NOW_SECONDS + 60);
  const validity = { expirationTimestampSecs: EXPIRY, bornAtVersion: 40n };

  async function sighted(ledger: Ledger, response = (hash: string) => notFound(hash, ledger)) {
    const on = network();
    const transaction = await built(on);
    routes['transactions/wait_by_hash'] = response(transaction.hash);
    const [seen] = (await look(on, transaction)).sightings;
    if (seen === undefined || (seen.status !== 'absent' && seen.status !== 'pruned')) return seen?.status;
    return isProofOfExpiry(seen.status, seen.ledger, validity);
  }

  it('is one answer that is past the expiry, and remembers', async () => {
    expect(await sighted({ seconds: NOW_SECONDS + 60 })).toBe(true);
    expect(await sighted({ seconds: NOW_SECONDS + 60, oldestVersion: 40 })).toBe(true);
  });

  it.each([
    ['a ledger that is a microsecond short of it', { seconds: NOW_SECONDS + 59.999_999 }],
    ['a replica that lags, however late it is here', { seconds: NOW_SECONDS - 3600 }],
    ['a node that has forgotten the time when it was made', { seconds: NOW_SECONDS + 60, oldestVersion: 41 }],
  ])('is not %s', async (_what, ledger) => {
    expect(await sighted(ledger)).toBe(false);
  });

  it('is not a 410, and not a transaction that still pends past its expiry', async () => {
    const late = { seconds: NOW_SECONDS + 600 };
    expect(await sighted(late, () => refused(410, 'version_pruned', 'x', null, late))).toBe(false);
    expect(await sighted(late, (hash) => ok(pending(hash), late))).toBe('pending');
  });
});

describe('estimating', () => {
  const simulation = (fields: object) =>
    ok([{ ...committed(), max_gas_amount: '2000000', ...fields, type: undefined }]);

  beforeEach(() => {
    routes['estimate_gas_price'] = ok({
      deprioritized_gas_estimate: 100,
      gas_estimate: 200,
      prioritized_gas_estimate: 400,
    });
  });

  it('allows half as much again as was used, at the lowest price of the bucket', async () => {
    const on = network();
    const [sender = ''] = on.senders;
    routes['transactions/simulate'] = simulation({ gas_used: '5361' });
    expect(await on.estimate({ sender, call: pay([ALICE, 5n]) })).toEqual({
      status: 'would-commit',
      fee: { maxUnits: '8042', unitPrice: '150' },
      expectedFee: 5361n * 150n,
    });
  });

  it('says why it would come to nothing', async () => {
    const on = network();
    const [sender = ''] = on.senders;
    const vm_status = 'Move abort in 0x1::fungible_asset: EINSUFFICIENT_BALANCE(0x10004): x';
    routes['transactions/simulate'] = simulation({ success: false, vm_status });
    expect(await on.estimate({ sender, call: pay([ALICE, 5n]) })).toMatchObject({
      status: 'would-abort',
      reason: 'insufficient-balance',
    });
  });

  it('is not held up by other transactions of the account that commit meanwhile', async () => {
    const on = network();
    const [sender = ''] = on.senders;
    routes['transactions/simulate'] = ({ bytes = new Uint8Array() }) =>
      // Behind the sender stands the number, or the 2^64 - 1 of a transaction with a nonce.
      Buffer.from(bytes).readBigUInt64LE(32) === 7n
        ? simulation({ success: false, vm_status: 'SEQUENCE_NUMBER_TOO_OLD', gas_used: '0' })
        : simulation({ gas_used: '3000' });
    expect(await on.estimate({ sender, call: pay([ALICE, 5n]) })).toMatchObject({ fee: { maxUnits: '4500' } });
  });

  it('asks for the price once for all who want to know at the same time', async () => {
    const on = network();
    const [sender = ''] = on.senders;
    routes['transactions/simulate'] = simulation({ gas_used: '3000' });
    await Promise.all(Array.from({ length: 5 }, () => on.estimate({ sender, call: pay([ALICE, 5n]) })));
    expect(requests.filter(({ url }) => url.endsWith('estimate_gas_price'))).toHaveLength(1);
    await clock.advance(501);
    await on.estimate({ sender, call: pay([ALICE, 5n]) });
    expect(requests.filter(({ url }) => url.endsWith('estimate_gas_price'))).toHaveLength(2);
  });

  it('does not send what would use more gas than one transaction may', async () => {
    const on = network({ maxGasUnits: 500_000 });
    const [sender = ''] = on.senders;
    routes['transactions/simulate'] = simulation({ gas_used: '500001' });
    expect(await on.estimate({ sender, call: pay([ALICE, 5n]) })).toMatchObject({
      status: 'would-abort',
      reason: 'out-of-gas',
    });
    routes['transactions/simulate'] = simulation({ gas_used: '500000' });
    expect(await on.estimate({ sender, call: pay([ALICE, 5n]) })).toMatchObject({ fee: { maxUnits: '500000' } });
  });

  it('tells an empty fee account from a payment that would fail', async () => {
    const on = network();
    const [sender = ''] = on.senders;
    routes['transactions/simulate'] = simulation({
      success: false,
      vm_status: 'INSUFFICIENT_BALANCE_FOR_TRANSACTION_FEE',
    });
    await expect(on.estimate({ sender, call: pay([ALICE, 5n]) })).rejects.toMatchObject({
      code: 'REJECTED',
      reason: 'float-exhausted',
    });
    routes['transactions/simulate'] = simulation({ success: false, vm_status: 'INVALID_AUTH_KEY' });
    await expect(on.estimate({ sender, call: pay([ALICE, 5n]) })).rejects.toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
    });
  });
});

describe('submitting', () => {
  it('hands the stored bytes over as they are, once', async () => {
    const on = network();
    const transaction = await built(on);
    routes['transactions'] = answered(202, { hash: transaction.hash });
    expect(await on.submit(transaction)).toEqual({ status: 'accepted' });
    expect(requests).toHaveLength(1);
    expect(Buffer.from(requests[0]?.bytes ?? []).toString('base64')).toBe(transaction.bytes);
  });
});

describe('checking', () => {
  const view = (decimals: number) => (request: HttpRequest) =>
    (request.body ?? '').includes('paired_metadata') ? ok([{ vec: [{ inner: '0xa' }] }]) : ok([decimals]);

  it('finds a key that does not open its account, decimals that differ, and another chain', async () => {
    const on = network();
    const [sender = ''] = on.senders;
    routes[''] = ok({ chain_id: 4 });
    const account = (key: string) => ok({ sequence_number: '7', authentication_key: key });
    routes['accounts'] = account(`0x${'99'.repeat(32)}`);
    await expect(on.check()).rejects.toMatchObject({ code: 'CONFIG_INVALID', field: 'aptos.privateKey' });
    routes['accounts'] = account(sender);
    routes['view'] = view(7);
    await expect(on.check()).rejects.toMatchObject({ code: 'CONFIG_INVALID', field: 'aptos.assets.USD.decimals' });
    routes[''] = ok({ chain_id: 2 }, { chainId: 2 });
    await expect(on.check()).rejects.toMatchObject({ code: 'CONFIG_INVALID', field: 'aptos.nodeUrl' });
  });
});
