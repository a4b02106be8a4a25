import { type Address, type AptosSettings, aptos, createSigner } from '@canza/blockchain/aptos';
import { type Clock, type NetworkFactory, sha256Hex, silentLogger, sleep, type Transport } from '@canza/core';
import { createSeededRandom } from '@canza/core/testing';
import type { Fault } from '@canza/sandbox';
import { APTOS_ASSETS, createAptosEmulator } from '@canza/sandbox/aptos';

import type { Chance } from '../chance.ts';
import type { Knobs } from '../knobs.ts';
import { around, type PortsOptions } from '../ports.ts';
import type { Arrival, ChainListener, PlayedChain, Trouble } from './chain.ts';

export interface AptosChainOptions extends ChainListener {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly knobs: Knobs;
  readonly isRough: () => boolean;
}

const SECOND_MS = 1000;
const SENDER_KEYS = ['5e'.repeat(32), '4d'.repeat(32)] as const;
const PAYER_KEY = '6f'.repeat(32);
const PLENTY = 10n ** 15n;
const { usdc: USDC, apt: APT } = APTOS_ASSETS;
const NODES = ['near', 'far'] as const;
/** Keys are read, and settings checked, once for all runs of a process. */
const SENDERS = SENDER_KEYS.map((key) => createSigner(key).address);
const BALANCES = [...SENDERS, createSigner(PAYER_KEY).address].flatMap((owner) =>
  [USDC, APT].map((asset) => ({ owner, asset, amountMinor: PLENTY })),
);
const factories = new Map<string, NetworkFactory>();

/** Both nodes, the second so far behind the ledger. */
const nodesBehind = (farMs: number) => NODES.map((name, index) => ({ name, lagMs: index === 0 ? 0 : farMs }));

/** What a seed draws of the configuration. */
interface Shape {
  readonly senders: number;
  readonly hasPayer: boolean;
  readonly isOrderless: boolean;
  readonly expirySeconds: number;
  /** Each node by its name, or one address behind which they take turns. */
  readonly endpoints: 'each' | 'one';
}

function networkOf(shape: Shape): NetworkFactory {
  const key = JSON.stringify(shape);
  const known = factories.get(key);
  if (known !== undefined) return known;
  const { senders, hasPayer, isOrderless, expirySeconds, endpoints } = shape;
  const settings: AptosSettings = {
    nodeUrl: (endpoints === 'each' ? NODES : ['nodes']).map((name) => `https://${name}.aptos.test/v1`),
    chainId: 4,
    senders: SENDER_KEYS.slice(0, senders).map((privateKey) => ({ privateKey })),
    ...(hasPayer ? { feePayer: { privateKey: PAYER_KEY } } : {}),
    assets: { USD: { fungibleAsset: USDC, decimals: 6 } },
    replayProtection: isOrderless ? 'orderless' : 'sequence',
    expirySeconds,
  };
  const factory = aptos(settings);
  factories.set(key, factory);
  return factory;
}

/** At a request: lost, cut, refused, slow, answered by a proxy; whether or not the node has taken it in. */
const ON_THE_WIRE: readonly Fault[] = [
  ...(['submit', 'query'] as const).flatMap((stage): readonly Fault[] => [
    { stage, kind: 'request-lost' },
    { stage, kind: 'reply-lost' },
    { stage, kind: 'html', accepted: false },
    { stage, kind: 'cut-json' },
    { stage, kind: 'throttled' },
    { stage, kind: 'server-error', accepted: false },
    { stage, kind: 'slow', delayMs: 4 * SECOND_MS },
  ]),
  { stage: 'submit', kind: 'html', accepted: true },
  { stage: 'submit', kind: 'server-error', accepted: true },
  { stage: 'submit', kind: 'slow', accepted: false, delayMs: 20 * SECOND_MS },
  { stage: 'submit', kind: 'hang' },
  { stage: 'submit', kind: 'empty' },
];
/** Behind a node that answers as if nothing had happened. */
const BEHIND_THE_NODE: readonly Fault[] = [
  { stage: 'chain', kind: 'lagging-node', delayMs: 30 * SECOND_MS },
  { stage: 'chain', kind: 'lagging-node', delayMs: 300 * SECOND_MS },
  { stage: 'chain', kind: 'dropped' },
  { stage: 'chain', kind: 'held' },
  { stage: 'chain', kind: 'held', delayMs: 15 * SECOND_MS },
  { stage: 'chain', kind: 'mempool-full' },
  { stage: 'chain', kind: 'aborted' },
  { stage: 'chain', kind: 'out-of-gas' },
];
/** Rarely: for a while these keep everything waiting, or make a person look. */
const SELDOM: readonly Fault[] = [
  { stage: 'chain', kind: 'gas-spike', delayMs: 40 * SECOND_MS },
  { stage: 'chain', kind: 'ledger-stopped', delayMs: 90 * SECOND_MS },
  { stage: 'chain', kind: 'pruned' },
];
const SELDOM_SHARE = 0.02;

/** The Aptos emulator as a plain function, with the real network in front of it: binary transactions, signatures, hashes, REST. */
export function playAptosChain(options: AptosChainOptions): PlayedChain {
  const { clock, chance, knobs, isRough, onSubmission, onEvent } = options;
  const shape: Shape = {
    senders: chance.pick([1, 1, 2]),
    hasPayer: chance.happens(0.3),
    isOrderless: chance.happens(0.35),
    expirySeconds: chance.pick([20, 60]),
    endpoints: chance.pick(['each', 'one']),
  };
  const lagMs = chance.happens(0.5) ? 0 : chance.between(0, 120 * SECOND_MS);
  let hasNews = false;
  let taken = 0;
  const defects: string[] = [];
  const emulator = createAptosEmulator({
    clock,
    random: createSeededRandom(chance.seed()),
    blockIntervalMs: 500,
    balances: BALANCES,
    nodes: nodesBehind(lagMs),
    onEvent({ what, detail }) {
      if (what === 'defect') defects.push(`the emulated chain is broken: ${detail}`);
      if (what === 'result') hasNews = true;
      if (what === 'result' || what === 'fault') onEvent(`${what}: ${detail}`);
    },
  });
  const { chain, books, faults } = emulator;
  if (knobs.nodeFault > 0) {
    chain.setAhead(chance.between(-60, 60) * SECOND_MS);
    for (const [candidates, share] of [
      [ON_THE_WIRE, knobs.nodeFault],
      [BEHIND_THE_NODE, knobs.nodeFault],
      [SELDOM, knobs.nodeFault * SELDOM_SHARE],
    ] as const) {
      faults.draw({ random: createSeededRandom(chance.seed()), share, candidates });
    }
  }
  const foreign = createForeigner(networkOf(shape), clock, chance, emulator.transport);

  const transportOf =
    (ports: PortsOptions): Transport =>
    (request, callOptions) =>
      around(`node ${request.method} ${nameOf(request.url)}`, ports, async () => {
        if (request.method === 'POST' && request.url.endsWith('/transactions')) {
          onSubmission(Buffer.from(request.bytes ?? []).toString('base64'));
        }
        if (isRough() && knobs.latencyMs > 0) await sleep(clock, chance.between(0, knobs.latencyMs / 4));
        return emulator.transport(request, callOptions);
      });

  const troubles: readonly [Trouble, ...Trouble[]] = [
    { name: 'no block is made', begin: chain.stop, end: chain.resume },
    { name: 'prices rise', begin: () => chain.setFloorPrice(120n), end: () => chain.setFloorPrice(0n) },
    { name: 'somebody else uses the account', begin: () => foreign.useAccount() },
    {
      name: 'the pool forgets',
      begin: () => {
        for (const hash of chain.pendingHashes()) chain.drop(hash);
      },
    },
    {
      name: 'a node falls behind',
      begin: () => chain.setNodes(nodesBehind(200 * SECOND_MS)),
      end: () => chain.setNodes(nodesBehind(lagMs)),
    },
  ];

  return {
    name: `aptos ${JSON.stringify(shape)}`,
    network: 'aptos-4',
    accountOf: addressOf,
    connect: (ports) => ({ network: networkOf(shape), transport: transportOf(ports) }),
    takeArrivals() {
      if (!hasNews) return [];
      hasNews = false;
      const transfers = books.movements({ kind: 'transfer' });
      const fresh = transfers.slice(taken);
      taken = transfers.length;
      return fresh.map(
        ({ to, amountMinor, asset, hash }): Arrival => ({
          account: to,
          amount: amountMinor,
          isAsked: asset === USDC,
          hash,
        }),
      );
    },
    freeze: (account, isFrozen = true) => chain.setFrozen(USDC, account as Address, isFrozen),
    troubles,
    calm() {
      faults.clear();
      chain.setFloorPrice(0n);
      chain.setNodes(nodesBehind(0));
      chain.resume();
    },
    audit: () => [
      ...defects,
      ...books
        .audit()
        .filter(({ unaccountedMinor, supplyErrorMinor }) => unaccountedMinor !== 0n || supplyErrorMinor !== 0n)
        .map(({ asset }) => `the emulated chain's books of ${asset} do not balance`),
    ],
    close: emulator.close,
  };
}

const addressOf = (settlementId: string): Address => `0x${sha256Hex(settlementId)}`;

/** A request as a trace names it: without hashes and addresses. */
const nameOf = (url: string): string => new URL(url).pathname.replaceAll(/\/0x[0-9a-f]+/g, '/…');

/** Another program that holds the key of our first sender, and sends a little to somebody with it. */
function createForeigner(factory: NetworkFactory, clock: Clock, chance: Chance, transport: Transport) {
  let uses = 0;
  const random = createSeededRandom(chance.seed());
  return {
    useAccount(): void {
      const network = factory({ transport, clock, random, logger: silentLogger });
      const [sender = ''] = network.senders;
      const call = {
        kind: 'transfers',
        asset: USDC,
        transfers: [{ to: addressOf('a stranger'), amount: 1n }],
      } as const;
      const use = async (): Promise<void> => {
        const slot = await network.nextSlot({ sender, reference: `foreign ${uses++}` });
        const fee = { maxUnits: '2000', unitPrice: '150' };
        const transaction = await network.build({ sender, slot, call, fee, ledger: await network.ledger() });
        await network.submit(transaction);
      };
      // What goes wrong on its way is its own affair.
      void use().catch(() => undefined);
    },
  };
}
