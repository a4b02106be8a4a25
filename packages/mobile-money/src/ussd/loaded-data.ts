import { LONGEST_LABEL, MOST_ITEMS } from './compile.ts';
import type { Answers, ListItem, ScreenData } from './state.ts';
import { clip, transliterate } from './text/gsm7.ts';

/** What a look-up brought. */
export interface LoadedData {
  readonly values?: Answers;
  readonly items?: readonly ListItem[];
}

const CONTROL = /\p{Cc}+/gu;

/** A text without control characters. */
export const clean = (text: string): string => (hasControl(text) ? text.replace(CONTROL, ' ') : text);

function hasControl(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  }
  return false;
}

/** Data comes from elsewhere: no control characters, no endless labels, no more items than there are keys. */
export function cleanData({ values = {}, items = [] }: LoadedData): ScreenData {
  return {
    values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, clean(value)])),
    items: items.slice(0, MOST_ITEMS).map(({ value, label }) => ({
      value: clean(value),
      label: clip(transliterate(clean(label)), LONGEST_LABEL),
    })),
  };
}
