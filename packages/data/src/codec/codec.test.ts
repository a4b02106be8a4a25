import { constants, zstdCompressSync } from 'node:zlib';
import { InvalidRequestError } from '@canza/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Codec, createCodec } from './codec.ts';
import { UnreadableValueError } from './errors.ts';
import { frameOf } from './frame.ts';
import type { SerializerName } from './serializers.ts';

const stored = async (codec: Codec, value: unknown): Promise<Buffer> => {
  const encoded = await codec.encode(value);
  return typeof encoded === 'string' ? Buffer.from(encoded) : encoded;
};
const roundTrip = async (writer: Codec, value: unknown, reader = writer): Promise<unknown> =>
  reader.decode(await stored(writer, value), 'key');
const because = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
    return 'it was read';
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableValueError);
    return (error as UnreadableValueError).because;
  }
};
const NAMES: readonly SerializerName[] = ['json', 'message-pack', 'structured-clone'];
/** As long as some payments and with as much in common. */
const record = (kilobytes: number): unknown =>
  Array.from({ length: kilobytes * 4 }, (_, index) => ({
    transactionId: `tx_${(index * 7_919).toString(36)}`,
    status: ['pending', 'succeeded', 'failed'][index % 3],
    amount: { minor: String(index * 1_237), currency: 'KES' },
    evidence: [{ source: 'reply', code: '0', text: 'Success. Request accepted for processing' }],
  }));

describe('a stored value', () => {
  it.each(NAMES)('reads back what JSON can hold: %s', async (serializer) => {
    const codec = createCodec({ serializer });
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        // A member of this name is renamed by msgpackr, because it may change what an object is.
        fc.pre(!JSON.stringify(value).includes('__proto__'));
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(await roundTrip(codec, plain)).toEqual(plain);
      }),
    );
  });

  it('keeps in a structured clone what JSON loses, and in MessagePack dates, bytes and bigints', async () => {
    const rich = { at: new Date(5), big: 2n ** 70n, map: new Map([['a', new Set([1])]]), none: undefined };
    expect(await roundTrip(createCodec({ serializer: 'structured-clone' }), rich)).toEqual(rich);
    const packed = { at: new Date(5), big: 2n ** 70n, bytes: Buffer.from('bytes'), set: new Set(['a']) };
    expect(await roundTrip(createCodec({ serializer: 'message-pack' }), packed)).toEqual(packed);
  });

  it.each([1, 5, 60, 900])('of %s kB is read whatever it was written with', async (kilobytes) => {
    const value = record(kilobytes);
    const reader = createCodec();
    for (const serializer of NAMES) {
      for (const compression of [false, { with: 'zstd' }, { with: 'brotli' }, { with: 'gzip' }] as const) {
        // oxlint-disable-next-line no-await-in-loop
        expect(await roundTrip(createCodec({ serializer, compression }), value, reader)).toEqual(value);
      }
    }
  });

  it('is compressed from 4,096 bytes on, and only when that makes it smaller', async () => {
    const codec = createCodec();
    expect((await stored(codec, 'x'.repeat(4_000))).length).toBeGreaterThan(4_000);
    expect((await stored(codec, 'x'.repeat(4_100))).length).toBeLessThan(200);
    const noise = Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index * 2_654_435_761) >>> 24)).toString(
      'base64',
    );
    const incompressible = Array.from(noise, (sign, index) =>
      String.fromCharCode(sign.charCodeAt(0) ^ ((index * 31) % 16)),
    ).join('');
    expect(await roundTrip(codec, incompressible)).toBe(incompressible);
  });

  it('of payments of 10 kB shrinks at least 3.5-fold', async () => {
    const value = record(10);
    expect(JSON.stringify(value).length / (await stored(createCodec(), value)).length).toBeGreaterThan(3.5);
  });

  it('is found out when any one byte of it was changed or it was cut off anywhere', async () => {
    const bytes = await stored(createCodec(), { amount: '100.00', currency: 'KES', id: 12_345 });
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x11;
      // oxlint-disable-next-line no-await-in-loop
      expect(await because(() => createCodec().decode(changed, 'key'))).not.toBe('it was read');
      // oxlint-disable-next-line no-await-in-loop
      expect(await because(() => createCodec().decode(bytes.subarray(0, at), 'key'))).not.toBe('it was read');
    }
  });

  it.each(['', '{}', '12', 'OK', '\u0000', '\u0016C'])(
    'that another program wrote is named as such: %j',
    async (text) => {
      expect(await because(() => createCodec().decode(Buffer.from(text), 'key'))).toBe('foreign');
    },
  );

  it('that no check can tell from ours, and is none, is still no wrong value', async () => {
    const framed = (payload: Buffer, serializer: number, compression: number): Buffer =>
      Buffer.concat([Buffer.from(frameOf(payload, serializer, compression), 'latin1'), payload]);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(3, 4), async (bytes, serializer) => {
        const decoded = await because(() => createCodec().decode(framed(Buffer.from(bytes), serializer, 0), 'key'));
        expect(['corrupt', 'it was read']).toContain(decoded);
      }),
    );
    const notPacked = framed(Buffer.from('not packed'), 1, 1);
    expect(await because(() => createCodec().decode(notPacked, 'key'))).toBe('corrupt');
    expect(await because(() => createCodec().decode(framed(Buffer.from('1'), 99, 0), 'key'))).toBe('unknown-format');
    expect(await because(() => createCodec().decode(framed(Buffer.from('1'), 1, 9), 'key'))).toBe('unknown-format');
  });

  it('that would unpack to a hundred megabytes is stopped at its bound', async () => {
    const bomb = zstdCompressSync(Buffer.alloc(100_000_000, 'x'), {
      params: { [constants.ZSTD_c_compressionLevel]: 1 },
    });
    const small = zstdCompressSync(Buffer.alloc(20_000_000, 'x'));
    for (const payload of [bomb, small]) {
      const bytes = Buffer.concat([Buffer.from(frameOf(payload, 2, 1), 'latin1'), payload]);
      // oxlint-disable-next-line no-await-in-loop
      expect(await because(() => createCodec().decode(bytes, 'key'))).toBe('too-large');
    }
  });

  it('is refused before it is sent when it cannot be written, or is too large in any script', async () => {
    const codec = createCodec({ maxValueBytes: 1_000 });
    expect(() => codec.encode(undefined)).toThrow(InvalidRequestError);
    expect(() => codec.encode('x'.repeat(1_001))).toThrow(/1000 bytes/);
    expect(() => codec.encode('ü'.repeat(600))).toThrow(/1000 bytes/);
    expect(await roundTrip(codec, 'ü'.repeat(490))).toBe('ü'.repeat(490));
    expect(() => createCodec({ serializer: 'text' }).encode(5)).toThrow(InvalidRequestError);
  });

  it('does not end up in an error, and neither does a phone number in its key', async () => {
    const bytes = Buffer.from(`${frameOf('{"pin":"4711"', 1, 0)}{"pin":"4711"`);
    const error: unknown = await Promise.resolve()
      .then(() => createCodec().decode(bytes, 'session:254712345678'))
      .catch((thrown: unknown) => thrown);
    const told = JSON.stringify(error) + String((error as Error).stack) + String((error as Error).cause);
    expect(told).not.toContain('4711');
    expect(told).not.toContain('254712345678');
  });

  it('needs ids of its own for each serializer', () => {
    const own = (id: number) => ({ id, name: `own ${id}`, serialize: String, deserialize: String });
    expect(() => createCodec({ serializer: own(3) })).toThrow(/64 to 127/);
    expect(() => createCodec({ serializer: own(70), alsoReads: [own(70)] })).toThrow(/taken/);
  });
});
