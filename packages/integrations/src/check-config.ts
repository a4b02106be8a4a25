import { ConfigError } from '@canza/core';
import {
  GATEWAY_NAMES,
  type IntegrationsConfig,
  type OperatorsConfig,
  type SettlementConfig,
  type UssdConfig,
} from './config.ts';

/** The fields that name an operator's adapter. */
export const OPERATOR_FIELDS = [
  'mpesa',
  'mtnMomo',
  'airtelMoney',
  'vodacomMpesa',
] as const satisfies readonly (keyof OperatorsConfig)[];

const FIELDS: Readonly<Record<keyof IntegrationsConfig, true>> = {
  mpesa: true,
  mtnMomo: true,
  airtelMoney: true,
  vodacomMpesa: true,
  providers: true,
  settlement: true,
  journal: true,
  callbacks: true,
  redis: true,
  ussd: true,
  namespace: true,
  rateLimits: true,
  processes: true,
  policy: true,
  routing: true,
  cache: true,
  transport: true,
  logger: true,
  telemetry: true,
  clock: true,
  random: true,
};

const JOURNAL = '"memory", "redis", "file:<folder>", or a postgres:// or redis:// address';

/**
 * Checks how the parts fit together; each part checks its own fields when it is made.
 * @throws ConfigError naming the first field that is not usable; never its value.
 */
export function checkConfig(config: IntegrationsConfig): void {
  if (typeof config !== 'object' || config === null) refuse('config', 'an object');
  for (const field of Object.keys(config)) {
    if (!Object.hasOwn(FIELDS, field)) refuse(field, `one of ${Object.keys(FIELDS).join(', ')}`);
  }
  if (needsJournal(config)) checkJournal(config);
  else if (config.journal !== undefined)
    refuse('journal', 'an operator or a settlement beside it: nothing else is kept');
  if (hasOperators(config)) checkCallbacks(config);
  if (config.settlement !== undefined) checkSettlement(config.settlement);
  if (config.ussd !== undefined) checkUssd(config.ussd, config);
  if (config.processes !== undefined && !(Number.isSafeInteger(config.processes) && config.processes >= 1)) {
    refuse('processes', 'a whole number from 1');
  }
}

/** Whether there is anything to move money over. */
export const hasOperators = (config: IntegrationsConfig): boolean =>
  (config.providers?.length ?? 0) > 0 || OPERATOR_FIELDS.some((field) => config[field] !== undefined);

/** Whether there is anything that has to be remembered. */
export const needsJournal = (config: IntegrationsConfig): boolean =>
  hasOperators(config) || config.settlement !== undefined;

function checkSettlement({ aptos, network }: SettlementConfig): void {
  if ((aptos === undefined) === (network === undefined)) {
    refuse('settlement.aptos', 'either the settings of Aptos or a network of your own');
  }
}

function checkJournal({ journal, redis }: IntegrationsConfig): void {
  if (journal === undefined) refuse('journal', `${JOURNAL}; in memory nothing survives the process`);
  const name = typeof journal === 'string' ? journal : 'on' in journal ? journal.on : undefined;
  if (name === 'redis' && redis === undefined) refuse('redis', 'the address of the Redis that the journal is on');
}

function checkCallbacks({ callbacks }: IntegrationsConfig): void {
  if (callbacks?.baseUrl === undefined) {
    refuse(
      'callbacks.baseUrl',
      'the address where operators reach this service, such as "https://pay.example.com/callbacks"',
    );
  }
}

function checkUssd({ ready, menu, gateway, store }: UssdConfig, { redis }: IntegrationsConfig): void {
  if ((ready === undefined) === (menu === undefined))
    refuse('ussd.ready', 'either the ready menu or a menu of your own');
  if (store === undefined && redis === undefined) {
    refuse('ussd.store', 'a Redis (field "redis") for sessions, or "memory" where they may be lost with the process');
  }
  if (typeof store === 'string' && store !== 'memory') refuse('ussd.store', '"memory" or a key-value store');
  const known: readonly unknown[] = GATEWAY_NAMES;
  if (gateway !== undefined && !('read' in gateway) && !known.includes(gateway.name)) {
    refuse('ussd.gateway', `one of ${GATEWAY_NAMES.join(', ')}, or a gateway made by hand`);
  }
}

function refuse(field: string, expected: string): never {
  throw new ConfigError({ field, expected });
}
