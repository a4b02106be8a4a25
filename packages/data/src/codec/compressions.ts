import { promisify } from 'node:util';
import {
  brotliCompress,
  brotliCompressSync,
  brotliDecompress,
  brotliDecompressSync,
  constants,
  gunzip,
  gunzipSync,
  gzip,
  gzipSync,
  zstdCompress,
  zstdCompressSync,
  zstdDecompress,
  zstdDecompressSync,
} from 'node:zlib';

/**
 * A way to make bytes smaller. Small values are worked on at once, because handing them to a thread costs more than the
 * work; large ones in a thread, so that nothing else waits.
 */
export interface Compression {
  /** Stands in front of every stored value. */
  readonly id: number;
  readonly name: string;
  compressNow(bytes: Buffer): Buffer;
  compress(bytes: Buffer): Promise<Buffer>;
  /** Throws as soon as more than `maxBytes` would come out. */
  expandNow(bytes: Buffer, maxBytes: number): Buffer;
  expand(bytes: Buffer, maxBytes: number): Promise<Buffer>;
}

const gzipLater = promisify(gzip);
const gunzipLater = promisify(gunzip);
const brotliLater = promisify(brotliCompress);
const unbrotliLater = promisify(brotliDecompress);
const zstdLater = promisify(zstdCompress);
const unzstdLater = promisify(zstdDecompress);

const zstdOptions = (bytes: Buffer) => ({
  pledgedSrcSize: bytes.length,
  params: { [constants.ZSTD_c_compressionLevel]: 1 },
});
const brotliOptions = (bytes: Buffer) => ({
  params: { [constants.BROTLI_PARAM_QUALITY]: 2, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
});
const bounded = (maxOutputLength: number) => ({ maxOutputLength });

/** Level 1: four-fold on 10 kB of payment records in half of gzip's time. Measured in docs/performance/data.md. */
const zstd: Compression = {
  id: 1,
  name: 'zstd',
  compressNow: (bytes) => zstdCompressSync(bytes, zstdOptions(bytes)),
  compress: (bytes) => zstdLater(bytes, zstdOptions(bytes)),
  expandNow: (bytes, maxBytes) => zstdDecompressSync(bytes, bounded(maxBytes)),
  expand: (bytes, maxBytes) => unzstdLater(bytes, bounded(maxBytes)),
};

/** Quality 2: its default of 11 takes 12 ms for 10 kB. */
const brotli: Compression = {
  id: 2,
  name: 'brotli',
  compressNow: (bytes) => brotliCompressSync(bytes, brotliOptions(bytes)),
  compress: (bytes) => brotliLater(bytes, brotliOptions(bytes)),
  expandNow: (bytes, maxBytes) => brotliDecompressSync(bytes, bounded(maxBytes)),
  expand: (bytes, maxBytes) => unbrotliLater(bytes, bounded(maxBytes)),
};

/** For values that programs in other languages unpack too. */
const gzipped: Compression = {
  id: 3,
  name: 'gzip',
  compressNow: (bytes) => gzipSync(bytes, { level: 1 }),
  compress: (bytes) => gzipLater(bytes, { level: 1 }),
  expandNow: (bytes, maxBytes) => gunzipSync(bytes, bounded(maxBytes)),
  expand: (bytes, maxBytes) => gunzipLater(bytes, bounded(maxBytes)),
};

const BUILT_IN = { zstd, brotli, gzip: gzipped } as const;

/** The compressions that come with us. */
export type CompressionName = keyof typeof BUILT_IN;

export const compressionNamed = (name: CompressionName): Compression => BUILT_IN[name];

export const COMPRESSIONS_BY_ID: ReadonlyMap<number, Compression> = new Map(
  Object.values(BUILT_IN).map((each) => [each.id, each]),
);
