import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsScreen, SCREEN_LIMITS } from './gsm7.ts';
import { brokenLines, type Layout, paginate } from './pages.ts';

const limit = SCREEN_LIMITS.standard;
const navigation = (page: number, hasMore: boolean): string =>
  [hasMore ? '98. More' : '', page > 0 ? '0. Back' : ''].filter((line) => line !== '').join('\n');
const layout = (body: string, lines: readonly string[] = []): Layout => ({ body, lines, navigation, limit });

const letters = (text: string): string => text.replaceAll(/\s/g, '');

describe('paging', () => {
  it('leaves a screen that fits as it is', () => {
    expect(paginate(layout('Pay to', ['1. Bill', '2. Till']))).toEqual(['Pay to\n1. Bill\n2. Till']);
  });

  it('breaks between words and between options, never inside them', () => {
    const body = Array.from({ length: 30 }, (_, index) => `word${index}`).join(' ');
    const options = Array.from({ length: 12 }, (_, index) => `${index + 1}. Option number ${index + 1}`);
    const pages = paginate(layout(body, options));
    expect(pages.length).toBeGreaterThan(2);
    const read = pages.flatMap((page) => page.split('\n')).filter((line) => !/^(98|0)\. /.test(line));
    expect(read.filter((line) => line.startsWith('word')).join(' ')).toBe(body);
    expect(read.filter((line) => !line.startsWith('word'))).toEqual(options);
  });

  it('shows "more" on every page but the last, and "back" on every page but the first', () => {
    const pages = paginate(layout('x '.repeat(300)));
    pages.forEach((page, index) => {
      expect(page.includes('98. More')).toBe(index < pages.length - 1);
      expect(page.includes('0. Back')).toBe(index > 0);
    });
  });

  it('breaks an option only when it is longer than a page, and names it', () => {
    const long = `1. ${'x'.repeat(200)}`;
    expect(brokenLines(layout('Choose', [long, '2. Short']))).toEqual([long]);
    expect(paginate(layout('Choose', [long, '2. Short'])).every((page) => fitsScreen(page, limit))).toBe(true);
  });

  it('never makes a page over the limit and never loses a word, whatever the text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', 'ê', '€', ' ', '\n', 'ሰ', '😀', 'Z'), maxLength: 600 });
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 20 }), (body, options) => {
        const lines = options.map((option, index) => `${index + 1}. ${option.replaceAll(/\s/g, '')}`);
        const pages = paginate(layout(body, lines));
        for (const page of pages) expect(fitsScreen(page, limit)).toBe(true);
        const shown = pages.map((page, index) => {
          const tail = navigation(index, index < pages.length - 1);
          return tail === '' ? page : page.slice(0, page.length - tail.length);
        });
        expect(letters(shown.join(''))).toBe(letters([body, ...lines].join('')));
      }),
    );
  });
});
