import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError } from '@canza/core';

const held = new Set<string>();

/**
 * Takes a folder for this process: two that write into one embedded database destroy it. A lock whose process is gone is taken over.
 * @returns what gives the folder back.
 * @throws ConfigError when another process, or this one, has it.
 */
export function lockFolder(folder: string): () => void {
  const path = resolve(folder);
  mkdirSync(path, { recursive: true });
  const file = join(path, 'canza.lock');
  if (held.has(path) || !take(file)) {
    throw new ConfigError({
      field: 'folder',
      expected: `a folder that no other process has open (else delete canza.lock in it): ${path} is in use`,
    });
  }
  held.add(path);
  return () => {
    if (held.delete(path)) rmSync(file, { force: true });
  };
}

function take(file: string): boolean {
  if (create(file)) return true;
  const owner = Number(readOwner(file));
  if (owner !== process.pid && isRunning(owner)) return false;
  rmSync(file, { force: true });
  return create(file);
}

function create(file: string): boolean {
  try {
    const descriptor = openSync(file, 'wx');
    writeSync(descriptor, String(process.pid));
    closeSync(descriptor);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readOwner(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
