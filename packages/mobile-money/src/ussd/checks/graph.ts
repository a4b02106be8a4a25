import { type AnyMenu, type AnyScreen, exitsOf } from '../menu.ts';
import type { MenuProblem } from './problem.ts';

/** Where screens lead: names that do not exist, screens that nobody reaches, ways that never end, payments unconfirmed. */
export function checkGraph(menu: AnyMenu): readonly MenuProblem[] {
  const screens = new Map(Object.entries<AnyScreen>(menu.screens));
  const nowhere = [...unknownNames(menu, screens)];
  // With names missing, everything below would be told a second time in other words.
  return nowhere.length > 0 ? nowhere : [...ways(menu, screens), ...unconfirmedPayments(screens)];
}

const unknown = (screen: string, detail: string): MenuProblem => ({ code: 'unknown-name', screen, detail });

function* unknownNames(menu: AnyMenu, screens: ReadonlyMap<string, AnyScreen>): Generator<MenuProblem> {
  if (!screens.has(menu.start)) yield unknown('', `The menu starts at "${menu.start}", which is no screen of it.`);
  for (const [name, screen] of screens) {
    for (const exit of new Set(exitsOf(screen))) {
      if (!screens.has(exit)) yield unknown(name, `It leads to "${exit}", which is no screen of the menu.`);
    }
    if (screen.load !== undefined && menu.data?.[screen.load] === undefined) {
      yield unknown(name, `It looks up "${screen.load}", which is not among the menu's data.`);
    }
    if (screen.kind === 'list' && menu.data?.[screen.load] !== undefined && menu.data[screen.load]?.items !== true) {
      yield unknown(name, `It lists "${screen.load}", whose data brings no items.`);
    }
  }
}

function* ways(menu: AnyMenu, screens: ReadonlyMap<string, AnyScreen>): Generator<MenuProblem> {
  const reached = closure([menu.start], (name) => exitsOf(screens.get(name) as AnyScreen));
  const enteredFrom = reverse(screens);
  const ends = [...screens].filter(([, screen]) => screen.kind === 'end').map(([name]) => name);
  const canEnd = closure(ends, (name) => enteredFrom.get(name) ?? []);
  for (const [name, screen] of screens) {
    if (!reached.has(name)) yield { code: 'unreachable', screen: name, detail: 'No entry leads to it from the start.' };
    if (screen.kind !== 'end' && exitsOf(screen).length === 0) {
      yield {
        code: 'dead-end',
        screen: name,
        detail: 'Nothing leads out of it: give it an option, or make it an end.',
      };
    } else if (!canEnd.has(name)) {
      yield { code: 'endless-loop', screen: name, detail: 'No way from here leads to a closing screen.' };
    }
  }
}

function* unconfirmedPayments(screens: ReadonlyMap<string, AnyScreen>): Generator<MenuProblem> {
  const enteredFrom = reverse(screens);
  for (const [name, screen] of screens) {
    if (screen.kind !== 'end' || screen.pay === undefined) continue;
    for (const from of enteredFrom.get(name) ?? []) {
      const source = screens.get(from);
      if (source?.kind === 'confirm' && source.no !== name) continue;
      const detail = `It starts a payment, and "${from}" leads to it without asking: put a confirm screen between.`;
      yield { code: 'unconfirmed-payment', screen: name, detail };
    }
  }
}

function reverse(screens: ReadonlyMap<string, AnyScreen>): ReadonlyMap<string, readonly string[]> {
  const from = new Map<string, string[]>();
  for (const [name, screen] of screens) {
    for (const exit of new Set(exitsOf(screen))) from.set(exit, [...(from.get(exit) ?? []), name]);
  }
  return from;
}

function closure(start: readonly string[], next: (name: string) => readonly string[]): ReadonlySet<string> {
  const seen = new Set(start);
  for (const name of seen) for (const follower of next(name)) seen.add(follower);
  return seen;
}
