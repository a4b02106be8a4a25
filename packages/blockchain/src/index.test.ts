import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

import * as blockchain from './index.ts';

/** A name that comes or goes is a change for every user: it is made here too, and on purpose. */
it('@canza/blockchain has these names', () => {
  expect(Object.keys(blockchain).toSorted()).toMatchInlineSnapshot(`
    [
      "SettlementService",
      "settlementKinds",
    ]
  `);
});

it('does not load the SDK of a chain, an HTTP client or a schema library for whoever brings a network of his own', async () => {
  const program = `
    const { registerHooks } = await import('node:module');
    const loaded = [];
    registerHooks({
      resolve(specifier, context, next) {
        loaded.push(specifier);
        if (specifier === '@canza/core') specifier = new URL('../../core/src/index.ts', '${import.meta.url}').href;
        return next(specifier, context);
      },
    });
    await import(new URL('./index.ts', '${import.meta.url}').href);
    console.log(JSON.stringify(loaded.filter((name) => !name.startsWith('.') && !name.startsWith('node:') && !name.startsWith('file:'))));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  const loaded = JSON.parse(stdout) as string[];
  expect(loaded).toContain('@canza/core');
  expect(loaded.filter((name) => /aptos|axios|undici|zod|ioredis/.test(name))).toEqual([]);
});
