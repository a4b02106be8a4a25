import { expect, it } from 'vitest';
import { extractPrograms } from './extract.ts';

const page = (...lines: string[]): string => lines.join('\n');

it('keeps every line of a program where it stands on the page, so that an error names the line to mend', () => {
  const { programs, problems } = extractPrograms('a.md', page('# A', '', '```ts', 'one();', '```', 'prose'));
  expect(problems).toEqual([]);
  expect(programs).toEqual([{ page: 'a.md', line: 3, mode: 'run', source: page('', '', '', 'one();', '', '') }]);
});

it('takes what is given above a block, which a reader of the page does not see', () => {
  const text = page('<!-- given', "import { one } from 'x';", '-->', '```ts fragment', 'one();', '```');
  const [program] = extractPrograms('a.md', text).programs;
  expect(program).toMatchObject({
    mode: 'fragment',
    source: page('', "import { one } from 'x';", '', '', 'one();', ''),
  });
});

it('takes no other comment for something given', () => {
  const [program] = extractPrograms('a.md', page('<!-- remark', 'x', '-->', '```ts', 'one();', '```')).programs;
  expect(program?.source).not.toContain('x');
});

it('puts a block that goes on behind the one before, and the next one on its own', () => {
  const text = page('```ts no-run', 'a();', '```', '```ts continued', 'b();', '```', '```ts', 'c();', '```');
  const { programs } = extractPrograms('a.md', text);
  expect(programs.map(({ line, mode }) => [line, mode])).toEqual([
    [1, 'compile'],
    [7, 'run'],
  ]);
  expect(programs[0]?.source).toBe(page('', 'a();', '', '', 'b();', '', '', '', ''));
});

it('reads no code inside a longer fence, which shows how a block is written', () => {
  expect(extractPrograms('a.md', page('````md', '```ts', 'one(', '```', '````')).programs).toEqual([]);
});

it('leaves alone what the site wants to know of a block', () => {
  const text = page('```ts {1} [server.ts] no-run', 'one();', '```');
  expect(extractPrograms('a.md', text)).toMatchObject({ problems: [], programs: [{ mode: 'compile' }] });
});

it.each([
  ['a mark that nobody knows', page('```ts norun', 'one();', '```'), '"norun" is no mark'],
  ['a language that nobody checks', page('```js', 'one();', '```'), 'write TypeScript'],
  [
    'a program that runs on what is only declared',
    page('```ts', 'declare const one: number;', '```'),
    'declares what is not there',
  ],
  ['a block that goes on from nothing', page('```ts continued', 'one();', '```'), 'no block stands above it'],
])('refuses %s', (_, text, problem) => {
  expect(extractPrograms('a.md', text).problems).toEqual([expect.stringMatching(/^a\.md:1: /)]);
  expect(extractPrograms('a.md', text).problems[0]).toContain(problem);
});
