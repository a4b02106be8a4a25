import type { ProviderBehaviour, ProviderFault, ProviderStage, ProviderWorld } from '../src/contracts/index.ts';
import {
  AuthenticationError,
  type CallOptions,
  type Finding,
  InvalidCallbackError,
  type MobileMoneyProvider,
  PaymentError,
  type QueryRequest,
  RateLimitError,
  type Route,
  refuseUnsupported,
  type SubmitFinding,
  type SubmitRequest,
  TransportError,
  UnexpectedResponseError,
} from '../src/index.ts';

/** What the model needs until every payment is decided. */
export const DECIDED_AFTER_MS = 1000;

const TOKEN = 't0p-s3cr3t-t0k3n';
const MSISDN = '254712345678';

interface Reply {
  readonly status: number;
  readonly body: string;
}

interface Booked {
  readonly behaviour: ProviderBehaviour;
  readonly decidedAtMs: number;
  count: number;
}

/** The smallest operator that keeps books: it charges for every request that reaches it, and refuses no second one. */
export class ModelOperator {
  readonly #booked = new Map<string, Booked>();
  #behaviour: ProviderBehaviour = 'approves';
  #armed: { readonly stage: ProviderStage; readonly fault: ProviderFault } | undefined;
  nowMs = 0;

  behave(behaviour: ProviderBehaviour): void {
    this.#behaviour = behaviour;
  }

  arm(stage: ProviderStage, fault: ProviderFault): void {
    this.#armed = { stage, fault };
  }

  movements(reference: string): number {
    const booked = this.#booked.get(reference);
    return booked?.behaviour === 'approves' && this.nowMs >= booked.decidedAtMs ? booked.count : 0;
  }

  /** What its callback says, once it is decided. */
  outcome(reference: string): string | undefined {
    const booked = this.#booked.get(reference);
    if (booked === undefined || this.nowMs < booked.decidedAtMs || booked.behaviour === 'ignores') return undefined;
    return JSON.stringify({ result: booked.behaviour });
  }

  /** One exchange over a line that fails as it was told to, once. */
  async exchange(stage: ProviderStage, request?: SubmitRequest | QueryRequest): Promise<Reply> {
    const fault = this.#armed?.stage === stage ? this.#armed.fault : undefined;
    if (fault !== undefined) this.#armed = undefined;
    if (fault === 'request-lost') throw new TransportError('connection-lost', 'The line broke.');
    if (fault === 'error-500-before') return { status: 500, body: 'down' };
    if (fault === 'html') return { status: 200, body: '<html>Access denied</html>' };
    if (fault === 'too-many-requests') return { status: 429, body: '{}' };
    if (fault === 'token-refused') return { status: 401, body: '{}' };
    const reply = { status: 200, body: this.#answer(stage, request) };
    if (fault === 'reply-lost') throw new TransportError('connection-lost', 'The line broke.');
    if (fault === 'hang') throw new TransportError('timeout', 'No reply within 300 ms.');
    if (fault === 'error-500-after') return { status: 500, body: reply.body };
    if (fault === 'empty-200') return { status: 200, body: '' };
    if (fault === 'cut-json') return { status: 200, body: reply.body.slice(0, -3) };
    return reply;
  }

  #answer(stage: ProviderStage, request: SubmitRequest | QueryRequest | undefined): string {
    if (stage === 'token' || request === undefined) return JSON.stringify({ token: TOKEN });
    const { reference } = request;
    if (stage === 'query') return this.outcome(reference) ?? JSON.stringify({ result: 'waiting' });
    const booked = this.#booked.get(reference) ?? {
      behaviour: this.#behaviour,
      decidedAtMs: this.nowMs + DECIDED_AFTER_MS,
      count: 0,
    };
    booked.count += 1;
    this.#booked.set(reference, booked);
    return JSON.stringify({ result: 'accepted', id: `op-${reference}` });
  }
}

const route: Route = {
  id: 'model:collection',
  provider: 'model',
  operator: 'ke-63902',
  country: 'KE',
  currency: 'KES',
  type: 'collection',
  decimals: 2,
  deduplicates: false,
  timing: { firstQueryAfterMs: 0, queryEveryMs: 100, notFoundIsProofAfterMs: null, settlesWithinMs: 500 },
};

function read({ status, body }: Reply): { readonly result?: string; readonly id?: string } {
  if (status === 429) throw new RateLimitError('Too often.', { provider: 'model' });
  if (status === 401) throw new AuthenticationError('The token was refused.', { provider: 'model' });
  try {
    if (status === 200) return JSON.parse(body) as { result?: string };
  } catch {
    // As unreadable as any other.
  }
  throw new UnexpectedResponseError('The reply is not readable.', { status, body }, { provider: 'model' });
}

function findingOf(result: string | undefined): Finding {
  if (result === 'approves') return { status: 'succeeded' };
  if (result === 'declines') return { status: 'failed', reason: 'cancelled-by-payer' };
  if (result === 'lacks-funds') return { status: 'failed', reason: 'insufficient-funds' };
  return result === 'waiting' ? { status: 'pending' } : { status: 'unknown' };
}

/** A provider that keeps the contract, but for what a test has it do otherwise. */
export function createModelProvider(
  operator: ModelOperator,
  lie: (operator: ModelOperator, honest: MobileMoneyProvider) => Partial<MobileMoneyProvider> = () => ({}),
): MobileMoneyProvider {
  const authorise = async (): Promise<void> => {
    try {
      read(await operator.exchange('token'));
    } catch (cause) {
      throw new AuthenticationError('No token could be had.', { provider: 'model', cause });
    }
  };
  const collect = async (request: SubmitRequest, _options?: CallOptions): Promise<SubmitFinding> => {
    await authorise();
    const { id } = read(await operator.exchange('submit', request));
    return { status: 'pending', ...(id === undefined ? {} : { references: { id } }) };
  };
  const no = 'the model only collects';
  const honest: MobileMoneyProvider = {
    name: 'model',
    routes: [route],
    capabilities: {
      collect: 'supported',
      disburse: { unsupported: no },
      remit: { unsupported: no },
      refund: { unsupported: no },
      query: 'supported',
      balance: { unsupported: no },
      lookupAccount: { unsupported: no },
    },
    collect,
    disburse: refuseUnsupported('model', 'disburse', no),
    remit: refuseUnsupported('model', 'remit', no),
    refund: refuseUnsupported('model', 'refund', no),
    query: async (request) => findingOf(read(await operator.exchange('query', request)).result),
    balance: refuseUnsupported('model', 'balance', no),
    lookupAccount: refuseUnsupported('model', 'lookupAccount', no),
    readCallback: ({ body }) => {
      let result: unknown;
      try {
        result = (JSON.parse(body) as { result?: unknown } | null)?.result;
      } catch (cause) {
        throw new InvalidCallbackError('The callback is not JSON.', { cause });
      }
      if (typeof result !== 'string') throw new InvalidCallbackError('The callback has no result.');
      return {
        finding: findingOf(result),
        trust: 'hint',
        acknowledgement: { contentType: 'application/json', body: '{}' },
      };
    },
  };
  return { ...honest, ...lie(operator, honest) };
}

/** A world for the provider's contract around the model. */
export function createModelWorld(lie?: Parameters<typeof createModelProvider>[1]): ProviderWorld {
  const operator = new ModelOperator();
  const provider = createModelProvider(operator, lie);
  let requests = 0;
  return {
    provider,
    newRequest: () => {
      requests += 1;
      return {
        route,
        reference: `reference-${requests}`,
        money: { currency: 'KES', amountMinor: 1000n },
        msisdn: MSISDN,
        callbackUrl: `https://us.example/callbacks/${requests}`,
      };
    },
    behave: (behaviour) => operator.behave(behaviour),
    arm: (stage, fault) => {
      if (stage === 'token' && fault === 'token-refused') return false;
      operator.arm(stage, fault);
      return true;
    },
    movements: ({ reference }) => operator.movements(reference),
    pass: async (durationMs) => void (operator.nowMs += durationMs),
    callbacks: ({ reference }) => {
      const body = operator.outcome(reference);
      return body === undefined ? [] : [{ method: 'POST', headers: {}, body }];
    },
    secrets: [TOKEN, MSISDN],
    close: async () => undefined,
  };
}

/** A token as a liar would show it. */
export const leak = (): PaymentError => Object.assign(new AuthenticationError('Refused.'), { token: TOKEN });
