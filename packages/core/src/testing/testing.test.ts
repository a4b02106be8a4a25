import { describe, expect, it, vi } from 'vitest';

import { sleep } from '../deadline.ts';
import { RejectedError, type TransportFailure } from '../errors/provider.ts';
import type { QueryRequest, SubmitRequest } from '../provider.ts';
import {
  createRecordingLogger,
  createScriptedProvider,
  createScriptedTransport,
  createSeededRandom,
  createTurnedClock,
} from './index.ts';

describe('a turned clock', () => {
  it('stands still until it is turned, and begins in 2026', () => {
    const clock = createTurnedClock();
    expect(new Date(clock.nowMs()).toISOString()).toBe('2026-01-01T00:00:00.000Z');
    expect(clock.monotonicMs()).toBe(0);
    expect(createTurnedClock(5).nowMs()).toBe(5);
  });

  it('fires each timer at its own moment, in order, those of one moment as they were set', async () => {
    const clock = createTurnedClock(0);
    const fired: string[] = [];
    for (const [name, delayMs] of [
      ['c', 30],
      ['a', 10],
      ['b', 20],
      ['a2', 10],
    ] as const) {
      clock.setTimer(delayMs, () => fired.push(`${name}@${clock.monotonicMs()}/${clock.nowMs()}`));
    }
    await clock.advance(25);
    expect(fired).toEqual(['a@10/10', 'a2@10/10', 'b@20/20']);
    expect(clock.monotonicMs()).toBe(25);
    await clock.advance(5);
    expect(fired.at(-1)).toBe('c@30/30');
    expect(clock.pendingTimers).toBe(0);
  });

  it('lets what a timer woke run before the next fires', async () => {
    const clock = createTurnedClock();
    const seen: number[] = [];
    const work = async (): Promise<void> => {
      for (let times = 0; times < 3; times++) {
        await sleep(clock, 10);
        seen.push(clock.monotonicMs());
      }
    };
    await Promise.all([work(), clock.advance(100)]);
    expect(seen).toEqual([10, 20, 30]);
  });

  it('forgets a timer that is cancelled, also twice and too late', async () => {
    const clock = createTurnedClock();
    const callback = vi.fn<() => void>();
    const cancel = clock.setTimer(10, callback);
    expect(clock.pendingTimers).toBe(1);
    cancel();
    cancel();
    expect(clock.pendingTimers).toBe(0);
    const late = clock.setTimer(10, callback);
    await clock.advance(10);
    late();
    await clock.advance(10);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it('takes a delay below zero for now, and Infinity for never', async () => {
    const clock = createTurnedClock();
    const callback = vi.fn<() => void>();
    clock.setTimer(-5, callback);
    clock.setTimer(Infinity, callback)();
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(0);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it('corrects wall time without firing anything, and without a change of monotonic time', async () => {
    const clock = createTurnedClock(1000);
    const callback = vi.fn<() => void>();
    clock.setTimer(10, callback);
    clock.jump(-500);
    expect([clock.nowMs(), clock.monotonicMs()]).toEqual([500, 0]);
    clock.jump(5000);
    expect(clock.nowMs()).toBe(5500);
    expect(callback).not.toHaveBeenCalled();
    await clock.advance(10);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it('never goes back, though it is turned from two places at once', async () => {
    const clock = createTurnedClock();
    await Promise.all([clock.advance(100), clock.advance(50)]);
    expect(clock.monotonicMs()).toBe(100);
  });

  it('runs until a promise is settled, timer by timer, and no further', async () => {
    const clock = createTurnedClock();
    clock.setTimer(1_000_000, () => undefined);
    expect(await clock.runUntil(sleep(clock, 86_400_000 * 3).then(() => clock.monotonicMs()))).toBe(86_400_000 * 3);
    await expect(clock.runUntil(Promise.reject(new Error('x')))).rejects.toThrow('x');
  });

  it('waits for work that goes on in later turns of the event loop', async () => {
    const clock = createTurnedClock();
    const turns = async (): Promise<string> => {
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => void setImmediate(resolve));
      return 'done';
    };
    expect(await clock.runUntil(turns())).toBe('done');
  });

  it('says so when nothing is left that could wake what is waited for', async () => {
    const clock = createTurnedClock();
    await expect(clock.runUntil(new Promise(() => undefined))).rejects.toThrow('Nothing is left');
  });
});

describe('a seeded random source', () => {
  it('gives the same for the same seed, in every run of every version', () => {
    const random = createSeededRandom(1);
    expect(Buffer.from(random.bytes(8)).toString('hex')).toBe('5ced9537c2fab135');
    expect(createSeededRandom(1).bytes(32)).toEqual(createSeededRandom(1).bytes(32));
  });

  it('gives something else for another seed', () => {
    const firsts = Array.from({ length: 1000 }, (_, seed) => createSeededRandom(seed).float());
    expect(new Set(firsts).size).toBe(1000);
    expect(createSeededRandom(-1).float()).not.toBe(createSeededRandom(1).float());
  });

  it('is even: floats in [0, 1) and bytes of all values', () => {
    const random = createSeededRandom(42);
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let times = 0; times < 10_000; times++) {
      const float = random.float();
      expect(float >= 0 && float < 1).toBe(true);
      tenths[Math.floor(float * 10)]! += 1;
    }
    for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
    expect(new Set(random.bytes(5000)).size).toBe(256);
  });
});

describe('a recording logger', () => {
  it('keeps every line, with its level', () => {
    const logger = createRecordingLogger();
    for (const level of ['debug', 'info', 'warn', 'error'] as const) logger[level]({ level }, `at ${level}`);
    expect(logger.lines).toEqual(
      ['debug', 'info', 'warn', 'error'].map((level) => ({ level, fields: { level }, message: `at ${level}` })),
    );
  });
});

describe('a scripted transport', () => {
  const request = { method: 'POST', url: 'https://operator.example/pay', headers: {}, body: '{}' } as const;

  it('gives its answers in order, and keeps the requests', async () => {
    const transport = createScriptedTransport({ json: { ok: true } }, { status: 403, text: '<html>' });
    transport.answer(async ({ url }) => ({ status: 200, headers: {}, body: url }));
    expect(await transport(request)).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"ok":true}',
    });
    expect(await transport(request)).toEqual({ status: 403, headers: { 'content-type': 'text/html' }, body: '<html>' });
    expect((await transport({ ...request, url: 'https://other.example' })).body).toBe('https://other.example');
    expect(transport.requests.map(({ url }) => url)).toEqual([request.url, request.url, 'https://other.example']);
  });

  it('lets a step say its headers', async () => {
    const transport = createScriptedTransport({ json: 1, status: 429, headers: { 'retry-after': '5' } });
    expect(await transport(request)).toMatchObject({
      status: 429,
      headers: { 'retry-after': '5', 'content-type': 'application/json' },
    });
  });

  it.each<[TransportFailure, string]>([
    ['not-connected', 'no'],
    ['timeout', 'maybe'],
    ['connection-lost', 'maybe'],
  ])('fails with %s as the real one does', async (failure, moneyMoved) => {
    const refused = createScriptedTransport({ failure })(request);
    await expect(refused).rejects.toMatchObject({ code: 'TRANSPORT', failure, moneyMoved });
  });

  it('fails loudly when the script is over: that request was one too many', async () => {
    const transport = createScriptedTransport();
    await expect(transport(request)).rejects.toThrow(
      'The script has no answer left for POST https://operator.example/pay',
    );
    expect(transport.requests).toHaveLength(1);
  });
});

describe('a scripted provider', () => {
  const scripted = createScriptedProvider({ name: 'two', route: { decimals: 2 }, timing: { queryEveryMs: 7 } });
  const environment = {
    transport: createScriptedTransport(),
    clock: createTurnedClock(),
    random: createSeededRandom(1),
    logger: createRecordingLogger(),
  };
  const provider = scripted.factory(environment);
  const submit: SubmitRequest = {
    route: scripted.route,
    reference: 'r',
    money: { currency: 'KES', amountMinor: 100n },
    msisdn: '254712345678',
    callbackUrl: 'https://us.example/cb',
  };
  const query: QueryRequest = { ...submit, references: {}, sentAtMs: 0 };

  it('has the route that it was given', () => {
    expect(scripted.route).toMatchObject({
      id: 'two:collection',
      provider: 'two',
      decimals: 2,
      timing: { queryEveryMs: 7 },
    });
    expect(provider.routes).toEqual([scripted.route]);
  });

  it('gives its answers to sends in order, then finds pending', async () => {
    const refusal = new RejectedError('Refused.', 'amount-too-low');
    scripted.onSend({ status: 'succeeded' }, refusal, async () => ({ status: 'unknown', code: 'X' }));
    expect(await provider.collect(submit)).toEqual({ status: 'succeeded' });
    await expect(provider.disburse(submit)).rejects.toBe(refusal);
    expect(await provider.remit(submit)).toEqual({ status: 'unknown', code: 'X' });
    const [first, second] = [await provider.refund(submit), await provider.collect(submit)];
    expect([first.status, second.status]).toEqual(['pending', 'pending']);
    expect(first.references).not.toEqual(second.references);
    expect(scripted.sends).toHaveLength(5);
  });

  it('gives its last answer to queries again and again', async () => {
    expect(await provider.query(query)).toEqual({ status: 'pending' });
    scripted.onQuery({ status: 'unknown' }, { status: 'succeeded' });
    const found = [];
    for (let times = 0; times < 4; times++) found.push((await provider.query(query)).status);
    expect(found).toEqual(['unknown', 'succeeded', 'succeeded', 'succeeded']);
    expect(scripted.queries).toHaveLength(5);
  });

  it('refuses what it does not support', async () => {
    await expect(provider.balance()).rejects.toMatchObject({ code: 'UNSUPPORTED', provider: 'two' });
    await expect(provider.lookupAccount('254712345678')).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      provider: 'two',
    });
  });

  it('reads its callbacks: a finding, with amounts, number, signature and vouchers', () => {
    const read = (body: string) => provider.readCallback({ method: 'POST', headers: {}, body });
    expect(read('{"finding":{"status":"pending"}}')).toEqual({
      finding: { status: 'pending' },
      trust: 'hint',
      acknowledgement: { contentType: 'application/json', body: '{"received":true}' },
    });
    expect(
      read(
        '{"finding":{"status":"succeeded","money":{"currency":"KES","amountMinor":"100"}},"signed":true,"msisdn":"254","vouchers":{"id":"1"}}',
      ),
    ).toMatchObject({
      finding: { money: { amountMinor: 100n } },
      trust: 'signed',
      msisdn: '254',
      vouchers: { id: '1' },
    });
    for (const rubbish of ['', '{', '{}', 'null', '5']) {
      expect(() => read(rubbish)).toThrow(expect.objectContaining({ code: 'INVALID_CALLBACK' }));
    }
  });
});
