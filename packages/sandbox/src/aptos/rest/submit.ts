import type { HttpRequest, HttpResponse } from '@canza/core';
import type { FaultPlan } from '../../faults.ts';
import { headerOf } from '../../wire.ts';
import { BcsError } from '../bcs/reader.ts';
import { STATUS_CODES } from '../chain/status-codes.ts';
import type { Submission } from '../chain/submission.ts';
import { isIdentifier } from '../move/type-tag.ts';
import { renderPending } from '../transaction/json.ts';
import {
  readSignedTransaction,
  readSignedTransactions,
  type SignedTransaction,
} from '../transaction/signed-transaction.ts';
import { isRightlySigned } from '../transaction/verify.ts';
import { readJsonBody } from './json-body.ts';
import { encodeSignedTransaction } from './json-transaction.ts';
import { type NodeRequest, wantsBcs } from './node-request.ts';
import { errorReply, frameworkError, RestError } from './replies.ts';

export const SIGNED_TRANSACTION_BCS = 'application/x.aptos.signed_transaction+bcs';

/** The body of a request that has to be of one binary kind. */
export function binaryBody(request: HttpRequest, contentType: string): Uint8Array {
  const sent = headerOf(request, 'content-type') ?? '';
  if (headerOf(request, 'transfer-encoding')?.includes('chunked') === true) {
    throw frameworkError('missing `Content-Length` header', 411);
  }
  if (!sent.startsWith(contentType)) {
    throw frameworkError(`the \`Content-Type\` requested by the client is not supported: ${sent}`, 415);
  }
  return request.bytes ?? Buffer.from(request.body ?? '', 'latin1');
}

export function decodeBody<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof BcsError)) throw error;
    throw new RestError('invalid_input', `Failed to deserialize input into ${what}: ${error.message}`, {
      isBeforeLedger: true,
    });
  }
}

/** Names that no module and no function can have are refused before anything else is looked at. */
export function checkIdentifiers({ payload: { executable } }: SignedTransaction): void {
  if (executable.kind !== 'entry-function') return;
  const { module, name } = executable;
  if (!isIdentifier(module)) throw refuseIdentifier('module', `invalid Move module name: ${module}`);
  if (!isIdentifier(name)) throw refuseIdentifier('name', `invalid Move function name: ${name}`);
}

const refuseIdentifier = (which: string, problem: string): RestError =>
  new RestError('invalid_input', `Transaction entry function ${which} invalid: ${problem}`, { isBeforeLedger: true });

/** What can go wrong with a transaction behind the answer to its submission. */
const ON_ENTRY = ['mempool-full', 'dropped', 'held', 'aborted', 'out-of-gas'] as const;

/** Takes in one transaction; the answer is a value, because a batch has several. */
function enter(transaction: SignedTransaction, request: NodeRequest, faults: FaultPlan): Submission {
  const { chain, snapshot, node } = request;
  checkIdentifiers(transaction);
  if (!isRightlySigned(transaction)) return { kind: 'refused', status: 'INVALID_SIGNATURE' };
  const fault = faults.takeForChain(request.operation, request.request, ON_ENTRY);
  if (fault?.kind === 'mempool-full') {
    return { kind: 'full', message: 'Mempool is full. Mempool size: 2000000, Capacity: 2000000' };
  }
  return chain.submit(transaction, {
    node: node.name,
    snapshot,
    isDropped: fault?.kind === 'dropped',
    ...(fault?.kind === 'held' ? { heldForMs: fault.delayMs ?? Infinity } : {}),
    forced: fault?.kind === 'aborted' ? 'abort' : fault?.kind === 'out-of-gas' ? 'out-of-gas' : undefined,
  });
}

/** Why a submission was not taken; `undefined` when it was. */
function refusalOf(submission: Submission, transaction: SignedTransaction): RestError | undefined {
  switch (submission.kind) {
    case 'accepted':
    case 'known':
      return undefined;
    case 'refused': {
      const { status } = submission;
      const vmErrorCode = STATUS_CODES[status];
      return new RestError('vm_error', `Invalid transaction: Type: Validation Code: ${status}`, { vmErrorCode });
    }
    case 'full':
      return new RestError('mempool_is_full', submission.message);
    case 'slot-taken':
      return new RestError('invalid_transaction_update', submission.message);
    case 'too-old':
      return new RestError(
        'sequence_number_too_old',
        `transaction sequence number is ${transaction.sequenceNumber}, current sequence number is  ${submission.current}`,
      );
  }
}

/** The transaction as it would be in BCS, whichever way it was sent. */
function submittedBytes({ request, chain }: NodeRequest): Uint8Array {
  const isJson = (headerOf(request, 'content-type') ?? '').startsWith('application/json');
  if (!isJson) return binaryBody(request, SIGNED_TRANSACTION_BCS);
  return encodeSignedTransaction(readJsonBody(request.body ?? ''), chain.functions, chain.settings.chainId);
}

export const createSubmit =
  (faults: FaultPlan) =>
  (request: NodeRequest): HttpResponse => {
    const body = submittedBytes(request);
    const transaction = decodeBody('SignedTransaction', () => readSignedTransaction(body));
    const refusal = refusalOf(enter(transaction, request, faults), transaction);
    if (refusal !== undefined) throw refusal;
    const accepted = request.reply(renderPending(transaction, request.chain.functions), { status: 202 });
    if (!wantsBcs(request.request)) return accepted;
    return { ...accepted, headers: { ...accepted.headers, 'content-type': 'application/x-bcs' }, body: '' };
  };

const MOST_IN_BATCH = 10;

export const createSubmitBatch =
  (faults: FaultPlan) =>
  (request: NodeRequest): HttpResponse => {
    const body = binaryBody(request.request, SIGNED_TRANSACTION_BCS);
    const transactions = decodeBody('Vec<SignedTransaction>', () => readSignedTransactions(body));
    if (transactions.length > MOST_IN_BATCH) {
      throw new RestError(
        'invalid_input',
        `Submitted too many transactions: ${transactions.length}, while limit is ${MOST_IN_BATCH}`,
      );
    }
    const failures = transactions.flatMap((transaction, index) => {
      const refusal = refusalOf(enter(transaction, request, faults), transaction);
      if (refusal === undefined) return [];
      const error: unknown = JSON.parse(errorReply(refusal).body);
      return [{ error, transaction_index: index }];
    });
    return request.reply({ transaction_failures: failures }, { status: failures.length === 0 ? 202 : 206 });
  };
