/**
 * Every page that a source or a page cites as `docs/<page>.md#<anchor>` must exist and have that heading, and every relative link
 * on a page must lead somewhere: a fact whose source cannot be found cannot be checked.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { headingAnchor } from './heading-anchor.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const CITATION = /\bdocs\/[\w./-]+\.md(?:#[\p{L}\p{N}_-]*)?/gu;
/** `[text](target)`, and `[name]: target` at the beginning of a line. */
const LINK = /\]\(\s*<?([^)\s>]+)>?[^)]*\)|^ {0,3}\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)/gm;
const CODE = /^(`{3,}|~{3,})[\s\S]*?^\1|`[^`\n]*`/gm;
const ELSEWHERE = /^(?:[a-z][a-z+.-]*:|\/\/)/i;

/** The files of the repository, those that are not committed yet among them. */
const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => /\.(?:[cm]?[jt]sx?|json|md|lua|sql|ya?ml)$/.test(path) && existsSync(root + path));

/** What may stand behind `#` on a page: its headings as GitHub spells them, and the ids of anchors. */
function readAnchors(page: string): ReadonlySet<string> {
  const text = readFileSync(root + page, 'utf8').replace(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, '');
  const anchors = new Set([...text.matchAll(/<a\s+(?:id|name)="([^"]+)"/g)].map(([, id = '']) => id));
  for (const [, heading = ''] of text.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const slug = headingAnchor(heading.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1'));
    let anchor = slug;
    for (let again = 1; anchors.has(anchor); again += 1) anchor = `${slug}-${again}`;
    anchors.add(anchor);
  }
  return anchors;
}

const anchorsByPage = new Map<string, ReadonlySet<string>>();
function anchorsOf(page: string): ReadonlySet<string> {
  const known = anchorsByPage.get(page) ?? readAnchors(page);
  anchorsByPage.set(page, known);
  return known;
}

/** What is wrong with a target, given from the root; `undefined` where it leads somewhere. */
function problemWith(target: string): string | undefined {
  const [path = '', anchor] = target.split('#', 2);
  if (path.startsWith('..')) return 'leads out of the repository';
  if (!existsSync(root + path)) return 'no such file';
  if (anchor === undefined || !path.endsWith('.md')) return undefined;
  return anchorsOf(path).has(decodeURIComponent(anchor)) ? undefined : 'no such heading';
}

const problems: string[] = [];
let checked = 0;
for (const file of files) {
  const text = readFileSync(root + file, 'utf8');
  const check = (spelled: string, target: string, index: number): void => {
    checked += 1;
    const problem = problemWith(target);
    if (problem === undefined) return;
    problems.push(`${file}:${text.slice(0, index).split('\n').length}: ${spelled}: ${problem}`);
  };

  // In a link, a path is meant from the page; everywhere else it is a citation, meant from the root.
  const links = file.endsWith('.md')
    ? [...text.replace(CODE, (code) => code.replace(/[^\n]/g, ' ')).matchAll(LINK)]
    : [];
  for (const link of links) {
    const target = link[1] ?? link[2] ?? '';
    if (ELSEWHERE.test(target)) continue;
    check(target, target.startsWith('#') ? file + target : posix.join(posix.dirname(file), target), link.index);
  }
  const within = (index: number): boolean =>
    links.some((link) => link.index <= index && index < link.index + link[0].length);
  for (const citation of text.matchAll(CITATION)) {
    const before = text.slice(Math.max(0, citation.index - 2), citation.index);
    // A path that only ends like ours: a link, or a page of something else.
    if (within(citation.index) || before.endsWith('/')) continue;
    check(citation[0], citation[0], citation.index);
  }
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`${checked} citations and links of pages lead somewhere`);
