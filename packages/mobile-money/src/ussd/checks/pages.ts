import { type CompiledMenu, type CompiledScreen, compileMenu, LONGEST_LABEL, MOST_ITEMS } from '../compile.ts';
import { closingText } from '../machine.ts';
import { type AnyMenu, exitsOf, type Phrases } from '../menu.ts';
import { layoutOf, pagesOf } from '../render.ts';
import { NOTICES, type SessionState } from '../state.ts';
import { type ScreenCost, type ScreenLimit, screenCost } from '../text/gsm7.ts';
import { brokenLines } from '../text/pages.ts';
import type { MenuProblem } from './problem.ts';

/** A screen as payers see it when every field is at its longest. */
export interface ScreenReport {
  readonly screen: string;
  readonly language: string;
  readonly pages: readonly (ScreenCost & { readonly text: string })[];
}

const CLOSING: readonly (keyof Phrases)[] = [
  'tooManyWrong',
  'notUnderstood',
  'expired',
  'over',
  'busy',
  'failed',
  'unclear',
];

/** Cuts every screen into pages in every language, and says what does not fit. The menu's names have to be sound. */
export function reportPages(
  menu: AnyMenu,
  limit: ScreenLimit,
): { readonly screens: readonly ScreenReport[]; readonly problems: readonly MenuProblem[] } {
  const compiled = compileMenu(menu, limit);
  const screens: ScreenReport[] = [];
  const problems: MenuProblem[] = [];
  for (const screen of compiled.screens.values()) {
    for (const language of menu.languages) {
      const state = longestState(compiled, screen, language);
      const pages = pagesOf(compiled, screen, state).map((text) => ({ ...screenCost(text), text }));
      screens.push({ screen: screen.name, language, pages });
      const detail = whatDoesNotFit(compiled, screen, state);
      if (detail !== undefined) problems.push({ code: 'too-long', screen: screen.name, language, detail });
    }
  }
  for (const language of menu.languages) {
    for (const phrase of CLOSING) {
      const whole = compiled.phrases[language]?.[phrase] ?? '';
      if (closingText(compiled, language, phrase) === whole) continue;
      problems.push({
        code: 'too-long',
        screen: '',
        language,
        detail: `The phrase "${phrase}" does not fit one screen.`,
      });
    }
  }
  return { screens, problems };
}

function whatDoesNotFit(compiled: CompiledMenu, screen: CompiledScreen, state: SessionState): string | undefined {
  const [broken] = brokenLines(layoutOf(compiled, screen, state));
  if (broken !== undefined) return `The option "${broken.slice(0, 20)}…" is longer than a page.`;
  const { kind } = screen.source;
  if (kind !== 'input' && kind !== 'end') return undefined;
  for (const notice of kind === 'input' ? NOTICES : (['none'] as const)) {
    const pages = pagesOf(compiled, screen, { ...state, notice });
    if (pages.length === 1) continue;
    const what = kind === 'input' ? 'A prompt has to fit one page' : 'A closing screen has to fit one page';
    const above = notice === 'none' ? '' : `, with the line for "${notice}" above it`;
    return `${what}${above}: it takes ${pages.length}.${forcedBy(pages)}`;
  }
  return undefined;
}

function forcedBy(pages: readonly string[]): string {
  const forced = [...new Set(pages.flatMap((page) => screenCost(page).forcedBy))];
  return forced.length === 0
    ? ''
    : ` ${forced.map((character) => `"${character}"`).join(', ')} forces UCS-2, which halves a screen.`;
}

/** The state in which a screen is longest: every field full, the whole navigation, a full list. */
function longestState(compiled: CompiledMenu, screen: CompiledScreen, language: string): SessionState {
  const { menu } = compiled;
  const full = Object.fromEntries(
    Object.entries<{ longest: number }>(menu.fields ?? {}).map(([name, { longest }]) => [name, 'M'.repeat(longest)]),
  );
  const item = { value: 'M', label: 'M'.repeat(LONGEST_LABEL) };
  const isFirstOnly =
    screen.name === menu.start && !Object.values(menu.screens).some((other) => exitsOf(other).includes(menu.start));
  return {
    at: screen.name,
    language,
    page: 0,
    misses: 0,
    notice: 'none',
    answers: full,
    trail: '',
    depth: isFirstOnly ? 0 : 2,
    phone: `+${'8'.repeat(15)}`,
    network: networkOf(screen),
    data: { values: full, items: Array.from({ length: MOST_ITEMS }, () => item) },
  };
}

/** A network on which the screen offers most. */
function networkOf({ source }: CompiledScreen): string {
  const networks = source.kind === 'choice' ? source.options.flatMap((option) => option.networks ?? []) : [];
  const count = (network: string): number => networks.filter((other) => other === network).length;
  return networks.toSorted((left, right) => count(right) - count(left))[0] ?? '';
}
