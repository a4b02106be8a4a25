import { type AnyMenu } from '../menu.ts';
import { SCREEN_LIMITS, type ScreenLimit } from '../text/gsm7.ts';
import { drawMenu } from './diagram.ts';
import { checkFields } from './fields.ts';
import { checkGraph } from './graph.ts';
import { checkKeys } from './keys.ts';
import { reportPages, type ScreenReport } from './pages.ts';
import type { MenuProblem } from './problem.ts';
import { checkPins, checkTranslations } from './words.ts';

/** Everything that can be known of a menu before anybody dials it. */
export interface MenuDescription {
  /** Empty for a menu that may start. */
  readonly problems: readonly MenuProblem[];
  /** Every screen in every language, page by page, with what it costs on the air. Empty while names are unknown. */
  readonly screens: readonly ScreenReport[];
  /** A Mermaid flow chart. Empty while names are unknown. */
  readonly diagram: string;
}

/** Everything that can be known of a menu before anybody dials. */
export function describeMenu(menu: AnyMenu, limit: ScreenLimit = SCREEN_LIMITS.standard): MenuDescription {
  const graph = checkGraph(menu);
  const words = [...checkKeys(menu), ...checkTranslations(menu), ...checkPins(menu), ...checkFields(menu)];
  if (graph.some(({ code }) => code === 'unknown-name')) {
    return { problems: [...graph, ...words], screens: [], diagram: '' };
  }
  const { screens, problems } = reportPages(menu, limit);
  return { problems: [...graph, ...words, ...problems], screens, diagram: drawMenu(menu) };
}
