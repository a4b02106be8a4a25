import { inspect } from 'node:util';

import { type HttpRequest, type HttpResponse, TransportError } from '@canza/core';
import { createSeededRandom, createTurnedClock } from '@canza/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';

import { committed, pending } from '../../../test/support/committed.ts';
import { answered, gateway, NOW_SECONDS, notFound, ok, refused } from '../../../test/support/node-answers.ts';
import { hashOf } from '../transaction/raw-transaction.ts';
import { AptosClient } from './client.ts';

const SECRET = '5e'.repeat(32);
const ALICE = `0x${'a1'.repeat(32)}`;

type Mempool = (hash: string, bytes: Uint8Array) => HttpResponse | Error;

/** A node with one account that commits what it accepts, unless a test says otherwise. */
class Node {
  sequenceNumber = 7n;
  seconds = NOW_SECONDS;
  version = 100;
  readonly submitted: string[] = [];
  readonly committed = new Map<string, object>();
  readonly listed: object[] = [];
  /** What the next submissions are answered, and done with, before the usual. */
  readonly next: Mempool[] = [];
  readonly pending = new Set<string>();
  /** So many look-ups by hash are answered by a replica that has not seen the commit. */
  lookupsBehind = 0;

  readonly transport = async (request: HttpRequest): Promise<HttpResponse> => {
    const { pathname } = new URL(request.url);
    const answer = this.answer(pathname.replace(/^\/v1\/?/, ''), request);
    if (answer instanceof Error) throw answer;
    return answer;
  };

  get ledger() {
    return { seconds: this.seconds, version: this.version };
  }

  commit(hash: string, fields: object = {}): void {
    const number = this.sequenceNumber++;
    this.version += 1;
    this.committed.set(
      hash,
      committed({ hash, sequence_number: String(number), version: String(this.version), ...fields }),
    );
    this.listed.push(committed({ hash, sequence_number: String(number) }));
  }

  answer(path: string, request: HttpRequest): HttpResponse | Error {
    if (path === '') return ok({ chain_id: 4 }, this.ledger);
    if (path === 'estimate_gas_price') return ok({ gas_estimate: 100 }, this.ledger);
    if (path === 'transactions/simulate') return ok([committed({ max_gas_amount: '1', type: undefined })], this.ledger);
    if (path.startsWith('transactions/')) {
      const hash = path.split('/')[2] ?? '';
      const found = this.lookupsBehind-- > 0 ? undefined : this.committed.get(hash);
      if (found !== undefined) return ok(found, this.ledger);
      return this.pending.has(hash) ? ok(pending(hash), this.ledger) : notFound(hash, this.ledger);
    }
    if (path.endsWith('/transactions')) {
      const start = new URL(request.url).searchParams.get('start');
      return ok(
        this.listed.filter((one) => (one as { sequence_number: string }).sequence_number === start),
        this.ledger,
      );
    }
    if (path.startsWith('accounts/')) {
      return ok({ sequence_number: String(this.sequenceNumber), authentication_key: ALICE }, this.ledger);
    }
    const bytes = request.bytes ?? new Uint8Array();
    const hash = hashOf(bytes);
    this.submitted.push(hash);
    const special = this.next.shift();
    if (special !== undefined) return special(hash, bytes);
    if (!this.committed.has(hash)) this.commit(hash);
    return answered(202, { hash }, this.ledger);
  }
}

let node: Node;
let clock: ReturnType<typeof createTurnedClock>;
let client: AptosClient;

beforeEach(() => {
  node = new Node();
  clock = createTurnedClock();
  client = new AptosClient(
    {
      nodeUrl: 'http://127.0.0.1:8080/v1',
      privateKey: SECRET,
      assets: { APT: { coin: '0x1::aptos_coin::AptosCoin', decimals: 8 } },
    },
    { transport: node.transport, clock, random: createSeededRandom(1) },
  );
});

const pay = (options?: { readonly timeoutMs?: number }) =>
  clock.runUntil(client.transfer({ asset: 'APT', to: ALICE, amount: '1.5' }, options).catch((error: unknown) => error));
const once = () => expect(new Set(node.submitted).size).toBe(1);

describe('a transfer', () => {
  it('ends with the transaction that carried it', async () => {
    expect(await pay()).toMatchObject({ success: true, hash: node.submitted[0], version: 101n, fee: '0.00008000' });
    expect(clock.pendingTimers).toBe(0);
  });

  it.each<readonly [string, Mempool]>([
    [
      'the answer was lost after the node took it',
      (hash) => (node.commit(hash), new TransportError('connection-lost', 'x')),
    ],
    ['a gateway answered in HTML after the node took it', (hash) => (node.commit(hash), gateway(502))],
    ['the answer was lost before the node took it', () => new TransportError('timeout', 'x')],
    ['mempool was full', () => refused(507, 'mempool_is_full', 'x')],
    ['no connection was made', () => new TransportError('not-connected', 'x')],
    ['the node dropped it from mempool', (hash) => answered(202, { hash })],
  ])('is paid once, with the same bytes, when %s', async (_what, mempool) => {
    node.next.push(mempool);
    expect(await pay()).toMatchObject({ success: true });
    once();
    expect(node.committed.size).toBe(1);
  });

  it('that was committed is not called refused because a second sending was', async () => {
    node.next.push(
      () => new TransportError('connection-lost', 'x'),
      (hash) => {
        node.commit(hash);
        return refused(400, 'vm_error', 'Invalid transaction: Type: Validation Code: INVALID_SIGNATURE', 1);
      },
    );
    expect(await pay()).toMatchObject({ success: true });
  });

  it('that a node refuses at its first sending has not happened, and its number is used for the next', async () => {
    node.next.push(() =>
      refused(400, 'vm_error', 'Invalid transaction: Type: Validation Code: TRANSACTION_EXPIRED', 6),
    );
    expect(await pay()).toMatchObject({ code: 'TRANSACTION_FAILED', reason: 'refused', moneyMoved: 'no' });
    expect(await pay()).toMatchObject({ success: true });
    expect(node.committed.size).toBe(1);
  });

  it('that aborts says why; the number is used and the fee paid', async () => {
    node.next.push((hash) => {
      node.commit(hash, { success: false, vm_status: 'Move abort in 0x1::fungible_asset: 0x10004' });
      return answered(202, { hash });
    });
    expect(await pay()).toMatchObject({ reason: 'aborted', providerCode: '0x1::fungible_asset/0x10004' });
    expect(await pay()).toMatchObject({ success: true });
  });

  it('expires by the ledger’s time, and not by ours', async () => {
    const swallow = (hash: string) => answered(202, { hash }, node.ledger);
    node.next.push(...Array.from({ length: 200 }, () => swallow));
    const paying = client
      .transfer({ asset: 'APT', to: ALICE, amount: '1' }, { timeoutMs: 600_000 })
      .catch((e: unknown) => e);
    await clock.advance(120_000);
    expect(node.submitted.length).toBeGreaterThan(10);
    node.seconds += 60;
    expect(await clock.runUntil(paying)).toMatchObject({ reason: 'expired', moneyMoved: 'no' });
    once();
  });

  it('whose number somebody else used can never happen, and says so', async () => {
    node.next.push((hash) => {
      node.commit(`0x${'cd'.repeat(32)}`);
      return answered(202, { hash }, node.ledger);
    });
    expect(await pay()).toMatchObject({ reason: 'displaced', moneyMoved: 'no' });
    expect(await pay()).toMatchObject({ success: true });
  });

  it('whose number it used itself is not called displaced while a replica lags', async () => {
    node.lookupsBehind = 3;
    expect(await pay()).toMatchObject({ success: true });
    once();
  });

  it('whose end is not known in time is in doubt; the next one finds it out first', async () => {
    let first = '';
    node.next.push((hash) => {
      first = hash;
      node.pending.add(hash);
      return answered(202, { hash }, node.ledger);
    });
    const failure = await pay({ timeoutMs: 5000 });
    expect(failure).toMatchObject({ code: 'TRANSACTION_UNSETTLED', moneyMoved: 'maybe', hash: first });
    node.pending.delete(first);
    expect(await pay()).toMatchObject({ success: true });
    expect(node.committed.size).toBe(2);
    expect(node.submitted.filter((hash) => hash === first)).toHaveLength(2);
  });

  it('can be taken up again with its own bytes', async () => {
    node.next.push((hash) => {
      node.pending.add(hash);
      return answered(202, { hash }, node.ledger);
    });
    const failure = (await pay({ timeoutMs: 5000 })) as Parameters<AptosClient['resume']>[0];
    node.pending.clear();
    expect(await clock.runUntil(client.resume(failure))).toMatchObject({ success: true });
    once();
  });

  it('many at once take numbers in order', async () => {
    const paid = await clock.runUntil(
      Promise.all(Array.from({ length: 5 }, () => client.transfer({ asset: 'APT', to: ALICE, amount: '1' }))),
    );
    expect(new Set(paid.map(({ hash }) => hash)).size).toBe(5);
    expect(node.sequenceNumber).toBe(12n);
  });

  it.each([
    ['an amount with too many decimals', { asset: 'APT', to: ALICE, amount: '0.000000001' }, 'amount'],
    ['a number for an amount', { asset: 'APT', to: ALICE, amount: 1 as unknown as string }, 'amount'],
    ['zero', { asset: 'APT', to: ALICE, amount: '0' }, 'amount'],
    ['an address that lost a digit', { asset: 'APT', to: ALICE.slice(0, -1), amount: '1' }, 'to'],
    ['the framework', { asset: 'APT', to: '0x1', amount: '1' }, 'to'],
    ['an asset that is not configured', { asset: 'USD', to: ALICE, amount: '1' }, 'asset'],
  ])('to or of %s is refused before anything is sent', async (_what, request, field) => {
    await expect(client.transfer(request)).rejects.toMatchObject({ code: 'INVALID_REQUEST', field, moneyMoved: 'no' });
  });
});

describe('waiting for a transaction of somebody else', () => {
  const HASH = `0x${'cd'.repeat(32)}`;

  it('goes on through what proves nothing, and ends with it', async () => {
    const waiting = client.waitForTransaction(HASH.toUpperCase().replace('0X', '0x'));
    await clock.advance(3000);
    node.pending.add(HASH);
    await clock.advance(3000);
    node.commit(HASH, { success: false, vm_status: 'Out of gas' });
    expect(await clock.runUntil(waiting)).toMatchObject({ hash: HASH, success: false, vmStatus: 'Out of gas' });
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends in doubt at its deadline, and when it is called off', async () => {
    const late = client.waitForTransaction(HASH, { timeoutMs: 2000 }).catch((error: unknown) => error);
    expect(await clock.runUntil(late)).toMatchObject({ code: 'DEADLINE_EXCEEDED', moneyMoved: 'maybe' });
    const caller = new AbortController();
    const off = client.waitForTransaction(HASH, { signal: caller.signal }).catch((error: unknown) => error);
    await clock.advance(500);
    caller.abort();
    expect(await off).toMatchObject({ code: 'ABORTED', moneyMoved: 'maybe' });
    expect(clock.pendingTimers).toBe(0);
  });

  it('refuses what is no hash', async () => {
    await expect(client.waitForTransaction('0x12')).rejects.toMatchObject({ code: 'INVALID_REQUEST', field: 'hash' });
  });
});

it('shows no key', () => {
  const shown = inspect(client, { depth: 9, showHidden: true }) + JSON.stringify(client);
  expect(shown).not.toContain(SECRET);
});
