import { crc32 } from 'node:zlib';

/**
 * The ten bytes in front of every stored value: two that mark it as ours, one for the layout, serializer and compression by
 * their ids, and a checksum of all that follows and of the ids. Every byte is below 128, so that a frame can be written in
 * front of text without turning the text into bytes first.
 */
export const FRAME_BYTES = 10;
const MARK_0 = 0x16;
const MARK_1 = 0x43;
const LAYOUT = 0x01;

export interface Frame {
  readonly serializerId: number;
  readonly compressionId: number;
}

interface Prefix {
  readonly text: string;
  readonly checksum: number;
}

const prefixes = new Map<number, Prefix>();

/** The five bytes before the checksum, and the checksum of those that matter. Made once for each pair of ids. */
function prefixOf(serializerId: number, compressionId: number): Prefix {
  const at = serializerId * 128 + compressionId;
  let prefix = prefixes.get(at);
  if (prefix === undefined) {
    const text = String.fromCharCode(MARK_0, MARK_1, LAYOUT, serializerId, compressionId);
    prefix = { text, checksum: crc32(text) };
    prefixes.set(at, prefix);
  }
  return prefix;
}

/** The frame of a payload, to be written in front of it. */
export function frameOf(payload: string | Buffer, serializerId: number, compressionId: number): string {
  const { text, checksum } = prefixOf(serializerId, compressionId);
  const sum = crc32(payload, checksum);
  return (
    text + String.fromCharCode(sum >>> 28, (sum >>> 21) & 0x7f, (sum >>> 14) & 0x7f, (sum >>> 7) & 0x7f, sum & 0x7f)
  );
}

/** Whether the bytes begin as a frame of ours does, complete or not. */
export const isFramed = (bytes: Buffer): boolean => bytes[0] === MARK_0 && bytes[1] === MARK_1 && bytes[2] === LAYOUT;

/** Reads the ids of a framed value; `undefined` when it is cut off or its checksum does not fit what follows. */
export function readFrame(bytes: Buffer, payload: Buffer): Frame | undefined {
  if (bytes.length < FRAME_BYTES) return undefined;
  const serializerId = bytes[3] ?? 0;
  const compressionId = bytes[4] ?? 0;
  if (serializerId > 127 || compressionId > 127) return undefined;
  const stored =
    (bytes[5] ?? 0) * 0x1000_0000 +
    (((bytes[6] ?? 0) << 21) | ((bytes[7] ?? 0) << 14) | ((bytes[8] ?? 0) << 7) | (bytes[9] ?? 0));
  if (crc32(payload, prefixOf(serializerId, compressionId).checksum) !== stored) return undefined;
  return { serializerId, compressionId };
}
