import { type CallOptions, RejectedError } from '@canza/core';

import { readAccount } from './account.ts';
import type { AptosConfig } from './config.ts';
import { type Answer, unexpected } from './fullnode/answer.ts';
import type { Fullnode } from './fullnode/fullnode.ts';
import { readSimulation, type Simulated } from './fullnode/transaction-answer.ts';
import { unitsWithMargin } from './gas.ts';
import type { AptosSigner } from './keys/signer.ts';
import { nonceOf } from './nonce.ts';
import type { PriceReader } from './price.ts';
import type { Executable, RawTransaction } from './transaction/raw-transaction.ts';
import { bytesForSimulation } from './transaction/sign.ts';

/** What a simulation tells. */
export interface Simulation {
  readonly success: boolean;
  readonly vmStatus: string;
  /** Units that it used, at the price below. */
  readonly gasUsed: bigint;
  /** Octas for a unit: what the network asks now, within the configured most. */
  readonly gasUnitPrice: bigint;
  /** Units to allow: what was used and half as much again. */
  readonly maxGasUnits: bigint;
  readonly events: Simulated['events'];
}

/** The signer's clock never decides; a simulation only has to be valid at the moment. */
const VALID_SECONDS = 30n;

/** Names of refusals that say: whoever pays the fee does not hold enough for it. */
const CANNOT_PAY: ReadonlySet<string> = new Set([
  'INSUFFICIENT_BALANCE_FOR_TRANSACTION_FEE',
  'GAS_PAYER_ACCOUNT_MISSING',
  'INSUFFICIENT_BALANCE_FOR_REQUIRED_DEPOSIT',
]);
/** A refusal instead of an execution is the bare name of a status; nothing of it would commit. */
const REFUSAL = /^[A-Z][A-Z_]+$/;
/** Statuses that are spelled like refusals, but commit as failures. */
const COMMITTED_FAILURES: ReadonlySet<string> = new Set([
  'OUT_OF_GAS',
  'LINKER_ERROR',
  'CODE_DESERIALIZATION_ERROR',
  'EXECUTION_LIMIT_REACHED',
  'IO_LIMIT_REACHED',
  'STORAGE_LIMIT_REACHED',
]);

/** Another transaction of this account was carried out, or is not known yet, between two questions. */
const NUMBER_MOVED: ReadonlySet<string> = new Set(['SEQUENCE_NUMBER_TOO_OLD', 'SEQUENCE_NUMBER_TOO_NEW']);

/** What a simulation asks, and with what. */
export interface SimulationContext {
  readonly fullnode: Fullnode;
  readonly config: AptosConfig;
  readonly prices: PriceReader;
}

/**
 * Runs a transaction as the ledger stands, without sending it. The most gas is whatever the payer can afford, so that a small balance
 * is enough to learn what is needed. Where the account's number moves on meanwhile, as it does while others of its transactions commit, a nonce
 * takes its place.
 * @throws RejectedError with `float-exhausted` where whoever pays the fee holds too little; UnexpectedResponseError where the node would
 * refuse the transaction, or cannot be understood.
 * Source: docs/providers/aptos.md#gas
 */
export async function simulate(
  context: SimulationContext,
  sender: AptosSigner,
  executable: Executable,
  options?: CallOptions,
): Promise<Simulation> {
  const { fullnode, config, prices } = context;
  const [account, gasUnitPrice] = await Promise.all([
    readAccount(fullnode, sender.address, options),
    prices.current(options),
  ]);
  const { ledger } = account.answer;
  if (ledger === undefined) throw unexpected(account.answer, 'an answer without ledger headers');
  const nonce = { nonce: nonceOf(`simulation at ${ledger.version}`) };
  const raw: RawTransaction = {
    sender: sender.address,
    replayProtection: config.orderless ? nonce : { sequenceNumber: account.sequenceNumber },
    executable,
    maxGasAmount: config.maxGasUnits,
    gasUnitPrice,
    expirationTimestampSecs: ledger.timestampUs / 1_000_000n + VALID_SECONDS,
    chainId: config.chainId,
  };
  const ask = (one: RawTransaction): Promise<Answer> => {
    const bcs = bytesForSimulation(one, sender, config.feePayer);
    return fullnode.read({ method: 'POST', path: PATH, bcs }, options);
  };
  const answer = await ask(raw);
  const simulated = readSimulation(answer);
  if (config.orderless || !NUMBER_MOVED.has(simulated.vm_status)) return read(answer, simulated, raw, config);
  const again = await ask({ ...raw, replayProtection: nonce });
  return read(again, readSimulation(again), raw, config);
}

const PATH = 'transactions/simulate?estimate_gas_unit_price=false&estimate_max_gas_amount=true';

function read(
  answer: Answer,
  { success, vm_status: vmStatus, gas_used: gasUsed, events }: Simulated,
  { gasUnitPrice }: RawTransaction,
  { maxGasUnits }: AptosConfig,
): Simulation {
  if (!success && CANNOT_PAY.has(vmStatus)) {
    throw new RejectedError('Whoever pays the fee holds too little APT for it.', 'float-exhausted', {
      provider: 'aptos',
      providerCode: vmStatus,
    });
  }
  if (!success && REFUSAL.test(vmStatus) && !COMMITTED_FAILURES.has(vmStatus)) {
    throw unexpected(answer, `the node would refuse the transaction (${vmStatus})`);
  }
  // The simulation may use whatever the payer can afford; what is sent may not.
  const isWithin = gasUsed <= maxGasUnits;
  return {
    success: success && isWithin,
    vmStatus: isWithin ? vmStatus : 'Out of gas',
    gasUsed,
    gasUnitPrice,
    maxGasUnits: unitsWithMargin(gasUsed, maxGasUnits),
    events,
  };
}
