import { type AnyMenu, type AnyScreen, DEFAULT_KEYS, type Option, type Phrases, type ReservedKeys } from './menu.ts';
import { phrasesOf } from './phrases.ts';
import { countSeptets, type ScreenLimit, transliterate } from './text/gsm7.ts';
import { isFixed, parseTemplate, type Template } from './text/template.ts';

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
  readonly texts: ReadonlyMap<string, CompiledText>;
  /** Whether its lines are the same for everybody: no list, no option for some networks only. */
  readonly isUniform: boolean;
}

export type AnyOption = Option<string, string, string>;

/** A screen in one language. */
export interface CompiledText {
  readonly template: Template;
  /** The longest that each of the template's values may be, in their order. */
  readonly longest: readonly number[];
  /** Whether the template has no values. */
  readonly isFixed: boolean;
  /** Whether the template lies in GSM-7, so that values have to, too. */
  readonly isPlain: boolean;
  readonly wrong: string;
  readonly lines: readonly { readonly text: string; readonly option?: AnyOption }[];
  /** What was worked out once: see `render.ts`. */
  readonly frames: (Frame | undefined)[];
}

/** All of a page but its values, for one state of navigation and notice. */
export interface Frame {
  readonly before: string;
  readonly after: string;
  /** Septets without the values; `undefined` when it needs UCS-2. */
  readonly septets: number | undefined;
  /** The pages, when there are no values. */
  readonly pages: readonly string[] | undefined;
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
  const texts = new Map<string, CompiledText>();
  for (const language of menu.languages) {
    const phrase = phrases[language] as Phrases;
    const wrong = source.kind === 'input' ? source.wrong?.[language] : undefined;
    const template = parseTemplate(plain(source.text[language] ?? ''));
    texts.set(language, {
      template,
      longest: template.names.map((field) => menu.fields?.[field]?.longest ?? Number.POSITIVE_INFINITY),
      isFixed: isFixed(template),
      isPlain: template.literals.every((literal) => countSeptets(literal) !== undefined),
      wrong: wrong === undefined ? phrase.wrong : plain(wrong),
      lines: linesOf(source, language, phrase, plain),
      frames: [],
    });
  }
  const options =
    source.kind === 'choice'
      ? new Map(source.options.map((option, index) => [keyOf(option, index), option]))
      : NO_OPTIONS;
  const conditional = source.kind === 'choice' && source.options.some((option) => option.networks !== undefined);
  return { name, source, options, texts, isUniform: source.kind !== 'list' && !conditional };
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
