import type { Clock } from '@canza/core';
import type { FaultPlan } from '../faults.ts';
import type { Call } from '../router.ts';
import type { Chain } from './chain/chain.ts';
import type { Snapshot } from './chain/ledger.ts';
import type { AptosNodeSettings } from './settings.ts';

/** Which node answers a request, and how far behind it is. */
export interface NodeChoice {
  readonly name: string;
  /** Its ledger ends so many milliseconds ago; 0 for one that is up to date. */
  readonly lagMs: number;
}

/** The nodes behind the one address. */
export interface Nodes {
  readonly choose: (call: Call) => NodeChoice;
  readonly snapshotOf: (node: NodeChoice) => Snapshot;
  /** Other nodes from now on. */
  readonly set: (nodes: readonly AptosNodeSettings[]) => void;
  readonly list: () => readonly AptosNodeSettings[];
}

/** What stands for all of them among the nodes that have a transaction. */
export const EVERY_NODE = '*';

const DEFAULT_LAG_MS = 5_000;
const MAIN: NodeChoice = { name: 'node', lagMs: 0 };

export function createNodes(
  chain: Chain,
  faults: FaultPlan,
  clock: Clock,
  initial: readonly AptosNodeSettings[],
): Nodes {
  let nodes = initial;
  let turn = 0;
  return {
    choose(call) {
      const lagging = faults.takeForChain(call.operation, call.request, ['lagging-node']);
      if (lagging !== undefined) return { name: 'lagging', lagMs: lagging.delayMs ?? DEFAULT_LAG_MS };
      // Whoever calls a node by its name gets that one: `http://far.aptos.test/v1`.
      const [host] = call.url.hostname.split('.');
      const named = nodes.length > 1 ? nodes.find(({ name }) => name === host) : undefined;
      if (named !== undefined) return named;
      const chosen = nodes[turn % nodes.length] ?? MAIN;
      turn += 1;
      return chosen;
    },
    snapshotOf({ lagMs }) {
      const { head } = chain.ledger;
      if (lagMs === 0) return head;
      // A node that lags is behind the clock, or behind a ledger that is ahead of it.
      const latestUsec = Math.max(clock.nowMs() * 1_000, head.timestampUsec);
      return chain.ledger.snapshotAt(latestUsec - lagMs * 1_000);
    },
    set(others) {
      nodes = others;
      turn = 0;
    },
    list: () => nodes,
  };
}
