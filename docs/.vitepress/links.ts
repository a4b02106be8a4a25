import type { MarkdownRenderer } from 'vitepress';

/**
 * Links to files that are not on the site (sources, examples) lose the link and keep their text, with the path in the repository as a
 * title: a reader of the pages there can follow them, a reader of the site sees where to look.
 */
export function linksOutOfTheSite(md: MarkdownRenderer): void {
  md.core.ruler.push('links-out-of-the-site', ({ tokens, env }) => {
    const { relativePath = '' } = env as { readonly relativePath?: string };
    const depth = relativePath.split('/').length - 1;
    for (const { children } of tokens) {
      let isOut = false;
      for (const token of children ?? []) {
        if (token.type === 'link_open') {
          const href = token.attrGet('href') ?? '';
          isOut = leadsOut(href, depth);
          if (isOut) token.attrs = [['title', href.replace(/^(?:\.\.\/)+/, '')]];
        }
        if (isOut && token.type.startsWith('link_')) token.tag = 'span';
      }
    }
  });
}

/** Whether a relative address climbs out of the folder of pages, or names something that is no page. */
function leadsOut(href: string, depth: number): boolean {
  if (/^(?:[a-z][a-z+.-]*:|#|\/)/i.test(href)) return false;
  const climbs = href.split('/').filter((part) => part === '..').length;
  return climbs > depth || /\.(?:json|yaml)$/.test(href);
}
