import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

import { compareWithCarriers } from '../../../tools/operator-directory/compare.ts';
import { readDirectory, TABLES, writeModules } from '../../../tools/operator-directory/generate.ts';
import { fillPage } from '../../../tools/operator-directory/page.ts';

type Tables = Parameters<typeof readDirectory>[0];

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): string => readFileSync(root + path, 'utf8');
const tables = Object.fromEntries(TABLES.map((name) => [name, read(`packages/mobile-money/data/${name}`)])) as Tables;

/** The real tables, with one text in one of them replaced. */
const changed = (name: (typeof TABLES)[number], from: string, to: string): Tables => {
  expect(tables[name]).toContain(from);
  return { ...tables, [name]: tables[name].replace(from, to) };
};

describe('the committed modules and page', () => {
  it('say what the tables say; otherwise run node tools/operator-directory.ts', () => {
    const directory = readDirectory(tables);
    for (const [name, text] of writeModules(directory)) {
      expect(read(`packages/mobile-money/src/directory/generated/${name}`)).toBe(text);
    }
    const page = read('docs/operators.md');
    expect(fillPage(page, directory) === page).toBe(true);
  });

  it('are stale as soon as one cell changes', () => {
    const directory = readDirectory(changed('prefixes.md', '| ke-63914 | 13 |', '| ke-63914 | 13 19 |'));
    expect(writeModules(directory).get('ranges.ts')).toContain("'ke-63914': '13 19'");
    const page = read('docs/operators.md');
    expect(fillPage(page, directory)).not.toBe(page);
  });

  it('leave out ranges that have ended', () => {
    const ranges = writeModules(readDirectory(tables)).get('ranges.ts');
    expect(ranges).toContain("'ga-62802': '65'");
  });
});

describe('a mistake in the tables is refused with file and line', () => {
  it.each([
    ['operators.md', '| ke-63903 |', '| ke-airtel |', /operators\.md:\d+: "ke-airtel" is no operator id/],
    ['operators.md', '| ke-63903 |', '| ke-63902 |', /"ke-63902" stands in operators\.md:\d+ already/],
    ['operators.md', '| 63903 63905 |', '| 63905 |', /the first code is not that of the id/],
    ['operators.md', '| 63903 63905 |', '| 63903 63902 |', /"63902" stands in/],
    ['operators.md', '| Airtel Kenya | Airtel;', '| Airtel Kenya | Safaricom;', /"KE safaricom" stands in/],
    ['operators.md', '| wallet |', '| purse |', /operators\.md:\d+: the columns should be/],
    ['countries.md', '| KES | rare |', '| KSH | rare |', /core knows no currency "KSH"/],
    ['countries.md', '| KES | rare |', '| KES | maybe |', /"maybe" is none of yes, rare, building, no/],
    ['prefixes.md', '| ke-63914 | 13 |', '| ke-63914 | 14 |', /"KE 14" stands in prefixes\.md:\d+ already/],
    ['prefixes.md', '| ke-63914 | 13 |', '| ke-63914 | 013 |', /zero that is no part of numbers in KE/],
    ['prefixes.md', '| ke-63914 | 13 |', '| ke-63914 | 19-17 |', /"19-17" is no prefix/],
    ['prefixes.md', '| ke-63914 | 13 |', '| sn-x1 | 79 |', /sn-x1 has no ranges/],
    ['prefixes.md', '| ke-63914 | 13 |', '| ke-63999 | 13 |', /has no "ke-63999"/],
    ['limits.md', '| ke-63902 | KES |', '| ke-63902 | UGX |', /"UGX" is no currency of KE/],
    ['limits.md', '10-250000', '250000-10', /"250000-10" is not a pair of bounds/],
    ['prompts.md', '`*115#`', '`115`', /"115" cannot be dialled/],
    ['prompts.md', '| 7 # 11 1 |', '| 7 hash |', /"hash" is no choice/],
    ['sources.md', '| daraja |', '| darja |', /sources\.md has no "daraja"/],
    ['limits.md', '| daraja, aggregator | 2026-11 |', '| daraja, aggregator | last year |', /"last year" is no month/],
  ] as const)('in %s: %s to %s', (name, from, to, problem) => {
    expect(() => readDirectory(changed(name, from, to))).toThrow(problem);
  });
});

describe('the comparison with carrier files', () => {
  const directory = readDirectory(tables);
  const kenya = (text: string) =>
    compareWithCarriers(directory, (code) => (code === '254' ? text : undefined)).filter((line) =>
      line.startsWith('KE '),
    );
  const same = [
    ['Safaricom', '11 14 18 70 71 72 74 79 757 758 759 768 769'],
    ['Airtel', '10 73 75 78 761 762'],
    ['Telkom', '77 120'],
    ['Finserve', '124 763 764 765 766'],
    ['Mobile Pay', '760'],
    ['JTL', '747'],
    ['Homeland Media', '744'],
    ['Sema', '767'],
    ['Infura', '121'],
    ['NRG Media', '13'],
  ]
    .flatMap(([carrier = '', prefixes = '']) => prefixes.split(' ').map((prefix) => `254${prefix}|${carrier}`))
    .join('\n');

  it('is silent where both say the same, whatever they call each other', () => {
    expect(kenya(same)).toEqual([]);
  });

  it('tells a range that is theirs alone, ours alone, or another’s', () => {
    expect(kenya(`${same}\n25419|Safaricom`)).toEqual(['KE 19: ours is nobody, theirs "Safaricom" (ke-63902)']);
    expect(kenya(`${same}\n25419|Newcomer`)).toEqual(['KE 19: "Newcomer" is not in our tables']);
    expect(kenya(same.replace('254767|Sema\n', ''))).toEqual(['KE 767: ours is ke-x1, theirs has no such range']);
    expect(kenya(same.replace('254757|Safaricom\n', ''))).toEqual([
      'KE 757: ours is ke-63902, theirs leaves it to "Airtel"',
    ]);
    expect(kenya(same.replace('254759|Safaricom', '254759|Airtel'))).toEqual([
      'KE 759: ours is ke-63902, theirs "Airtel" (ke-63903)',
    ]);
  });

  it('passes over comments and says when a file is missing', () => {
    expect(kenya(`# carriers\n\n${same}`)).toEqual([]);
    expect(compareWithCarriers(directory, () => undefined)).toContain('UG: there is no file 256.txt');
  });
});
