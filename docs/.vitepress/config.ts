import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type DefaultTheme, defineConfig } from 'vitepress';

import { headingAnchor } from '../../tools/heading-anchor.ts';
import { linksOutOfTheSite } from './links.ts';

const docs = fileURLToPath(new URL('..', import.meta.url));
type Item = DefaultTheme.SidebarItem;

/** A page under its first heading. */
const page = (path: string): Item => {
  const heading = /^# (.+)$/m.exec(readFileSync(`${docs}${path}.md`, 'utf8'))?.[1];
  return { text: heading ?? path, link: `/${path.replace(/(?:^|\/)index$/, '/')}`.replace('//', '/') };
};
/** Every page of a folder: one that is added needs no line here. */
const folder = (path: string): Item[] =>
  readdirSync(docs + path)
    .filter((name) => name.endsWith('.md') && name !== 'index.md')
    .sort()
    .map((name) => page(`${path}/${name.slice(0, -3)}`));
const pages = (...paths: readonly string[]): Item[] => paths.map(page);

/** Top-level pages, by the group that they stand in. */
const START = ['index', 'bridge', 'configuration', 'migration'];
const CONCEPTS = ['payment-states', 'routing', 'journal', 'errors', 'money', 'msisdn', 'operators'];
const PARTS = ['ussd', 'data', 'settlement'];
const RUNNING = ['doctor', 'security'];
/** A page that nobody has given a place is found all the same. */
const placed = new Set([...START, ...CONCEPTS, ...PARTS, ...RUNNING, 'sandbox', 'simulation']);
const unplaced = readdirSync(docs)
  .filter((name) => name.endsWith('.md'))
  .map((name) => name.slice(0, -3))
  .filter((name) => !placed.has(name));

export default defineConfig({
  title: 'Canza integrations',
  description: 'African mobile money, USSD and on-chain settlement for backend services.',
  cleanUrls: true,
  srcExclude: ['**/node_modules/**'],
  // The search index holds the pages; the API has an index of its own on each page.
  themeConfig: {
    search: {
      provider: 'local',
      options: { _render: (src, env, md) => (env.relativePath.startsWith('api/') ? '' : md.render(src, env)) },
    },
    outline: [2, 3],
    nav: [
      { text: 'Bridge', link: '/bridge' },
      { text: 'USSD', link: '/ussd' },
      { text: 'Operations', link: '/operations/runbook' },
      { text: 'API', link: '/api/' },
    ],
    sidebar: {
      '/api/': apiSidebar(),
      '/': [
        { text: 'Start', items: pages(...START) },
        { text: 'Concepts', items: pages(...CONCEPTS) },
        { text: 'Operators', collapsed: true, items: folder('providers') },
        { text: 'USSD, data, settlement', items: pages(...PARTS, ...unplaced) },
        { text: 'Sandbox', collapsed: true, items: [page('sandbox'), ...folder('sandbox')] },
        { text: 'Operations', items: [...folder('operations'), ...pages(...RUNNING)] },
        { text: 'Proof', items: [page('simulation'), ...folder('performance')] },
        { text: 'Decisions', collapsed: true, items: [page('decisions/index'), ...folder('decisions')] },
      ],
    },
  },
  markdown: {
    anchor: { slugify: headingAnchor },
    toc: { slugify: headingAnchor },
    config: (md) => void md.use(linksOutOfTheSite),
  },
});

/** What typedoc wrote: a group for each package, a page for each of its entries. Empty before it ran. */
function apiSidebar(): Item[] {
  const api = `${docs}api/@canza`;
  if (!existsSync(api)) return [];
  return readdirSync(api, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({
      text: `@canza/${name}`,
      collapsed: true,
      items: readdirSync(`${api}/${name}`, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.md') && path !== 'index.md')
        .map((path) => path.slice(0, -3))
        .sort()
        .map((path) => ({
          text: path === 'README' ? `@canza/${name}` : `/${path}`,
          link: `/api/@canza/${name}/${path}`,
        })),
    }));
}
