import {
  AccountAddress,
  type AccountAuthenticator,
  type AnyRawTransaction,
  ChainId,
  Ed25519Account,
  Ed25519PrivateKey,
  EntryFunction,
  type EntryFunctionArgument,
  generateSignedTransaction,
  MoveVector,
  parseTypeTag,
  RawTransaction,
  SimpleTransaction,
  TransactionExecutableEntryFunction,
  TransactionExtraConfigV1,
  TransactionInnerPayloadV1,
  TransactionPayloadEntryFunction,
  U64,
} from '@aptos-labs/ts-sdk';
import type { HttpRequest, HttpResponse } from '@canza/core';
import { createSeededRandom, createTurnedClock, type TurnedClock } from '@canza/core/testing';

import { type AptosEmulator, createAptosEmulator } from '../src/aptos/emulator.ts';
import { type Address, APT } from '../src/aptos/move/address.ts';
import type { AptosEmulatorOptions } from '../src/aptos/settings.ts';
import { createFaultPlan } from '../src/faults.ts';

export const BASE = 'http://aptos.test/v1';
const BCS = 'application/x.aptos.signed_transaction+bcs';
const OPENING_OCTAS = 10_000_000_000n;

/** An account whose key follows from a number: the same in every run. */
export const accountOf = (seed: number): Ed25519Account =>
  new Ed25519Account({ privateKey: new Ed25519PrivateKey(new Uint8Array(32).fill(seed)) });

export const addressOf = (account: { readonly accountAddress: AccountAddress }): Address =>
  account.accountAddress.toStringLong();

export interface TransactionParts {
  readonly sequenceNumber?: bigint;
  readonly nonce?: bigint;
  readonly maxGas?: bigint;
  readonly price?: bigint;
  /** Seconds from the clock's time on. */
  readonly lifetimeSeconds?: number;
  readonly chainId?: number;
}

/** `0x1::aptos_account::transfer` and the like, with arguments of the SDK's types. */
export const call = (
  name: `${string}::${string}`,
  args: EntryFunctionArgument[],
  typeArgs: readonly string[] = [],
): EntryFunction => {
  const at = name.lastIndexOf('::');
  const types = typeArgs.map((each) => parseTypeTag(each));
  return EntryFunction.build(name.slice(0, at) as `${string}::${string}`, name.slice(at + 2), types, args);
};

export const transfer = (to: Address, octas: bigint): EntryFunction =>
  call('0x1::aptos_account::transfer', [AccountAddress.from(to), new U64(octas)]);

export const batchTransfer = (
  asset: Address,
  recipients: readonly Address[],
  amounts: readonly bigint[],
): EntryFunction =>
  call('0x1::aptos_account::batch_transfer_fungible_assets', [
    AccountAddress.from(asset),
    new MoveVector(recipients.map((each) => AccountAddress.from(each))),
    MoveVector.U64([...amounts]),
  ]);

/** A person with an SDK, and the emulator as a plain function on a clock that is turned by hand. */
export class AptosCaller {
  readonly clock: TurnedClock;
  readonly emulator: AptosEmulator;
  readonly alice = accountOf(1);
  readonly bob = accountOf(2);

  constructor(options: Partial<AptosEmulatorOptions> = {}) {
    this.clock = createTurnedClock();
    this.emulator = createAptosEmulator({
      clock: this.clock,
      random: createSeededRandom(7),
      faults: createFaultPlan(),
      balances: [
        { owner: addressOf(this.alice), asset: APT, amountMinor: OPENING_OCTAS },
        { owner: addressOf(this.bob), asset: APT, amountMinor: OPENING_OCTAS },
      ],
      ...options,
    });
  }

  raw(sender: AccountAddress, payload: EntryFunction, parts: TransactionParts = {}): RawTransaction {
    const { sequenceNumber = 0n, nonce, maxGas = 20_000n, price = 100n, lifetimeSeconds = 30, chainId = 4 } = parts;
    const expiry = BigInt(Math.floor(this.clock.nowMs() / 1000) + lifetimeSeconds);
    const wrapped =
      nonce === undefined
        ? new TransactionPayloadEntryFunction(payload)
        : new TransactionInnerPayloadV1(
            new TransactionExecutableEntryFunction(payload),
            new TransactionExtraConfigV1(undefined, nonce),
          );
    return new RawTransaction(sender, sequenceNumber, wrapped, maxGas, price, expiry, new ChainId(chainId));
  }

  /** A transaction signed by one account, as it goes over the wire. */
  signed(from: Ed25519Account, payload: EntryFunction, parts?: TransactionParts): Uint8Array {
    const transaction = new SimpleTransaction(this.raw(from.accountAddress, payload, parts));
    return generateSignedTransaction({
      transaction,
      senderAuthenticator: from.signTransactionWithAuthenticator(transaction),
    });
  }

  /** Signs for a fee payer; the sender signs before anybody knows who pays. */
  sponsored(from: Ed25519Account, payer: Ed25519Account, payload: EntryFunction, parts?: TransactionParts): Uint8Array {
    const transaction: AnyRawTransaction = new SimpleTransaction(
      this.raw(from.accountAddress, payload, parts),
      AccountAddress.ZERO,
    );
    const senderAuthenticator: AccountAuthenticator = from.signTransactionWithAuthenticator(transaction);
    transaction.feePayerAddress = payer.accountAddress;
    const feePayerAuthenticator = payer.signTransactionWithAuthenticator(transaction);
    return generateSignedTransaction({ transaction, senderAuthenticator, feePayerAuthenticator });
  }

  get(path: string): Promise<HttpResponse> {
    return this.#exchange({ method: 'GET', url: BASE + path, headers: {} });
  }

  async json(path: string): Promise<Readonly<Record<string, unknown>>> {
    return JSON.parse((await this.get(path)).body) as Record<string, unknown>;
  }

  post(path: string, body: unknown): Promise<HttpResponse> {
    const headers = { 'content-type': 'application/json' };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.#exchange({ method: 'POST', url: BASE + path, headers, body: text });
  }

  postBytes(path: string, bytes: Uint8Array, contentType = BCS): Promise<HttpResponse> {
    return this.#exchange({ method: 'POST', url: BASE + path, headers: { 'content-type': contentType }, bytes });
  }

  /** Sends a transaction; the answer with its body read. */
  async submit(
    bytes: Uint8Array,
  ): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
    const { status, body } = await this.postBytes('/transactions', bytes);
    return { status, body: JSON.parse(body) as Record<string, unknown> };
  }

  /** Sends a transaction that is taken, and lets the next block come. Returns its hash. */
  async commit(bytes: Uint8Array): Promise<Address> {
    const { status, body } = await this.submit(bytes);
    if (status !== 202) throw new Error(`Not taken: ${JSON.stringify(body)}`);
    await this.clock.advance(200);
    return body['hash'] as Address;
  }

  #exchange(request: HttpRequest): Promise<HttpResponse> {
    return this.clock.runUntil(this.emulator.handle(request));
  }
}
