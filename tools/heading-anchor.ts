/** What GitHub makes of a heading's text; the site does the same, so that one link leads to both. */
export const headingAnchor = (words: string): string =>
  words
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-');
