import { createContentLoader } from 'vitepress';

export interface Decision {
  readonly title: string;
  readonly url: string;
}

export declare const data: readonly Decision[];

/** Every decision, by its number and its first heading. */
export default createContentLoader('decisions/[0-9]*.md', {
  includeSrc: true,
  transform: (pages): Decision[] =>
    pages
      .map(({ src = '', url }) => ({ title: /^# (.+)$/m.exec(src)?.[1] ?? url, url }))
      .sort((one, other) => one.url.localeCompare(other.url)),
});
