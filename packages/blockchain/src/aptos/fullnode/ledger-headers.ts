import { z } from 'zod';

const u64Text = z.string().regex(/^\d{1,20}$/);

/** The headers by which a node says where its ledger stood when it answered. Lower case, as every transport hands them over. */
const HeadersSchema = z.object({
  'x-aptos-chain-id': z.string().regex(/^\d{1,3}$/),
  'x-aptos-ledger-version': u64Text,
  'x-aptos-ledger-oldest-version': u64Text,
  'x-aptos-ledger-timestampusec': u64Text,
});

/** Where one node's ledger stood, according to the headers of one answer. */
export interface LedgerHeaders {
  readonly chainId: number;
  readonly version: bigint;
  readonly oldestVersion: bigint;
  /** Microseconds since 1970. */
  readonly timestampUs: bigint;
}

/**
 * Reads the ledger headers of one answer; `undefined` where any of them is missing or unreadable, as on a gateway's own answers:
 * without all of them an answer says nothing about the ledger.
 * Source: docs/providers/aptos.md#headers
 */
export function readLedgerHeaders(headers: Readonly<Record<string, string>>): LedgerHeaders | undefined {
  const read = HeadersSchema.safeParse(headers);
  if (!read.success) return undefined;
  const { data } = read;
  return {
    chainId: Number(data['x-aptos-chain-id']),
    version: BigInt(data['x-aptos-ledger-version']),
    oldestVersion: BigInt(data['x-aptos-ledger-oldest-version']),
    timestampUs: BigInt(data['x-aptos-ledger-timestampusec']),
  };
}
