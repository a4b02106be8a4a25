import { SpanKind } from '@opentelemetry/api';

import type { NetworkFactory, SettlementNetwork } from '../settlement-network.ts';
import { ATTRIBUTES } from './names.ts';
import type { Observer } from './observed-transport.ts';
import { type Told, toldOf } from './spans.ts';
import { traceIdOfTransaction } from './trace-ids.ts';
import { withMethods } from './with-methods.ts';

/** A network whose questions and submissions are measured; what concerns a transaction is a span in the transaction's trace. */
export const observedNetwork =
  (factory: NetworkFactory, observer: Observer): NetworkFactory =>
  (environment) =>
    observe(factory({ ...environment, transport: observer.transportOf(environment.transport) }), observer);

function observe(network: SettlementNetwork, { spans, instruments, clock }: Observer): SettlementNetwork {
  const around = async <T>(
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
    const startedMs = clock.monotonicMs();
    const measure = ({ attributes }: Told): void => {
      const { [ATTRIBUTES.operatorCode]: _spanOnly, ...told } = attributes;
      instruments.time('networkCall', clock.monotonicMs() - startedMs, { ...labels, ...told });
    };
    const step = {
      name: `${operation} ${network.name}`,
      kind: SpanKind.CLIENT,
      attributes: { ...labels, ...(hash === undefined ? {} : { [ATTRIBUTES.transactionHash]: hash }) },
      ...(hash === undefined ? {} : { traceId: traceIdOfTransaction(hash) }),
    };
    try {
      const result = await spans.around(step, work, tell);
      measure(tell(result));
      return result;
    } catch (error) {
      measure(toldOf(error));
      throw error;
    }
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
