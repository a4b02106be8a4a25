import type { AnyOption, CompiledMenu, CompiledScreen, CompiledText, Frame } from './compile.ts';
import type { Phrases } from './menu.ts';
import { NOTICES, type SessionState } from './state.ts';
import { clip, countSeptets, foldToGsm7 } from './text/gsm7.ts';
import { type Layout, paginate } from './text/pages.ts';
import { fillTemplate } from './text/template.ts';

/** Whether an option is offered to this payer. */
export const isOffered = (option: AnyOption, state: SessionState): boolean =>
  option.networks === undefined || option.networks.includes(state.network);

export const canGoBack = (screen: CompiledScreen, state: SessionState): boolean =>
  state.depth > 0 && screen.source.back !== false && screen.source.kind !== 'end';

/** "Home" is offered from the second step on: at the first it would do the same as "back". */
export const canGoHome = (screen: CompiledScreen, state: SessionState): boolean =>
  state.depth > 1 && screen.source.home !== false && screen.source.kind !== 'end';

/** One page of the screen where a payer stands; the first when it has no such page. */
export function pageOf(compiled: CompiledMenu, screen: CompiledScreen, state: SessionState): string {
  if (state.page === 0 && screen.isUniform && state.banner === undefined) {
    const text = textOf(compiled, screen, state);
    const frame = frameOf(compiled, screen, text, state);
    if (frame.pages !== undefined) return frame.pages[0] ?? '';
    const whole = fillFrame(compiled, text, frame, state);
    if (whole !== undefined) return whole;
  }
  const pages = pagesOf(compiled, screen, state);
  return pages[state.page] ?? pages[0] ?? '';
}

/** All pages of the screen where a payer stands. There is at least one, and each fits. */
export function pagesOf(compiled: CompiledMenu, screen: CompiledScreen, state: SessionState): readonly string[] {
  if (screen.isUniform && state.banner === undefined) {
    const kept = frameOf(compiled, screen, textOf(compiled, screen, state), state).pages;
    if (kept !== undefined) return kept;
  }
  return paginate(layoutOf(compiled, screen, state));
}

/** What goes onto the pages of a screen. */
export function layoutOf(compiled: CompiledMenu, screen: CompiledScreen, state: SessionState): Layout {
  const text = textOf(compiled, screen, state);
  const body = fillTemplate(text.template, (name, index) => shownValue(text, index, valueOf(name, state)));
  const above = lineAbove(compiled, text, state);
  return {
    body: above === '' ? body : `${above}\n${body}`,
    lines:
      screen.source.kind === 'list'
        ? (state.data?.items ?? []).map((item, index) => `${index + 1}. ${item.label}`)
        : text.lines.filter(({ option }) => option === undefined || isOffered(option, state)).map((line) => line.text),
    navigation: navigationOf(compiled, screen, state),
    limit: compiled.limit,
  };
}

const textOf = (compiled: CompiledMenu, screen: CompiledScreen, { language }: SessionState): CompiledText =>
  (screen.texts.get(language) ?? screen.texts.get(compiled.languages[0] ?? '')) as CompiledText;

const phrasesIn = (compiled: CompiledMenu, language: string): Phrases =>
  (compiled.phrases[language] ?? compiled.phrases[compiled.languages[0] ?? '']) as Phrases;

/** Everything around the values, worked out once for each state of navigation and notice. */
function frameOf(compiled: CompiledMenu, screen: CompiledScreen, text: CompiledText, state: SessionState): Frame {
  const navigation = (canGoBack(screen, state) ? 1 : 0) + (canGoHome(screen, state) ? 2 : 0);
  const index = state.notice === 'none' ? navigation : navigation + 4 * NOTICES.indexOf(state.notice);
  const known = text.frames[index];
  if (known !== undefined) return known;
  const above = lineAbove(compiled, text, state);
  const before = above === '' ? '' : `${above}\n`;
  const below = [...text.lines.map((line) => line.text), navigationOf(compiled, screen, state)(0, false)];
  const after = below
    .filter((line) => line !== '')
    .map((line) => `\n${line}`)
    .join('');
  const frame: Frame = {
    before,
    after,
    septets: countSeptets(before + text.template.literals.join('') + after),
    pages: text.isFixed ? paginate(layoutOf(compiled, screen, state)) : undefined,
  };
  text.frames[index] = frame;
  return frame;
}

/** The frame with its values, when that makes one page; counting the values is then enough. */
function fillFrame(compiled: CompiledMenu, text: CompiledText, frame: Frame, state: SessionState): string | undefined {
  const { literals, names } = text.template;
  let septets = frame.septets ?? 0;
  let whole = frame.before + (literals[0] ?? '');
  for (let index = 0; index < names.length; index++) {
    const given = valueOf(names[index] ?? '', state);
    const known = countSeptets(given);
    const isShort = known !== undefined && known <= (text.longest[index] ?? 0);
    const value = isShort ? given : shownValue(text, index, given);
    septets += (isShort ? known : countSeptets(value)) ?? Number.POSITIVE_INFINITY;
    whole += value + (literals[index + 1] ?? '');
  }
  // Values at the end may be empty, as of a list that is short.
  whole = frame.after === '' ? whole.trimEnd() : whole + frame.after;
  const fits =
    frame.septets === undefined ? whole.length <= compiled.limit.characters : septets <= compiled.limit.septets;
  return fits ? whole : undefined;
}

function lineAbove(compiled: CompiledMenu, text: CompiledText, { notice, banner, language }: SessionState): string {
  if (notice === 'none') return banner ?? '';
  return notice === 'wrong' ? text.wrong : phrasesIn(compiled, language)[notice];
}

function navigationOf(
  compiled: CompiledMenu,
  screen: CompiledScreen,
  state: SessionState,
): (page: number, hasMore: boolean) => string {
  const { keys } = compiled;
  const phrase = phrasesIn(compiled, state.language);
  const back = canGoBack(screen, state);
  const home = canGoHome(screen, state);
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
const shownValue = (text: CompiledText, index: number, value: string): string =>
  clip(text.isPlain ? foldToGsm7(value) : value, text.longest[index] ?? 0);

const valueOf = (name: string, { phone, data, answers }: SessionState): string =>
  name === 'phone' ? phone : (data?.values[name] ?? answers[name] ?? '');
