/** Programs out of a Markdown page: what each code block says must be true of the code, or nobody may be shown it. */

/**
 * `run`: a whole program, compiled and run. `compile`: a whole program that needs something a check has not, such as an operator.
 * `fragment`: a piece, compiled with the names of docs/fragments.d.ts at hand.
 */
type BlockMode = 'run' | 'compile' | 'fragment';

/** One program of a page: a block, what is given to it, and the blocks that go on from it. */
export interface Program {
  readonly page: string;
  /** Of its first fence, from 1. */
  readonly line: number;
  readonly mode: BlockMode;
  /** The page with everything else blanked, so that a line here is the same line there. */
  readonly source: string;
}

export interface Extraction {
  readonly programs: readonly Program[];
  /** `page:line: what is wrong`. */
  readonly problems: readonly string[];
}

const FENCE = /^(?<indent>\s*)(?<ticks>`{3,}|~{3,})(?<info>.*)$/;
const TYPESCRIPT = new Set(['ts', 'typescript', 'mts']);
const SCRIPT = new Set(['js', 'javascript', 'mjs', 'cjs', 'tsx', 'jsx']);
const MODES: ReadonlyMap<string, BlockMode> = new Map([
  ['no-run', 'compile'],
  ['fragment', 'fragment'],
]);
const GIVEN = /^\s*<!--\s*given\s*$/;

interface Fence {
  readonly first: number;
  readonly last: number;
  readonly words: readonly string[];
}

/** Every fenced block, by the indexes of its two fences. */
function fencesOf(lines: readonly string[]): Fence[] {
  const fences: Fence[] = [];
  let open: { first: number; ticks: string; info: string } | undefined;
  for (const [index, line] of lines.entries()) {
    const { ticks = '', info = '' } = FENCE.exec(line)?.groups ?? {};
    if (open === undefined) {
      if (ticks !== '') open = { first: index, ticks, info };
    } else if (ticks.startsWith(open.ticks) && info.trim() === '') {
      fences.push({ first: open.first, last: index, words: open.info.trim().split(/\s+/) });
      open = undefined;
    }
  }
  return fences;
}

/** The lines of a comment `<!-- given … -->` that ends right above a fence: code that the reader need not see. */
function givenAbove(lines: readonly string[], fence: number): readonly number[] {
  let last = fence - 1;
  while (last > 0 && lines[last]?.trim() === '') last -= 1;
  if (lines[last]?.trim() !== '-->') return [];
  let first = last;
  while (first > 0 && !(lines[first] ?? '').includes('<!--')) first -= 1;
  if (!GIVEN.test(lines[first] ?? '')) return [];
  return Array.from({ length: last - first - 1 }, (_, index) => first + 1 + index);
}

/** The programs of one page. Marks that nobody knows, and blocks that go on from nothing, are problems. */
export function extractPrograms(page: string, markdown: string): Extraction {
  const lines = markdown.split('\n');
  const problems: string[] = [];
  const found: { line: number; mode: BlockMode; kept: Set<number> }[] = [];
  for (const { first, last, words } of fencesOf(lines)) {
    const [language = '', ...rest] = words;
    const complain = (problem: string) => problems.push(`${page}:${first + 1}: ${problem}`);
    if (SCRIPT.has(language)) complain(`write TypeScript: nobody checks a block of ${language}`);
    if (!TYPESCRIPT.has(language)) continue;
    // `{4,5}`, `:line-numbers` and `[title]` are for the site.
    const marks = rest.filter((word) => !/^[{[:]/.test(word));
    const unknown = marks.filter((mark) => mark !== 'continued' && !MODES.has(mark));
    if (unknown.length > 0) complain(`"${unknown.join(' ')}" is no mark: no-run, fragment or continued`);
    const kept = [
      ...givenAbove(lines, first),
      ...Array.from({ length: last - first - 1 }, (_, index) => first + 1 + index),
    ];
    const before = found.at(-1);
    if (!marks.includes('continued')) {
      const mode = marks.map((mark) => MODES.get(mark)).find((known) => known !== undefined) ?? 'run';
      found.push({ line: first + 1, mode, kept: new Set(kept) });
    } else if (before === undefined) {
      complain('continued, but no block stands above it');
    } else {
      for (const line of kept) before.kept.add(line);
    }
  }
  const programs = found.map(({ line, mode, kept }): Program => {
    const source = lines.map((text, index) => (kept.has(index) ? text : '')).join('\n');
    return { page, line, mode, source };
  });
  for (const { line, mode, source } of programs) {
    if (mode !== 'run' || !/^\s*declare (?:const|let|function)\b/m.test(source)) continue;
    problems.push(`${page}:${line}: declares what is not there when it runs: mark it no-run or fragment`);
  }
  return { programs, problems };
}
