import type { Random } from '@canza/core';

/** Characters drawn one by one from an alphabet, for the identifiers that operators make up. */
export function drawText(random: Random, alphabet: string, length: number): string {
  let text = '';
  for (const byte of random.bytes(length)) text += alphabet[byte % alphabet.length] ?? '';
  return text;
}

/** Makes identifiers until one comes that was never given. */
export function createGivenOnce(): (make: () => string) => string {
  const given = new Set<string>();
  return (make) => {
    let id = make();
    while (given.has(id)) id = make();
    given.add(id);
    return id;
  };
}

export const HEX = '0123456789abcdef';
export const DIGITS = '0123456789';
export const UPPER_ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
export const ALPHANUMERIC = `${UPPER_ALPHANUMERIC}abcdefghijklmnopqrstuvwxyz`;

/** 32 hex digits in the groups of a UUID. */
export const asUuidText = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
