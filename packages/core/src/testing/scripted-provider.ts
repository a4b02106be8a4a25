import { InvalidCallbackError } from '../errors/provider.ts';
import {
  type CallbackReport,
  type Finding,
  type IncomingCallback,
  type MobileMoneyProvider,
  type PaymentType,
  type ProviderFactory,
  type ProviderReferences,
  type QueryRequest,
  type Route,
  type RouteTiming,
  refuseUnsupported,
  type SubmitFinding,
  type SubmitRequest,
} from '../provider.ts';

/** One answer of the script: a finding, an error to throw, or a function of the request. */
export type ProviderAnswer<Request, Answer extends Finding> = Answer | Error | ((request: Request) => Promise<Answer>);

/** What a scripted provider pretends to be. */
export interface ScriptedProviderSettings {
  readonly name?: string;
  readonly type?: PaymentType;
  /** What of the route is to differ from a KES collection over one shortcode. */
  readonly route?: Partial<Route>;
  readonly timing?: Partial<RouteTiming>;
}

/** A provider for tests of what stands above it: its answers are a script, its requests are kept. */
export interface ScriptedProvider {
  readonly factory: ProviderFactory;
  readonly route: Route;
  /** Every send so far: the test counts how often money could have moved. */
  readonly sends: readonly SubmitRequest[];
  readonly queries: readonly QueryRequest[];
  /** Adds answers to sends; when none is left, a send finds `pending`. */
  onSend(...answers: readonly ProviderAnswer<SubmitRequest, SubmitFinding>[]): void;
  /** Adds answers to queries; the last one is given again and again. Without any, a query finds `pending`. */
  onQuery(...answers: readonly ProviderAnswer<QueryRequest, Finding>[]): void;
}

const TIMING: RouteTiming = {
  firstQueryAfterMs: 10_000,
  queryEveryMs: 15_000,
  notFoundIsProofAfterMs: null,
  settlesWithinMs: 180_000,
};

const NO_ACCOUNTS = 'a scripted provider has no accounts';
const NO_WALLETS = 'a scripted provider has no wallets';

/** Makes a scripted provider. Its callbacks are JSON: `{ finding, msisdn?, signed?, vouchers?, answersQuery? }`. */
export function createScriptedProvider(settings: ScriptedProviderSettings = {}): ScriptedProvider {
  const { name = 'scripted', type = 'collection' } = settings;
  const route: Route = {
    id: `${name}:${type}`,
    provider: name,
    operator: 'ke-63902',
    country: 'KE',
    currency: 'KES',
    type,
    decimals: 0,
    deduplicates: false,
    ...settings.route,
    timing: { ...TIMING, ...settings.timing },
  };
  const sends: SubmitRequest[] = [];
  const queries: QueryRequest[] = [];
  const sendAnswers: ProviderAnswer<SubmitRequest, SubmitFinding>[] = [];
  const queryAnswers: ProviderAnswer<QueryRequest, Finding>[] = [];

  const submit = async (request: SubmitRequest): Promise<SubmitFinding> => {
    sends.push(request);
    return give(sendAnswers.shift() ?? { status: 'pending', references: { id: `${type}-${sends.length}` } }, request);
  };
  const provider: MobileMoneyProvider = {
    name,
    routes: [route],
    capabilities: {
      collect: 'supported',
      disburse: 'supported',
      remit: 'supported',
      refund: 'supported',
      query: 'supported',
      balance: { unsupported: NO_ACCOUNTS },
      lookupAccount: { unsupported: NO_WALLETS },
    },
    collect: submit,
    disburse: submit,
    remit: submit,
    refund: submit,
    query: async (request) => {
      queries.push(request);
      const answer = queryAnswers.length > 1 ? queryAnswers.shift() : queryAnswers[0];
      return give(answer ?? { status: 'pending' }, request);
    },
    balance: refuseUnsupported(name, 'balance', NO_ACCOUNTS),
    lookupAccount: refuseUnsupported(name, 'lookupAccount', NO_WALLETS),
    readCallback,
  };
  return {
    factory: () => provider,
    route,
    sends,
    queries,
    onSend: (...answers) => void sendAnswers.push(...answers),
    onQuery: (...answers) => void queryAnswers.push(...answers),
  };
}

async function give<Request, Answer extends Finding>(
  answer: ProviderAnswer<Request, Answer>,
  request: Request,
): Promise<Answer> {
  if (answer instanceof Error) throw answer;
  return typeof answer === 'function' ? answer(request) : answer;
}

function readCallback({ body }: IncomingCallback): CallbackReport {
  let read: null | {
    finding?: Finding;
    msisdn?: string;
    signed?: boolean;
    vouchers?: ProviderReferences;
    answersQuery?: true;
  };
  try {
    read = JSON.parse(body, (key, value: unknown) =>
      key === 'amountMinor' ? BigInt(String(value)) : value,
    ) as typeof read;
  } catch (cause) {
    throw new InvalidCallbackError('The callback is not JSON.', { cause });
  }
  if (read?.finding === undefined) throw new InvalidCallbackError('The callback says nothing.');
  return {
    finding: read.finding,
    trust: read.signed === true ? 'signed' : 'hint',
    acknowledgement: { contentType: 'application/json', body: '{"received":true}' },
    ...(read.msisdn === undefined ? {} : { msisdn: read.msisdn }),
    ...(read.vouchers === undefined ? {} : { vouchers: read.vouchers }),
    ...(read.answersQuery === undefined ? {} : { answersQuery: read.answersQuery }),
  };
}
