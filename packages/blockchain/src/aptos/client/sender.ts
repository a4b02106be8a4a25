import { type CallOptions, PaymentError } from '@canza/core';

import { readAccount } from '../account.ts';
import type { AptosConfig } from '../config.ts';
import { unexpected } from '../fullnode/answer.ts';
import type { LedgerHeaders } from '../fullnode/ledger-headers.ts';
import type { CommittedTransaction } from '../fullnode/transaction-answer.ts';
import type { AptosSigner } from '../keys/signer.ts';
import { voidPayload } from '../payloads.ts';
import type { PriceReader } from '../price.ts';
import { simulate } from '../simulate.ts';
import type { EntryFunction, ReplayProtection } from '../transaction/raw-transaction.ts';
import { type SignedTransaction, signTransaction } from '../transaction/sign.ts';
import { classifyVmStatus } from '../vm-status.ts';
import { type CarriedOut, type CarryOutPorts, carryOut } from './carry-out.ts';
import { FailedTransactionError, type OpenTransaction, UnsettledTransactionError } from './errors.ts';
import { type NumberFate, Sequencer } from './sequencer.ts';

/** What a caller may say about one transaction. */
export interface SendOptions extends CallOptions {
  /** Units of gas; found by a simulation unless given. */
  readonly maxGasUnits?: bigint;
}

const DEFAULT_TIMEOUT_MS = 90_000;
/** Enough for a transfer to oneself. */
const VOID_GAS_UNITS = 2000n;
const FILL_TIMEOUT_MS = 30_000;
const MOST_OPEN = 100;
/** How old what a node said of its ledger may be. */
const RECENT_MS = 1000;

export interface SenderPorts extends CarryOutPorts {
  readonly prices: PriceReader;
}

/** Sends the transactions of one account, each to its end. */
export class AccountSender {
  readonly #config: AptosConfig;
  readonly #ports: SenderPorts;
  readonly #signer: AptosSigner;
  readonly #nonce: () => bigint;
  readonly #sequencer: Sequencer;

  /** @param nonce Draws the nonce of an orderless transaction. */
  constructor(config: AptosConfig, ports: SenderPorts, signer: AptosSigner, nonce: () => bigint) {
    this.#config = config;
    this.#ports = ports;
    this.#signer = signer;
    this.#nonce = nonce;
    this.#sequencer = new Sequencer({
      readNumber: async (options) =>
        (await readAccount(this.#ports.fullnode, signer.address, readOptions(options))).sequenceNumber,
      fill: (number) => this.#fill(number),
      maxOpen: MOST_OPEN,
      clock: ports.clock,
    });
  }

  /**
   * Simulates, signs, sends, and waits for the end.
   * @throws FailedTransactionError where it came to nothing; UnsettledTransactionError where the time was over before its end was known.
   */
  async send(payload: EntryFunction, options: SendOptions = {}): Promise<CommittedTransaction> {
    const gas = await this.#gasFor(payload, options);
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const within = { timeoutMs, ...(options.signal === undefined ? {} : { signal: options.signal }) };
    if (this.#config.orderless) {
      const open = await this.#sign(payload, { nonce: this.#nonce() }, gas, within);
      return settled(open.transaction, await this.#carryOut(open, false, within), this.#config);
    }
    return this.#sequencer.run(async (sequenceNumber, fate) => {
      const open = await this.#sign(payload, { sequenceNumber }, gas, within);
      // From here on the bytes may be out; until their end is known, nothing else takes their number.
      fate(this.#doubt(open, timeoutMs));
      const end = await this.#carryOut(open, false, within);
      fate(fateOf(end));
      return settled(open.transaction, end, this.#config);
    }, within);
  }

  #doubt(open: OpenTransaction, timeoutMs: number): NumberFate {
    return { settle: async (again) => fateOf(await this.#carryOut(open, true, { timeoutMs, ...again })) };
  }

  /** Takes a transaction up again whose end was not known. */
  async resume(open: OpenTransaction, options: CallOptions = {}): Promise<CommittedTransaction> {
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    return settled(open.transaction, await this.#carryOut(open, true, { ...options, timeoutMs }), this.#config);
  }

  async #carryOut(
    open: OpenTransaction,
    sentBefore: boolean,
    options: CallOptions & { readonly timeoutMs: number },
  ): Promise<CarriedOut> {
    try {
      return await carryOut(this.#ports, { ...open, sender: this.#signer.address, sentBefore }, options);
    } catch (error) {
      if (PaymentError.isInstance(error)) throw new UnsettledTransactionError(open, { cause: error });
      throw error;
    }
  }

  async #gasFor(payload: EntryFunction, { maxGasUnits, ...options }: SendOptions): Promise<Gas> {
    if (maxGasUnits !== undefined)
      return { maxGasUnits, gasUnitPrice: await this.#ports.prices.current(readOptions(options)) };
    const context = { ...this.#ports, config: this.#config };
    const simulated = await simulate(context, this.#signer, payload, readOptions(options));
    if (simulated.success) return simulated;
    const { reason, code, detail } = classifyVmStatus(simulated.vmStatus, this.#config.boundAborts);
    throw new FailedTransactionError('(never sent)', 'aborted', `${reason}, by its simulation: ${detail}`, {
      providerCode: code,
    });
  }

  async #sign(
    executable: EntryFunction,
    replayProtection: ReplayProtection,
    { maxGasUnits, gasUnitPrice }: Gas,
    options: CallOptions,
  ): Promise<OpenTransaction> {
    const { chainId, expirySeconds, feePayer } = this.#config;
    const ledger = await this.#ledger(options);
    const raw = {
      sender: this.#signer.address,
      replayProtection,
      executable,
      maxGasAmount: maxGasUnits,
      gasUnitPrice,
      // By the ledger's clock: ours may be wrong.
      expirationTimestampSecs: ledger.timestampUs / 1_000_000n + BigInt(expirySeconds),
      chainId,
    };
    const transaction = await signTransaction(raw, this.#signer, feePayer);
    return { transaction, bornAtVersion: ledger.version };
  }

  /** Where the ledger stood a moment ago: an older one only makes a transaction expire earlier. */
  async #ledger(options: CallOptions): Promise<LedgerHeaders> {
    const { fullnode } = this.#ports;
    const seen = fullnode.seenWithin(RECENT_MS);
    if (seen !== undefined) return seen;
    const answer = await fullnode.read({ method: 'GET', path: '' }, { ...readOptions(options), fresh: true });
    if (answer.ledger === undefined) throw unexpected(answer, 'an answer without ledger headers');
    return answer.ledger;
  }

  async #fill(sequenceNumber: bigint): Promise<NumberFate> {
    const options = { timeoutMs: FILL_TIMEOUT_MS };
    const gasUnitPrice = await this.#ports.prices.current();
    const open = await this.#sign(
      voidPayload(this.#signer.address),
      { sequenceNumber },
      { maxGasUnits: VOID_GAS_UNITS, gasUnitPrice },
      options,
    );
    try {
      return fateOf(await this.#carryOut(open, false, options));
    } catch {
      // It may be out: the number is free for nothing else until that is known.
      return this.#doubt(open, FILL_TIMEOUT_MS);
    }
  }
}

interface Gas {
  readonly maxGasUnits: bigint;
  readonly gasUnitPrice: bigint;
}

/** A read has a time of its own, shorter than that of the whole. */
const readOptions = ({ signal }: CallOptions): CallOptions => (signal === undefined ? {} : { signal });

const fateOf = ({ status }: CarriedOut): 'used' | 'free' =>
  status === 'committed' || status === 'displaced' ? 'used' : 'free';

/** The transaction, where it did what it was for. @throws FailedTransactionError */
function settled(
  { hash }: SignedTransaction,
  end: CarriedOut,
  { boundAborts }: Pick<AptosConfig, 'boundAborts'>,
): CommittedTransaction {
  switch (end.status) {
    case 'committed': {
      if (end.transaction.success) return end.transaction;
      const { reason, code, detail } = classifyVmStatus(end.transaction.vm_status, boundAborts);
      throw new FailedTransactionError(hash, 'aborted', `${reason}: ${detail}`, { providerCode: code });
    }
    case 'refused':
      throw new FailedTransactionError(hash, 'refused', end.answer.detail, { providerCode: end.answer.code });
    case 'expired':
      throw new FailedTransactionError(hash, 'expired', `the ledger of ${end.ledger.node} is past its end without it`);
    case 'displaced':
      throw new FailedTransactionError(hash, 'displaced', 'another transaction used its number: who else has the key?');
  }
}
