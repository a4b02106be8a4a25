import type { SettlementService } from '@canza/blockchain';
import type { Clock, Journal, Logger, NetworkFactory, Random, Telemetry, Transport } from '@canza/core';
import type { SettlementConfig } from './config.ts';

export interface SettlementSurroundings {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Left out, the service opens its own. */
  readonly transport?: Transport;
  /** Measures what the network is asked; the journal is measured by whoever hands it in. */
  readonly telemetry?: Telemetry;
}

/**
 * The network that is configured. Nothing of Aptos is loaded for another one.
 * @throws ConfigError naming the field; never a key.
 */
export async function loadNetwork({ aptos, network }: SettlementConfig): Promise<NetworkFactory | undefined> {
  if (aptos === undefined) return network;
  const adapter = await import('@canza/blockchain/aptos');
  return adapter.aptos(aptos);
}

/** Makes the settlement service. @throws ConfigError naming the field. */
export async function openSettlement(
  config: SettlementConfig,
  { telemetry, ...around }: SettlementSurroundings,
): Promise<SettlementService | undefined> {
  const { aptos: _, network: __, ...settings } = config;
  const network = await loadNetwork(config);
  if (network === undefined) return undefined;
  const { SettlementService: Service } = await import('@canza/blockchain');
  return new Service({ ...settings, ...around, network: telemetry?.network(network) ?? network });
}
