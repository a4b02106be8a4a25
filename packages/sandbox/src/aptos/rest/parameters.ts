import type { Ledger, Snapshot } from '../chain/ledger.ts';
import { type Address, fromHex, parseAddress, toHex } from '../move/address.ts';
import { type MoveType, parseType } from '../move/type-tag.ts';
import { frameworkError, RestError } from './replies.ts';

/** What of a request's path and query string the handlers read; each refuses like the node. */

export function addressParameter(text: string, name = 'address'): Address {
  const parsed = parseAddress(text);
  if (parsed !== undefined) return parsed;
  const digits = text.startsWith('0x') ? text.slice(2) : text;
  const at = digits.search(/[^0-9a-f]/i);
  const why =
    at >= 0
      ? `Hex characters are invalid: Invalid character '${digits[at] ?? ''}' at position ${at}`
      : digits.length === 0
        ? 'Hex string is too short, must be 1 to 64 chars long, excluding the leading 0x'
        : 'Hex string is too long, must be 1 to 64 chars long, excluding the leading 0x';
  throw frameworkError(
    `failed to parse path \`${name}\`: failed to parse "string(Address)": Invalid account address: ${why}`,
  );
}

const HASH_LENGTH = 32;

export function hashParameter(text: string): Address {
  const bytes = fromHex(text);
  if (bytes?.length === HASH_LENGTH) return toHex(bytes);
  throw frameworkError(
    'failed to parse path `txn_hash`: failed to parse "string(HashValue)": unable to parse HashValue',
  );
}

export function structParameter(text: string, name: string): Extract<MoveType, { readonly kind: 'struct' }> {
  const parsed = parseType(text);
  if (parsed?.kind === 'struct') return parsed;
  const expected = text.split('::').length < 3 ? ', expected token ColonColon, got EOF' : '';
  throw frameworkError(
    `failed to parse path \`${name}\`: failed to parse "string(MoveStructTag)": invalid struct tag: ${text}${expected}`,
  );
}

/** A whole number in the path. */
export function numberInPath(text: string, name: string): number {
  const parsed = wholeNumber(text);
  if (parsed !== undefined) return parsed;
  throw frameworkError(`failed to parse path \`${name}\`: ${notU64(text)}`);
}

/** A whole number of the query string; `undefined` when it is not there. */
export function numberInQuery(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  const parsed = wholeNumber(text);
  if (parsed !== undefined) return parsed;
  throw frameworkError(
    `failed to parse parameter \`${name}\`: ${notU64(text)} (occurred while parsing "optional<string(U64)>")`,
  );
}

const wholeNumber = (text: string): number | undefined => (/^\d{1,20}$/.test(text) ? Number(text) : undefined);

const notU64 = (text: string): string =>
  `failed to parse "string(U64)": Parsing u64 string "${text}" failed, caused by error: ${
    text === '' ? 'cannot parse integer from empty string' : 'invalid digit found in string'
  }`;

const DEFAULT_PAGE = 25;

/** How many entries a page has. */
export function limitOf(query: URLSearchParams, most = 100, usual = DEFAULT_PAGE): number {
  const limit = numberInQuery(query, 'limit') ?? usual;
  if (limit === 0) throw new RestError('invalid_input', 'Given limit value (0) must not be zero');
  return Math.min(limit, most);
}

/** The version to be read at: that of the snapshot unless the caller names an older one. */
export function versionOf(query: URLSearchParams, snapshot: Snapshot, ledger: Ledger): number {
  const asked = numberInQuery(query, 'ledger_version');
  if (asked === undefined) return snapshot.version;
  if (asked > snapshot.version) {
    throw new RestError('version_not_found', `Ledger version not found by Ledger version(${asked})`);
  }
  if (asked < ledger.oldestVersion) throw new RestError('version_pruned', `Ledger version(${asked}) has been pruned`);
  return asked;
}
