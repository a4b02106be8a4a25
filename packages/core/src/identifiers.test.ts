import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { InvalidRequestError } from './errors/request.ts';
import { asUuid, attemptReference, drawCallbackToken, parseTransactionId, sha256Hex } from './identifiers.ts';
import { systemRandom } from './system/random.ts';
import { createSeededRandom } from './testing/index.ts';

/** RFC 9562: version 8 in the 13th digit, variant 10x in the 17th. */
const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const ids = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/);

describe('a transaction id', () => {
  it('is taken as it is', () => {
    for (const id of ['tx_123', '1', 'a'.repeat(64), 'order:2026-01-01.7', 'A'])
      expect(parseTransactionId(id)).toBe(id);
  });

  it.each([
    ['nothing', ''],
    ['65 characters', 'a'.repeat(65)],
    ['a blank', 'tx 1'],
    ['a line end', 'tx-1\n'],
    ['a slash', 'tx/1'],
    ['a sign in front', '-tx'],
    ['a dot in front', '.tx'],
    ['letters of another script', 'tx-é'],
    ['a NUL', 'tx\0'],
    ['a number', 5],
    ['undefined', undefined],
    ['an object', {}],
  ])('of %s is refused', (_, id) => {
    expect(() => parseTransactionId(id)).toThrow(InvalidRequestError);
    expect(() => parseTransactionId(id, 'originalTransactionId')).toThrow(/"originalTransactionId"/);
  });
});

describe('the reference of an attempt', () => {
  it('is the same in every process, version and year', () => {
    expect(attemptReference('tx_123', 1)).toBe('1cfb48c2d310340dea18c3957951ee42');
    expect(attemptReference('tx_123', 2)).toBe('5c60a959140bc577839ef9071d320cfb');
    expect(attemptReference('tx_124', 1)).toBe('28a185de52067bf6cbe76db21ffa794c');
  });

  it('is another for every other payment and attempt', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(ids, fc.integer({ min: 1, max: 9 })), {
          minLength: 2,
          selector: ([id, number]) => `${id} ${number}`,
        }),
        (attempts) => {
          const references = attempts.map(([id, number]) => attemptReference(id, number));
          expect(new Set(references).size).toBe(references.length);
          for (const reference of references) expect(reference).toMatch(/^[0-9a-f]{32}$/);
        },
      ),
    );
  });

  it('is not the same for an id that ends as another’s attempt does', () => {
    expect(attemptReference('tx:1', 2)).not.toBe(attemptReference('tx', 12));
    expect(attemptReference('tx:1', 1)).not.toBe(attemptReference('tx', 11));
  });
});

describe('a reference as a UUID', () => {
  it('is pinned', () => {
    expect(asUuid('00000000000000000000000000000000')).toBe('00000000-0000-4000-8000-000000000000');
    expect(asUuid('ffffffffffffffffffffffffffffffff')).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff');
    expect(asUuid('0123456789abcdef0123456789abcdef')).toBe('01234567-89ab-4def-8123-456789abcdef');
  });

  it('is a valid UUID of version 4, another for another reference', () => {
    fc.assert(
      fc.property(ids, fc.integer({ min: 1, max: 99 }), (id, number) => {
        const uuid = asUuid(attemptReference(id, number));
        expect(uuid).toMatch(UUID_V4);
        expect(uuid).not.toBe(asUuid(attemptReference(id, number + 1)));
      }),
    );
  });
});

describe('a callback token', () => {
  it('is 32 lower-case hex digits, with the randomness it is given and no other', () => {
    const token = (seed: number): string => drawCallbackToken(createSeededRandom(seed), 'tx_1', 1);
    expect(token(7)).toBe(token(7));
    expect(token(7)).not.toBe(token(8));
    for (let times = 0; times < 50; times++)
      expect(drawCallbackToken(systemRandom, 'tx_1', 1)).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is each attempt’s own, also on copies of one machine that draw the same', () => {
    const token = (id: string, attempt: number): string => drawCallbackToken(createSeededRandom(7), id, attempt);
    expect(new Set([token('tx_1', 1), token('tx_1', 2), token('tx_2', 1)]).size).toBe(3);
  });
});

describe('a digest', () => {
  it('is SHA-256 of the text in UTF-8', () => {
    expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256Hex('é')).toBe('4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c');
  });
});
