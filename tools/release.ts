/**
 * Publishes what `pnpm changeset version` has prepared, or rehearses it.
 *   (nothing)   rehearses: packs everything, publishes nothing
 *   --publish   publishes, with provenance: only in a CI job that can vouch for itself, from a clean tree
 * A version that is published already is passed over, so a release that broke off is run again as it is.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { publicPackages } from './entry-points.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const isEarnest = process.argv.includes('--publish');

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly repository?: unknown;
}
const manifests = publicPackages().map(
  ({ folder }) => JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as Manifest,
);

const run = (program: string, ...options: readonly string[]): void => {
  console.log(`== ${program} ${options.join(' ')}`);
  execFileSync(program, options, { cwd: root, stdio: 'inherit' });
};
const read = (program: string, ...options: readonly string[]): string =>
  execFileSync(program, options, { cwd: root, encoding: 'utf8' }).trim();

/** What a CI job has that may ask for an identity: with it the registry shows from which commit a package was built. */
const canVouch = ['ACTIONS_ID_TOKEN_REQUEST_URL', 'SIGSTORE_ID_TOKEN'].some((name) => process.env[name] !== undefined);

/** Why this must not be published. */
function* objections(): Generator<string> {
  if (read('git', 'status', '--porcelain') !== '')
    yield 'the tree is not clean: what is published would be in no commit';
  const notes = readdirSync(`${root}.changeset`).filter((name) => name.endsWith('.md') && name !== 'README.md');
  if (notes.length > 0) yield `${notes.join(', ')} waits: run pnpm changeset version, and commit`;
  const versions = new Set(manifests.map(({ version }) => version));
  if (versions.size !== 1) yield `the packages share one version, and there are ${[...versions].join(', ')}`;
  if (versions.has('0.0.0')) yield 'nothing has a version yet';
  if (!canVouch) yield 'this is no CI job that may ask for an identity, so no provenance can be given';
  const nameless = manifests.filter(({ repository }) => repository === undefined).map(({ name }) => name);
  if (nameless.length > 0) yield `provenance needs "repository" in the manifest of ${nameless.join(', ')}`;
}

const found = [...objections()];
for (const objection of found) console[isEarnest ? 'error' : 'log'](`not to be published: ${objection}`);
if (isEarnest && found.length > 0) process.exitCode = 1;
else {
  run('pnpm', 'clean');
  run('pnpm', 'build');
  run('pnpm', 'check:packages');
  run('pnpm', 'check:imports');
  run('pnpm', 'check:consumer');
  if (isEarnest) {
    run('pnpm', '-r', 'publish', '--provenance');
    // Tags of what is published, for the commit that it came from.
    run('pnpm', 'changeset', 'tag');
  } else {
    run('pnpm', '-r', 'publish', '--dry-run', '--no-git-checks');
  }
}
