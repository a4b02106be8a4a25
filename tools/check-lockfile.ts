/**
 * The lockfile must install the same everywhere. pnpm leaves out, without a word, an optional dependency that it could
 * not resolve, so a lockfile written against a registry that lags behind lacks the binaries of other systems.
 */
import { readFileSync } from 'node:fs';

const lock = readFileSync(new URL('../pnpm-lock.yaml', import.meta.url), 'utf8');
const problems: string[] = [];

const packages = new Set(
  [...lock.matchAll(/^ {2}'?((?:@[^@'/]+\/)?[^@'\s]+)@([^:'(]+)(?:\([^']*)?'?:$/gm)].map(
    ([, name, version]) => `${name}@${version}`,
  ),
);

const linuxBinary = /linux-x64(-gnu)?@/;
/** Linux-only on purpose: it is what rollup itself is built with. */
const linuxOnly = /^@napi-rs\/lzma/;
for (const binary of packages) {
  if (!linuxBinary.test(binary) || linuxOnly.test(binary)) continue;
  const elsewhere = [binary.replace(linuxBinary, 'darwin-arm64@'), ...windowsNames(binary)];
  const [mac = '', ...windows] = elsewhere;
  if (!packages.has(mac)) problems.push(`${binary} is locked, ${mac} is not`);
  if (!windows.some((name) => packages.has(name))) problems.push(`${binary} is locked, ${windows.join(' or ')} is not`);
}

/** A tarball address ties the lockfile to one registry. */
for (const [index, line] of lock.split('\n').entries()) {
  if (/^\s*tarball:|[:{,]\s*tarball:|https?:\/\//.test(line))
    problems.push(`line ${index + 1} names a host: ${line.trim()}`);
}

/** The last release under Apache-2.0: later ones forbid most of what our users do. */
const aptos = [...packages].filter(
  (name) => name.startsWith('@aptos-labs/ts-sdk@') && name !== '@aptos-labs/ts-sdk@5.1.4',
);
for (const other of aptos) problems.push(`${other} is locked; only 5.1.4 may be (its licence)`);

if (packages.size === 0) problems.push('no packages found: has the format of the lockfile changed?');
for (const problem of problems) console.error(`pnpm-lock.yaml: ${problem}`);
if (problems.length > 0) process.exitCode = 1;
else console.log(`pnpm-lock.yaml: ${packages.size} packages, for every system, from any registry`);

function windowsNames(binary: string): string[] {
  return ['win32-x64-msvc@', 'win32-x64@', 'windows-x64@'].map((system) => binary.replace(linuxBinary, system));
}
