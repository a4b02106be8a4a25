import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyFamily, parseNamespace, spaceKey, valueKey } from './keys.ts';

describe('the keys of a family', () => {
  const keyOf = keyFamily('canza', 'lock1');
  const tagOf = (key: string): string | undefined => /\{([^}]*)\}/.exec(key)?.[1];

  it('read as they are documented', () => {
    expect(keyOf('tx_1')).toBe('canza:lock1:{tx_1}');
    expect(keyOf('tx_1', 'fence')).toBe('canza:lock1:{tx_1}:fence');
  });

  it('lie in one slot for one tag, and are never the same for two, whatever is in them', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (left, right) => {
        fc.pre(left !== right);
        expect(tagOf(keyOf(left))).toBe(tagOf(keyOf(left, 'part')));
        expect(tagOf(keyOf(left))).not.toBe('');
        const keys = [keyOf(left), keyOf(right), keyOf(left, 'part'), keyOf(right, 'part')];
        expect(new Set(keys).size).toBe(4);
      }),
    );
  });

  it('keep values, spaces and namespaces apart', () => {
    const keys = [valueKey('a')('b:c'), spaceKey('a', 'b')('c'), valueKey('a')('c'), spaceKey('b', 'a')('c')];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it.each(['', 'a:b', 'a{b}', 'x'.repeat(65), 'ü'])('refuse the namespace %j', (namespace) => {
    expect(() => parseNamespace(namespace)).toThrow(/namespace/);
  });
});
