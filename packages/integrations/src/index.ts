/**
 * `@canza/integrations`: one configuration, everything that it names put together. The words of core are here as well; the
 * operators, USSD and the data layer have subpaths of their own, and are loaded when they are configured.
 */

export * from '@canza/core';
export type {
  GatewayName,
  IntegrationsConfig,
  JournalConfig,
  JournalSettings,
  NamedGateway,
  OperatorsConfig,
  SettlementConfig,
  UssdConfig,
} from './config.ts';
export { type ConfigurationOfOptions, configurationOf } from './configuration-of.ts';
export { createIntegrations, type Integrations } from './integrations.ts';
export {
  type BundleDifference,
  type BundleSources,
  buildReconciliationBundle,
  type ChainDeposit,
  type ChainTransaction,
  type Journey,
  type ReconciliationBundle,
  settlementIdOf,
} from './reconciliation-bundle.ts';
