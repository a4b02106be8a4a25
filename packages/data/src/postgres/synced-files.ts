import { fdatasyncSync } from 'node:fs';
import type { NodeFS } from '@electric-sql/pglite/nodefs';

/** The part of PGlite's module that its file system on Node brings. */
interface NodeFiles {
  readonly NODEFS?: { readonly stream_ops?: Record<string, unknown> };
}

/**
 * Makes PGlite's file system on Node whose files reach the disk when PostgreSQL asks for it. As it is, PGlite's file system answers
 * `fsync` without doing anything, and a power failure loses what was committed.
 * @throws Error when this PGlite is built otherwise than the ones this was written for.
 */
export function createSyncedFiles(Files: typeof NodeFS, folder: string): NodeFS {
  class SyncedFiles extends Files {
    override async init(...[database, settings]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
      const { emscriptenOpts } = await super.init(database, settings);
      const before = emscriptenOpts.preRun;
      const preRun = before === undefined ? [] : Array.isArray(before) ? before : [before];
      return {
        emscriptenOpts: { ...emscriptenOpts, preRun: [...preRun, (module: unknown) => syncFiles(module as NodeFiles)] },
      };
    }
  }
  return new SyncedFiles(folder);
}

function syncFiles({ NODEFS }: NodeFiles): void {
  const operations = NODEFS?.stream_ops;
  if (operations === undefined) throw new Error('this PGlite keeps its files in a way that cannot be made durable');
  operations['fsync'] = ({ nfd }: { nfd: number }): number => {
    fdatasyncSync(nfd);
    return 0;
  };
}

/** PGlite's parameters with what makes a commit wait for the disk. Its `fdatasync` does nothing, so `fsync` is to be used. */
export const durableParameters = (defaults: readonly string[]): string[] => [
  ...defaults.filter((parameter) => parameter !== '-F'),
  '-c',
  'wal_sync_method=fsync',
];
