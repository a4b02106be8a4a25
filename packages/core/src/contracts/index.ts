/** The suites that every implementation of a port must pass: `@canza/core/contracts`. */

export { describeJournal, type JournalHarness } from './journal.ts';
export { describeKeyValueStore, type KeyValueStoreHarness } from './key-value-store.ts';
export {
  describeProvider,
  PROVIDER_FAULTS,
  type ProviderBehaviour,
  type ProviderFault,
  type ProviderHarness,
  type ProviderStage,
  type ProviderWorld,
} from './provider.ts';
export type { SuiteRunner } from './runner.ts';
export {
  describeSettlementNetwork,
  type NetworkFault,
  type NetworkHarness,
  type NetworkStage,
  type NetworkWorld,
} from './settlement-network.ts';
