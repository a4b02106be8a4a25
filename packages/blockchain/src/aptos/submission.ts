import type { SubmitAnswer, SubmitRefusal } from '@canza/core';

import { type Answer, codeOf, type NodeError } from './fullnode/answer.ts';
import { retryAfterMsOf } from './fullnode/retry-after.ts';

/** Codes of the virtual machine that say: this number or nonce is used, perhaps by this very transaction. */
const ALREADY_USED: ReadonlySet<number> = new Set([3, 42]);

const FEE = 'cannot-pay-fee';
const BOUNDS = 'fee-out-of-bounds';
const MALFORMED = 'malformed';

/**
 * Refusals of these bytes by their `vm_error_code`. A code that is not listed refuses nothing: it is looked up.
 * Source: docs/providers/aptos.md#submitting
 */
const REFUSALS: ReadonlyMap<number, SubmitRefusal> = new Map([
  [1, MALFORMED],
  [2, MALFORMED],
  [5, FEE],
  [6, 'expired'],
  [7, MALFORMED],
  [10, MALFORMED],
  [13, BOUNDS],
  [14, BOUNDS],
  [15, BOUNDS],
  [16, BOUNDS],
  [23, MALFORMED],
  [24, MALFORMED],
  [26, MALFORMED],
  [27, MALFORMED],
  [28, MALFORMED],
  [36, FEE],
  [37, FEE],
  [41, BOUNDS],
  [43, MALFORMED],
  [44, MALFORMED],
]);

/** Refusals of the node itself, before the virtual machine is asked. */
const NODE_REFUSALS: ReadonlyMap<string, SubmitRefusal> = new Map([['invalid_input', MALFORMED]]);
/** Refusals of the web framework count only under these statuses: under 500 it has tried. */
const UNREADABLE_STATUSES: ReadonlySet<number> = new Set([400, 411, 413, 415]);

const HIGHER_PRICE = /higher gas price/;

/**
 * What the answer to a submission says of these bytes. Pure. Only what a node itself wrote, with a code that we know, counts as
 * taken, known or refused; everything else leaves it open.
 * @param hash Of the transaction that was sent: an answer about another one says nothing.
 * Source: docs/providers/aptos.md#submitting
 */
export function classifySubmission(answer: Answer, hash: string): SubmitAnswer {
  const { status, error, json } = answer;
  const said = { code: codeOf(answer), detail: `${answer.node}: ${error?.message ?? `HTTP ${status}`}` };
  if (status === 202) {
    return hashIn(json) === hash
      ? { status: 'accepted' }
      : {
          status: 'unknown',
          code: said.code,
          detail: `${answer.node}: accepted, but not the transaction that was sent`,
        };
  }
  if (error === undefined) return { status: 'unknown', ...said };
  if (error.code === 'mempool_is_full' && status === 507) {
    const retryAfterMs = retryAfterMsOf(answer.headers);
    return { status: 'busy', ...said, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  if (isKnown(error)) {
    return HIGHER_PRICE.test(error.message)
      ? { status: 'refused', reason: 'price-too-low', ...said }
      : { status: 'known', ...said };
  }
  const reason = refusalOf(status, error);
  return reason === undefined ? { status: 'unknown', ...said } : { status: 'refused', reason, ...said };
}

const isKnown = ({ code, vmCode }: NodeError): boolean =>
  code === 'sequence_number_too_old' ||
  code === 'invalid_transaction_update' ||
  (code === 'vm_error' && vmCode !== undefined && ALREADY_USED.has(vmCode));

function refusalOf(status: number, { code, vmCode }: NodeError): SubmitRefusal | undefined {
  if (code === 'vm_error') return status === 400 && vmCode !== undefined ? REFUSALS.get(vmCode) : undefined;
  if (code === 'web_framework_error') return UNREADABLE_STATUSES.has(status) ? MALFORMED : undefined;
  return status === 400 ? NODE_REFUSALS.get(code) : undefined;
}

function hashIn(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null || !('hash' in json)) return undefined;
  return typeof json.hash === 'string' ? json.hash.toLowerCase() : undefined;
}
