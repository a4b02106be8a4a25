import {
  type CallOptions,
  type Environment,
  type Estimate,
  type EstimateRequest,
  type NetworkCapabilities,
  type NetworkFactory,
  type NetworkRules,
  type SettlementNetwork,
  type SignedTransaction,
  type SubmitAnswer,
  type Support,
  TransportError,
} from '@canza/core';

import { readAccount } from '../account.ts';
import { parseAddress } from '../address.ts';
import { FEE_ASSET } from '../assets.ts';
import { type AptosConfig, type AptosSettings, parseAptosConfig } from '../config.ts';
import { createFullnode, type Fullnode } from '../fullnode/fullnode.ts';
import { nextBucketPrice } from '../gas.ts';
import { snapshotOf } from '../ledger.ts';
import { nonceOf } from '../nonce.ts';
import { PriceReader } from '../price.ts';
import { parseRecipient } from '../recipient.ts';
import { simulate } from '../simulate.ts';
import { classifySubmission } from '../submission.ts';
import { balanceOf } from '../views.ts';
import { classifyVmStatus } from '../vm-status.ts';
import { buildTransaction, NO_NUMBER, signerOf } from './build.ts';
import { assetById, payloadOf } from './calls.ts';
import { checkConfiguration } from './check.ts';
import { explainAbort } from './explain.ts';
import { lookAt } from './look.ts';

/**
 * Settlement on Aptos. Checks the settings at once.
 * @throws ConfigError naming the first field that is not usable; never a key.
 */
export function aptos(settings: AptosSettings): NetworkFactory {
  const config = parseAptosConfig(settings);
  return (environment) => createAptosNetwork(config, environment);
}

/** Finality comes within a second, and a node holds the question until then. */
const FIRST_LOOK_AFTER_MS = 50;
const LOOK_EVERY_MS = 1000;
const BUMP_AFTER_MS = 10_000;
/** Source: docs/providers/aptos.md#sequence-numbers-and-nonces */
const MOST_PENDING = { sequence: 100, orderless: 1000 } as const;

function createAptosNetwork(config: AptosConfig, environment: Environment): SettlementNetwork {
  const fullnode: Fullnode = createFullnode(config, environment);
  const prices = new PriceReader(fullnode, config, environment.clock);
  let { assets } = config;

  const estimate = async (request: EstimateRequest, options?: CallOptions): Promise<Estimate> => {
    const signer = signerOf(config, request.sender);
    const payload = payloadOf(request.call, signer.address, config);
    const simulated = await simulate({ fullnode, config, prices }, signer, payload, options);
    if (!simulated.success) {
      const abort = classifyVmStatus(simulated.vmStatus, config.boundAborts);
      const explained = await explainAbort(fullnode, assets, abort, request.call, signer.address, options);
      return { status: 'would-abort', ...explained };
    }
    return {
      status: 'would-commit',
      fee: { maxUnits: String(simulated.maxGasUnits), unitPrice: String(simulated.gasUnitPrice) },
      expectedFee: simulated.gasUsed * simulated.gasUnitPrice,
    };
  };

  const submit = async ({ bytes, hash }: SignedTransaction, options?: CallOptions): Promise<SubmitAnswer> => {
    try {
      const request = { method: 'POST', path: 'transactions', bcs: Buffer.from(bytes, 'base64') } as const;
      return classifySubmission(await fullnode.send(request, options), hash);
    } catch (error) {
      if (!TransportError.isInstance(error)) throw error;
      // No connection says that these bytes went nowhere this time, not that they never did.
      return { status: 'unknown', code: error.failure, detail: error.message };
    }
  };

  return {
    name: config.name,
    capabilities: capabilitiesOf(config),
    rules: rulesOf(config),
    senders: [...config.senders.keys()],
    assets: config.assets.map(({ currency, id, decimals }) => ({ currency, id, decimals })),
    feeAsset: { currency: FEE_ASSET.currency, id: FEE_ASSET.id, decimals: FEE_ASSET.decimals },
    parseAddress: parseRecipient,
    check: async (options) => {
      assets = await checkConfiguration(fullnode, config, options);
    },
    ledger: async (options) =>
      snapshotOf(await fullnode.read({ method: 'GET', path: '' }, { ...options, fresh: true })),
    nextSlot: async ({ sender, reference }, options) => {
      const { address } = signerOf(config, sender);
      if (config.orderless) return String(nonceOf(reference));
      return String((await readAccount(fullnode, address, options)).sequenceNumber);
    },
    estimate,
    raiseFee({ maxUnits, unitPrice }) {
      const price = nextBucketPrice(BigInt(unitPrice));
      return price === undefined || price > config.maxGasUnitPrice ? undefined : { maxUnits, unitPrice: String(price) };
    },
    build: (request) => buildTransaction(config, request),
    submit,
    look: (request, options) =>
      lookAt(
        {
          fullnode,
          assets,
          orderless: config.orderless,
          boundAborts: config.boundAborts,
          explain: (abort, call, sender, within) => explainAbort(fullnode, assets, abort, call, sender, within),
        },
        request,
        options,
      ),
    balance: async (owner, asset, options) =>
      balanceOf(
        fullnode,
        asset === FEE_ASSET.id ? FEE_ASSET : assetById(assets, asset),
        parseAddress(owner, 'owner'),
        options,
      ),
  };
}

function rulesOf({ orderless, maxBatchSize }: AptosConfig): NetworkRules {
  return {
    slotOrder: orderless ? 'unordered' : 'ordered',
    slotGuards: orderless ? 'until-expiry' : 'for-ever',
    maxPendingPerSender: orderless ? MOST_PENDING.orderless : MOST_PENDING.sequence,
    maxBatchSize,
    firstLookAfterMs: FIRST_LOOK_AFTER_MS,
    lookEveryMs: LOOK_EVERY_MS,
    bumpAfterMs: BUMP_AFTER_MS,
  };
}

const unless = (why: string | undefined): Support => (why === undefined ? 'supported' : { unsupported: why });

function capabilitiesOf({ orderless, feePayer, pools, maxBatchSize }: AptosConfig): NetworkCapabilities {
  const number = orderless ? NO_NUMBER : undefined;
  const pool = pools.size === 0 ? 'no pool is configured' : undefined;
  return {
    batch: unless(maxBatchSize === 1 ? 'maxBatchSize is 1' : undefined),
    feePayer: unless(feePayer === undefined ? 'no fee payer is configured' : undefined),
    bump: unless(number),
    void: unless(number),
    addLiquidity: unless(pool),
    removeLiquidity: unless(pool),
    swap: unless(pool),
  };
}
