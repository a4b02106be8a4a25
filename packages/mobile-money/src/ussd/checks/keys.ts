import { keyOf, MOST_ITEMS } from '../compile.ts';
import { type AnyMenu, type AnyScreen, DEFAULT_KEYS } from '../menu.ts';
import type { MenuProblem } from './problem.ts';

/** Keys that would mean two things. */
export function* checkKeys(menu: AnyMenu): Generator<MenuProblem> {
  const reserved = Object.entries({ ...DEFAULT_KEYS, ...menu.keys }).filter(([, key]) => key !== null) as [
    string,
    string,
  ][];
  const meanings = new Map<string, string>();
  for (const [meaning, key] of reserved) {
    const other = meanings.get(key);
    if (other !== undefined) yield taken('', `The key "${key}" is reserved for both "${other}" and "${meaning}".`);
    meanings.set(key, meaning);
  }
  for (const [name, screen] of Object.entries<AnyScreen>(menu.screens)) {
    if (screen.kind === 'list') {
      for (const [meaning, key] of reserved) {
        if (isItemKey(key)) yield taken(name, `The key "${key}" for "${meaning}" would also pick an item of the list.`);
      }
    }
    if (screen.kind === 'confirm') {
      for (const [meaning, key] of reserved) {
        if (key === '1' || key === '2')
          yield taken(name, `The key "${key}" for "${meaning}" would also answer the question.`);
      }
    }
    if (screen.kind !== 'choice') continue;
    const used = new Set<string>();
    for (const [index, option] of screen.options.entries()) {
      const key = keyOf(option, index);
      const meaning = meanings.get(key);
      if (meaning !== undefined)
        yield taken(name, `The option "${key}" has the key that is reserved for "${meaning}".`);
      if (used.has(key)) yield taken(name, `Two options have the key "${key}".`);
      if (!/^[0-9#]{1,4}$/.test(key))
        yield taken(name, `The key "${key}" cannot be dialled: up to four digits or "#".`);
      used.add(key);
    }
  }
}

const taken = (screen: string, detail: string): MenuProblem => ({ code: 'key-taken', screen, detail });

const isItemKey = (key: string): boolean => /^[1-9]\d?$/.test(key) && Number(key) <= MOST_ITEMS;
