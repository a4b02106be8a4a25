/** An account or object: `0x` and 64 lower-case hex digits. On the wire leading zeros are left out. */
export type Address = `0x${string}`;

export const ADDRESS_LENGTH = 32;

export const toHex = (bytes: Uint8Array): `0x${string}` =>
  `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;

/** Bytes of hex text with or without `0x`; `undefined` for anything else. */
export function fromHex(text: string): Uint8Array | undefined {
  const digits = text.startsWith('0x') ? text.slice(2) : text;
  return digits.length % 2 === 0 && /^[0-9a-f]*$/i.test(digits) ? Buffer.from(digits, 'hex') : undefined;
}

export const addressOf = (bytes: Uint8Array): Address => toHex(bytes);

export const addressBytes = (address: Address): Uint8Array => Buffer.from(address.slice(2), 'hex');

/** Reads an address of 1 to 64 digits, with or without `0x`. */
export function parseAddress(text: string): Address | undefined {
  const digits = text.startsWith('0x') ? text.slice(2) : text;
  return /^[0-9a-f]{1,64}$/i.test(digits) ? `0x${digits.toLowerCase().padStart(64, '0')}` : undefined;
}

/** An address that is written in this code. */
export function knownAddress(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new RangeError(`Not an address: ${text}`);
  return parsed;
}

/** As REST answers spell it: without leading zeros. */
export function shortAddress(long: Address): string {
  let from = 2;
  while (from < long.length - 1 && long.charCodeAt(from) === 0x30) from += 1;
  return `0x${long.slice(from)}`;
}

export const FRAMEWORK = knownAddress('0x1');
export const APT = knownAddress('0xa');
