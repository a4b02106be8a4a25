import {
  AbortedError,
  type HttpRequest,
  type HttpResponse,
  TransportError,
  UnexpectedResponseError,
} from '@canza/core';
import { createSeededRandom, createTurnedClock } from '@canza/core/testing';
import { describe, expect, it } from 'vitest';

import { answered, gateway, NOW_SECONDS, notFound, ok } from '../../../test/support/node-answers.ts';
import { createFullnode, type FullnodeRequest } from './fullnode.ts';

const LEDGER: FullnodeRequest = { method: 'GET', path: '' };
const HASH = `0x${'ab'.repeat(32)}`;

type Step = HttpResponse | Error | ((request: HttpRequest) => HttpResponse);

function world(steps: readonly Step[], nodeUrls: readonly string[] = ['http://one.example/v1']) {
  const clock = createTurnedClock();
  const left = [...steps];
  const asked: string[] = [];
  const transport = async (request: HttpRequest): Promise<HttpResponse> => {
    asked.push(new URL(request.url).host);
    const step = left.shift();
    if (step === undefined) return new Promise(() => undefined);
    if (step instanceof Error) throw step;
    return typeof step === 'function' ? step(request) : step;
  };
  const fullnode = createFullnode(
    { nodeUrls, chainId: 4, headers: {}, exchangeTimeoutMs: 5000, timeoutMs: 10_000 },
    { transport, clock, random: createSeededRandom(1) },
  );
  return { fullnode, clock, asked };
}

describe('a read', () => {
  it.each([
    ['a gateway’s 502', gateway(502)],
    ['a gateway’s 429', gateway(429)],
    ['a gateway’s own 404, which says nothing of a transaction', gateway(404)],
    ['a page under 200', gateway(200)],
    [
      'a node that is not well',
      answered(503, { message: 'x', error_code: 'health_check_failed', vm_error_code: null }),
    ],
    ['a broken connection', new TransportError('connection-lost', 'x')],
    ['an answer of another chain', ok({}, { chainId: 2 })],
  ])('is repeated after %s', async (_what, first) => {
    const { fullnode, clock } = world([first, ok({ chain_id: 4 })]);
    const answer = await clock.runUntil(fullnode.read(LEDGER));
    expect(answer).toMatchObject({ status: 200, json: { chain_id: 4 }, ledger: { chainId: 4, version: 42n } });
    expect(clock.pendingTimers).toBe(0);
  });

  it('takes a node’s own 404 for an answer', async () => {
    const { fullnode, clock, asked } = world([notFound(HASH)]);
    const answer = await clock.runUntil(fullnode.read({ method: 'GET', path: `transactions/by_hash/${HASH}` }));
    expect(answer).toMatchObject({ status: 404, error: { code: 'transaction_not_found', vmCode: undefined } });
    expect(asked).toHaveLength(1);
  });

  it('waits as long as a gateway asks for', async () => {
    const { fullnode, clock, asked } = world([gateway(429, { 'retry-after': '4' }), ok({})]);
    const reading = fullnode.read(LEDGER);
    await clock.advance(1900);
    expect(asked).toHaveLength(1);
    await clock.runUntil(reading);
    expect(clock.monotonicMs()).toBeLessThanOrEqual(4000);
  });

  it('asks another endpoint without a pause, and stays with it', async () => {
    const urls = ['http://one.example/v1', 'http://two.example/v1'];
    const { fullnode, clock, asked } = world([gateway(502), ok({}), ok({})], urls);
    await clock.runUntil(fullnode.read(LEDGER));
    expect(clock.monotonicMs()).toBe(0);
    await clock.runUntil(fullnode.read(LEDGER));
    expect(asked).toEqual(['one.example', 'two.example', 'two.example']);
  });

  it('says what kept it from an answer when its time is over, and leaves no timer', async () => {
    const { fullnode, clock } = world(Array.from({ length: 100 }, () => gateway(502)));
    const failure = await clock.runUntil(fullnode.read(LEDGER).catch((error: unknown) => error));
    expect(failure).toMatchObject({ code: 'UNEXPECTED_RESPONSE', httpStatus: 502, moneyMoved: 'no' });
    expect(clock.monotonicMs()).toBe(10_000);
    expect(clock.pendingTimers).toBe(0);
  });

  it('tells a limit from an illness', async () => {
    const { fullnode, clock } = world(Array.from({ length: 100 }, () => gateway(429, { 'retry-after': '1' })));
    const failure = await clock.runUntil(fullnode.read(LEDGER).catch((error: unknown) => error));
    expect(failure).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 1000 });
  });

  it('ends at once when it is called off', async () => {
    const { fullnode, clock } = world([]);
    const caller = new AbortController();
    const reading = fullnode.read(LEDGER, { signal: caller.signal }).catch((error: unknown) => error);
    caller.abort();
    expect(AbortedError.isInstance(await reading)).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a read that wants a fresh ledger', () => {
  const urls = ['http://one.example/v1', 'http://two.example/v1'];
  const at = (seconds: number, version: number): HttpResponse =>
    ok({ version }, { seconds: NOW_SECONDS + seconds, version });

  it('asks elsewhere when a replica lags behind what was seen before', async () => {
    const { fullnode, clock, asked } = world([at(10, 100), at(2, 20), at(10.5, 105)], urls);
    await clock.runUntil(fullnode.read(LEDGER));
    const answer = await clock.runUntil(fullnode.read(LEDGER, { fresh: true }));
    expect(answer.json).toEqual({ version: 105 });
    expect(asked).toEqual(['one.example', 'one.example', 'two.example']);
  });

  it('is content with a replica of the same second', async () => {
    const { fullnode, clock, asked } = world([at(10, 100), at(9.5, 95)]);
    await clock.runUntil(fullnode.read(LEDGER));
    expect((await clock.runUntil(fullnode.read(LEDGER, { fresh: true }))).json).toEqual({ version: 95 });
    expect(asked).toHaveLength(2);
  });

  it('hands over the newest there is, with its own age, when all lag', async () => {
    const { fullnode, clock } = world([at(10, 100), at(2, 20), at(3, 30), at(1, 10), at(2, 21)], urls);
    await clock.runUntil(fullnode.read(LEDGER));
    const answer = await clock.runUntil(fullnode.read(LEDGER, { fresh: true }));
    expect(answer.ledger?.version).toBe(30n);
  });
});

describe('a submission', () => {
  const SUBMIT: FullnodeRequest = { method: 'POST', path: 'transactions', bcs: Uint8Array.of(1, 2) };
  const urls = ['http://one.example/v1', 'http://two.example/v1'];

  it('is handed over once, whatever comes back', async () => {
    for (const first of [gateway(502), gateway(429), new TransportError('connection-lost', 'x')]) {
      const { fullnode, asked } = world([first, ok({})], urls);
      await fullnode.send(SUBMIT).catch(() => undefined);
      expect(asked).toEqual(['one.example']);
    }
  });

  it('goes to another endpoint where no connection was made', async () => {
    const { fullnode, asked } = world([new TransportError('not-connected', 'x'), answered(202, {})], urls);
    expect((await fullnode.send(SUBMIT)).status).toBe(202);
    expect(asked).toEqual(['one.example', 'two.example']);
  });

  it('carries bytes and their type', async () => {
    let sent: HttpRequest | undefined;
    const { fullnode } = world([
      (request) => {
        sent = request;
        return answered(202, {});
      },
    ]);
    await fullnode.send(SUBMIT);
    expect(sent).toMatchObject({
      method: 'POST',
      url: 'http://one.example/v1/transactions',
      headers: { 'content-type': 'application/x.aptos.signed_transaction+bcs' },
      bytes: Uint8Array.of(1, 2),
    });
  });

  it('to another chain is an answer that proves nothing', async () => {
    const { fullnode } = world([answered(202, {}, { chainId: 1 })]);
    const failure = await fullnode.send(SUBMIT).catch((error: unknown) => error);
    expect(UnexpectedResponseError.isInstance(failure)).toBe(true);
  });
});
