import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMenu } from './compile.ts';
import type { LoadedData } from './loaded-data.ts';
import { begin, offerResume, step, supply } from './machine.ts';
import type { Step } from './steps.ts';
import { sendMoneyMenu } from './testing/send-money-menu.ts';
import { fitsScreen, SCREEN_LIMITS } from './text/gsm7.ts';

const key = fc.constantFrom('0', '00', '98', '1', '2', '3', '4');
const meant = fc.constantFrom('0712345678', '+254733000111', '500', '070000', 'rent', 'café');
const anything = fc.string({ unit: 'binary', maxLength: 200 });
const entries = fc.array(fc.oneof({ weight: 4, arbitrary: key }, { weight: 4, arbitrary: meant }, anything), {
  maxLength: 40,
});
const data: fc.Arbitrary<LoadedData | undefined> = fc.option(fc.record({ values: fc.record({ balance: anything }) }), {
  nil: undefined,
});

describe.each(Object.entries(SCREEN_LIMITS))('any sequence of entries (%s screens)', (_, limit) => {
  const compiled = compileMenu(sendMoneyMenu, limit);

  it('gives a screen that fits, each time, and a payment only from the confirmation', () => {
    fc.assert(
      fc.property(entries, data, fc.constantFrom('en', 'fr', 'xx'), (typed, loaded, language) => {
        const settle = (taken: Step): Step => (taken.kind === 'load' ? settle(supply(compiled, taken, loaded)) : taken);
        let taken = settle(begin(compiled, { language, phone: '+254700123456' }));
        for (const entry of typed) {
          const before = taken.state;
          taken = settle(step(compiled, before, entry));
          if (taken.kind === 'load') throw new Error('a look-up was left open');
          expect(fitsScreen(taken.text, limit)).toBe(true);
          expect(taken.text).not.toBe('');
          if (taken.kind === 'screen') continue;
          expect(taken.effects).toHaveLength(before.at === 'confirm' && entry === '1' ? 1 : 0);
          break;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('comes back to the same screen by going on and back', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(key, meant), { maxLength: 12 }), meant, (typed, entry) => {
        let taken: Step = begin(compiled, { language: 'en', phone: '+254700123456' });
        for (const each of typed) {
          const next = step(compiled, taken.state, each);
          if (next.kind === 'screen') taken = next;
        }
        const on = step(compiled, taken.state, entry);
        if (on.kind !== 'screen' || on.state.depth !== taken.state.depth + 1) return;
        const back = step(compiled, on.state, '0');
        expect(back.state).toEqual({ ...taken.state, misses: 0, notice: 'none', page: 0 });
      }),
      { numRuns: 500 },
    );
  });

  it('resumes any draft without a word of it before the payer agrees', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(key, meant), { maxLength: 8 }), entries, (typed, later) => {
        let draft: Step = begin(compiled, { language: 'en', phone: '+254700123456' });
        for (const each of typed) {
          const next = step(compiled, draft.state, each);
          if (next.kind === 'screen') draft = next;
        }
        let taken: Step = offerResume(compiled, draft.state, { language: 'en', phone: '+254700123456' });
        expect(taken).toMatchObject({ text: 'You were not finished last time.\n1. Continue\n2. Start again' });
        for (const entry of later) {
          taken = step(compiled, taken.state, entry);
          if (taken.kind !== 'screen') break;
          expect(fitsScreen(taken.text, limit)).toBe(true);
        }
      }),
    );
  });
});
