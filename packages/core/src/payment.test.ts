import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { MoneyMoved } from './errors/base.ts';
import { InvalidTransitionError } from './errors/state.ts';
import { attemptReference } from './identifiers.ts';
import {
  type Attempt,
  canMove,
  type Evidence,
  fingerprintOf,
  isFinal,
  moneyMovedAt,
  movePayment,
  type Original,
  PAYMENT_STATUSES,
  type PaymentChange,
  type PaymentRecord,
  type PaymentStatus,
  viewPayment,
} from './payment.ts';

const NOW_MS = Date.UTC(2026, 0, 1, 12);

const attempt = (number: number, moneyMoved: MoneyMoved): Attempt => ({
  number,
  routeId: `mpesa:collection:${number}`,
  provider: 'mpesa',
  reference: attemptReference('tx-1', number),
  callbackToken: `secret-token-${number}`,
  startedAtMs: NOW_MS,
  moneyMoved,
  references: { CheckoutRequestID: `ws_CO_${number}` },
  queries: 0,
});

const evidence = (detail: string): Evidence => ({
  atMs: NOW_MS,
  source: 'query',
  attempt: 1,
  moneyMoved: 'maybe',
  detail,
});

const ORIGINAL: Original = {
  transactionId: 'tx-0',
  provider: 'mpesa',
  reference: attemptReference('tx-0', 1),
  references: { MpesaReceiptNumber: 'NLJ7RT61SV' },
  amount: '1000.00',
  slot: 1,
};

/** What the attempts of a truthful record say, for each status. */
const ATTEMPTS: Readonly<Record<PaymentStatus, readonly Attempt[]>> = {
  created: [],
  sending: [attempt(1, 'maybe')],
  pending: [attempt(1, 'maybe')],
  review: [attempt(1, 'maybe')],
  succeeded: [attempt(1, 'yes')],
  failed: [attempt(1, 'no')],
};

const recordAt = (status: PaymentStatus, parts: Partial<PaymentRecord> = {}): PaymentRecord => ({
  transactionId: 'tx-1',
  version: 3,
  type: 'collection',
  status,
  moneyMoved: moneyMovedAt(status),
  amount: '1000.00',
  currency: 'KES',
  msisdn: '254712345678',
  country: 'KE',
  operators: ['ke-63902'],
  fingerprint: 'f',
  attempts: ATTEMPTS[status],
  evidence: [],
  createdAtMs: NOW_MS,
  updatedAtMs: NOW_MS,
  dueAtMs: isFinal(status) ? null : NOW_MS,
  ...(status === 'failed' ? { reason: 'wrong-pin' as const } : {}),
  ...parts,
});

/** The truthful change to a status: nothing speaks against it but the table of moves. */
const changeTo = (status: PaymentStatus, record: PaymentRecord): PaymentChange => ({
  status,
  attempts: ATTEMPTS[status].length < record.attempts.length ? [attempt(1, 'no')] : ATTEMPTS[status],
  dueAtMs: NOW_MS + 5,
  ...(status === 'failed' ? { reason: 'cancelled-by-payer' as const } : {}),
});

/** Why a change is refused, or `moved`. */
function objectionTo(record: PaymentRecord, change: PaymentChange): string {
  try {
    movePayment(record, NOW_MS + 1, change);
  } catch (error) {
    if (InvalidTransitionError.isInstance(error)) return error.message;
    throw error;
  }
  return 'moved';
}

/** The table, once more: from each status, where a payment may go. */
const LEGAL: Readonly<Record<PaymentStatus, readonly PaymentStatus[]>> = {
  created: ['sending', 'failed', 'review'],
  sending: ['created', 'pending', 'succeeded', 'failed', 'review'],
  pending: ['created', 'succeeded', 'failed', 'review'],
  review: ['succeeded', 'failed'],
  succeeded: [],
  failed: [],
};

describe('the table of moves', () => {
  const pairs = PAYMENT_STATUSES.flatMap((from) => PAYMENT_STATUSES.map((to) => [from, to] as const));

  it('is about six statuses', () => {
    expect([...PAYMENT_STATUSES].toSorted()).toEqual([
      'created',
      'failed',
      'pending',
      'review',
      'sending',
      'succeeded',
    ]);
  });

  it.each(pairs.filter(([from, to]) => LEGAL[from].includes(to) || (from === to && !isFinal(from))))(
    '%s → %s is made',
    (from, to) => {
      expect(canMove(from, to)).toBe(from !== to);
      expect(objectionTo(recordAt(from), changeTo(to, recordAt(from)))).toBe('moved');
    },
  );

  it.each(pairs.filter(([from, to]) => !LEGAL[from].includes(to) && (from !== to || isFinal(from))))(
    '%s → %s is refused',
    (from, to) => {
      const why = isFinal(from) ? 'a final record never changes' : 'that move is not legal';
      expect(canMove(from, to)).toBe(false);
      expect(objectionTo(recordAt(from), changeTo(to, recordAt(from)))).toBe(
        `"tx-1" cannot go from ${from} to ${to}: ${why}.`,
      );
    },
  );

  it('ends at succeeded and failed; review is not the end', () => {
    expect(PAYMENT_STATUSES.filter(isFinal)).toEqual(['succeeded', 'failed']);
  });

  it('says of the money: no before a send, maybe from then on, and a proof at the end', () => {
    expect(Object.fromEntries(PAYMENT_STATUSES.map((status) => [status, moneyMovedAt(status)]))).toEqual({
      created: 'no',
      sending: 'maybe',
      pending: 'maybe',
      review: 'maybe',
      succeeded: 'yes',
      failed: 'no',
    });
  });
});

describe('a move', () => {
  it('makes the next version, and leaves the one before untouched', () => {
    const before = Object.freeze(recordAt('pending'));
    const after = movePayment(before, NOW_MS + 9, {
      status: 'succeeded',
      attempts: [attempt(1, 'yes')],
      receipt: 'NLJ7RT61SV',
      learned: [evidence('paid')],
    });
    expect(after).toMatchObject({
      version: 4,
      status: 'succeeded',
      moneyMoved: 'yes',
      receipt: 'NLJ7RT61SV',
      updatedAtMs: NOW_MS + 9,
      createdAtMs: NOW_MS,
      dueAtMs: null,
      evidence: [evidence('paid')],
    });
    expect(before).toEqual(recordAt('pending'));
  });

  it('without a status notes something and keeps the due time', () => {
    const after = movePayment(recordAt('pending'), NOW_MS + 1, { learned: [evidence('still pending')] });
    expect(after).toMatchObject({ status: 'pending', version: 4, dueAtMs: NOW_MS, moneyMoved: 'maybe' });
  });

  it('sets the due time that it is given, and rest in review', () => {
    expect(movePayment(recordAt('pending'), NOW_MS, { dueAtMs: NOW_MS + 60_000 }).dueAtMs).toBe(NOW_MS + 60_000);
    expect(movePayment(recordAt('pending'), NOW_MS, { status: 'review', dueAtMs: null }).dueAtMs).toBeNull();
  });
});

describe('what every record keeps', () => {
  it('a failure has a reason', () => {
    const { reason: _, ...unexplained } = changeTo('failed', recordAt('pending'));
    expect(objectionTo(recordAt('pending'), unexplained)).toContain('a failure has a reason');
  });

  it('a payment that did not fail has none', () => {
    for (const status of ['created', 'pending', 'succeeded', 'review'] as const) {
      const change = { ...changeTo(status, recordAt('sending')), reason: 'wrong-pin' } as const;
      expect(objectionTo(recordAt('sending'), change)).toContain('nothing else has one');
    }
  });

  it('only what was paid has a receipt', () => {
    for (const status of ['pending', 'failed', 'review'] as const) {
      const change = { ...changeTo(status, recordAt('sending')), receipt: 'NLJ7RT61SV' };
      expect(objectionTo(recordAt('sending'), change)).toContain('only a payment that succeeded has a receipt');
    }
  });

  it('does not fail, and is not tried again, while an attempt may have moved money', () => {
    for (const moneyMoved of ['maybe', 'yes'] as const) {
      const attempts = [attempt(1, moneyMoved)];
      const failed = { status: 'failed', reason: 'not-answered', attempts } as const;
      expect(objectionTo(recordAt('pending'), failed)).toContain('not proven to have moved nothing');
      expect(objectionTo(recordAt('pending'), { status: 'created', attempts })).toContain(
        'not proven to have moved nothing',
      );
    }
  });

  it('does not fail while an earlier attempt may have moved money', () => {
    const attempts = [attempt(1, 'maybe'), attempt(2, 'no')];
    const record = recordAt('review', { attempts });
    expect(objectionTo(record, { status: 'failed', reason: 'not-answered' })).toContain(
      'not proven to have moved nothing',
    );
  });

  it('does not succeed without an attempt that is proven to have paid', () => {
    for (const attempts of [[attempt(1, 'maybe')], [attempt(1, 'no')]]) {
      expect(objectionTo(recordAt('pending'), { status: 'succeeded', attempts })).toContain('proven to have paid');
    }
  });

  it('does not succeed while another attempt may have paid too', () => {
    for (const from of ['pending', 'review'] as const) {
      const attempts = [attempt(1, 'maybe'), attempt(2, 'yes')];
      expect(objectionTo(recordAt(from), { status: 'succeeded', attempts })).toContain('none may be in doubt');
    }
  });

  it('that was paid twice is ended by a person, and says so for ever', () => {
    const attempts = [attempt(1, 'yes'), attempt(2, 'yes')];
    expect(objectionTo(recordAt('pending'), { status: 'succeeded', attempts })).toContain('for a person to end');
    const review = movePayment(recordAt('pending'), NOW_MS, { status: 'review', attempts, dueAtMs: null });
    const ended = movePayment(review, NOW_MS, { status: 'succeeded' });
    expect(viewPayment(ended).attempts.map(({ moneyMoved }) => moneyMoved)).toEqual(['yes', 'yes']);
  });

  it('does not begin a send without the attempt that is to be sent', () => {
    expect(objectionTo(recordAt('created'), { status: 'sending' })).toContain('the last attempt, and no other');
    expect(objectionTo(recordAt('created'), { status: 'sending', attempts: [attempt(1, 'no')] })).toContain(
      'must be in doubt',
    );
  });

  it('does not begin a send while an attempt before it is in doubt', () => {
    const attempts = [attempt(1, 'maybe'), attempt(2, 'maybe')];
    expect(objectionTo(recordAt('created'), { status: 'sending', attempts })).toContain('and no other');
    const proven = [attempt(1, 'no'), attempt(2, 'maybe')];
    expect(
      objectionTo(recordAt('created', { attempts: [attempt(1, 'no')] }), { status: 'sending', attempts: proven }),
    ).toBe('moved');
  });

  it('never forgets an attempt', () => {
    const record = recordAt('pending', { attempts: [attempt(1, 'no'), attempt(2, 'maybe')] });
    expect(objectionTo(record, { status: 'succeeded', attempts: [attempt(2, 'yes')] })).toContain('never forgotten');
  });

  it('falls due as long as it is open, so that the loop finds it', () => {
    for (const status of ['created', 'sending', 'pending'] as const) {
      expect(objectionTo(recordAt(status), { dueAtMs: null })).toContain('must fall due');
      expect(objectionTo(recordAt(status, { dueAtMs: null }), {})).toContain('must fall due');
    }
    expect(objectionTo(recordAt('review'), { dueAtMs: null })).toBe('moved');
  });

  it('says the same of the money as its attempts, after whatever was tried', () => {
    const moneyMoved = fc.constantFrom<MoneyMoved>('no', 'maybe', 'yes');
    const status = fc.constantFrom(...PAYMENT_STATUSES);
    const anything: fc.Arbitrary<PaymentChange> = fc.record(
      {
        status,
        attempts: fc.array(moneyMoved, { maxLength: 4 }).map((all) => all.map((each, at) => attempt(at + 1, each))),
        reason: fc.constantFrom('wrong-pin', 'float-exhausted'),
        receipt: fc.constant('NLJ7RT61SV'),
        dueAtMs: fc.constantFrom(null, NOW_MS + 5),
      },
      { requiredKeys: [] },
    );
    /** What the attempts other than those proven to have moved nothing must say; in review they may say anything. */
    const open: Readonly<Record<MoneyMoved, readonly MoneyMoved[]>> = { no: [], maybe: ['maybe'], yes: ['yes'] };
    const reached = new Set<PaymentStatus>();
    fc.assert(
      fc.property(fc.array(fc.oneof(anything, status), { maxLength: 12 }), (changes) => {
        let record = recordAt('created');
        for (const each of changes) {
          const change = typeof each === 'string' ? changeTo(each, record) : each;
          if (objectionTo(record, change) !== 'moved') continue;
          const before = record;
          record = movePayment(record, NOW_MS, change);
          reached.add(record.status);
          const said = record.attempts.map((one) => one.moneyMoved).filter((one) => one !== 'no');
          expect(isFinal(before.status)).toBe(false);
          expect(record.version).toBe(before.version + 1);
          expect(record.moneyMoved).toBe(moneyMovedAt(record.status));
          const paidTwice = before.status === 'review' && record.status === 'succeeded';
          expect(paidTwice ? [...new Set(said)] : said).toEqual(
            record.status === 'review' ? said : open[record.moneyMoved],
          );
          expect(record.reason !== undefined).toBe(record.status === 'failed');
          expect(record.dueAtMs === null && !isFinal(record.status)).toBe(
            record.status === 'review' && record.dueAtMs === null,
          );
        }
      }),
      { numRuns: 2000 },
    );
    expect([...reached].toSorted()).toEqual([...PAYMENT_STATUSES].toSorted());
  });
});

describe('the evidence', () => {
  it('keeps the first entries and the last ones, however long a payment stays open', () => {
    let record = recordAt('pending');
    for (let count = 0; count < 1000; count++)
      record = movePayment(record, NOW_MS, { learned: [evidence(`asked ${count}`)] });
    expect(record.evidence).toHaveLength(64);
    expect(record.evidence[0]?.detail).toBe('asked 0');
    expect(record.evidence[31]?.detail).toBe('asked 31');
    expect(record.evidence[32]?.detail).toBe('asked 968');
    expect(record.evidence[63]?.detail).toBe('asked 999');
  });

  it('is bounded also when much is learned at once', () => {
    const learned = Array.from({ length: 500 }, (_, count) => evidence(`line ${count}`));
    expect(movePayment(recordAt('pending'), NOW_MS, { learned }).evidence).toHaveLength(64);
  });

  it('is in the order of learning', () => {
    const record = movePayment(recordAt('pending', { evidence: [evidence('a')] }), NOW_MS, {
      learned: [evidence('b'), evidence('c')],
    });
    expect(record.evidence.map(({ detail }) => detail)).toEqual(['a', 'b', 'c']);
  });
});

describe('a record', () => {
  it('survives JSON unchanged, as the journal asks of it', () => {
    for (const status of PAYMENT_STATUSES) {
      const record = recordAt(status, { description: 'Ọ̀yọ́ 🇳🇬', evidence: [evidence('x')] });
      expect(JSON.parse(JSON.stringify(record))).toEqual(record);
    }
    const moved = movePayment(recordAt('sending'), NOW_MS, { status: 'pending' });
    expect(JSON.parse(JSON.stringify(moved))).toEqual(moved);
    expect(Object.values(moved)).not.toContain(undefined);
  });
});

describe('the view of a record', () => {
  const record = movePayment(recordAt('pending', { evidence: [evidence('accepted')] }), NOW_MS + 1500, {
    status: 'succeeded',
    attempts: [attempt(1, 'yes')],
    receipt: 'NLJ7RT61SV',
  });

  it('is what a caller needs, and no more', () => {
    const shown = viewPayment(record);
    expect(shown.evidence).not.toBe(record.evidence);
    expect(shown.evidence.every((each) => Object.isFrozen(each))).toBe(true);
    expect(shown).toEqual({
      transactionId: 'tx-1',
      version: 4,
      type: 'collection',
      status: 'succeeded',
      moneyMoved: 'yes',
      amount: '1000.00',
      currency: 'KES',
      phoneNumber: '254••••••678',
      country: 'KE',
      route: 'mpesa:collection:1',
      provider: 'mpesa',
      receipt: 'NLJ7RT61SV',
      attempts: [
        {
          number: 1,
          routeId: 'mpesa:collection:1',
          provider: 'mpesa',
          reference: attemptReference('tx-1', 1),
          moneyMoved: 'yes',
          startedAt: '2026-01-01T12:00:00.000Z',
        },
      ],
      evidence: [evidence('accepted')],
      createdAt: '2026-01-01T12:00:00.000Z',
      updatedAt: '2026-01-01T12:00:01.500Z',
    });
  });

  it('shows neither the number nor a callback token, in any status', () => {
    for (const status of PAYMENT_STATUSES) {
      const view = viewPayment(recordAt(status));
      const shown = inspect(view, { depth: 9 }) + JSON.stringify(view);
      expect(shown).not.toContain('254712345678');
      expect(shown).not.toContain('712345678');
      expect(shown).not.toContain('secret-token');
    }
  });

  it('names the payment that a refund gives back', () => {
    expect(viewPayment(recordAt('pending', { type: 'refund', original: ORIGINAL })).originalTransactionId).toBe('tx-0');
    expect(viewPayment(record)).not.toHaveProperty('originalTransactionId');
  });

  it('names the reason of a failure, and no route before there is one', () => {
    expect(viewPayment(recordAt('failed'))).toMatchObject({ reason: 'wrong-pin', moneyMoved: 'no' });
    expect(viewPayment(recordAt('created'))).not.toHaveProperty('route');
  });
});

describe('the fingerprint', () => {
  const request = recordAt('created');

  it('is the same on every machine and in every version', () => {
    expect(fingerprintOf(request)).toBe('2d02f3bd2c2241d3b44b5e509d8c8225d545be8af3782f36fb56652d369b42c4');
  });

  it('differs with each of what makes a payment, and with nothing else', () => {
    const others: readonly Partial<PaymentRecord>[] = [
      { type: 'disbursement' },
      { amount: '1000.01' },
      { currency: 'TZS' },
      { msisdn: '254712345679' },
      { original: ORIGINAL },
      { original: { ...ORIGINAL, transactionId: 'tx-00' } },
    ];
    const all = [request, ...others.map((parts) => ({ ...request, ...parts }))].map(fingerprintOf);
    expect(new Set(all).size).toBe(all.length);
    expect(fingerprintOf(recordAt('pending', { description: 'another', country: 'TZ', version: 9 }))).toBe(
      fingerprintOf(request),
    );
  });
});
