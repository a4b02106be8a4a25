import { InvalidRequestError, redactText } from '@canza/core';
import { COMPRESSIONS_BY_ID, type Compression, type CompressionName, compressionNamed } from './compressions.ts';
import { UnreadableValueError } from './errors.ts';
import { FRAME_BYTES, frameOf, isFramed, readFrame } from './frame.ts';
import { type Serializer, type SerializerName, serializerNamed, serializersById } from './serializers.ts';

/** How values become bytes and come back. */
export interface CodecOptions {
  /** How values are written. Whatever it is, values written by another one are read too. Default `json`. */
  readonly serializer?: SerializerName | Serializer;
  /** Further serializers whose values are still stored. */
  readonly alsoReads?: readonly Serializer[];
  /** Default zstd from 4,096 bytes on; `false` for none. */
  readonly compression?: CompressionOptions | false;
  /** Bytes of a value before compression, when writing and when reading. Default 8 MiB. */
  readonly maxValueBytes?: number;
}

/** How values are compressed, and from which size on. */
export interface CompressionOptions {
  /** Default `zstd`. */
  readonly with?: CompressionName;
  /** Bytes from which a value is compressed. Default 4,096: below, the work costs more than the bytes it saves. */
  readonly fromBytes?: number;
}

/** From here on the work is done in a thread. */
const LARGE_BYTES = 128 * 1024;
const UNCOMPRESSED = 0;
/** From here on it is cheaper to turn a text into bytes once than to let each step on the way do so. */
const LONG_TEXT = 1_024;

/** Turns values into what is stored and back. Each stored value says how it was written. */
export interface Codec {
  encode(value: unknown): string | Buffer | Promise<Buffer>;
  /** @throws UnreadableValueError, naming the key, when the bytes are not a value that this codec can read. */
  decode(bytes: Buffer, key: string): unknown;
}

/** @throws InvalidRequestError when a serializer's id is taken or out of range. */
export function createCodec(options: CodecOptions = {}): Codec {
  const { alsoReads = [], compression = {}, maxValueBytes = 8 * 1024 * 1024 } = options;
  const chosen = options.serializer ?? 'json';
  const serializer = typeof chosen === 'string' ? serializerNamed(chosen) : chosen;
  const readable = serializersById([serializer, ...alsoReads]);
  const compressor = compression === false ? undefined : compressionNamed(compression.with ?? 'zstd');
  const fromBytes = compression === false ? Infinity : (compression.fromBytes ?? 4_096);

  const expand = (payload: Buffer, from: Serializer, by: Compression, key: string): unknown => {
    const fail = (error: unknown): never => {
      throw unreadableExpansion(key, by, maxValueBytes, error);
    };
    if (payload.length >= LARGE_BYTES) {
      return by.expand(payload, maxValueBytes).then((expanded) => deserialize(expanded, from, key), fail);
    }
    let expanded: Buffer;
    try {
      expanded = by.expandNow(payload, maxValueBytes);
    } catch (error) {
      return fail(error);
    }
    return deserialize(expanded, from, key);
  };

  return {
    encode(value) {
      const payload = serializer.serialize(value);
      if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) {
        throw new InvalidRequestError({ field: 'value', expected: `a value that ${serializer.name} can write` });
      }
      // A text has at least as many bytes as characters, and at most three times as many.
      const length = payload.length;
      if (length * 3 > maxValueBytes) refuseTooLarge(payload, maxValueBytes);
      if (compressor !== undefined && length >= fromBytes) {
        const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
        if (length < LARGE_BYTES) return compressed(bytes, compressor.compressNow(bytes), serializer, compressor);
        return compressor.compress(bytes).then((smaller) => compressed(bytes, smaller, serializer, compressor));
      }
      if (typeof payload !== 'string') return join(frameOf(payload, serializer.id, UNCOMPRESSED), payload);
      if (length >= LONG_TEXT) return frameText(payload, serializer.id);
      return frameOf(payload, serializer.id, UNCOMPRESSED) + payload;
    },

    decode(bytes, key) {
      if (!isFramed(bytes)) {
        throw new UnreadableValueError(
          `The value of "${redactText(key)}" was not written by this client: read it with the format "plain".`,
          'foreign',
        );
      }
      if (bytes.length - FRAME_BYTES > maxValueBytes) throw tooLarge(key, maxValueBytes);
      const payload = bytes.subarray(FRAME_BYTES);
      const frame = readFrame(bytes, payload);
      if (frame === undefined) {
        throw new UnreadableValueError(
          `The value of "${redactText(key)}" is damaged: its checksum does not fit. It may have been cut off.`,
          'corrupt',
        );
      }
      const from = readable.get(frame.serializerId);
      if (from === undefined) {
        throw unknownFormat(key, `serializer ${frame.serializerId}: name it in "alsoReads"`);
      }
      if (frame.compressionId === UNCOMPRESSED) return deserialize(payload, from, key);
      const by = COMPRESSIONS_BY_ID.get(frame.compressionId);
      if (by === undefined) throw unknownFormat(key, `compression ${frame.compressionId}`);
      return expand(payload, from, by, key);
    },
  };
}

/** The smaller of the two: what does not shrink is stored as it was. */
function compressed(bytes: Buffer, smaller: Buffer, serializer: Serializer, compressor: Compression): Buffer {
  if (smaller.length >= bytes.length) return join(frameOf(bytes, serializer.id, UNCOMPRESSED), bytes);
  return join(frameOf(smaller, serializer.id, compressor.id), smaller);
}

function frameText(payload: string, serializerId: number): Buffer {
  const bytes = Buffer.allocUnsafe(FRAME_BYTES + Buffer.byteLength(payload));
  bytes.write(payload, FRAME_BYTES, 'utf8');
  bytes.write(frameOf(bytes.subarray(FRAME_BYTES), serializerId, UNCOMPRESSED), 0, 'latin1');
  return bytes;
}

function join(frame: string, payload: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(FRAME_BYTES + payload.length);
  bytes.write(frame, 0, 'latin1');
  payload.copy(bytes, FRAME_BYTES);
  return bytes;
}

function deserialize(payload: Buffer, serializer: Serializer, key: string): unknown {
  try {
    return serializer.deserialize(payload);
  } catch {
    // The library's message may quote the value.
    throw new UnreadableValueError(`The value of "${redactText(key)}" is not ${serializer.name}.`, 'corrupt');
  }
}

function refuseTooLarge(payload: string | Buffer, maxValueBytes: number): void {
  if (Buffer.byteLength(payload) <= maxValueBytes) return;
  throw new InvalidRequestError({ field: 'value', expected: `at most ${maxValueBytes} bytes (maxValueBytes)` });
}

const tooLarge = (key: string, maxValueBytes: number): UnreadableValueError =>
  new UnreadableValueError(
    `The value of "${redactText(key)}" is larger than the ${maxValueBytes} bytes that this client reads (maxValueBytes).`,
    'too-large',
  );

const unknownFormat = (key: string, what: string): UnreadableValueError =>
  new UnreadableValueError(`The value of "${redactText(key)}" was written with ${what}.`, 'unknown-format');

function unreadableExpansion(
  key: string,
  by: Compression,
  maxValueBytes: number,
  error: unknown,
): UnreadableValueError {
  if ((error as { code?: unknown } | null)?.code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(key, maxValueBytes);
  return new UnreadableValueError(`The value of "${redactText(key)}" cannot be unpacked with ${by.name}.`, 'corrupt');
}
