import { InvalidRequestError } from '@canza/core';

/** Source: docs/providers/mtn-momo.md#texts */
const LONGEST_TEXT = 160;
const PLAIN = /^[A-Za-z0-9 .,-]+$/;

/**
 * Makes a note that MTN takes: letters, digits and single blanks, at most 160 characters. Accents are dropped, and everything
 * else becomes a blank: an apostrophe alone is enough to have a payment refused.
 */
export function fitText(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^A-Za-z0-9]+/g, ' ');
  return plain.trim().slice(0, LONGEST_TEXT).trim();
}

/**
 * Checks a text that is refused rather than changed, because it is what a customer reads.
 * @throws InvalidRequestError naming `field`.
 */
export function checkText(text: string, field: string): string {
  if (PLAIN.test(text) && text.length <= LONGEST_TEXT) return text;
  throw new InvalidRequestError({
    field,
    expected: `1 to ${LONGEST_TEXT} plain letters, digits, blanks, points, commas or dashes`,
  });
}
