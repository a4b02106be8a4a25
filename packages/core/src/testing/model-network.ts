import { TransportError, UnexpectedResponseError } from '../errors/provider.ts';
import { InvalidRequestError, UnsupportedError } from '../errors/request.ts';
import { sha256Hex } from '../identifiers.ts';
import { storeCall } from '../settlement-call.ts';
import type {
  Asset,
  Estimate,
  Fee,
  LookRequest,
  NetworkCall,
  NetworkCapabilities,
  NetworkFactory,
  NetworkRules,
  SettlementNetwork,
  Sighting,
  SignedTransaction,
  SlotSighting,
  SubmitAnswer,
} from '../settlement-network.ts';
import { FEE_ASSET_ID, hashOf, type ModelLedger, unitsOf, writeBytes } from './model-ledger.ts';

/** What goes wrong with the next exchanges of one kind. */
export type ModelFault =
  /** The node has done it, and its answer is lost. */
  | 'reply-lost'
  /** It never reached the node. */
  | 'request-lost'
  /** A page of a proxy, of which nobody knows what the node did. */
  | 'html-after'
  | 'html-before'
  /** The node takes nothing now. */
  | 'busy'
  /** Taken, and forgotten at once. */
  | 'dropped'
  /** A replica that is 30 s behind answers. */
  | 'lagging';

/** The call of the model network at which a fault strikes. */
export type ModelStage = 'ledger' | 'nextSlot' | 'estimate' | 'submit' | 'look' | 'balance';

/** What the model network is made of. */
export interface ModelNetworkSettings {
  readonly ledger: ModelLedger;
  readonly senders?: readonly string[];
  /** What is configured: nothing else is estimated or built. Default USD and EUR. */
  readonly assets?: readonly Asset[];
  /** Seconds of ledger time; `null` for transactions that never expire. Default 30. */
  readonly validForSeconds?: number | null;
  /** Blocks deep in milliseconds of ledger time until a commit is final. Default 0: at once. */
  readonly finalAfterMs?: number;
  /** Whether an estimate finds out what would abort. Default `true`. */
  readonly simulates?: boolean;
  readonly rules?: Partial<NetworkRules>;
}

/** A network on a {@link ModelLedger}. Several share one ledger, as several processes share one chain. */
export interface ModelNetwork {
  readonly factory: NetworkFactory;
  readonly network: SettlementNetwork;
  /** Everything that was handed to a node, in order. */
  readonly submissions: readonly SignedTransaction[];
  /** Arms a fault for the next `times` exchanges. */
  arm(stage: ModelStage, fault: ModelFault, times?: number): void;
}

/** The assets of the model ledger. */
export const MODEL_ASSETS = {
  fee: { currency: 'GAS', id: FEE_ASSET_ID, decimals: 8 },
  usd: { currency: 'USD', id: 'asset:usd', decimals: 6 },
  eur: { currency: 'EUR', id: 'asset:eur', decimals: 6 },
} as const satisfies Record<string, Asset>;

const ADDRESS = /^acct:[a-z0-9-]{1,60}$/;
const LAG_MS = 30_000;
const PRICES = [100n, 150n, 300n, 500n];
const SUPPORTED: NetworkCapabilities = {
  batch: 'supported',
  feePayer: { unsupported: 'the model ledger has senders only' },
  bump: 'supported',
  void: 'supported',
  addLiquidity: 'supported',
  removeLiquidity: 'supported',
  swap: 'supported',
};

/** A settlement network on a {@link ModelLedger}, with faults on demand. */
export function createModelNetwork(settings: ModelNetworkSettings): ModelNetwork {
  const { ledger, senders = ['acct:treasury'], assets = [MODEL_ASSETS.usd, MODEL_ASSETS.eur] } = settings;
  const { validForSeconds = 30, finalAfterMs = 0, simulates = true } = settings;
  const ordered = ledger.slots === 'numbers';
  const armed: { stage: ModelStage; fault: ModelFault; left: number }[] = [];
  const submissions: SignedTransaction[] = [];

  const takeFault = (stage: ModelStage): ModelFault | undefined => {
    const index = armed.findIndex((each) => each.stage === stage);
    const found = armed[index];
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left === 0) armed.splice(index, 1);
    return found.fault;
  };
  /** One exchange with a node: `work` is what the node does. */
  const exchange = async <T>(stage: ModelStage, work: (lagMs: number) => T): Promise<T> => {
    const fault = takeFault(stage);
    if (fault === 'request-lost') throw new TransportError('not-connected', 'The node cannot be reached.');
    if (fault === 'html-before') throw new UnexpectedResponseError('Not JSON.', { status: 502, body: '<html>' });
    const answer = work(fault === 'lagging' ? LAG_MS : 0);
    if (fault === 'reply-lost') throw new TransportError('timeout', 'No answer came.');
    if (fault === 'html-after') throw new UnexpectedResponseError('Not JSON.', { status: 502, body: '<html>' });
    return answer;
  };

  const assertConfigured = (sender: string, call: NetworkCall): void => {
    if (!senders.includes(sender)) throw new InvalidRequestError({ field: 'sender', expected: 'a configured sender' });
    if (call.kind === 'transfers' && !assets.some(({ id }) => id === call.asset)) {
      throw new InvalidRequestError({ field: 'call.asset', expected: 'a configured asset' });
    }
  };

  const rules: NetworkRules = {
    slotOrder: ordered ? 'ordered' : 'unordered',
    slotGuards: ordered ? 'for-ever' : 'until-expiry',
    maxPendingPerSender: ledger.maxPendingPerSender,
    maxBatchSize: 100,
    firstLookAfterMs: 200,
    lookEveryMs: 500,
    bumpAfterMs: 10_000,
    ...settings.rules,
  };

  const sightingOf = (hash: string, lagMs: number): Sighting => {
    const found = ledger.find(hash, lagMs);
    const base = { hash, ledger: ledger.snapshot('model', lagMs) };
    if (found === undefined) return { ...base, status: 'absent' };
    if (found === 'pending') return { ...base, status: 'pending' };
    const { version, atMs, feePaid, proofs, abort } = found;
    const final = base.ledger.atMs - atMs >= finalAfterMs;
    const committed = { ...base, version: String(version), atMs, feePaid, final };
    return abort === undefined
      ? { ...committed, status: 'committed', proofs: proofsOf(found.transaction.call.kind, proofs) }
      : { ...committed, status: 'aborted', abort };
  };

  const network: SettlementNetwork = {
    name: 'model',
    capabilities: ordered
      ? SUPPORTED
      : {
          ...SUPPORTED,
          bump: { unsupported: 'a nonce guards until expiry only' },
          void: { unsupported: 'a nonce leaves no gap' },
        },
    rules,
    senders,
    assets,
    feeAsset: MODEL_ASSETS.fee,
    parseAddress(address, field = 'address') {
      const canonical = typeof address === 'string' ? address.trim().toLowerCase() : '';
      if (ADDRESS.test(canonical)) return canonical;
      throw new InvalidRequestError({ field, expected: 'an account of the model ledger, such as "acct:alice"' });
    },
    check: async () => exchange('ledger', () => undefined),
    ledger: async () => exchange('ledger', (lagMs) => ledger.snapshot('model', lagMs)),
    nextSlot: async ({ sender, reference }) =>
      ordered ? exchange('nextSlot', () => String(ledger.nextSlot(sender))) : sha256Hex(reference).slice(0, 16),
    async estimate({ sender, call }) {
      assertConfigured(sender, call);
      return exchange('estimate', () => estimate(simulates ? ledger : undefined, sender, call));
    },
    raiseFee(fee: Fee) {
      const price = PRICES.find((each) => each > BigInt(fee.unitPrice));
      return price === undefined ? undefined : { ...fee, unitPrice: price.toString() };
    },
    async build({ sender, slot, call, fee, ledger: seen, replaces }) {
      assertConfigured(sender, call);
      if (call.kind === 'transfers' && call.transfers.length > rules.maxBatchSize) {
        throw new InvalidRequestError({ field: 'transfers', expected: `at most ${rules.maxBatchSize}` });
      }
      if (!ordered && (call.kind === 'void' || replaces !== undefined)) {
        throw new UnsupportedError(call.kind === 'void' ? 'void' : 'bump', 'a nonce guards until expiry only');
      }
      const until = validForSeconds === null ? null : String(BigInt(seen.position) + BigInt(validForSeconds));
      const validUntil = replaces === undefined ? until : replaces.validUntil;
      const bytes = writeBytes({ sender, slot, call: storeCall(call), fee, validUntil });
      return { sender, slot, bytes, hash: hashOf(bytes), fee, validUntil, bornAtVersion: seen.version };
    },
    async submit(transaction) {
      submissions.push(transaction);
      const isFull = armed.some(({ stage, fault }) => stage === 'submit' && fault === 'busy');
      const isDropped = armed.some(({ stage, fault }) => stage === 'submit' && fault === 'dropped');
      return exchange('submit', () => {
        if (isFull) return busy();
        const answer = answerOf(ledger.submit(transaction.bytes));
        if (isDropped) ledger.drop(transaction.hash);
        return answer;
      });
    },
    look: async ({ sender, slot, hashes }: LookRequest) =>
      exchange('look', (lagMs) => {
        const sightings = hashes.map((hash) => sightingOf(hash, lagMs));
        const found = sightings.some(({ status }) => status === 'committed' || status === 'aborted');
        if (found || !ordered) return { sightings };
        const by = lagMs === 0 ? ledger.usedBy(sender, slot) : undefined;
        const seen = { ledger: ledger.snapshot('model', lagMs) };
        const used: SlotSighting = by === undefined ? { ...seen, status: 'free' } : { ...seen, status: 'used', by };
        return { sightings, slot: used };
      }),
    balance: async (owner, asset) => exchange('balance', () => ledger.balance(owner, asset)),
  };

  return {
    factory: () => network,
    network,
    submissions,
    arm: (stage, fault, times = 1) => void armed.push({ stage, fault, left: times }),
  };
}

function estimate(ledger: ModelLedger | undefined, sender: string, call: NetworkCall): Estimate {
  const units = unitsOf(call);
  if (call.kind === 'transfers' && ledger !== undefined) {
    const total = call.transfers.reduce((sum, { amount }) => sum + amount, 0n);
    if (call.transfers.some(({ to }) => ledger.isFrozen(to))) {
      return { status: 'would-abort', reason: 'recipient-refused', code: 'FROZEN', detail: 'The store is frozen.' };
    }
    if (ledger.balance(sender, call.asset) < total) {
      return { status: 'would-abort', reason: 'insufficient-balance', code: 'BALANCE', detail: 'Not enough is held.' };
    }
  }
  const fee = { maxUnits: ((units * 3n) / 2n).toString(), unitPrice: '100' };
  return { status: 'would-commit', fee, expectedFee: units * 100n };
}

const proofsOf = <Proof>(kind: NetworkCall['kind'], proofs: readonly Proof[]): readonly Proof[] =>
  kind === 'void' ? [] : proofs;

const busy = (): SubmitAnswer => ({ status: 'busy', code: 'FULL', detail: 'The pool is full.', retryAfterMs: 1000 });

function answerOf(result: ReturnType<ModelLedger['submit']>): SubmitAnswer {
  switch (result) {
    case 'accepted':
      return { status: 'accepted' };
    case 'known':
      return { status: 'known', code: 'SLOT_USED', detail: 'The slot is used.' };
    case 'full':
      return busy();
    case 'expired':
    case 'price-too-low':
    case 'cannot-pay-fee':
      return { status: 'refused', reason: result, code: result.toUpperCase(), detail: 'The node has not taken it.' };
  }
}
