import {
  type NetworkFactory,
  type SettlementNetwork,
  type SignedTransaction,
  TransportError,
  UnexpectedResponseError,
} from '@canza/core';
import type { ModelNetwork } from '@canza/core/testing';

import { around, type PortsOptions } from '../ports.ts';

/** What of a network talks to a node. */
const OUTSIDE: ReadonlySet<string> = new Set([
  'check',
  'ledger',
  'nextSlot',
  'estimate',
  'build',
  'submit',
  'look',
  'balance',
]);

/** Nodes that lose requests and answers, lag behind, are full, or forget; the process dies and stands still around every call. */
export function roughNetwork(
  model: ModelNetwork,
  options: PortsOptions,
  onSubmission: (bytes: string) => void,
): NetworkFactory {
  const { chance, knobs, isRough } = options;
  const strikes = (): boolean => isRough() && chance.happens(knobs.nodeFault);
  const rough = async (name: string, parts: readonly unknown[], call: () => Promise<unknown>): Promise<unknown> => {
    if (name === 'submit') onSubmission((parts[0] as SignedTransaction).bytes);
    if (strikes()) throw new TransportError('not-connected', 'The node cannot be reached.');
    if ((name === 'look' || name === 'ledger') && strikes()) model.arm(name, 'lagging');
    if (name === 'submit' && strikes()) model.arm(name, chance.pick(['busy', 'dropped']));
    const answer = await call();
    if (strikes()) {
      if (chance.happens(0.5)) throw new TransportError('timeout', 'No answer came.');
      throw new UnexpectedResponseError('Not JSON.', { status: 502, body: '<html>' });
    }
    return answer;
  };
  return () =>
    new Proxy(model.network, {
      get(target, name): unknown {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function' || !OUTSIDE.has(String(name))) return value;
        return (...parts: unknown[]) =>
          around(`node ${String(name)}`, options, () =>
            rough(String(name), parts, () => Reflect.apply(value, target, parts) as Promise<unknown>),
          );
      },
    }) satisfies SettlementNetwork;
}
