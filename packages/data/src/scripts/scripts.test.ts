import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { luaModules } from '../../../../tools/lua-modules.ts';

describe('Lua scripts', () => {
  it.each(luaModules())('$path is what tools/lua-modules.ts writes from its script', ({ path, expected }) => {
    expect(readFileSync(path, 'utf8')).toBe(expected);
  });
});
