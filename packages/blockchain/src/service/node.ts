import {
  type Environment,
  type Fee,
  type NetworkCall,
  PaymentError,
  restoreCall,
  type SettlementNetwork,
  type TransactionBuild,
  type TransactionRecord,
  withDeadline,
} from '@canza/core';

import type { SettlementPolicy } from './policy.ts';

interface NodeSettings {
  readonly network: SettlementNetwork;
  readonly policy: SettlementPolicy;
  readonly environment: Environment;
}

/** Asks a node, or a signer, within the time that a question may take. */
export function askNode<T>(
  { policy, environment }: { readonly policy: SettlementPolicy; readonly environment: Pick<Environment, 'clock'> },
  what: string,
  work: (options: { timeoutMs: number; signal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const timeoutMs = policy.queryTimeoutMs;
  return withDeadline(environment.clock, { timeoutMs, what }, (signal) => work({ timeoutMs, signal }));
}

/** What asking or building again would not change, as long as the configuration stays as it is. */
const HOPELESS: ReadonlySet<string> = new Set(['INVALID_REQUEST', 'UNSUPPORTED']);

export const isHopeless = (error: unknown): error is PaymentError =>
  PaymentError.isInstance(error) && HOPELESS.has(error.code);

/** Other bytes that are to be built for a slot. */
export interface Rebuild {
  readonly purpose: 'call' | 'void';
  /** What is still open and is to be replaced, and at which price; otherwise everything open has expired, or was refused. */
  readonly replaces?: { readonly build: TransactionBuild; readonly fee: Fee };
}

/**
 * Builds and signs for the slot of a transaction again. Stores nothing, submits nothing.
 * What would come to nothing is built all the same: its slot has to be used, and only the ledger's word frees its members.
 */
export async function buildAgain(
  settings: NodeSettings,
  { sender, slot, call: stored, builds }: TransactionRecord,
  { purpose, replaces }: Rebuild,
): Promise<TransactionBuild> {
  const { network, environment } = settings;
  const call: NetworkCall = purpose === 'void' ? { kind: 'void' } : restoreCall(stored);
  const last = builds.at(-1);
  if (last === undefined) throw new Error('A transaction without a build has no slot.');
  const fee = replaces?.fee ?? (await feeOf(settings, sender, call)) ?? last.fee;
  const ledger = await askNode(settings, 'A look at the ledger', (options) => network.ledger(options));
  const request = { sender, slot, call, fee, ledger, ...(replaces === undefined ? {} : { replaces: replaces.build }) };
  const signed = await askNode(settings, 'Signing', (options) => network.build(request, options));
  return { ...signed, number: last.number + 1, builtAtMs: environment.clock.nowMs(), purpose };
}

async function feeOf(settings: NodeSettings, sender: string, call: NetworkCall): Promise<Fee | undefined> {
  const estimate = await askNode(settings, 'An estimate', (options) =>
    settings.network.estimate({ sender, call }, options),
  );
  return estimate.status === 'would-commit' ? estimate.fee : undefined;
}
