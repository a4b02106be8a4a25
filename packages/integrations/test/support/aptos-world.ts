import { type AptosSettings, aptos, createSigner } from '@canza/blockchain/aptos';
import { createHttpTransport } from '@canza/blockchain/transport';
import { type SettlementNetwork, silentLogger, systemClock, systemRandom } from '@canza/core';
import type { NetworkFault, NetworkStage, NetworkWorld } from '@canza/core/contracts';
import { APTOS_ASSETS, type AptosAddress, type AptosServer, type Fault, startAptosServer } from '@canza/sandbox';

export const SENDER_KEY = '5e'.repeat(32);
export const PAYER_KEY = '6f'.repeat(32);

const FAULTS: Readonly<Record<NetworkFault, (stage: NetworkStage) => Fault | undefined>> = {
  'reply-lost': (stage) => ({ stage: requestStage(stage), kind: 'reply-lost' }),
  'request-lost': (stage) => ({ stage: requestStage(stage), kind: 'request-lost' }),
  'html-before': (stage) => ({ stage: requestStage(stage), kind: 'html', accepted: false }),
  'html-after': (stage) => ({ stage: requestStage(stage), kind: 'html', accepted: true }),
  busy: (stage) => (stage === 'submit' ? { stage: 'chain', kind: 'mempool-full' } : undefined),
  dropped: (stage) => (stage === 'submit' ? { stage: 'chain', kind: 'dropped' } : undefined),
  lagging: (stage) => (stage === 'look' ? { stage: 'chain', kind: 'lagging-node' } : undefined),
};
const OPERATIONS: Readonly<Record<NetworkStage, string>> = {
  nextSlot: 'account',
  submit: 'submit',
  look: 'wait-by-hash',
  ledger: 'ledger-info',
};
const requestStage = (stage: NetworkStage): 'submit' | 'query' => (stage === 'submit' ? 'submit' : 'query');

/** A read is repeated until its time is over; with a fault that stays, this is how long. */
const FAULTY_READ_MS = 400;
/** Above every price that is offered. */
const NOBODY_PAYS = 1_000_000_000n;
const PLENTY = 10n ** 18n;

/** The Aptos emulator on a socket, as the contract of networks wants to see it. Blocks and ledger time are turned by hand. */
export async function createAptosWorld(settings: Partial<AptosSettings> = {}): Promise<NetworkWorld> {
  const { privateKey = SENDER_KEY } = settings;
  const sender = createSigner(privateKey).address;
  const payer = createSigner(PAYER_KEY).address;
  const server = await startAptosServer({
    blocks: 'on-demand',
    balances: [
      { owner: sender, asset: APTOS_ASSETS.usdc, amountMinor: PLENTY },
      { owner: settings.feePayer === undefined ? sender : payer, asset: APTOS_ASSETS.apt, amountMinor: PLENTY },
    ],
  });
  // Until the first block, ledger time is that of genesis.
  server.emulator.chain.produceBlock();
  const transport = createHttpTransport();
  const network = aptos({
    nodeUrl: server.nodeUrl,
    privateKey,
    assets: { USD: { fungibleAsset: APTOS_ASSETS.usdc, decimals: 6 } },
    ...settings,
  })({ transport, clock: systemClock, random: systemRandom, logger: silentLogger });
  return worldOf(server, network, async () => {
    await transport.close();
    await server.close();
  });
}

function worldOf(server: AptosServer, network: SettlementNetwork, close: () => Promise<void>): NetworkWorld {
  const { chain, books, faults } = server.emulator;
  let aheadMs = 0;
  let isArmed = false;
  let isHeld = false;
  let recipients = 0;
  const pass = async (durationMs: number): Promise<void> => {
    aheadMs += durationMs;
    chain.setAhead(aheadMs);
    if (isHeld) chain.setFloorPrice(NOBODY_PAYS);
    chain.produceBlock();
    chain.setFloorPrice(0n);
  };
  /** A fault of reads stays for one call of the network, with all its repetitions. */
  const withFaults =
    <Arg, T>(call: (argument: Arg, options?: { timeoutMs?: number }) => Promise<T>) =>
    async (argument: Arg, options?: { timeoutMs?: number }): Promise<T> => {
      const wasArmed = isArmed;
      isArmed = false;
      try {
        return await call(argument, wasArmed ? { ...options, timeoutMs: FAULTY_READ_MS } : options);
      } finally {
        if (wasArmed) faults.clear();
      }
    };
  return {
    network: {
      ...network,
      nextSlot: withFaults(network.nextSlot.bind(network)),
      look: withFaults(network.look.bind(network)),
    },
    newRecipient: async (refusing = false) => {
      recipients += 1;
      const address: AptosAddress = `0x${recipients.toString(16).padStart(64, 'a')}`;
      if (refusing) chain.setFrozen(APTOS_ASSETS.usdc, address, true);
      return address;
    },
    holdings: async (owner) => books.balanceMinor(owner as AptosAddress, APTOS_ASSETS.usdc),
    hold: (held = true) => {
      isHeld = held;
    },
    pass,
    useElsewhere: async (sender) => {
      const ledger = await network.ledger();
      const slot = await network.nextSlot({ sender, reference: 'elsewhere' });
      const fee = { maxUnits: '2000', unitPrice: '100' };
      await network.submit(await network.build({ sender, slot, call: { kind: 'void' }, fee, ledger }));
      await pass(1000);
    },
    arm(stage, fault) {
      const armed = FAULTS[fault](stage);
      if (armed === undefined) return false;
      const isRead = stage !== 'submit';
      isArmed ||= isRead;
      faults.add({ ...armed, operation: OPERATIONS[stage], times: isRead ? Number.POSITIVE_INFINITY : 1 });
      return true;
    },
    secrets: [SENDER_KEY, PAYER_KEY],
    close,
  };
}
