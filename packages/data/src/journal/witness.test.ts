import { describe, expect, it } from 'vitest';
import { Witness } from './witness.ts';

const witnessOf = (...writes: [epoch: string, change: number, id: string, version: number][]): Witness => {
  const witness = new Witness(100);
  for (const write of writes) witness.add(...write);
  return witness;
};

describe('the witness of acknowledged writes', () => {
  it('misses what was acknowledged after the point at which the next epoch began', () => {
    const witness = witnessOf(['a', 1, 'tx-1', 1], ['a', 2, 'tx-1', 2], ['a', 3, 'tx-2', 1]);
    expect(
      witness.takeLost('payment', [
        ['a', 0],
        ['b', 1],
      ]),
    ).toEqual([
      { kind: 'payment', id: 'tx-1', version: 2 },
      { kind: 'payment', id: 'tx-2', version: 1 },
    ]);
  });

  it('misses nothing where the next epoch began with all of them', () => {
    const witness = witnessOf(['a', 1, 'tx-1', 1], ['a', 2, 'tx-1', 2]);
    expect(
      witness.takeLost('payment', [
        ['a', 0],
        ['b', 2],
      ]),
    ).toEqual([]);
  });

  it('is not deceived by numbers that others have taken since', () => {
    const witness = witnessOf(['a', 9, 'tx-1', 1], ['b', 9, 'tx-2', 1]);
    expect(
      witness.takeLost('payment', [
        ['a', 0],
        ['b', 7],
      ]),
    ).toEqual([{ kind: 'payment', id: 'tx-1', version: 1 }]);
  });

  it('misses what a later epoch than the next one has cut off', () => {
    const witness = witnessOf(['a', 5, 'tx-1', 1]);
    expect(
      witness.takeLost('payment', [
        ['a', 0],
        ['b', 6],
        ['c', 4],
      ]),
    ).toHaveLength(1);
  });

  it('misses all of an epoch that is unknown, and of a journal that is empty', () => {
    expect(
      witnessOf(['x', 1, 'tx-1', 1]).takeLost('payment', [
        ['a', 0],
        ['b', 90],
      ]),
    ).toHaveLength(1);
    expect(witnessOf(['a', 1, 'tx-1', 1]).takeLost('payment', [])).toHaveLength(1);
  });

  it('tells of each loss once, with the highest version', () => {
    const witness = witnessOf(['a', 1, 'tx-1', 1], ['a', 2, 'tx-1', 2]);
    expect(witness.takeLost('payment', [['b', 0]])).toEqual([{ kind: 'payment', id: 'tx-1', version: 2 }]);
    expect(witness.takeLost('payment', [['b', 0]])).toEqual([]);
  });

  it('remembers as many as it was told to', () => {
    const witness = new Witness(2);
    for (let change = 1; change <= 5; change++) witness.add('a', change, `tx-${change}`, 1);
    expect(witness.takeLost('payment', []).map(({ id }) => id)).toEqual(['tx-5', 'tx-4']);
  });
});
