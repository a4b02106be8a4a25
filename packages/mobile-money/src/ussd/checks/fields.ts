import { type AnyMenu, type AnyScreen, exitsOf, type Target, targetsOf } from '../menu.ts';
import type { MenuProblem } from './problem.ts';
import { fieldsUsedBy } from './words.ts';

/**
 * Fields that a screen shows, or a payment needs, although some way to it leaves them empty. What is filled on every way is
 * the smallest set that agrees with all of them, found by repeating until nothing changes.
 */
export function* checkFields(menu: AnyMenu): Generator<MenuProblem> {
  const declared = new Set(Object.keys(menu.fields ?? {}));
  const filled = filledOnEveryWay(menu);
  for (const [name, screen] of Object.entries<AnyScreen>(menu.screens)) {
    const before = filled.get(name);
    for (const field of fieldsUsedBy(screen)) {
      if (!declared.has(field)) {
        yield {
          code: 'unknown-name',
          screen: name,
          detail: `It shows {${field}}, which is not among the menu's fields.`,
        };
      } else if (before !== undefined && !before.has(field) && !broughtBy(menu, screen).has(field)) {
        yield {
          code: 'unfilled-field',
          screen: name,
          detail: `It uses {${field}}, but some way leads here without it.`,
        };
      }
    }
  }
}

function filledOnEveryWay(menu: AnyMenu): ReadonlyMap<string, ReadonlySet<string>> {
  const filled = new Map<string, ReadonlySet<string>>([[menu.start, new Set()]]);
  const changed = [menu.start];
  for (const name of changed) {
    const screen = menu.screens[name];
    if (screen === undefined) continue;
    const before = filled.get(name) ?? new Set<string>();
    for (const [exit, filledHere] of edges(screen)) {
      const along = new Set([...before, ...filledHere]);
      const known = filled.get(exit);
      const agreed = known === undefined ? along : new Set([...known].filter((field) => along.has(field)));
      if (known !== undefined && agreed.size === known.size) continue;
      filled.set(exit, agreed);
      changed.push(exit);
    }
  }
  return filled;
}

const along = (target: Target<string, string>, filled: readonly string[]) =>
  targetsOf(target).map((exit) => [exit, filled] as const);

/** Each way out of a screen with the fields that taking it fills. */
function edges(screen: AnyScreen): readonly (readonly [exit: string, filled: readonly string[]])[] {
  switch (screen.kind) {
    case 'choice':
      return screen.options.flatMap((option) => along(option.to, Object.keys(option.set ?? {})));
    case 'input':
      return along(screen.to, [screen.field]);
    case 'list': {
      const filled = screen.labelField === undefined ? [screen.field] : [screen.field, screen.labelField];
      return [...along(screen.to, filled), [screen.empty, []]];
    }
    case 'confirm':
    case 'end':
      break;
  }
  return exitsOf(screen).map((exit) => [exit, []]);
}

const broughtBy = (menu: AnyMenu, screen: AnyScreen): ReadonlySet<string> =>
  new Set(screen.load === undefined ? [] : (menu.data?.[screen.load]?.values ?? []));
