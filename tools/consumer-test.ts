/**
 * What a stranger does, in an empty folder outside the repository: installs the packed tarballs with npm, compiles with the TypeScript
 * they have, runs the README's program with the Node they have, imports and requires every entry point, starts every program.
 * Needs a build, and npm; asks the registry for what the packages depend on, for TypeScript and for Node.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { extractPrograms } from './code-blocks/extract.ts';
import { publicPackages } from './entry-points.ts';
import { sideBySide } from './side-by-side.ts';

const COMPILERS = ['5.9', '6.0', '7.0'] as const;
const NODES = ['22', '24', '26'] as const;
const STEP_TIMEOUT_MS = 240_000;
/** Hands on the Aptos SDK's own declarations: version 5.1.4, which we have to keep, does not pass for `nodenext` without `skipLibCheck`. */
const SDK_ENTRY = '@canza/blockchain/aptos/sdk';
const OPTIONAL = ['pg', '@types/pg', '@electric-sql/pglite', '@opentelemetry/api'];

const execute = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const project = mkdtempSync(join(tmpdir(), 'canza-consumer-'));
const packages = publicPackages();
const specifiers = packages.flatMap(({ entries }) => entries.map(({ specifier }) => specifier));

const run = (program: string, options: readonly string[], cwd = project): Promise<{ stdout: string }> =>
  execute(program, options, { cwd, timeout: STEP_TIMEOUT_MS, env: { ...process.env, NO_COLOR: '1' } });

/** Tells how long a step took, and what it said when it failed. */
async function step(what: string, work: () => Promise<unknown>): Promise<boolean> {
  const startedAt = performance.now();
  try {
    await work();
    console.log(`${what}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    return true;
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as { stdout?: string; stderr?: string; message: string };
    console.error(`${what}: fails\n${`${stdout}${stderr}`.trim() || message}`);
    process.exitCode = 1;
    return false;
  }
}

type Step = readonly [what: string, work: () => Promise<unknown>];

function writeProject(tarballs: readonly string[]): void {
  const [readme] = extractPrograms('README.md', readFileSync(`${root}README.md`, 'utf8')).programs;
  if (readme?.mode !== 'run') throw new Error('README.md has no program that runs');
  const dependencies = Object.fromEntries(packages.map(({ name }, index) => [name, `file:${tarballs[index]}`]));
  const compilers = COMPILERS.map((version) => [`typescript-${version}`, `npm:typescript@~${version}.0`]);
  const catalog = readFileSync(`${root}pnpm-workspace.yaml`, 'utf8');
  const rangeOf = (name: string) => new RegExp(`^ {2}'?${name}'?: (.+)$`, 'm').exec(catalog)?.[1] ?? '*';
  const optional = ['@types/node', ...OPTIONAL].map((name) => [name, rangeOf(name)]);
  const manifest = {
    private: true,
    type: 'module',
    dependencies,
    devDependencies: Object.fromEntries([...compilers, ...optional]),
  };
  const options = {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    types: ['node'],
  };
  const files: Readonly<Record<string, string>> = {
    'package.json': JSON.stringify(manifest),
    'tsconfig.json': JSON.stringify({ compilerOptions: options, files: ['readme.ts', 'every-entry.ts'] }),
    'tsconfig.bundler.json': JSON.stringify({
      extends: './tsconfig.json',
      compilerOptions: { module: 'esnext', moduleResolution: 'bundler' },
    }),
    'readme.ts': readme.source,
    'every-entry.ts': specifiers
      .filter((name) => name !== SDK_ENTRY)
      .map((name, index) => `export * as entry${index} from '${name}';`)
      .join('\n'),
    'imports.mjs': `for (const name of ${JSON.stringify(specifiers)}) await import(name);`,
    'requires.cjs': `for (const name of ${JSON.stringify(specifiers)}) if (Object.keys(require(name)).length === 0) throw new Error(name);`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
}

const pack = async ({ folder }: { readonly folder: string }): Promise<string> => {
  const { stdout } = await run('pnpm', ['pack', '--json', '--pack-destination', project], folder);
  return (JSON.parse(stdout) as { readonly filename: string }).filename;
};

/** Where npm keeps a Node of this version: from npm's own `node` package. */
const findNode = async (version: string): Promise<string> => {
  const { stdout } = await run('npx', ['-y', '-p', `node@${version}`, '-c', 'node -p process.execPath']);
  return stdout.trim();
};

/** Compiles with the declarations of every library checked too. */
const compile = (version: string, config: string): Promise<unknown> =>
  run(process.execPath, [join(project, 'node_modules', `typescript-${version}`, 'bin', 'tsc'), '-p', config]);

async function tryNode(version: string): Promise<void> {
  const node = await findNode(version);
  const { stdout } = await run(node, ['readme.ts']);
  if (!stdout.includes('succeeded yes')) throw new Error(`the README's program says ${stdout}`);
  await run(node, ['imports.mjs']);
  await run(node, ['requires.cjs']);
  for (const { name, programs } of packages) {
    for (const program of Object.values(programs)) {
      // oxlint-disable-next-line no-await-in-loop -- a processor is busy with it
      await run(node, [join('node_modules', name, program), '--help']);
    }
  }
}

try {
  const tarballs: string[] = [];
  const isPacked = await step('pack', async () => {
    for (const each of packages) {
      // oxlint-disable-next-line no-await-in-loop
      tarballs.push(await pack(each));
    }
    writeProject(tarballs);
  });
  const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  const isInstalled = isPacked && (await step('npm install', () => run('npm', install)));
  if (isInstalled) {
    const steps: readonly Step[] = [
      ...COMPILERS.map((version) => [`TypeScript ${version}`, () => compile(version, 'tsconfig.json')] as const),
      ['TypeScript 7.0, for a bundler', () => compile('7.0', 'tsconfig.bundler.json')],
      ...NODES.map((version) => [`Node ${version}`, () => tryNode(version)] as const),
    ];
    await sideBySide(steps, ([what, work]) => step(what, work));
  }
} finally {
  rmSync(project, { recursive: true, force: true });
}
