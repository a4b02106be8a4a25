import { inspect } from 'node:util';

import {
  AuthenticationError,
  createMemoryJournal,
  DuplicateReferenceError,
  type Finding,
  type Journal,
  JournalError,
  RateLimitError,
  RejectedError,
  type SubmitFinding,
  TransportError,
  UnexpectedResponseError,
} from '@canza/core';
import { createScriptedProvider } from '@canza/core/testing';
import { describe, expect, it } from 'vitest';

import { DAY_MS, MINUTE_MS, PAID, REQUEST, world } from '../../test/bridge-world.ts';
import { MMOBridge } from './bridge.ts';
import { type BridgePolicy, DEFAULT_POLICY } from './policy.ts';
import type { TransactionRequest } from './transaction-request.ts';

describe('a collection', () => {
  it('is stored before it is sent, and says pending once the operator has accepted it', async () => {
    const provider = createScriptedProvider();
    const { bridge, journal } = await world([provider]);
    let storedAtSend: unknown;
    provider.onSend(async () => {
      storedAtSend = (await journal.read('payment', 'tx_123'))?.state;
      return { status: 'pending', references: { CheckoutRequestID: 'ws_CO_1' } };
    });
    const result = await bridge.initiateTransaction(REQUEST);
    expect(storedAtSend).toBe('sending');
    expect(result).toMatchObject({
      status: 'pending',
      moneyMoved: 'maybe',
      route: 'scripted:collection',
      provider: 'scripted',
    });
    expect(result.evidence.at(-1)).toMatchObject({ source: 'reply', moneyMoved: 'maybe' });
  });

  it('ends succeeded when a query says so', async () => {
    const provider = createScriptedProvider();
    provider.onQuery({ status: 'pending' }, PAID);
    const { bridge, clock } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    const result = await clock.runUntil(bridge.waitForTransaction('tx_123'));
    expect(result).toMatchObject({ status: 'succeeded', moneyMoved: 'yes' });
    expect(provider.sends).toHaveLength(1);
  });

  it('is not asked about before the operator can know', async () => {
    const provider = createScriptedProvider({ timing: { firstQueryAfterMs: 12_000 } });
    const { bridge, clock } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    await clock.advance(11_900);
    expect(provider.queries).toHaveLength(0);
    await clock.advance(1200);
    expect(provider.queries).toHaveLength(1);
  });

  it('ends failed, with the payer’s reason, when a query says so', async () => {
    const provider = createScriptedProvider();
    provider.onQuery({ status: 'failed', reason: 'wrong-pin', code: '2001' });
    const { bridge, clock } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    const result = await clock.runUntil(bridge.waitForTransaction('tx_123'));
    expect(result).toMatchObject({ status: 'failed', moneyMoved: 'no', reason: 'wrong-pin' });
  });
});

describe('the same transaction id', () => {
  it('with the same request returns the stored payment and sends nothing', async () => {
    const provider = createScriptedProvider();
    const { bridge } = await world([provider]);
    const first = await bridge.initiateTransaction(REQUEST);
    const again = await bridge.initiateTransaction({ ...REQUEST, amount: '1000', phoneNumber: '254 700 123 456' });
    expect(again).toEqual(first);
    expect(provider.sends).toHaveLength(1);
  });

  it('sends once when it comes fifty times at once, to two processes', async () => {
    const provider = createScriptedProvider();
    const { bridge, another } = await world([provider]);
    const other = await another();
    const results = await Promise.all(
      Array.from({ length: 50 }, async (_, index) =>
        (index % 2 === 0 ? bridge : other.bridge).initiateTransaction(REQUEST),
      ),
    );
    expect(provider.sends).toHaveLength(1);
    expect(new Set(results.map(({ transactionId }) => transactionId)).size).toBe(1);
  });

  for (const [what, change] of [
    ['amount', { amount: '1000.01' }],
    ['number', { phoneNumber: '+254700123457' }],
    ['type', { type: 'disbursement' }],
  ] as const) {
    it(`with another ${what} is an error, and nothing is sent`, async () => {
      const provider = createScriptedProvider({ route: { decimals: 2 } });
      const payouts = createScriptedProvider({ name: 'payouts', type: 'disbursement' });
      const { bridge } = await world([provider, payouts]);
      await bridge.initiateTransaction(REQUEST);
      await expect(bridge.initiateTransaction({ ...REQUEST, ...change })).rejects.toMatchObject({
        code: 'IDEMPOTENCY_CONFLICT',
        moneyMoved: 'no',
      });
      expect(provider.sends.length + payouts.sends.length).toBe(1);
    });
  }
});

describe('an unknown outcome', () => {
  const unknowns: Record<string, Error> = {
    'a lost reply': new TransportError('timeout', 'no reply within 30000 ms'),
    'a cut connection': new TransportError('connection-lost', 'the connection was lost'),
    'an HTML page': new UnexpectedResponseError('the reply is not JSON', { status: 403, body: '<html>' }),
    'a duplicate reference': new DuplicateReferenceError('the reference is taken'),
    'an error of nobody’s': new TypeError('undefined is not a function'),
  };
  for (const [what, error] of Object.entries(unknowns)) {
    it(`(${what}) is looked up, never re-sent and never called failed`, async () => {
      const provider = createScriptedProvider();
      provider.onSend(error);
      provider.onQuery({ status: 'pending' }, PAID);
      const { bridge, clock } = await world([provider, createScriptedProvider({ name: 'second' })]);
      const told = await bridge.initiateTransaction(REQUEST);
      expect(told).toMatchObject({ status: 'pending', moneyMoved: 'maybe' });
      const result = await clock.runUntil(bridge.waitForTransaction('tx_123'));
      expect(result).toMatchObject({ status: 'succeeded', moneyMoved: 'yes', provider: 'scripted' });
      expect(provider.sends).toHaveLength(1);
    });
  }

  it('without an id to ask with ends succeeded through its callback', async () => {
    const provider = createScriptedProvider();
    provider.onSend(new TransportError('connection-lost', 'the connection was lost'));
    provider.onQuery(async ({ references }) =>
      references['CheckoutRequestID'] === undefined ? { status: 'unaskable' } : PAID,
    );
    const { bridge, clock, callback } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    await clock.advance(20_000);
    const answer = await callback({ ...PAID, receipt: 'NLJ7RT61SV', references: { CheckoutRequestID: 'ws_CO_1' } });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ received: true });
    const result = await clock.runUntil(bridge.waitForTransaction('tx_123'));
    expect(result).toMatchObject({ status: 'succeeded', receipt: 'NLJ7RT61SV' });
    expect(provider.sends).toHaveLength(1);
  });

  it('without an id and without a callback goes to a person, with the money in doubt', async () => {
    const provider = createScriptedProvider();
    provider.onSend(new TransportError('timeout', 'no reply'));
    provider.onQuery({ status: 'unaskable' });
    const { bridge, clock } = await world([provider, createScriptedProvider({ name: 'second' })]);
    await bridge.initiateTransaction(REQUEST);
    const result = await clock.runUntil(bridge.waitForTransaction('tx_123', { timeoutMs: DAY_MS }));
    expect(result).toMatchObject({ status: 'review', moneyMoved: 'maybe' });
  });

  it('that the operator never clears up goes to a person at the deadline', async () => {
    const provider = createScriptedProvider();
    const { bridge, clock } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    const result = await clock.runUntil(bridge.waitForTransaction('tx_123', { timeoutMs: 3 * DAY_MS }));
    expect(result).toMatchObject({ status: 'review', moneyMoved: 'maybe' });
    expect(provider.queries.length).toBeLessThan(400);
    // A day, second by second: a busy machine needs a while for it.
  }, 30_000);

  it('that went to a person still ends by proof that comes late', async () => {
    const provider = createScriptedProvider();
    provider.onSend(new TransportError('timeout', 'no reply'));
    provider.onQuery(async ({ references }) => (references['id'] === undefined ? { status: 'unaskable' } : PAID));
    const { bridge, clock, callback } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    await clock.runUntil(bridge.waitForTransaction('tx_123', { timeoutMs: DAY_MS }));
    await callback({ ...PAID, references: { id: 'late' } });
    await clock.advance(2000);
    expect(await bridge.getTransaction('tx_123')).toMatchObject({ status: 'succeeded', moneyMoved: 'yes' });
  });
});

describe('a second route', () => {
  const proofs: Record<string, { send?: Error; query?: SubmitFinding }> = {
    'never connected': { send: new TransportError('not-connected', 'refused') },
    'turned away for rate': { send: new RateLimitError('too many') },
    'credential refused': { send: new AuthenticationError('the token was refused') },
    'a listed refusal of the route': { send: new RejectedError('merchant does not exist', 'route-misconfigured') },
    'a late listed refusal of the route': { query: { status: 'failed', reason: 'route-not-permitted' } },
  };
  for (const [what, { send, query }] of Object.entries(proofs)) {
    it(`is tried when nothing moved on the first: ${what}`, async () => {
      const first = createScriptedProvider({ name: 'first' });
      const second = createScriptedProvider({ name: 'second' });
      if (send !== undefined) first.onSend(send);
      if (query !== undefined) first.onQuery(query);
      second.onQuery(PAID);
      const { bridge, clock } = await world([first, second]);
      await bridge.initiateTransaction(REQUEST);
      const result = await clock.runUntil(bridge.waitForTransaction('tx_123'));
      expect(result).toMatchObject({ status: 'succeeded', provider: 'second' });
      expect(result.attempts.map(({ moneyMoved }) => moneyMoved)).toEqual(['no', 'yes']);
      expect(first.sends).toHaveLength(1);
      expect(second.sends[0]?.reference).not.toBe(first.sends[0]?.reference);
    });
  }

  const ends: Record<string, SubmitFinding> = {
    'a wrong PIN': { status: 'failed', reason: 'wrong-pin' },
    'no funds': { status: 'failed', reason: 'insufficient-funds' },
    'a cancellation': { status: 'failed', reason: 'cancelled-by-payer' },
  };
  for (const [what, finding] of Object.entries(ends)) {
    it(`is not tried when the reason lies with the payer: ${what}`, async () => {
      const first = createScriptedProvider({ name: 'first' });
      const second = createScriptedProvider({ name: 'second' });
      first.onQuery(finding);
      const { bridge, clock } = await world([first, second]);
      await bridge.initiateTransaction(REQUEST);
      const result = await clock.runUntil(bridge.waitForTransaction('tx_123'));
      expect(result).toMatchObject({ status: 'failed', moneyMoved: 'no' });
      expect(second.sends).toHaveLength(0);
    });
  }

  it('is not tried after a not-found that proves nothing', async () => {
    const first = createScriptedProvider({ name: 'first', timing: { notFoundIsProofAfterMs: null } });
    const second = createScriptedProvider({ name: 'second' });
    first.onQuery({ status: 'not-found' });
    const { bridge, clock } = await world([first, second]);
    await bridge.initiateTransaction(REQUEST);
    await clock.advance(60 * MINUTE_MS);
    expect(await bridge.getTransaction('tx_123')).toMatchObject({ status: 'pending', moneyMoved: 'maybe' });
    expect(second.sends).toHaveLength(0);
  });

  it('is tried after a trusted not-found, and not before the settling time', async () => {
    const first = createScriptedProvider({ name: 'first', timing: { notFoundIsProofAfterMs: MINUTE_MS } });
    const second = createScriptedProvider({ name: 'second' });
    first.onSend(new TransportError('timeout', 'no reply'));
    first.onQuery({ status: 'not-found' });
    const { bridge, clock } = await world([first, second]);
    await bridge.initiateTransaction(REQUEST);
    await clock.advance(MINUTE_MS - 2000);
    expect(second.sends).toHaveLength(0);
    await clock.advance(MINUTE_MS);
    expect(second.sends).toHaveLength(1);
  });
});

describe('a callback that says paid of an attempt that is proven to have moved nothing', () => {
  it('stops the next attempt, and a person looks', async () => {
    const first = createScriptedProvider({ name: 'first' });
    first.onSend(new RateLimitError('too many', { retryAfterMs: 30_000 }));
    const { bridge, clock, callback } = await world([first]);
    expect((await bridge.initiateTransaction(REQUEST)).status).toBe('created');
    await callback(PAID);
    await clock.advance(MINUTE_MS);
    expect(await bridge.getTransaction('tx_123')).toMatchObject({ status: 'review', moneyMoved: 'maybe' });
    expect(first.sends).toHaveLength(1);
    const decision = { status: 'failed', by: 'amina', because: 'nothing in the statement' } as const;
    expect(await bridge.resolveTransaction('tx_123', decision)).toMatchObject({ status: 'failed', moneyMoved: 'no' });
  });

  it('and one that says nothing final changes nothing, vouched for or not', async () => {
    const first = createScriptedProvider({ name: 'first' });
    first.onSend(new RateLimitError('too many', { retryAfterMs: 30_000 }));
    const { bridge, callback } = await world([first]);
    await bridge.initiateTransaction(REQUEST);
    for (const status of ['pending', 'unknown', 'failed'] as const) {
      expect((await callback({ status, reason: 'wrong-pin' }, { signed: true, answersQuery: true })).status).toBe(200);
    }
    expect(await bridge.getTransaction('tx_123')).toMatchObject({ status: 'created', moneyMoved: 'no' });
  });
});

describe('a door that is closed for a moment', () => {
  it('is tried again under a new reference, because nothing left', async () => {
    const provider = createScriptedProvider();
    provider.onSend(new RateLimitError('too many', { retryAfterMs: 5000 }));
    provider.onQuery(PAID);
    const { bridge, clock } = await world([provider]);
    expect(await bridge.initiateTransaction(REQUEST)).toMatchObject({ status: 'created', moneyMoved: 'no' });
    const result = await clock.runUntil(bridge.waitForTransaction('tx_123'));
    expect(result.status).toBe('succeeded');
    expect(new Set(provider.sends.map(({ reference }) => reference)).size).toBe(2);
  });

  it('and stays closed, ends the payment when a prompt makes no sense any more', async () => {
    const provider = createScriptedProvider();
    provider.onSend(...Array.from({ length: 50 }, () => new TransportError('not-connected', 'refused')));
    const { bridge, clock } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    const result = await clock.runUntil(bridge.waitForTransaction('tx_123'));
    expect(result).toMatchObject({ status: 'failed', moneyMoved: 'no', reason: 'route-unavailable' });
  });
});

describe('a callback', () => {
  it('alone books nothing: it is confirmed by a query', async () => {
    const provider = createScriptedProvider();
    provider.onQuery({ status: 'pending' });
    const { bridge, clock, callback } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    expect((await callback(PAID)).status).toBe(200);
    await clock.advance(5000);
    expect(await bridge.getTransaction('tx_123')).toMatchObject({ status: 'pending', moneyMoved: 'maybe' });
    expect(provider.queries.length).toBeGreaterThan(0);
  });

  describe('that names an id which the operator told only us', () => {
    const FAILED: SubmitFinding = { status: 'failed', reason: 'operator-refused' };
    const vouchers = { ConversationID: 'AG_1' };
    const STANDS = { vouchedStandsAfterMs: 2 * MINUTE_MS };
    const pending = async (policy: Partial<BridgePolicy>, ...answers: Finding[]) => {
      const provider = createScriptedProvider();
      provider.onSend({ status: 'pending', references: { ConversationID: 'AG_1' } });
      provider.onQuery(...answers);
      const made = await world([provider], { policy });
      await made.bridge.initiateTransaction(REQUEST);
      return { ...made, provider };
    };

    it('is the operator’s answer where it answers a question of ours', async () => {
      const { bridge, callback, provider } = await pending({});
      await callback(PAID, { vouchers, answersQuery: true });
      expect(await bridge.getTransaction('tx_123')).toMatchObject({ status: 'succeeded', moneyMoved: 'yes' });
      expect(provider.queries).toHaveLength(0);
    });

    it('is confirmed by a query, which has the last word', async () => {
      const { bridge, clock, callback } = await pending(STANDS, PAID);
      await callback(FAILED, { vouchers });
      expect((await bridge.getTransaction('tx_123')).status).toBe('pending');
      expect((await clock.runUntil(bridge.waitForTransaction('tx_123'))).status).toBe('succeeded');
    });

    it('is never enough by itself, unless that was asked for', async () => {
      const { bridge, clock, callback } = await pending({}, { status: 'unknown' });
      await callback(PAID, { vouchers });
      const result = await clock.runUntil(bridge.waitForTransaction('tx_123', { timeoutMs: 3 * DAY_MS }));
      expect(result).toMatchObject({ status: 'review', moneyMoved: 'maybe' });
    });

    it.each([PAID, FAILED])(
      'stands after a while where that was asked for and no query can tell: $status',
      async (finding) => {
        const { bridge, clock, callback } = await pending(STANDS, { status: 'unaskable' });
        await callback(finding, { vouchers });
        await clock.advance(MINUTE_MS);
        expect((await bridge.getTransaction('tx_123')).status).toBe('pending');
        await clock.advance(2 * MINUTE_MS);
        expect((await bridge.getTransaction('tx_123')).status).toBe(finding.status);
      },
    );

    it('says nothing any more once another such callback has said the opposite', async () => {
      const { bridge, clock, callback } = await pending(STANDS, { status: 'unaskable' });
      await callback(FAILED, { vouchers });
      await clock.advance(MINUTE_MS);
      await callback(PAID, { vouchers });
      const result = await clock.runUntil(bridge.waitForTransaction('tx_123', { timeoutMs: DAY_MS }));
      expect(result).toMatchObject({ status: 'review', moneyMoved: 'maybe' });
    });
  });

  it.each([
    ['that guesses such an id', { ConversationID: 'AG_2' }],
    ['that brings one of another kind', { StatusConversationID: 'AG_1' }],
  ])('%s books nothing', async (_what, vouchers) => {
    const provider = createScriptedProvider();
    provider.onSend({ status: 'pending', references: { ConversationID: 'AG_1' } });
    const { bridge, callback } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    await callback(PAID, { vouchers });
    expect(await bridge.getTransaction('tx_123')).toMatchObject({ status: 'pending', moneyMoved: 'maybe' });
  });

  it('cannot vouch for the next one', async () => {
    const provider = createScriptedProvider();
    provider.onSend(new TransportError('timeout', 'No reply.'));
    const { bridge, callback } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    const forged = { ...PAID, references: { ConversationID: 'AG_1' } };
    await callback(forged, { vouchers: { ConversationID: 'AG_1' } });
    await callback(forged, { vouchers: { ConversationID: 'AG_1' } });
    expect(await bridge.getTransaction('tx_123')).toMatchObject({ status: 'pending', moneyMoved: 'maybe' });
  });

  it('is told by which of the attempt’s addresses it came', async () => {
    const provider = createScriptedProvider();
    const seen: unknown[] = [];
    const { bridge } = await world([
      {
        ...provider,
        factory: (environment) => {
          const made = provider.factory(environment);
          return { ...made, readCallback: (callback) => (seen.push(callback.suffix), made.readCallback(callback)) };
        },
      },
    ]);
    await bridge.initiateTransaction(REQUEST);
    const body = JSON.stringify({ finding: { status: 'pending' } });
    for (const end of ['', '/result', '/status-expired', '/Result', '/a/b']) {
      await bridge.handleCallback(new Request(`${provider.sends[0]?.callbackUrl}${end}`, { method: 'POST', body }));
    }
    expect(seen).toEqual([undefined, 'result', 'status-expired']);
  });

  it('that names another amount changes nothing and is recorded', async () => {
    const provider = createScriptedProvider();
    const { bridge, clock, callback } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    await callback({ ...PAID, money: { currency: 'KES', amountMinor: 100n } });
    await clock.advance(1000);
    const { status, evidence } = await bridge.getTransaction('tx_123');
    expect(status).toBe('pending');
    expect(evidence.at(-1)).toMatchObject({ source: 'callback', detail: expect.stringContaining('another amount') });
    expect(provider.queries).toHaveLength(0);
  });

  it('comes twice, late or against what is proven: the payment stays as it was', async () => {
    const provider = createScriptedProvider();
    provider.onQuery(PAID);
    const { bridge, clock, callback, logger } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    await callback(PAID);
    const settled = await clock.runUntil(bridge.waitForTransaction('tx_123'));
    expect((await callback(PAID)).status).toBe(200);
    expect((await callback({ status: 'failed', reason: 'cancelled-by-payer' })).status).toBe(200);
    expect(await bridge.getTransaction('tx_123')).toEqual(settled);
    expect(logger.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('that comes before the reply does not lose the reply', async () => {
    const provider = createScriptedProvider();
    const { bridge, clock, callback } = await world([provider]);
    provider.onSend(async () => {
      await callback({ ...PAID, references: { CheckoutRequestID: 'ws_CO_1' } });
      return { status: 'pending', references: { CheckoutRequestID: 'ws_CO_1', MerchantRequestID: 'm-1' } };
    });
    provider.onQuery(PAID);
    await bridge.initiateTransaction(REQUEST);
    const result = await clock.runUntil(bridge.waitForTransaction('tx_123'));
    expect(result.status).toBe('succeeded');
    expect(provider.queries.at(-1)?.references).toMatchObject({ CheckoutRequestID: 'ws_CO_1' });
  });

  it('for an unknown address is 404, rubbish is 400, and neither throws', async () => {
    const provider = createScriptedProvider();
    const { bridge } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    const post = (url: string, body: string): Promise<Response> =>
      bridge.handleCallback(new Request(url, { method: 'POST', body }));
    const url = provider.sends[0]?.callbackUrl ?? '';
    expect((await post(`https://pay.example.com/callbacks/${'0'.repeat(32)}`, '{}')).status).toBe(404);
    expect((await post('https://pay.example.com/callbacks/', '{}')).status).toBe(404);
    expect((await post(url, '<html>')).status).toBe(400);
    expect((await post(url, 'x'.repeat(70_000))).status).toBe(400);
  });
});

describe('a process that dies', () => {
  it('between store and send leaves a payment that is never sent again and goes to a person', async () => {
    const provider = createScriptedProvider();
    provider.onQuery({ status: 'unaskable' });
    const never = new Promise<never>(() => undefined);
    provider.onSend(() => never);
    const first = await world([provider]);
    void first.bridge.initiateTransaction(REQUEST).catch(() => undefined);
    await first.clock.advance(0);
    const second = await first.another();
    const result = await first.clock.runUntil(second.bridge.waitForTransaction('tx_123', { timeoutMs: DAY_MS }));
    expect(result).toMatchObject({ status: 'review', moneyMoved: 'maybe' });
    expect(provider.sends).toHaveLength(1);
  });

  it('with a deferred payment in hand leaves it to the next one', async () => {
    const provider = createScriptedProvider();
    provider.onSend(new RateLimitError('too many'));
    provider.onQuery(PAID);
    const first = await world([provider]);
    await first.bridge.initiateTransaction(REQUEST);
    await first.bridge.shutdown();
    const second = await first.another();
    const result = await first.clock.runUntil(second.bridge.waitForTransaction('tx_123'));
    expect(result.status).toBe('succeeded');
  });
});

describe('a journal that is away', () => {
  const failing = (journal: Journal, method: 'insert' | 'replace', times: number, effect: boolean): Journal => {
    let left = times;
    return {
      ...journal,
      [method]: async (...parts: Parameters<Journal['insert']>) => {
        if (left <= 0) return journal[method](...parts);
        left -= 1;
        if (effect) await journal[method](...parts);
        throw new Error('connection reset');
      },
    };
  };

  it('at the insert for good: nothing is sent, and the caller is told to ask again', async () => {
    const provider = createScriptedProvider();
    const { bridge, clock } = await world([provider], {
      journal: failing(createMemoryJournal(), 'insert', 1e9, false),
    });
    const outcome = clock.runUntil(bridge.initiateTransaction(REQUEST));
    await expect(outcome).rejects.toMatchObject({ code: 'JOURNAL_UNAVAILABLE', moneyMoved: 'maybe', retryable: true });
    expect(provider.sends).toHaveLength(0);
  });

  it('after the insert took effect: the write recognises itself, and the payment is sent once', async () => {
    const provider = createScriptedProvider();
    provider.onQuery(PAID);
    const { bridge, clock } = await world([provider], { journal: failing(createMemoryJournal(), 'insert', 2, true) });
    await clock.runUntil(bridge.initiateTransaction(REQUEST));
    expect((await clock.runUntil(bridge.waitForTransaction('tx_123'))).status).toBe('succeeded');
    expect(provider.sends).toHaveLength(1);
  });

  it('after the insert took effect, for longer than the caller waits: taken back unsent, then sent once', async () => {
    const provider = createScriptedProvider();
    provider.onQuery(PAID);
    const journal = failing(createMemoryJournal(), 'insert', 4, true);
    const { bridge, clock } = await world([provider], { journal, policy: { storeAttemptForMs: 300 } });
    await expect(clock.runUntil(bridge.initiateTransaction(REQUEST))).rejects.toMatchObject({
      code: 'JOURNAL_UNAVAILABLE',
    });
    expect(provider.sends).toHaveLength(0);
    const result = await clock.runUntil(bridge.waitForTransaction('tx_123'));
    expect(result.status).toBe('succeeded');
    expect(result.attempts.map(({ moneyMoved }) => moneyMoved)).toEqual(['no', 'yes']);
    expect(provider.sends).toHaveLength(1);
  });

  it('at many inserts at once: what may have landed is looked for a little at a time', async () => {
    const memory = createMemoryJournal();
    let reads = 0;
    let isAway = true;
    const journal: Journal = {
      ...memory,
      insert: async (...parts) => {
        if (isAway) throw new Error('connection reset');
        return memory.insert(...parts);
      },
      read: async (...parts) => {
        reads += 1;
        return memory.read(...parts);
      },
    };
    const { bridge, clock } = await world([createScriptedProvider()], { journal, policy: { storeAttemptForMs: 100 } });
    const asked = Array.from({ length: 100 }, (_, index) =>
      bridge.initiateTransaction({ ...REQUEST, transactionId: `tx_${index}` }).catch(() => undefined),
    );
    await clock.runUntil(Promise.all(asked));
    isAway = false;
    reads = 0;
    await clock.advance(DEFAULT_POLICY.tickMs);
    expect(reads).toBeLessThanOrEqual(32);
    await clock.advance(20 * DEFAULT_POLICY.tickMs);
    expect(reads, 'each has its turn').toBeGreaterThan(100);
  });

  it('at the insert, while a copy of the machine stores the same and sends it: not taken for its own', async () => {
    const provider = createScriptedProvider();
    provider.onSend(() => new Promise(() => undefined));
    const memory = createMemoryJournal();
    const { bridge, clock } = await world([provider], {
      journal: failing(memory, 'insert', 4, false),
      policy: { storeAttemptForMs: 300 },
    });
    const { bridge: copy } = await world([provider], { journal: memory, clock });
    const refused = clock.runUntil(bridge.initiateTransaction(REQUEST));
    await expect(refused).rejects.toMatchObject({ code: 'JOURNAL_UNAVAILABLE' });
    const sent = copy.initiateTransaction(REQUEST);
    await clock.advance(2 * MINUTE_MS);
    await sent;
    expect(provider.sends).toHaveLength(1);
  });

  it('when the reply is to be stored: the id that the operator gave is not lost', async () => {
    const provider = createScriptedProvider();
    provider.onQuery(async ({ references }) => (references['id'] === 'collection-1' ? PAID : { status: 'unaskable' }));
    const { bridge, clock } = await world([provider], { journal: failing(createMemoryJournal(), 'replace', 4, false) });
    const told = await clock.runUntil(bridge.initiateTransaction(REQUEST));
    expect(told.status).toBe('pending');
    expect((await clock.runUntil(bridge.waitForTransaction('tx_123'))).status).toBe('succeeded');
  });

  it('when a callback comes: the operator is told to come again', async () => {
    const provider = createScriptedProvider();
    const memory = createMemoryJournal();
    const { bridge, callback } = await world([provider], {
      journal: { ...memory, findByReference: async () => Promise.reject(new Error('connection reset')) },
    });
    await bridge.initiateTransaction(REQUEST);
    expect((await callback(PAID)).status).toBe(503);
  });
});

describe('a callback that answers a question, brings no result, and is not known to be of the last one', () => {
  it('leads to no other question, and is written down once: else there would be another one for ever', async () => {
    const provider = createScriptedProvider();
    const { bridge, clock, callback } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    await clock.advance(MINUTE_MS);
    await callback({ status: 'not-found' }, { answersQuery: true });
    const { version } = await bridge.getTransaction('tx_123');
    const { length } = provider.queries;
    for (let times = 0; times < 20; times++) {
      await callback({ status: 'not-found' }, { answersQuery: true });
      await clock.advance(100);
    }
    expect(provider.queries).toHaveLength(length);
    expect((await bridge.getTransaction('tx_123')).version).toBe(version);
    provider.onQuery(PAID);
    await callback(PAID);
    await clock.advance(1000);
    expect((await bridge.getTransaction('tx_123')).status).toBe('succeeded');
  });
});

describe('a journal that may have forgotten payments', () => {
  const recognising = () => createScriptedProvider({ route: { deduplicates: true } });

  it('holds back sends to an operator that pays twice, and only those, until the books were compared', async () => {
    const journal = createMemoryJournal();
    const provider = createScriptedProvider();
    const { bridge, clock } = await world([provider], { journal });
    await bridge.initiateTransaction({ ...REQUEST, transactionId: 'tx_known' });
    journal.suspect(clock.nowMs(), 'a replica took over');
    // It may be one that was made and lost, so it is not taken at all: as a new one it would be sent once the books were compared.
    await expect(bridge.initiateTransaction(REQUEST)).rejects.toMatchObject({
      code: 'JOURNAL_UNAVAILABLE',
      retryable: true,
      moneyMoved: 'no',
    });
    expect((await bridge.initiateTransaction({ ...REQUEST, transactionId: 'tx_known' })).status).toBe('pending');
    await clock.advance(20_000);
    expect(provider.sends).toHaveLength(1);
    await journal.safety.reconciled('nothing missing');
    await bridge.initiateTransaction(REQUEST);
    expect(provider.sends).toHaveLength(2);

    const other = recognising();
    const { bridge: safe } = await world([other], { journal: createMemoryJournal() });
    await safe.initiateTransaction(REQUEST);
    expect(other.sends).toHaveLength(1);
  });

  it('holds back in a process that was started since: it may have other ways than those of that time', async () => {
    const journal = createMemoryJournal();
    const provider = recognising();
    const { clock, another } = await world([provider], { journal });
    journal.suspect(clock.nowMs(), 'a replica took over');
    const { bridge: next } = await another();
    await expect(next.initiateTransaction(REQUEST)).rejects.toMatchObject({ code: 'JOURNAL_UNAVAILABLE' });
    await journal.safety.reconciled('nothing missing');
    await next.initiateTransaction(REQUEST);
    expect(provider.sends).toHaveLength(1);
  });

  it('sends nothing over two ways that each take a reference once: over the other one nobody would notice', async () => {
    const journal = createMemoryJournal();
    const ways = ['first', 'second'].map((name) => createScriptedProvider({ name, route: { deduplicates: true } }));
    const { bridge, clock } = await world(ways, { journal });
    journal.suspect(clock.nowMs(), 'a replica took over');
    await expect(bridge.initiateTransaction(REQUEST)).rejects.toMatchObject({ code: 'JOURNAL_UNAVAILABLE' });
    expect(ways.flatMap(({ sends }) => sends)).toHaveLength(0);
  });

  it('does not believe a refusal: the first send may be one of those that were forgotten', async () => {
    const journal = createMemoryJournal();
    const provider = recognising();
    provider.onSend(new RejectedError('no float', 'float-exhausted'));
    const { bridge, clock } = await world([provider], { journal });
    journal.suspect(clock.nowMs(), 'a replica took over');
    expect(await bridge.initiateTransaction(REQUEST)).toMatchObject({ status: 'pending', moneyMoved: 'maybe' });
  });

  it('does not call it never sent: another way may have been taken since, and forgotten', async () => {
    const journal = createMemoryJournal();
    const provider = createScriptedProvider({ timing: { notFoundIsProofAfterMs: 15 * MINUTE_MS } });
    provider.onSend(new TransportError('timeout', 'no reply'));
    provider.onQuery({ status: 'not-found' });
    const { bridge, clock } = await world([provider], { journal });
    await bridge.initiateTransaction(REQUEST);
    journal.suspect(clock.nowMs(), 'a replica took over');
    const result = await clock.runUntil(bridge.waitForTransaction('tx_123', { timeoutMs: 24 * 60 * MINUTE_MS }));
    expect(result).toMatchObject({ status: 'review', moneyMoved: 'maybe' });
  });

  it('gives what waited to be sent to a person: it may have been sent', async () => {
    const journal = createMemoryJournal();
    const provider = createScriptedProvider();
    provider.onSend(new RateLimitError('busy', { retryAfterMs: 5000 }));
    const { bridge, clock } = await world([provider], { journal });
    expect((await bridge.initiateTransaction(REQUEST)).status).toBe('created');
    journal.suspect(clock.nowMs(), 'a replica took over');
    await clock.advance(10 * MINUTE_MS);
    expect(await bridge.getTransaction('tx_123')).toMatchObject({ status: 'review', moneyMoved: 'maybe' });
    expect(provider.sends).toHaveLength(1);
  });

  it.each(['waits to be sent', 'may be sent again'] as const)(
    'does not send by itself what %s: its caller may have been told since that it failed',
    async (what) => {
      const journal = createMemoryJournal();
      const window = { afterMs: 5 * MINUTE_MS, untilMs: 12 * MINUTE_MS };
      const provider = createScriptedProvider({ route: { deduplicates: true, resend: window } });
      provider.onSend(
        what === 'waits to be sent'
          ? new RateLimitError('busy', { retryAfterMs: 5000 })
          : new TransportError('timeout', 'no reply'),
      );
      provider.onQuery({ status: 'not-found' });
      const { bridge, clock } = await world([provider], {
        journal,
        policy: { sendWithinMs: { ...DEFAULT_POLICY.sendWithinMs, collection: 15 * MINUTE_MS } },
      });
      await bridge.initiateTransaction(REQUEST);
      journal.suspect(clock.nowMs(), 'a replica took over');
      await clock.advance(15 * MINUTE_MS);
      expect(provider.sends).toHaveLength(1);
      expect((await bridge.getTransaction('tx_123')).status).toMatch(/^(review|pending)$/);
    },
  );

  it('does not send again what is found out to be doubtful by the write before that', async () => {
    const journal = createMemoryJournal();
    const window = { afterMs: 5 * MINUTE_MS, untilMs: 12 * MINUTE_MS };
    const provider = createScriptedProvider({ route: { deduplicates: true, resend: window } });
    provider.onSend(new TransportError('timeout', 'no reply'));
    provider.onQuery({ status: 'not-found' });
    const finding: Journal = {
      ...journal,
      replace: async (entry, note, options) => {
        if (options?.beforeSend === true) journal.suspect(0, 'a replica took over');
        return journal.replace(entry, note, options);
      },
    };
    const { bridge, clock } = await world([provider], {
      journal: finding,
      policy: { sendWithinMs: { ...DEFAULT_POLICY.sendWithinMs, collection: 15 * MINUTE_MS } },
    });
    await bridge.initiateTransaction(REQUEST);
    await clock.advance(15 * MINUTE_MS);
    expect(journal.safety.state.verdict).toBe('suspect');
    expect(provider.sends).toHaveLength(1);
    expect(await bridge.getTransaction('tx_123')).toMatchObject({ status: 'pending', moneyMoved: 'maybe' });
  });

  it('does not call failed what could not be sent in time: it may have been sent', async () => {
    const journal = createMemoryJournal();
    const provider = recognising();
    provider.onSend(new RateLimitError('busy', { retryAfterMs: 5000 }));
    const { bridge, clock, another } = await world([provider], { journal });
    expect((await bridge.initiateTransaction(REQUEST)).status).toBe('created');
    await clock.runUntil(bridge.shutdown());
    journal.suspect(clock.nowMs(), 'a replica took over');
    await clock.advance(10 * MINUTE_MS);
    const { bridge: next } = await another();
    await clock.advance(MINUTE_MS);
    expect(await next.getTransaction('tx_123')).toMatchObject({ status: 'pending', moneyMoved: 'maybe' });
  });

  it('sends under the reference that the operator knows, also where attempts that never left were forgotten too', async () => {
    const provider = recognising();
    provider.onSend(new RateLimitError('busy', { retryAfterMs: 1000 }));
    const { bridge, clock } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    await clock.advance(10_000);
    const journal = createMemoryJournal();
    const { bridge: next } = await world([provider], { journal, clock, seed: 2 });
    journal.suspect(clock.nowMs(), 'a replica took over');
    await next.initiateTransaction(REQUEST);
    expect(provider.sends).toHaveLength(3);
    expect(new Set(provider.sends.map(({ reference }) => reference)).size).toBe(1);
    expect(new Set(provider.sends.map(({ callbackUrl }) => callbackUrl)).size).toBe(3);
  });

  it('does not take back as unsent what an earlier process may have sent, where a write went unconfirmed', async () => {
    const memory = createMemoryJournal();
    const provider = recognising();
    const journal: Journal = {
      ...memory,
      insert: async (...args) => {
        await memory.insert(...args);
        memory.suspect(clock.nowMs(), 'a replica took over');
        throw new JournalError('the connection broke', 'maybe');
      },
    };
    const { bridge, clock } = await world([provider], { journal });
    const asked = bridge.initiateTransaction(REQUEST).catch((error: unknown) => error);
    expect(await clock.runUntil(asked)).toMatchObject({ code: 'JOURNAL_UNAVAILABLE' });
    await clock.advance(10 * MINUTE_MS);
    expect(await bridge.getTransaction('tx_123')).toMatchObject({ status: 'pending', moneyMoved: 'maybe' });
  });

  it.each(['insert', 'replace'] as const)(
    'is found out by the %s before the send, and nothing is sent',
    async (method) => {
      const journal = createMemoryJournal();
      const provider = createScriptedProvider();
      const asked: (boolean | undefined)[] = [];
      const finding: Journal = {
        ...journal,
        [method]: async (...[entry, note, options]: Parameters<Journal['replace']>) => {
          asked.push(options?.beforeSend);
          if (options?.beforeSend === true) journal.suspect(0, 'a replica took over');
          return journal[method](entry, note, options);
        },
      };
      const { bridge, clock } = await world([provider], { journal: finding });
      // The second one is accepted without a send, and sent by the loop.
      provider.onSend(new RateLimitError('busy', { retryAfterMs: 1000 }));
      await bridge.initiateTransaction(REQUEST);
      await clock.advance(5 * MINUTE_MS);
      expect(asked).toContain(true);
      expect(provider.sends).toHaveLength(method === 'insert' ? 0 : 1);
      expect(await bridge.getTransaction('tx_123')).toMatchObject({ status: 'review', moneyMoved: 'maybe' });
    },
  );
});

describe('bad input', () => {
  const cases: Record<string, [Record<string, unknown>, string]> = {
    'an amount with a fraction that the operator does not take': [{ amount: '10.5' }, 'amount'],
    'a number as the amount': [{ amount: 10 }, 'amount'],
    'a negative amount': [{ amount: '-10.00' }, 'amount'],
    'an amount of zero': [{ amount: '0.00' }, 'amount'],
    'an unknown currency': [{ currency: 'XXX' }, 'currency'],
    'a number that is none': [{ phoneNumber: '12345' }, 'phoneNumber'],
    'no transaction id': [{ transactionId: undefined }, 'transactionId'],
    'a type that does not exist': [{ type: 'gift' }, 'type'],
    'a misspelt field': [{ ammount: '10.00' }, 'ammount'],
    'a country that no provider reaches': [{ phoneNumber: '+256772123456' }, 'phoneNumber'],
  };
  for (const [what, [change, field]] of Object.entries(cases)) {
    it(`(${what}) is refused before anything is stored or sent, naming the field`, async () => {
      const provider = createScriptedProvider();
      const { bridge, journal } = await world([provider]);
      const request = { ...REQUEST, ...change } as TransactionRequest;
      await expect(bridge.initiateTransaction(request)).rejects.toMatchObject({
        code: 'INVALID_REQUEST',
        field,
        moneyMoved: 'no',
      });
      expect(provider.sends).toHaveLength(0);
      expect(await journal.read('payment', 'tx_123')).toBeUndefined();
    });
  }

  it('in the settings is refused at once, naming the field', () => {
    const provider = createScriptedProvider();
    const good = {
      providers: [provider.factory],
      journal: createMemoryJournal(),
      transport: async () => Promise.reject(new Error('unused')),
      callbacks: { baseUrl: 'https://pay.example.com/callbacks' },
    };
    for (const [change, field] of [
      [{ providers: [] }, 'providers'],
      [{ providers: [provider.factory, provider.factory] }, 'providers'],
      [{ journal: undefined }, 'journal'],
      [{ transport: 'https' }, 'transport'],
      [{ callbacks: { baseUrl: '/callbacks' } }, 'callbacks.baseUrl'],
    ] as const) {
      expect(() => new MMOBridge({ ...good, ...change } as never)).toThrow(
        expect.objectContaining({ code: 'CONFIG_INVALID', field }),
      );
    }
  });
});

describe('what is shown', () => {
  it('never holds the whole number or the callback token', async () => {
    const provider = createScriptedProvider();
    provider.onSend(new UnexpectedResponseError('no JSON', { status: 500, body: 'for 254700123456' }));
    provider.onQuery(PAID);
    const { bridge, clock, changes, logger } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    const result = await clock.runUntil(bridge.waitForTransaction('tx_123'));
    const shown =
      inspect([bridge, result, changes, logger.lines], { depth: 12, showHidden: true }) + JSON.stringify(changes);
    expect(shown).not.toContain('254700123456');
    expect(shown).not.toContain('700123456');
    expect(shown).not.toContain(provider.sends[0]?.callbackUrl.split('/').at(-1) ?? '-');
  });
});

describe('waiting', () => {
  it('ends at its deadline and with its signal, and the payment goes on', async () => {
    const provider = createScriptedProvider();
    const { bridge, clock } = await world([provider]);
    await bridge.initiateTransaction(REQUEST);
    await expect(clock.runUntil(bridge.waitForTransaction('tx_123', { timeoutMs: 500 }))).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      moneyMoved: 'maybe',
    });
    const controller = new AbortController();
    const waiting = bridge.waitForTransaction('tx_123', { signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
    expect((await bridge.getTransaction('tx_123')).status).toBe('pending');
  });

  it('for an id that was never accepted says so', async () => {
    const { bridge } = await world([createScriptedProvider()]);
    await expect(bridge.waitForTransaction('tx_none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('sees what another process learned', async () => {
    const provider = createScriptedProvider();
    provider.onQuery(PAID);
    const first = await world([provider]);
    const second = await first.another();
    await first.bridge.initiateTransaction(REQUEST);
    const waiting = second.bridge.waitForTransaction('tx_123');
    expect((await first.clock.runUntil(waiting)).status).toBe('succeeded');
  });
});

describe('shutdown', () => {
  it('lets a send come to its stored reply, takes nothing new and leaves no timer', async () => {
    const provider = createScriptedProvider();
    let reply: (finding: { status: 'pending' }) => void = () => undefined;
    provider.onSend(
      () =>
        new Promise((resolve) => {
          reply = resolve;
        }),
    );
    const { bridge, clock } = await world([provider]);
    const sent = bridge.initiateTransaction(REQUEST);
    await clock.advance(10);
    const closing = bridge.shutdown();
    await expect(bridge.initiateTransaction({ ...REQUEST, transactionId: 'tx_2' })).rejects.toMatchObject({
      code: 'NOT_ACCEPTING',
    });
    reply({ status: 'pending' });
    await closing;
    expect((await sent).status).toBe('pending');
    expect(clock.pendingTimers).toBe(0);
  });

  it('before initialize, nothing is taken', async () => {
    const bridge = new MMOBridge({
      providers: [createScriptedProvider().factory],
      journal: createMemoryJournal(),
      transport: async () => Promise.reject(new Error('unused')),
      callbacks: { baseUrl: 'https://pay.example.com' },
    });
    await expect(bridge.initiateTransaction(REQUEST)).rejects.toMatchObject({ code: 'NOT_ACCEPTING' });
  });
});
