import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOTICES, type SessionState } from '../state.ts';
import { decodeRecord, encodeRecord, type SessionRecord } from './record.ts';

const text = fc.string({
  unit: fc.constantFrom('a', '*', '\n', '=', '+', '-', 'ê', 'ሰ', '"', '|', '1'),
  maxLength: 30,
});
const count = fc.nat({ max: 2 ** 40 });
const answers = fc.dictionary(fc.stringMatching(/^[a-z][a-zA-Z0-9]{0,8}$/), text, {
  maxKeys: 4,
  noNullPrototype: true,
});
const state: fc.Arbitrary<SessionState> = fc.record(
  {
    at: text,
    language: text,
    page: fc.nat(9),
    misses: fc.nat(3),
    notice: fc.constantFrom(...NOTICES),
    answers,
    trail: fc.string({ unit: fc.constantFrom('\u001d', '\u001c', 'a', '=', '+'), maxLength: 30 }),
    depth: fc.nat(9),
    phone: text,
    network: text,
    banner: fc.string({ unit: 'binary' }),
    data: fc.record({
      values: answers,
      items: fc.array(fc.record({ value: fc.string({ unit: 'binary' }), label: text })),
    }),
  },
  {
    requiredKeys: ['at', 'language', 'page', 'misses', 'notice', 'answers', 'trail', 'depth', 'phone', 'network'],
    noNullPrototype: true,
  },
);
const record: fc.Arbitrary<SessionRecord> = fc.record(
  {
    startedAtMs: count,
    serviceCode: text,
    elapsedMs: count,
    hops: count,
    status: fc.constantFrom('open', 'closed', 'superseded'),
    successor: text,
    acknowledged: text,
    reply: text,
    state,
    intent: fc.record({
      request: fc.record({
        transactionId: text,
        type: fc.constantFrom('collection', 'disbursement'),
        amount: text,
        currency: text,
        phoneNumber: text,
        description: fc.string({ unit: 'binary' }),
      }),
      purpose: text,
      startAtMs: count,
      expiresAtMs: count,
    }),
  },
  {
    requiredKeys: [
      'startedAtMs',
      'serviceCode',
      'elapsedMs',
      'hops',
      'status',
      'successor',
      'acknowledged',
      'reply',
      'state',
    ],
    noNullPrototype: true,
  },
);

describe('a stored session', () => {
  it('reads back as it was written', () => {
    fc.assert(
      fc.property(record, (written) => {
        expect(decodeRecord(encodeRecord(written))).toEqual(written);
      }),
    );
    fc.assert(
      fc.property(record, state, (written, draft) => {
        const offered = { ...written, state: { ...written.state, draft } };
        expect(decodeRecord(encodeRecord(offered))).toEqual(offered);
      }),
    );
  });

  it('that was not written here is not read, and does not throw', () => {
    fc.assert(
      fc.property(record, fc.nat(), fc.string(), (written, at, noise) => {
        const whole = encodeRecord(written);
        const cut = at % (whole.length + 1);
        decodeRecord(whole.slice(0, cut) + noise + whole.slice(cut));
        decodeRecord(noise);
      }),
    );
    for (const foreign of ['', '{}', '2\u001e', 'x'.repeat(10_000)]) expect(decodeRecord(foreign)).toBeUndefined();
  });
});
