import { SettlementService, type SettlementSettings } from '@canza/blockchain';
import { type AptosSettings, aptos, createSigner } from '@canza/blockchain/aptos';
import { createMemoryJournal, type Journal } from '@canza/core';
import { APTOS_ASSETS, type AptosAddress, type AptosServer, startAptosServer } from '@canza/sandbox';

export const TREASURY_KEY = '5e'.repeat(32);
export const TREASURY = createSigner(TREASURY_KEY).address;
export const { usdc: USDC } = APTOS_ASSETS;

const PLENTY = 10n ** 15n;

/** A recipient of its own for each number, in the emulator's long form. */
export const recipient = (number: number): AptosAddress => `0x${number.toString(16).padStart(64, 'b')}`;

/** Base units of USD. */
export const usd = (amount: number): bigint => BigInt(amount) * 1_000_000n;

export const request = (number: number, change: object = {}) => ({
  settlementId: `s${number}`,
  amount: '500.00',
  fromCurrency: 'USD',
  toCurrency: 'USD',
  toAddress: recipient(number),
  ...change,
});

/** The emulator on sockets, and as many services on it as a test starts. */
export interface SettlementChain {
  readonly server: AptosServer;
  readonly journal: Journal;
  /** Starts a service; it is shut down with the chain. */
  start(settings?: Partial<SettlementSettings>, network?: Partial<AptosSettings>): Promise<SettlementService>;
  /** Says that a service is not to be shut down any more, because its process has died. */
  bury(service: SettlementService): void;
  /** Base units of USD that a recipient holds, by the chain's own books. */
  held(number: number): bigint;
  /** How often something reached a recipient. */
  arrivals(number: number): number;
  /** Throws where the books do not add up. */
  audit(): void;
  close(): Promise<void>;
}

/** Impatient enough for a test on real sockets, patient enough for a machine that is busy. */
export const POLICY = { tickMs: 50, takeOverAfterMs: 1500, leaseMs: 2000, slowestLookMs: 400, retryEveryMs: 200 };

export async function startSettlementChain(
  senders: readonly string[] = [TREASURY_KEY],
  journal: Journal = createMemoryJournal(),
): Promise<SettlementChain> {
  const owners = senders.map((key) => createSigner(key).address);
  const server = await startAptosServer({
    blockIntervalMs: 20,
    balances: owners.flatMap((owner) => [
      { owner, asset: USDC, amountMinor: PLENTY },
      { owner, asset: APTOS_ASSETS.apt, amountMinor: PLENTY },
    ]),
  });
  server.emulator.chain.produceBlock();
  const { books } = server.emulator;
  const services = new Set<SettlementService>();
  return {
    server,
    journal,
    async start(settings = {}, network = {}) {
      const service = new SettlementService({
        network: aptos({
          nodeUrl: server.nodeUrl,
          senders: senders.map((privateKey) => ({ privateKey })),
          assets: { USD: { fungibleAsset: USDC, decimals: 6 } },
          ...network,
        }),
        journal,
        ...settings,
        policy: { ...POLICY, ...settings.policy },
      });
      services.add(service);
      await service.initialize();
      return service;
    },
    bury: (service) => void services.delete(service),
    held: (number) => books.balanceMinor(recipient(number), USDC),
    arrivals: (number) => books.movements({ kind: 'transfer', to: recipient(number), asset: USDC }).length,
    audit() {
      for (const { asset, unaccountedMinor, supplyErrorMinor } of books.audit()) {
        if (unaccountedMinor !== 0n || supplyErrorMinor !== 0n) throw new Error(`The books of ${asset} do not add up.`);
      }
    },
    async close() {
      await Promise.all([...services].map((service) => service.shutdown()));
      await server.close();
    },
  };
}
