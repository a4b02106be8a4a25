import { fitsScreen, type ScreenLimit } from './gsm7.ts';

/** A screen before it is cut into pages. */
export interface Layout {
  /** Running text: broken between words. */
  readonly body: string;
  /** One option each: never broken, unless one is longer than a whole page. */
  readonly lines: readonly string[];
  /** The navigation lines of a page, without a leading line break; empty for none. */
  readonly navigation: (page: number, hasMore: boolean) => string;
  readonly limit: ScreenLimit;
}

const withNavigation = (text: string, navigation: string): string =>
  navigation === '' ? text : text === '' ? navigation : `${text}\n${navigation}`;

/** Cuts a screen into pages that each fit with their navigation. There is at least one. */
export function paginate({ body, lines, navigation, limit }: Layout): readonly string[] {
  const whole = withNavigation([body, ...lines].filter((line) => line !== '').join('\n'), navigation(0, false));
  if (fitsScreen(whole, limit)) return [whole];

  const pages: string[] = [];
  let page = '';
  const fits = (text: string): boolean => fitsScreen(withNavigation(text, navigation(pages.length, true)), limit);
  const turn = (): void => {
    pages.push(withNavigation(page.trimEnd(), navigation(pages.length, true)));
    page = '';
  };
  const place = (atom: string, separator: string): void => {
    const joined = page === '' ? atom : page + separator + atom;
    if (fits(joined)) {
      page = joined;
      return;
    }
    if (page !== '') {
      turn();
      place(atom, separator);
      return;
    }
    for (const character of atom) {
      if (page !== '' && !fits(page + character)) turn();
      page += character;
    }
  };

  for (const [separator, word] of words(body)) place(word, separator);
  for (const line of lines) place(line, '\n');
  pages.push(withNavigation(page.trimEnd(), navigation(pages.length, false)));
  return pages;
}

/** The words of a text, each with the blank or line break that stood before it. */
function* words(text: string): Generator<readonly [separator: string, word: string]> {
  for (const match of text.matchAll(/(\s*)(\S+)/g)) {
    const [, gap = '', word = ''] = match;
    yield [gap.includes('\n') ? gap.replace(/[^\n]/g, '') : ' ', word];
  }
}

/** Atoms that did not fit on a page of their own and had to be broken: what a menu's author must shorten. */
export function brokenLines({ lines, navigation, limit }: Layout): readonly string[] {
  return lines.filter((line) => !fitsScreen(withNavigation(line, navigation(1, true)), limit));
}
