import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '@canza/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testEntry } from '../../test/entries.ts';
import { lockFolder } from './folder-lock.ts';
import { openEmbeddedJournal } from './index.ts';

const program = (name: string): string => fileURLToPath(new URL(`../../test/programs/${name}`, import.meta.url));

const entry = testEntry({ body: { amount: '10.00' } });

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'canza-embedded-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the embedded journal', () => {
  it('has every acknowledged entry after its process was killed', async () => {
    const args = ['--import', program('sources.ts'), program('write-embedded.ts'), folder];
    const writer = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const acknowledged: string[] = [];
    for await (const id of createInterface({ input: writer.stdout })) {
      acknowledged.push(id);
      if (acknowledged.length === 300) writer.kill('SIGKILL');
    }
    if (writer.signalCode === null) await once(writer, 'exit');
    const journal = await openEmbeddedJournal({ folder });
    const standing = await Promise.all(acknowledged.map((id) => journal.read('crash', id)));
    await journal.close();
    expect(acknowledged.length).toBeGreaterThanOrEqual(300);
    expect(standing.filter((found) => found === undefined)).toEqual([]);
  }, 120_000);

  it('waits for the disk with every write', async () => {
    const { fdatasyncSync } = fs;
    let synced = 0;
    fs.fdatasyncSync = (descriptor) => {
      synced += 1;
      fdatasyncSync(descriptor);
    };
    syncBuiltinESMExports();
    try {
      const journal = await openEmbeddedJournal({ folder });
      await journal.initialize();
      const before = synced;
      await journal.insert(entry, 'accepted');
      expect(synced).toBe(before + 1);
      await journal.replace({ ...entry, version: 2 }, 'moved');
      expect(synced).toBe(before + 2);
      await journal.close();
    } finally {
      fs.fdatasyncSync = fdatasyncSync;
      syncBuiltinESMExports();
    }
  });

  it('keeps a second opener out until it is closed', async () => {
    const journal = await openEmbeddedJournal({ folder });
    await expect(openEmbeddedJournal({ folder })).rejects.toThrow(ConfigError);
    await journal.close();
    expect(existsSync(join(folder, 'canza.lock'))).toBe(false);
  });
});

describe('the lock of a folder', () => {
  it('is taken over from a process that is gone, and not from one that runs', async () => {
    const gone = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(gone, 'exit');
    writeFileSync(join(folder, 'canza.lock'), String(gone.pid));
    lockFolder(folder)();
    writeFileSync(join(folder, 'canza.lock'), String(process.ppid));
    expect(() => lockFolder(folder)).toThrow(/in use/);
  });
});
