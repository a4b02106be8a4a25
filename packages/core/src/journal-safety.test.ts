import { describe, expect, it, vi } from 'vitest';

import { type SafetyState, SafetyWatch } from './journal-safety.ts';

describe('a watch over a journal’s safety', () => {
  it('is sound until something is suspect, and sound again once it was reconciled', () => {
    const watch = new SafetyWatch();
    expect(watch.state).toEqual({ verdict: 'sound' });
    watch.suspect(5, 'the server failed over', [{ kind: 'payment', id: 'tx-1', version: 2 }]);
    expect(watch.state).toEqual({
      verdict: 'suspect',
      sinceMs: 5,
      why: 'the server failed over',
      lost: [{ kind: 'payment', id: 'tx-1', version: 2 }],
    });
    watch.sound();
    expect(watch.state).toEqual({ verdict: 'sound' });
  });

  it('keeps when and why it began, and adds what else was lost', () => {
    const watch = new SafetyWatch();
    watch.suspect(5, 'first', [{ kind: 'payment', id: 'a', version: 1 }]);
    watch.suspect(9, 'second', [{ kind: 'payment', id: 'b', version: 1 }]);
    expect(watch.state).toMatchObject({ sinceMs: 5, why: 'first', lost: [{ id: 'a' }, { id: 'b' }] });
  });

  it('tells of changes, and of nothing that did not change', () => {
    const watch = new SafetyWatch();
    const told = vi.fn<(state: SafetyState) => void>();
    const stop = watch.onChange(told);
    watch.sound();
    expect(told).not.toHaveBeenCalled();
    watch.suspect(1, 'x', []);
    watch.sound();
    stop();
    watch.suspect(2, 'y', []);
    expect(told.mock.calls.map(([{ verdict }]) => verdict)).toEqual(['suspect', 'sound']);
  });

  it('tells everybody, though somebody throws, and warns by the name of the error alone', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const watch = new SafetyWatch();
    const told = vi.fn<() => void>();
    watch.onChange(() => {
      throw new TypeError('about 254712345678');
    });
    watch.onChange(() => {
      // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error
      throw 'about 254712345678';
    });
    watch.onChange(told);
    watch.suspect(1, 'x', []);
    expect(told).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls).toEqual([
      ["A listener to the journal's safety threw TypeError."],
      ["A listener to the journal's safety threw string."],
    ]);
    warn.mockRestore();
  });
});
