import {
  type CallOptions,
  type Environment,
  formatUnits,
  type LedgerSnapshot,
  systemClock,
  systemRandom,
} from '@canza/core';
import type { OwnedTransport } from '../../transport/default-transport.ts';
import { type Address, parseAddress } from '../address.ts';
import { type AptosAsset, FEE_ASSET } from '../assets.ts';
import { type AptosConfig, type AptosSettings, parseAptosConfig } from '../config.ts';
import { createFullnode, type Fullnode } from '../fullnode/fullnode.ts';
import { readTransactionAnswer } from '../fullnode/transaction-answer.ts';
import type { AptosSigner } from '../keys/signer.ts';
import { snapshotOf } from '../ledger.ts';
import { signerOf } from '../network/build.ts';
import { checkBatchSize } from '../network/calls.ts';
import { checkConfiguration } from '../network/check.ts';
import { publishPayload, transferPayload } from '../payloads.ts';
import { type GasPrices, gasPrices, PriceReader } from '../price.ts';
import { type Simulation, simulate } from '../simulate.ts';
import type { EntryFunction } from '../transaction/raw-transaction.ts';
import { askView, balanceOf, isFrozen, type ViewRequest, type ViewValue } from '../views.ts';
import type { OpenTransaction } from './errors.ts';
import { ownTransport } from './own-transport.ts';
import { type PoolOperations, poolOperations } from './pool-operations.ts';
import { receiptOf, type TransactionReceipt } from './receipt.ts';
import {
  assetByCurrency,
  type EntryFunctionRequest,
  entryFunctionOf,
  parseHash,
  type TransferRequest,
  transferOf,
} from './requests.ts';
import { sdkPorts } from './sdk-ports.ts';
import { AccountSender, type SendOptions } from './sender.ts';
import { waitUntilCommitted } from './wait.ts';

/** What a caller may say about one transaction. */
export interface TransactionOptions extends SendOptions {
  /** Which of the configured accounts sends; the first unless said otherwise. */
  readonly sender?: string;
}

const DEFAULT_WAIT_MS = 60_000;

/** A client of one chain, with the keys of its accounts. Every wait has a deadline and takes an AbortSignal. */
export class AptosClient {
  readonly #config: AptosConfig;
  readonly #environment: Omit<Environment, 'logger'>;
  readonly #transport: OwnedTransport;
  readonly #fullnode: Fullnode;
  readonly #prices: PriceReader;
  readonly #senders = new Map<Address, AccountSender>();
  #assets: readonly AptosAsset[];

  /**
   * Checks the settings at once; asks no node.
   * @param environment What is to be other than the system's clock, randomness and HTTP.
   * @throws ConfigError naming the first field that is not usable; never a key.
   */
  constructor(settings: AptosSettings, environment: Partial<Environment> = {}) {
    this.#config = parseAptosConfig(settings);
    this.#assets = this.#config.assets;
    this.#transport = ownTransport(environment.transport);
    this.#environment = {
      transport: this.#transport.transport,
      clock: environment.clock ?? systemClock,
      random: environment.random ?? systemRandom,
    };
    this.#fullnode = createFullnode(this.#config, this.#environment);
    this.#prices = new PriceReader(this.#fullnode, this.#config, this.#environment.clock);
    const { nodeUrls, headers, exchangeTimeoutMs } = this.#config;
    const [nodeUrl = ''] = nodeUrls;
    sdkPorts.set(this, { nodeUrl, headers, exchangeTimeoutMs, transport: this.#environment.transport });
  }

  /** The accounts that can be sent from, the one that sends unless another is named first. */
  get addresses(): readonly Address[] {
    return [...this.#config.senders.keys()];
  }

  /** Liquidity of the configured pools. */
  get pools(): PoolOperations {
    return poolOperations(this.#config.pools, this.#assets, (payload, options) => this.#send(payload, options));
  }

  /** Checks with the node that it is the chain, the accounts and the assets of the settings. @throws ConfigError */
  async check(options?: CallOptions): Promise<void> {
    this.#assets = await checkConfiguration(this.#fullnode, this.#config, options);
  }

  /** Where the ledger stands, by one answer of one node. */
  async ledger(options?: CallOptions): Promise<LedgerSnapshot> {
    return snapshotOf(await this.#fullnode.read({ method: 'GET', path: '' }, { ...options, fresh: true }));
  }

  /** What an account holds, as decimal text without rounding; our own first account and APT unless said otherwise. */
  async balance(
    { owner, asset }: { readonly owner?: string; readonly asset?: string } = {},
    options?: CallOptions,
  ): Promise<string> {
    const of = asset === undefined ? FEE_ASSET : assetByCurrency(this.#assets, asset);
    const address = owner === undefined ? this.#signer().address : parseAddress(owner, 'owner');
    return formatUnits(await balanceOf(this.#fullnode, of, address, options), of.decimals);
  }

  /** Whether the issuer has frozen an account's units of an asset: a transfer to or from it would abort. */
  async isFrozen(
    { owner, asset }: { readonly owner: string; readonly asset: string },
    options?: CallOptions,
  ): Promise<boolean> {
    return isFrozen(this.#fullnode, assetByCurrency(this.#assets, asset), parseAddress(owner, 'owner'), options);
  }

  /** Sends some of one asset to one account, and waits until it has arrived. */
  async transfer(
    { asset, ...transfer }: TransferRequest & { readonly asset: string },
    options?: TransactionOptions,
  ): Promise<TransactionReceipt> {
    const of = assetByCurrency(this.#assets, asset);
    return this.#send(transferPayload(of, [transferOf(transfer, of)]), options);
  }

  /** Sends some of one asset to many, all or none, in one transaction. */
  async batchTransfer(
    { asset, transfers }: { readonly asset: string; readonly transfers: readonly TransferRequest[] },
    options?: TransactionOptions,
  ): Promise<TransactionReceipt> {
    const of = assetByCurrency(this.#assets, asset);
    const read = transfers.map((transfer, index) => transferOf(transfer, of, `transfers.${index}.`));
    checkBatchSize(read.length, this.#config.maxBatchSize);
    return this.#send(transferPayload(of, read), options);
  }

  /** Calls an entry function. */
  async call(request: EntryFunctionRequest, options?: TransactionOptions): Promise<TransactionReceipt> {
    return this.#send(entryFunctionOf(request), options);
  }

  /** Asks a view function; u64 and larger come back as text. */
  view(request: ViewRequest, options?: CallOptions): Promise<readonly ViewValue[]> {
    return askView(this.#fullnode, request, options);
  }

  /** What an entry function would do and cost as the ledger stands; nothing is sent. */
  simulate(request: EntryFunctionRequest, options: TransactionOptions = {}): Promise<Simulation> {
    const { sender, ...rest } = options;
    const context = { fullnode: this.#fullnode, config: this.#config, prices: this.#prices };
    return simulate(context, this.#signer(sender), entryFunctionOf(request), rest);
  }

  /** What a unit of gas costs now, in octas. */
  gasPrices(options?: CallOptions): Promise<GasPrices> {
    return gasPrices(this.#fullnode, options);
  }

  /**
   * Publishes a compiled package under the sender's address.
   * @param request `metadata` is the package's `PackageMetadata` in BCS, `modules` its bytecode, each module after those it needs.
   */
  publishPackage(
    { metadata, modules }: { readonly metadata: Uint8Array; readonly modules: readonly Uint8Array[] },
    options?: TransactionOptions,
  ): Promise<TransactionReceipt> {
    return this.#send(publishPayload(metadata, modules), options);
  }

  /** A committed transaction; `undefined` while it pends, or where the node does not know it, which proves nothing. */
  async findTransaction(hash: string, options?: CallOptions): Promise<TransactionReceipt | undefined> {
    const wanted = parseHash(hash);
    const path = `transactions/by_hash/${wanted}`;
    const seen = readTransactionAnswer(await this.#fullnode.read({ method: 'GET', path }, options), wanted);
    return seen.status === 'committed' ? receiptOf(seen.transaction, this.#assets) : undefined;
  }

  /**
   * Waits until a transaction, anybody's, is carried out; whether it did what it was for is in the receipt.
   * @throws DeadlineError or AbortedError, `moneyMoved: 'maybe'`: not having seen it proves nothing.
   */
  async waitForTransaction(
    hash: string,
    { timeoutMs = DEFAULT_WAIT_MS, signal }: CallOptions = {},
  ): Promise<TransactionReceipt> {
    const wanted = parseHash(hash);
    const ports = { fullnode: this.#fullnode, clock: this.#environment.clock };
    const options = { timeoutMs, ...(signal === undefined ? {} : { signal }) };
    return receiptOf(await waitUntilCommitted(ports, wanted, options), this.#assets);
  }

  /** Takes up a transaction whose end was not known, with the same bytes: what `UnsettledTransactionError` carries. */
  async resume(unsettled: OpenTransaction, options?: CallOptions): Promise<TransactionReceipt> {
    const sender = this.#sender(unsettled.transaction.raw.sender);
    return receiptOf(await sender.resume(unsettled, options), this.#assets);
  }

  /** Closes the connections that this client has opened itself. */
  close(): Promise<void> {
    return this.#transport.close();
  }

  async #send(payload: EntryFunction, options: TransactionOptions = {}): Promise<TransactionReceipt> {
    const { sender, ...rest } = options;
    return receiptOf(await this.#sender(sender).send(payload, rest), this.#assets);
  }

  #signer(sender = this.addresses[0] ?? ''): AptosSigner {
    return signerOf(this.#config, sender);
  }

  #sender(address?: string): AccountSender {
    const signer = this.#signer(address);
    const known = this.#senders.get(signer.address);
    if (known !== undefined) return known;
    const { clock, random } = this.#environment;
    const ports = { fullnode: this.#fullnode, clock, prices: this.#prices };
    const nonce = (): bigint => Buffer.from(random.bytes(8)).readBigUInt64LE();
    const made = new AccountSender(this.#config, ports, signer, nonce);
    this.#senders.set(signer.address, made);
    return made;
  }
}
