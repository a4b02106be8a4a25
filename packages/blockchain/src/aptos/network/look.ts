import type {
  Abort,
  CallOptions,
  LedgerView,
  LookRequest,
  NetworkCall,
  Sighting,
  SlotSighting,
  TransferProof,
} from '@canza/core';

import { readAccount } from '../account.ts';
import { type Address, parseAddress } from '../address.ts';
import type { AptosAsset } from '../assets.ts';
import { proofsOf, receiptsOf } from '../deposits.ts';
import type { Fullnode } from '../fullnode/fullnode.ts';
import {
  type CommittedTransaction,
  feePaidBy,
  readTransactionAnswer,
  readUser,
} from '../fullnode/transaction-answer.ts';
import { snapshotOf } from '../ledger.ts';
import { classifyVmStatus } from '../vm-status.ts';
import { sentAsset } from './calls.ts';

/** What looking needs: a node, and what its answers are to be compared with. */
export interface LookContext {
  readonly fullnode: Fullnode;
  readonly assets: readonly AptosAsset[];
  readonly orderless: boolean;
  /** Aborts of pools by which a bound was not met. */
  readonly boundAborts: ReadonlySet<string>;
  /** Finds out which transfer was refused, where the status does not say; gives the abort back as it is where it cannot. */
  readonly explain: (abort: Abort, call: NetworkCall, sender: Address, options?: CallOptions) => Promise<Abort>;
}

/** Looks for every hash and, where none is committed, for whatever used the slot. */
export async function lookAt(context: LookContext, request: LookRequest, options?: CallOptions): Promise<LedgerView> {
  const sender = parseAddress(request.sender, 'sender');
  const sightings: Sighting[] = [];
  for (const [index, hash] of request.hashes.entries()) {
    // The newest of several builds is the one that is to commit. The node holds its answer for a second at most.
    const holds = index === request.hashes.length - 1 && request.holdMs !== 0;
    sightings.push(await sightingOf(context, request.call, sender, hash, holds, options));
  }
  const isCarriedOut = sightings.some(({ status }) => status === 'committed' || status === 'aborted');
  if (isCarriedOut || context.orderless) return { sightings };
  return { sightings, slot: await slotSighting(context.fullnode, sender, BigInt(request.slot), options) };
}

async function sightingOf(
  context: LookContext,
  call: NetworkCall,
  sender: Address,
  hash: string,
  holds: boolean,
  options: CallOptions | undefined,
): Promise<Sighting> {
  // An unknown hash is answered at once by both; a pending one is held for a second by the second.
  const path = `transactions/${holds ? 'wait_by_hash' : 'by_hash'}/${hash}`;
  const answer = await context.fullnode.read({ method: 'GET', path }, { ...options, fresh: true });
  const ledger = snapshotOf(answer);
  const read = readTransactionAnswer(answer, hash);
  if (read.status !== 'committed') return { hash, ledger, status: read.status };
  const { transaction } = read;
  const committed = {
    hash,
    ledger,
    version: String(transaction.version),
    atMs: Number(transaction.timestamp / 1000n),
    feePaid: feePaidBy(transaction),
    final: true,
  };
  return transaction.success
    ? { ...committed, status: 'committed', proofs: proofsFor(context.assets, call, sender, transaction) }
    : {
        ...committed,
        status: 'aborted',
        abort: await context.explain(
          classifyVmStatus(transaction.vm_status, context.boundAborts),
          call,
          sender,
          options,
        ),
      };
}

function proofsFor(
  assets: readonly AptosAsset[],
  call: NetworkCall,
  sender: Address,
  transaction: CommittedTransaction,
): readonly (TransferProof | null)[] {
  if (call.kind === 'void') return [];
  if (call.kind !== 'transfers') return receiptsOf(transaction, sender, assets);
  const transfers = call.transfers.map(({ to, amount }) => ({ to: parseAddress(to, 'call.transfers.to'), amount }));
  return proofsOf(transaction, sentAsset(assets, call.asset), transfers);
}

/** A number is used once the account's has passed it: by which transaction, the list of the sender's tells while it is kept. */
export async function slotSighting(
  fullnode: Fullnode,
  sender: Address,
  slot: bigint,
  options: CallOptions | undefined,
): Promise<SlotSighting> {
  const { sequenceNumber, answer } = await readAccount(fullnode, sender, options);
  if (sequenceNumber <= slot) return { ledger: snapshotOf(answer), status: 'free' };
  const path = `accounts/${sender}/transactions?start=${slot}&limit=1`;
  const listed = await fullnode.read({ method: 'GET', path }, { ...options, fresh: true });
  const isForgotten = listed.status === 410 || (listed.status === 404 && listed.error?.code === 'account_not_found');
  const by = isForgotten ? undefined : readUser(listed, slot);
  return by === undefined
    ? { ledger: snapshotOf(answer), status: 'used' }
    : { ledger: snapshotOf(listed), status: 'used', by };
}
