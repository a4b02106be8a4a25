import { type Attributes, type Context, SpanKind } from '@opentelemetry/api';

import type {
  Finding,
  MobileMoneyProvider,
  Operation,
  ProviderFactory,
  QueryRequest,
  SubmitRequest,
} from '../provider.ts';
import { redactText } from '../redact.ts';
import { measured } from './measured-call.ts';
import { ATTRIBUTES } from './names.ts';
import { type Observer, PROVIDER } from './observed-transport.ts';
import type { Told } from './spans.ts';
import { withMethods } from './with-methods.ts';

/** A provider whose calls to its operator are spans and measurements. It does and answers what it did before. */
export const observedProvider =
  (factory: ProviderFactory, observer: Observer): ProviderFactory =>
  (environment) =>
    observe(factory({ ...environment, transport: observer.transportOf(environment.transport) }), observer);

const nothing = (): Told => ({ attributes: {} });

function observe(provider: MobileMoneyProvider, observer: Observer): MobileMoneyProvider {
  const around = <T>(
    operation: Operation,
    request: SubmitRequest | QueryRequest | undefined,
    work: () => Promise<T>,
    tell: (result: T) => Told,
  ): Promise<T> => {
    const labels: Attributes = {
      [ATTRIBUTES.provider]: provider.name,
      [ATTRIBUTES.operation]: operation,
      ...(request === undefined ? {} : { [ATTRIBUTES.route]: request.route.id }),
    };
    const call = {
      metric: 'operatorCall',
      name: `${operation} ${provider.name}`,
      kind: SpanKind.CLIENT,
      labels,
      attributes: { ...labels, ...(request === undefined ? {} : describe(request)) },
      mark: (within: Context) => within.setValue(PROVIDER, provider.name),
      tell,
      ...(request === undefined ? {} : { traceId: request.reference }),
    } as const;
    return measured(observer, call, work);
  };
  return withMethods(provider, {
    collect: (request, options) =>
      around('collect', request, async () => provider.collect(request, options), toldOfFinding),
    disburse: (request, options) =>
      around('disburse', request, async () => provider.disburse(request, options), toldOfFinding),
    remit: (request, options) => around('remit', request, async () => provider.remit(request, options), toldOfFinding),
    refund: (request, options) =>
      around('refund', request, async () => provider.refund(request, options), toldOfFinding),
    query: (request, options) => around('query', request, async () => provider.query(request, options), toldOfFinding),
    balance: (options) => around('balance', undefined, async () => provider.balance(options), nothing),
    lookupAccount: (msisdn, options) =>
      around('lookupAccount', undefined, async () => provider.lookupAccount(msisdn, options), nothing),
  });
}

const describe = ({ reference, route }: SubmitRequest | QueryRequest): Attributes => ({
  [ATTRIBUTES.reference]: reference,
  [ATTRIBUTES.country]: route.country,
  [ATTRIBUTES.currency]: route.currency,
  [ATTRIBUTES.paymentType]: route.type,
});

/** A decline is an answer, not a fault; an answer that nobody can read is one. */
function toldOfFinding(finding: Finding): Told {
  return {
    isFault: finding.status === 'unknown',
    attributes: {
      [ATTRIBUTES.finding]: finding.status,
      ...(finding.status === 'failed' ? { [ATTRIBUTES.paymentReason]: finding.reason } : {}),
      ...(finding.code === undefined ? {} : { [ATTRIBUTES.operatorCode]: redactText(finding.code) }),
    },
  };
}
