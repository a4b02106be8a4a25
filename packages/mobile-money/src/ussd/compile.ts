import { type AnyMenu, type AnyScreen, DEFAULT_KEYS, type Option, type Phrases, type ReservedKeys } from './menu.ts';
import { phrasesOf } from './phrases.ts';
import { NOTICES, type SessionState } from './state.ts';
import { clip, countSeptets, foldToGsm7, type ScreenLimit, transliterate } from './text/gsm7.ts';
import { type Layout, paginate } from './text/pages.ts';
import { fillTemplate, isFixed, parseTemplate, type Template } from './text/template.ts';

/** A menu made ready to run: keys looked up, texts parsed, and every page that never changes kept once it was made. */
export interface CompiledMenu {
  readonly menu: AnyMenu;
  readonly limit: ScreenLimit;
  readonly keys: ReservedKeys;
  readonly screens: ReadonlyMap<string, CompiledScreen>;
  readonly languages: readonly string[];
  readonly phrases: Readonly<Record<string, Phrases>>;
}

export interface CompiledScreen {
  readonly name: string;
  readonly source: AnyScreen;
  readonly options: ReadonlyMap<string, AnyOption>;
  readonly texts: Readonly<Record<string, CompiledText>>;
  /** Whether its pages depend on nothing but language, place in the trail and notice. */
  readonly fixed: boolean;
  readonly pages: (readonly string[] | undefined)[];
}

export type AnyOption = Option<string, string, string>;

interface CompiledText {
  readonly template: Template;
  readonly wrong: string;
  readonly lines: readonly { readonly text: string; readonly option?: AnyOption }[];
}

/** A label in a list is cut to this; a name that is longer is not readable on such a screen anyway. */
export const LONGEST_LABEL = 36;
/** Items of a list at most, below the key for "more". */
export const MOST_ITEMS = 50;

const NO_OPTIONS: ReadonlyMap<string, AnyOption> = new Map();

/** Makes a menu ready. It has to be sound: see `describeMenu`. */
export function compileMenu(menu: AnyMenu, limit: ScreenLimit): CompiledMenu {
  const plain = menu.transliterate === false ? (text: string) => text : transliterate;
  const phrases = Object.fromEntries(
    menu.languages.map((language) => [
      language,
      Object.fromEntries(Object.entries(phrasesOf(menu, language)).map(([name, text]) => [name, plain(text)])),
    ]),
  ) as unknown as Readonly<Record<string, Phrases>>;
  const screens = new Map(
    Object.entries<AnyScreen>(menu.screens).map(([name, source]) => [
      name,
      compileScreen(menu, name, source, phrases, plain),
    ]),
  );
  return { menu, limit, keys: { ...DEFAULT_KEYS, ...menu.keys }, screens, languages: menu.languages, phrases };
}

function compileScreen(
  menu: AnyMenu,
  name: string,
  source: AnyScreen,
  phrases: Readonly<Record<string, Phrases>>,
  plain: (text: string) => string,
): CompiledScreen {
  const texts: Record<string, CompiledText> = {};
  for (const language of menu.languages) {
    const phrase = phrases[language] as Phrases;
    const wrong = source.kind === 'input' ? source.wrong?.[language] : undefined;
    texts[language] = {
      template: parseTemplate(plain(source.text[language] ?? '')),
      wrong: wrong === undefined ? phrase.wrong : plain(wrong),
      lines: linesOf(source, language, phrase, plain),
    };
  }
  const options =
    source.kind === 'choice'
      ? new Map(source.options.map((option, index) => [keyOf(option, index), option]))
      : NO_OPTIONS;
  const conditional = source.kind === 'choice' && source.options.some((option) => option.networks !== undefined);
  const fixed =
    source.kind !== 'list' && !conditional && Object.values(texts).every(({ template }) => isFixed(template));
  return { name, source, options, texts, fixed, pages: [] };
}

export const keyOf = (option: AnyOption, index: number): string => option.key ?? String(index + 1);

function linesOf(
  source: AnyScreen,
  language: string,
  phrase: Phrases,
  plain: (text: string) => string,
): CompiledText['lines'] {
  if (source.kind === 'confirm') return [{ text: `1. ${phrase.yes}` }, { text: `2. ${phrase.no}` }];
  if (source.kind !== 'choice') return [];
  return source.options.map((option, index) => ({
    text: `${keyOf(option, index)}. ${plain(option.label[language] ?? '')}`,
    option,
  }));
}

/** Whether an option is offered to this payer. */
export const isOffered = (option: AnyOption, state: SessionState): boolean =>
  option.networks === undefined || option.networks.includes(state.network);

export const canGoBack = (screen: CompiledScreen, state: SessionState): boolean =>
  state.depth > 0 && screen.source.back !== false && screen.source.kind !== 'end';

/** "Home" is offered from the second step on: at the first it would do the same as "back". */
export const canGoHome = (screen: CompiledScreen, state: SessionState): boolean =>
  state.depth > 1 && screen.source.home !== false && screen.source.kind !== 'end';

/** All pages of the screen where a payer stands. There is at least one, and each fits. */
export function pagesOf(compiled: CompiledMenu, screen: CompiledScreen, state: SessionState): readonly string[] {
  if (!screen.fixed || state.banner !== undefined) return paginate(layoutOf(compiled, screen, state));
  const navigation = canGoBack(screen, state) ? (canGoHome(screen, state) ? 2 : 1) : canGoHome(screen, state) ? 3 : 0;
  const language = Math.max(0, compiled.languages.indexOf(state.language));
  const variant = (language * 4 + navigation) * NOTICES.length + NOTICES.indexOf(state.notice);
  const kept = screen.pages[variant];
  if (kept !== undefined) return kept;
  const pages = paginate(layoutOf(compiled, screen, state));
  screen.pages[variant] = pages;
  return pages;
}

/** What goes onto the pages of a screen. */
export function layoutOf(compiled: CompiledMenu, screen: CompiledScreen, state: SessionState): Layout {
  const language = screen.texts[state.language] === undefined ? (compiled.languages[0] ?? '') : state.language;
  const text = screen.texts[language] as CompiledText;
  const phrase = compiled.phrases[language] as Phrases;
  const body = fillTemplate(text.template, (name) => shownValue(compiled, text.template, name, state));
  const above = lineAbove(state, text, phrase);
  return {
    body: above === '' ? body : `${above}\n${body}`,
    lines:
      screen.source.kind === 'list'
        ? (state.data?.items ?? []).map((item, index) => `${index + 1}. ${item.label}`)
        : text.lines.filter(({ option }) => option === undefined || isOffered(option, state)).map((line) => line.text),
    navigation: navigationOf(compiled, phrase, canGoBack(screen, state), canGoHome(screen, state)),
    limit: compiled.limit,
  };
}

function lineAbove(state: SessionState, text: CompiledText, phrase: Phrases): string {
  if (state.notice === 'none') return state.banner ?? '';
  return state.notice === 'wrong' ? text.wrong : phrase[state.notice];
}

function navigationOf(
  { keys }: CompiledMenu,
  phrase: Phrases,
  back: boolean,
  home: boolean,
): (page: number, hasMore: boolean) => string {
  return (page, hasMore) => {
    let lines = hasMore ? `${keys.more}. ${phrase.more}` : '';
    const add = (key: string, label: string): void => {
      lines += `${lines === '' ? '' : '\n'}${key}. ${label}`;
    };
    if (keys.back !== null && (back || page > 0)) add(keys.back, phrase.back);
    if (keys.home !== null && home) add(keys.home, phrase.home);
    return lines;
  };
}

/**
 * A value as it goes onto a screen: never longer than its field says, and in GSM-7 unless the screen needs UCS-2 anyway. So
 * a name that somebody typed cannot push a screen over its limit.
 */
function shownValue(compiled: CompiledMenu, template: Template, name: string, state: SessionState): string {
  if (name === 'phone') return state.phone;
  const value = state.data?.values[name] ?? state.answers[name] ?? '';
  const isPlain = template.literals.every((literal) => countSeptets(literal) !== undefined);
  return clip(isPlain ? foldToGsm7(value) : value, compiled.menu.fields?.[name]?.longest ?? value.length);
}
