/** Every link of the built site leads to a page, and every anchor to something on it: the API's too, which no page in the repository shows. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const site = fileURLToPath(new URL('.vitepress/dist/', import.meta.url));
const files = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.html'));

const addressOf = (path: string): string => `/${path}`.replace(/(?:index)?\.html$/, '').replace(/(?<=.)\/$/, '');
const pages = new Map(files.map((path) => [addressOf(path), readFileSync(site + path, 'utf8')]));
const anchors = new Map(
  [...pages].map(([address, html]) => [address, new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))]),
);

const problems: string[] = [];
let checked = 0;
for (const [index, [address, html]] of [...pages].entries()) {
  for (const [, spelled = ''] of html.slice(html.indexOf('<main')).matchAll(/<a [^>]*href="([^"]+)"/g)) {
    if (/^[a-z]+:/.test(spelled)) continue;
    checked += 1;
    const target = new URL(spelled.replaceAll('&amp;', '&'), `https://site/${files[index]}`);
    const page = spelled.startsWith('#') ? address : addressOf(decodeURIComponent(target.pathname).slice(1));
    const anchor = decodeURIComponent(target.hash.slice(1));
    const known = anchors.get(page);
    if (known === undefined) problems.push(`${address}: ${spelled}: no such page`);
    else if (anchor !== '' && !known.has(anchor)) problems.push(`${address}: ${spelled}: nothing there has that name`);
  }
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`${checked} links of ${pages.size} pages lead somewhere`);
