/**
 * Measures what each package weighs and what each entry point costs to import, and writes the tables of docs/performance/imports.md.
 * Needs a build, npm, and a machine with nothing else to do. By hand, not in CI: `node tools/measure-imports.ts`.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { type PublicPackage, publicPackages } from './entry-points.ts';

const ROUNDS = 15;
/** What issue and users ask for, in milliseconds on Node 24. */
const AIMS: Readonly<Record<string, number>> = {
  '@canza/core': 40,
  '@canza/mobile-money/ussd': 60,
  '@canza/mobile-money': 200,
  '@canza/blockchain': 60,
};
/** Of peers that a consumer may leave out. */
const LEFT_OUT = ['pg', '@electric-sql/pglite', '@opentelemetry/api'];

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const page = `${root}docs/performance/imports.md`;
const packages = publicPackages();

const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0);
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const sizeOf = (path: string): number => {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
};

/** Packed, unpacked, and with all that npm installs beside it. */
async function weigh(tarballs: ReadonlyMap<string, string>, { name }: PublicPackage): Promise<string[]> {
  const project = mkdtempSync(join(tmpdir(), 'canza-weigh-'));
  try {
    const overrides = Object.fromEntries([...tarballs].map(([each, file]) => [each, `file:${file}`]));
    const manifest = {
      private: true,
      dependencies: { [name]: overrides[name] },
      overrides: { ...overrides, [name]: undefined },
    };
    writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
    const options = ['install', '--omit=dev', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
    await run('npm', options, { cwd: project });
    const packed = statSync(tarballs.get(name) ?? '').size;
    const unpacked = sizeOf(join(project, 'node_modules', name));
    return [`\`${name}\``, kilobytes(packed), kilobytes(unpacked), kilobytes(sizeOf(join(project, 'node_modules')))];
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

/** All of an entry point with everything that it imports, as a bundler would ship it. */
async function minified(file: string): Promise<number> {
  const result = await build({
    entryPoints: [file],
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    splitting: true,
    outdir: 'unused',
    write: false,
    metafile: true,
    external: LEFT_OUT,
    logLevel: 'error',
  });
  const { outputs } = result.metafile;
  // Chunks that only `import()` reaches are not paid for by an import.
  const reached = new Set(
    Object.keys(outputs).filter((name) => outputs[name]?.entryPoint?.endsWith(file.slice(root.length))),
  );
  for (const name of reached) {
    for (const { path, kind } of outputs[name]?.imports ?? []) if (kind === 'import-statement') reached.add(path);
  }
  return [...reached].reduce((sum, name) => sum + (outputs[name]?.bytes ?? 0), 0);
}

async function importing(
  file: string,
): Promise<{ readonly tookMs: number; readonly cpuMs: number; readonly loaded: readonly string[] }> {
  const once = async (how: 'time' | 'trace') => {
    const { stdout } = await run(process.execPath, [`${root}tools/imports/trace.ts`, file, how]);
    return JSON.parse(stdout) as {
      readonly tookMs: number;
      readonly cpuMs: number;
      readonly loaded: readonly string[];
    };
  };
  const rounds = [];
  // oxlint-disable-next-line no-await-in-loop -- one at a time, or they measure each other
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await once('time'));
  const { loaded } = await once('trace');
  return {
    tookMs: Math.min(...rounds.map(({ tookMs }) => tookMs)),
    cpuMs: median(rounds.map(({ cpuMs }) => cpuMs)),
    loaded,
  };
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');

/** Puts a table between its marks; what stands around them is written by hand. */
function fill(text: string, name: string, body: string): string {
  const begin = `<!-- measured: ${name} -->\n`;
  const start = text.indexOf(begin) + begin.length;
  return `${text.slice(0, start)}\n${body}\n${text.slice(text.indexOf(`<!-- end: ${name} -->`))}`;
}

const store = mkdtempSync(join(tmpdir(), 'canza-pack-'));
try {
  const tarballs = new Map<string, string>();
  for (const { name, folder } of packages) {
    // oxlint-disable-next-line no-await-in-loop
    const { stdout } = await run('pnpm', ['pack', '--json', '--pack-destination', store], { cwd: folder });
    tarballs.set(name, (JSON.parse(stdout) as { readonly filename: string }).filename);
  }
  const weights: string[][] = [];
  const costs: string[][] = [];
  for (const each of packages) {
    // oxlint-disable-next-line no-await-in-loop
    weights.push(await weigh(tarballs, each));
    for (const { specifier, file } of each.entries) {
      // oxlint-disable-next-line no-await-in-loop
      const { tookMs, cpuMs, loaded } = await importing(file);
      const aim = AIMS[specifier];
      // oxlint-disable-next-line no-await-in-loop
      const size = kilobytes(await minified(file));
      costs.push([
        `\`${specifier}\``,
        tookMs.toFixed(0),
        cpuMs.toFixed(0),
        aim === undefined ? '' : `${aim}`,
        size,
        loaded.join(', '),
      ]);
    }
  }
  const text = readFileSync(page, 'utf8');
  const importTable = table(['import', 'ms', 'processor ms', 'aim, ms', 'minified, kB', 'loads'], costs);
  const weightTable = table(['package', 'packed, kB', 'unpacked, kB', 'installed with all it needs, kB'], weights);
  writeFileSync(page, fill(fill(text, 'imports', importTable), 'packages', weightTable));
  console.log(importTable + weightTable);
} finally {
  rmSync(store, { recursive: true, force: true });
}
