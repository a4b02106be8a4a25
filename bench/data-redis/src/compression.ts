/** What compressing payment records costs and saves, each way beside gzip. Needs Node alone. */
import {
  brotliCompressSync,
  brotliDecompressSync,
  constants,
  gunzipSync,
  gzipSync,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib';
import { payments } from './payments.ts';
import { median } from './race.ts';

interface Way {
  readonly name: string;
  pack(bytes: Buffer): Buffer;
  unpack(bytes: Buffer): Buffer;
}

const zstd = (level: number): Way => ({
  name: `zstd ${level}`,
  pack: (bytes) => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: level } }),
  unpack: (bytes) => zstdDecompressSync(bytes),
});
const brotli = (quality: number): Way => ({
  name: `brotli ${quality}`,
  pack: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }),
  unpack: (bytes) => brotliDecompressSync(bytes),
});
const gzip = (level: number): Way => ({
  name: `gzip ${level}`,
  pack: (bytes) => gzipSync(bytes, { level }),
  unpack: (bytes) => gunzipSync(bytes),
});

const WAYS = [gzip(6), gzip(1), zstd(-1), zstd(1), zstd(3), brotli(0), brotli(2), brotli(4)];
const ROUNDS = 9;
/** Microseconds that a byte takes at 1 Gbit/s. */
const WIRE_MICROS_PER_BYTE = 0.008;

function microsOf(work: () => void, times: number): number {
  const startedMs = performance.now();
  for (let time = 0; time < times; time++) work();
  return ((performance.now() - startedMs) / times) * 1_000;
}

for (const size of [1_000, 2_000, 4_000, 10_000, 100_000]) {
  const inputs = Array.from({ length: 10 }, (_, seed) => Buffer.from(JSON.stringify(payments(size, seed + 1))));
  const bytes = inputs.reduce((sum, { length }) => sum + length, 0) / inputs.length;
  const times = Math.max(10, Math.min(300, Math.floor(1_000_000 / size)));
  const measured = new Map(WAYS.map(({ name }) => [name, { pack: [] as number[], unpack: [] as number[], packed: 0 }]));
  for (let round = -2; round < ROUNDS; round++) {
    for (const way of WAYS) {
      const input = inputs[(round + 2) % inputs.length] as Buffer;
      const packed = way.pack(input);
      const entry = measured.get(way.name);
      const micros = {
        pack: microsOf(() => way.pack(input), times),
        unpack: microsOf(() => way.unpack(packed), times),
      };
      if (round < 0 || entry === undefined) continue;
      entry.pack.push(micros.pack);
      entry.unpack.push(micros.unpack);
      entry.packed += packed.length / input.length / ROUNDS;
    }
  }
  console.log(
    `\n${size / 1_000} kB (${Math.round(bytes)} bytes)        fold   pack µs  unpack µs   saved on a 1 Gbit/s wire µs, a write and a read`,
  );
  for (const [name, { pack, unpack, packed }] of measured) {
    const saved = 2 * bytes * (1 - packed) * WIRE_MICROS_PER_BYTE;
    const net = saved - median(pack) - median(unpack);
    console.log(
      `  ${name.padEnd(20)} ${(1 / packed).toFixed(2).padStart(6)} ${median(pack).toFixed(1).padStart(9)} ${median(unpack).toFixed(1).padStart(10)}   ${saved.toFixed(0).padStart(6)}, net ${net.toFixed(0)}`,
    );
  }
}
