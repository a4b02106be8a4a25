import type { HttpResponse } from '@canza/core';
import { parseAddress, toHex } from '../move/address.ts';
import { RAW_TRANSACTION_PREFIX } from '../transaction/hashes.ts';
import { signingMessageWithData } from '../transaction/verify.ts';
import { readJsonBody } from './json-body.ts';
import { encodeRawTransaction } from './json-transaction.ts';
import type { NodeRequest } from './node-request.ts';
import { frameworkError } from './replies.ts';

/** The message that the sender of a JSON transaction has to sign. */
export function encodeSubmission({ chain, request, reply }: NodeRequest): HttpResponse {
  const fields = readJsonBody(request.body ?? '');
  const raw = encodeRawTransaction(fields, chain.functions, chain.settings.chainId);
  const { secondary_signers: others } = fields;
  if (!Array.isArray(others)) return reply(toHex(Buffer.concat([RAW_TRANSACTION_PREFIX, raw])));
  const addresses = others.map((each: unknown) => {
    const parsed = typeof each === 'string' ? parseAddress(each) : undefined;
    if (parsed === undefined) throw frameworkError('parse request payload error: failed to parse "string(Address)"');
    return parsed;
  });
  return reply(toHex(signingMessageWithData(raw, addresses)));
}
