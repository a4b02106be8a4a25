import type { ProviderFactory } from '@canza/core';
import type { IntegrationsConfig } from './config.ts';

const asList = <Settings>(settings: Settings | readonly Settings[] | undefined): readonly Settings[] =>
  settings === undefined ? [] : Array.isArray(settings) ? settings : [settings as Settings];

/**
 * The adapters of the operators that are configured, in the order in which they are named here; the others are not loaded.
 * @throws ConfigError naming the field, such as `mpesa.passkey`.
 */
export async function loadOperators(config: IntegrationsConfig): Promise<readonly ProviderFactory[]> {
  const loading = [
    load(config.mpesa, async () => (await import('@canza/mobile-money/mpesa')).mpesa),
    load(config.mtnMomo, async () => (await import('@canza/mobile-money/mtn-momo')).mtnMomo),
    load(config.airtelMoney, async () => (await import('@canza/mobile-money/airtel-money')).airtelMoney),
    load(config.vodacomMpesa, async () => (await import('@canza/mobile-money/vodacom-mpesa')).vodacomMpesa),
  ];
  return [...(await Promise.all(loading)).flat(), ...(config.providers ?? [])];
}

async function load<Settings>(
  settings: Settings | readonly Settings[] | undefined,
  adapter: () => Promise<(settings: Settings) => ProviderFactory>,
): Promise<readonly ProviderFactory[]> {
  const list = asList(settings);
  if (list.length === 0) return [];
  const make = await adapter();
  return list.map((each) => make(each));
}
