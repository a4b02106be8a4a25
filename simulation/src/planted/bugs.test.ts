import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { applyEdits } from './apply-edits.ts';
import { PLANTED_BUGS } from './bugs.ts';

const packages = new URL('../../../packages/', import.meta.url);

it.each(PLANTED_BUGS)('can still be planted: $name', ({ edits }) => {
  for (const { file } of edits) {
    const source = readFileSync(new URL(file, packages), 'utf8');
    const own = edits.filter((edit) => edit.file === file);
    expect(applyEdits(source, own)).not.toBe(source);
  }
});

it('has at least twenty bugs, each by a name of its own', () => {
  expect(new Set(PLANTED_BUGS.map(({ name }) => name)).size).toBe(PLANTED_BUGS.length);
  expect(PLANTED_BUGS.length).toBeGreaterThanOrEqual(20);
});
