import { createHash, timingSafeEqual } from 'node:crypto';
// BlockList compares addresses; it opens no socket.
// oxlint-disable-next-line no-restricted-imports
import { BlockList, isIP } from 'node:net';
import { ConfigError } from '@canza/core';

/**
 * How a request is known to be the gateway's. No gateway that we know signs its requests, so every check that is configured
 * has to pass. Source: docs/ussd.md#authenticity
 */
export interface AuthenticitySettings {
  /** A segment of the address that only the gateway was told: 16 characters at least. */
  readonly secretPath?: string;
  /** Addresses or CIDR ranges the gateway calls from. */
  readonly addresses?: readonly string[];
  readonly basic?: { readonly username: string; readonly password: string };
  /** A header that the gateway was told to send. */
  readonly header?: { readonly name: string; readonly value: string };
}

interface Credentials {
  readonly path: string;
  readonly headers: Headers;
  /** The caller's address, as far as the app's proxy can be trusted for it. */
  readonly sourceAddress: string | undefined;
}

export interface Authenticity {
  /** Whether anything was configured. */
  readonly isConfigured: boolean;
  /** The check that a request fails, or `undefined` when it passes all. */
  failedCheck(credentials: Credentials): 'secret-path' | 'address' | 'basic' | 'header' | undefined;
}

const SHORTEST_SECRET = 16;

/** @throws ConfigError for a secret that could be guessed, or an address that is none. */
export function createAuthenticity(settings: AuthenticitySettings = {}): Authenticity {
  const { secretPath, addresses, basic, header } = settings;
  if (secretPath !== undefined && !/^[A-Za-z0-9_-]{16,}$/.test(secretPath)) {
    refuse('secretPath', `${SHORTEST_SECRET} or more letters, digits, "-" or "_"`);
  }
  if (basic !== undefined && (basic.username === '' || basic.password.length < 8)) {
    refuse('basic', 'a username, and a password of 8 characters or more');
  }
  if (header !== undefined && (header.name === '' || header.value.length < SHORTEST_SECRET)) {
    refuse('header', `a name, and a value of ${SHORTEST_SECRET} characters or more`);
  }
  const list = addresses === undefined ? undefined : addressList(addresses);
  const isSecretSegment = secretPath === undefined ? undefined : equals(secretPath);
  const isBasic = basic === undefined ? undefined : equals(`Basic ${encodeBasic(basic)}`);
  const isHeader = header === undefined ? undefined : equals(header.value);
  return {
    isConfigured: [secretPath, addresses, basic, header].some((check) => check !== undefined),
    failedCheck({ path, headers, sourceAddress }) {
      if (isSecretSegment !== undefined && !path.split('/').some(isSecretSegment)) return 'secret-path';
      if (list !== undefined && !isListed(list, sourceAddress)) return 'address';
      if (isBasic !== undefined && !isBasic(headers.get('authorization') ?? '')) return 'basic';
      if (isHeader !== undefined && !isHeader(headers.get(header?.name ?? '') ?? '')) return 'header';
      return undefined;
    },
  };
}

function refuse(field: string, expected: string): never {
  throw new ConfigError({ field: `authenticity.${field}`, expected });
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const encodeBasic = ({ username, password }: { readonly username: string; readonly password: string }): string =>
  Buffer.from(`${username}:${password}`).toString('base64');

/** Compares in a time that tells nothing about where two texts differ, nor about their lengths. */
function equals(expected: string): (given: string) => boolean {
  const wanted = digest(expected);
  return (given) => timingSafeEqual(wanted, digest(given));
}

function addressList(addresses: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of addresses) {
    const [address = '', bits, ...more] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    const longest = family === 'ipv6' ? 128 : 32;
    const prefix = bits === undefined ? longest : Number(bits);
    // A slash with nothing behind it would be a range of every address.
    const isRange = isIP(address) !== 0 && more.length === 0 && /^\d+$/.test(bits ?? '0') && prefix <= longest;
    if (!isRange) refuse('addresses', 'IPv4 or IPv6 addresses, or ranges such as "10.1.0.0/16"');
    list.addSubnet(address, prefix, family);
  }
  return list;
}

function isListed(list: BlockList, sourceAddress: string | undefined): boolean {
  const address = sourceAddress?.replace(/^::ffff:(?=\d+\.)/i, '') ?? '';
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
