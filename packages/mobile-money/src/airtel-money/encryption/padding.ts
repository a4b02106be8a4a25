import { createHash } from 'node:crypto';

import type { Random } from '@canza/core';
import { z } from 'zod';

/** Digests that OAEP is met with at Airtel. */
export type OaepHash = 'sha1' | 'sha256';

/**
 * How a text is padded before RSA. `pkcs1` is PKCS#1 v1.5. For OAEP the digest of the label and the one of the mask are two
 * settings: Java, on the other side, leaves the mask at SHA-1 unless told otherwise, while Node uses one digest for both.
 * Source: docs/providers/airtel-money.md#pin
 */
export type Padding = 'pkcs1' | { readonly hash: OaepHash; readonly mgf1Hash: OaepHash };

const HashSchema = z.enum(['sha1', 'sha256'], { error: '"sha1" or "sha256"' });

export const PaddingSchema = z.union([z.literal('pkcs1'), z.strictObject({ hash: HashSchema, mgf1Hash: HashSchema })], {
  error: '"pkcs1", or { hash, mgf1Hash } with "sha1" or "sha256" each',
});

/** The longest text that fits one block of a key, in bytes. */
function longestTextBytes(padding: Padding, blockBytes: number): number {
  return padding === 'pkcs1' ? blockBytes - 11 : blockBytes - 2 * digestBytes(padding.hash) - 2;
}

/**
 * Pads a text to the whole block that goes into RSA as a number. Returns `undefined` where the text is too long for the key.
 * Source: RFC 8017, 7.1.1 (OAEP, with an empty label) and 7.2.1 (PKCS#1 v1.5)
 */
export function padText(text: Uint8Array, padding: Padding, blockBytes: number, random: Random): Buffer | undefined {
  if (text.length > longestTextBytes(padding, blockBytes)) return undefined;
  if (padding === 'pkcs1') {
    const filler = nonZeroBytes(blockBytes - text.length - 3, random);
    return Buffer.concat([Buffer.from([0, 2]), filler, Buffer.from([0]), text]);
  }
  const { hash, mgf1Hash } = padding;
  const seed = Buffer.from(random.bytes(digestBytes(hash)));
  const labelDigest = createHash(hash).digest();
  const gap = Buffer.alloc(blockBytes - text.length - 2 * seed.length - 2);
  const data = Buffer.concat([labelDigest, gap, Buffer.from([1]), text]);
  const maskedData = masked(data, maskFrom(seed, data.length, mgf1Hash));
  const maskedSeed = masked(seed, maskFrom(maskedData, seed.length, mgf1Hash));
  return Buffer.concat([Buffer.from([0]), maskedSeed, maskedData]);
}

const digestBytes = (hash: OaepHash): number => (hash === 'sha1' ? 20 : 32);

/** MGF1 of RFC 8017, B.2.1. */
function maskFrom(seed: Buffer, length: number, hash: OaepHash): Buffer {
  const blocks: Buffer[] = [];
  for (let made = 0, counter = 0; made < length; made += digestBytes(hash), counter++) {
    const position = Buffer.alloc(4);
    position.writeUInt32BE(counter);
    blocks.push(createHash(hash).update(seed).update(position).digest());
  }
  return Buffer.concat(blocks).subarray(0, length);
}

const masked = (bytes: Buffer, mask: Buffer): Buffer => Buffer.from(bytes.map((byte, at) => byte ^ (mask[at] ?? 0)));

function nonZeroBytes(length: number, random: Random): Buffer {
  const bytes: number[] = [];
  while (bytes.length < length) bytes.push(...random.bytes(length - bytes.length).filter((byte) => byte !== 0));
  return Buffer.from(bytes);
}
