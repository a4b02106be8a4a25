import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Evidence, Violation } from './evidence.ts';

/** Holds what workers have logged against what no log may show: whole numbers, and callback addresses, which are secrets. */
export function* compareLogs(folder: string, { stories, payments }: Evidence): Iterable<Violation> {
  const numbers = stories.filter(({ kind }) => kind === 'payment').map(({ party }) => party);
  const tokens = payments.flatMap(({ body }) => body.attempts.map(({ callbackToken }) => callbackToken));
  for (const file of readdirSync(folder).filter((name) => name.startsWith('worker'))) {
    const words = new Set(readFileSync(join(folder, file), 'utf8').match(/[\w-]{12,}/g));
    const shown = [...numbers, ...tokens].filter((word) => words.has(word)).length;
    if (shown > 0) yield { id: file, what: `shows ${shown} whole numbers or callback addresses` };
  }
}
