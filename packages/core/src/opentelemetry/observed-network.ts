import { SpanKind } from '@opentelemetry/api';

import type { NetworkFactory, SettlementNetwork } from '../settlement-network.ts';
import { measured } from './measured-call.ts';
import { ATTRIBUTES } from './names.ts';
import type { Observer } from './observed-transport.ts';
import type { Told } from './spans.ts';
import { traceIdOfTransaction } from './trace-ids.ts';
import { withMethods } from './with-methods.ts';

/** A network whose questions and submissions are measured; what concerns a transaction is a span in the transaction's trace. */
export const observedNetwork =
  (factory: NetworkFactory, observer: Observer): NetworkFactory =>
  (environment) =>
    observe(factory({ ...environment, transport: observer.transportOf(environment.transport) }), observer);

function observe(network: SettlementNetwork, observer: Observer): SettlementNetwork {
  const around = <T>(
    operation: string,
    hash: string | undefined,
    work: () => Promise<T>,
    answerOf: (result: T) => string | undefined = () => undefined,
  ): Promise<T> => {
    const labels = { [ATTRIBUTES.network]: network.name, [ATTRIBUTES.operation]: operation };
    const tell = (result: T): Told => {
      const answer = answerOf(result);
      return { attributes: answer === undefined ? {} : { [ATTRIBUTES.networkAnswer]: answer } };
    };
    const call = {
      metric: 'networkCall',
      name: `${operation} ${network.name}`,
      kind: SpanKind.CLIENT,
      labels,
      attributes: { ...labels, ...(hash === undefined ? {} : { [ATTRIBUTES.transactionHash]: hash }) },
      tell,
      ...(hash === undefined ? {} : { traceId: traceIdOfTransaction(hash) }),
    } as const;
    return measured(observer, call, work);
  };
  return withMethods(network, {
    check: (options) => around('check', undefined, async () => network.check(options)),
    ledger: (options) => around('ledger', undefined, async () => network.ledger(options)),
    nextSlot: (request, options) => around('nextSlot', undefined, async () => network.nextSlot(request, options)),
    estimate: (request, options) =>
      around(
        'estimate',
        undefined,
        async () => network.estimate(request, options),
        ({ status }) => status,
      ),
    submit: (transaction, options) =>
      around(
        'submit',
        transaction.hash,
        async () => network.submit(transaction, options),
        ({ status }) => status,
      ),
    look: (request, options) =>
      around(
        'look',
        request.hashes.at(-1),
        async () => network.look(request, options),
        ({ sightings }) => sightings.at(-1)?.status,
      ),
    balance: (owner, asset, options) =>
      around('balance', undefined, async () => network.balance(owner, asset, options)),
  });
}
