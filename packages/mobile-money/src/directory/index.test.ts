import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import * as directory from './index.ts';

/** Every module that a file loads, itself included, and every package that one of them imports. */
function loadedFrom(entry: URL, seen = new Set<string>(), packages = new Set<string>()) {
  if (seen.has(entry.href)) return { seen, packages };
  seen.add(entry.href);
  for (const [statement, name = ''] of readFileSync(entry, 'utf8').matchAll(
    /^(?:import|export) [^;]*? from '([^']+)';/gms,
  )) {
    if (/^(?:import|export) type /.test(statement)) continue;
    if (name.startsWith('.')) loadedFrom(new URL(name, entry), seen, packages);
    else packages.add(name);
  }
  return { seen, packages };
}

describe('@canza/mobile-money/directory', () => {
  it('offers these names', () => {
    expect(Object.keys(directory).toSorted()).toEqual([
      'COUNTRIES',
      'OPERATORS',
      'OPERATOR_IDS',
      'PAYER_LANGUAGES',
      'brandOf',
      'failureSentence',
      'findCountry',
      'findOperator',
      'findRange',
      'isOperatorId',
      'limitsOf',
      'listRanges',
      'moneyForPayer',
      'operatorId',
      'operatorsOf',
      'payerLanguage',
      'promptFactsOf',
      'rangesWarning',
      'rescuePrompt',
      'resolveOperator',
    ]);
  });

  it('loads nothing but core: no HTTP client, no validation library', () => {
    const { seen, packages } = loadedFrom(new URL('./index.ts', import.meta.url));
    expect([...packages]).toEqual(['@canza/core']);
    expect(seen.size).toBeGreaterThan(15);
    for (const href of seen) expect(href).toContain('/directory/');
  });
});
