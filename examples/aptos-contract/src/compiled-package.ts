import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { moveArgument } from '@canza/blockchain/aptos';

export interface CompiledPackage {
  readonly metadata: Uint8Array;
  readonly modules: readonly Uint8Array[];
}

/** Reads what `aptos move compile --save-metadata` wrote: `build/<name>` with the metadata and one file for each module. */
export async function readPackage(folder: string): Promise<CompiledPackage> {
  const names = (await readdir(join(folder, 'bytecode_modules'))).filter((name) => name.endsWith('.mv')).toSorted();
  return {
    metadata: await readFile(join(folder, 'package-metadata.bcs')),
    modules: await Promise.all(names.map((name) => readFile(join(folder, 'bytecode_modules', name)))),
  };
}

const { string, u8, u64, bytes, vector, option } = moveArgument;
const UPGRADE_COMPATIBLE = 1;
const NONE = new Uint8Array();

/** A package with one module that says nothing: what a compiler would have written, for a chain that runs no modules. */
export function placeholderPackage(name: string, module: string): CompiledPackage {
  const description = Buffer.concat([string(module), bytes(NONE), bytes(NONE), option()]);
  return {
    // Name, policy, number of upgrades, digest, manifest, modules, what it depends on, extension.
    metadata: Buffer.concat([
      string(name),
      u8(UPGRADE_COMPATIBLE),
      u64(0n),
      string(''),
      bytes(NONE),
      vector([description]),
      vector([]),
      option(),
    ]),
    modules: [Buffer.from('a11ceb0b0700000a', 'hex')],
  };
}
