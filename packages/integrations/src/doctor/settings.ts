import { hasOperators, OPERATOR_FIELDS } from '../check-config.ts';
import type { IntegrationsConfig } from '../config.ts';
import { type Check, type Finding, fail, ok, warn } from './check.ts';

/** What can be told from the configuration alone. */
export const settings: Check = {
  name: 'settings',
  run: ({ config, providers }) => [
    ...ofNothing(config),
    ...ofEnvironments(config),
    ...ofLimits(
      config,
      providers.map(({ name }) => name),
    ),
    ...ofCallbackHost(config),
    ...ofCallbackWords(config),
    ...ofUssd(config),
  ],
};

const listOf = <T>(one: T | readonly T[] | undefined): readonly T[] =>
  one === undefined ? [] : Array.isArray(one) ? one : [one as T];

/** A service that lost its variables must not be called ready. */
function ofNothing(config: IntegrationsConfig): readonly Finding[] {
  const { settlement, ussd, redis } = config;
  if (hasOperators(config) || [settlement, ussd, redis].some((part) => part !== undefined)) return [];
  const todo = 'look with what the service runs with: its CANZA_ variables, or the module that --config names';
  return [fail('configuration', 'nothing is configured', todo)];
}

function ofEnvironments(config: IntegrationsConfig): readonly Finding[] {
  return OPERATOR_FIELDS.flatMap((field) =>
    listOf<object>(config[field]).flatMap((each): Finding[] => {
      const { environment, targetEnvironment, baseUrl } = each as Readonly<Record<string, unknown>>;
      if (environment === 'sandbox' || targetEnvironment === 'sandbox') {
        return [warn(field, 'this is the sandbox: no money moves', 'configure the production credentials')];
      }
      if (typeof baseUrl === 'string') {
        return [
          warn(
            field,
            'the address of the operator is replaced (baseUrl)',
            'leave it out, unless the operator named it',
          ),
        ];
      }
      return [];
    }),
  );
}

function ofLimits(
  { rateLimits = {}, redis, processes }: IntegrationsConfig,
  names: readonly string[],
): readonly Finding[] {
  const without = names.filter((name) => rateLimits[name] === undefined);
  const findings = without.map((name) =>
    warn(
      name,
      'no rate limit is configured',
      'ask what the contract allows, and set it in rateLimits: what is too much is turned away',
    ),
  );
  if (names.length > without.length && redis === undefined && (processes ?? 1) > 1) {
    const todo = 'configure a Redis: then the limits hold for all processes together';
    findings.push(fail('limits', 'each process has limits of its own', todo));
  }
  return findings.length === 0 && names.length > 0 ? [ok('limits', 'every operator has a rate limit')] : findings;
}

/** MTN refuses a payment whose callback address has another host than the API user was made with. */
function ofCallbackHost({ mtnMomo, callbacks }: IntegrationsConfig): readonly Finding[] {
  const host =
    callbacks !== undefined && URL.canParse(callbacks.baseUrl) ? new URL(callbacks.baseUrl).hostname : undefined;
  return listOf(mtnMomo).flatMap(({ callbackHost }): Finding[] => {
    if (callbackHost === host || host === undefined) return [];
    if (callbackHost !== undefined) {
      const todo = `make the API user with ${host}, or take callbacks at ${callbackHost}: MTN refuses every payment otherwise`;
      return [fail('mtnMomo', 'callbackHost is not the host of callbacks.baseUrl', todo)];
    }
    const todo = 'set callbackHost to the host that the API user was made with, for outcomes without delay';
    return [warn('mtnMomo', 'no callbacks are asked for; questions alone tell the outcome', todo)];
  });
}

/** What Daraja refuses anywhere in an address. Source: docs/providers/mpesa.md#callback-address */
const REFUSED_WORDS = /m-?pesa|safaricom|exec?|cmd|sql|query/i;

function ofCallbackWords({ mpesa, callbacks }: IntegrationsConfig): readonly Finding[] {
  const [word] = REFUSED_WORDS.exec(callbacks?.baseUrl ?? '') ?? [];
  if (mpesa === undefined || word === undefined) return [];
  const todo = 'take callbacks at an address without it: Daraja may refuse every payment otherwise';
  return [warn('mpesa', `callbacks.baseUrl has the word "${word}" in it`, todo)];
}

function ofUssd({ ussd }: IntegrationsConfig): readonly Finding[] {
  if (ussd === undefined) return [];
  const findings: Finding[] = [];
  if (ussd.environment === 'sandbox') {
    findings.push(warn('ussd', 'a gateway that anybody could imitate is accepted', 'leave "environment" out'));
  }
  if (ussd.store === 'memory') {
    const todo = 'configure a Redis: a restart forgets sessions, and payments that were confirmed and not yet started';
    findings.push(fail('ussd', 'sessions are kept in memory', todo));
  }
  if (ussd.gateway === undefined) {
    findings.push(warn('ussd', 'no gateway is configured', 'configure one, or check who calls processRequest'));
  }
  return findings.length === 0 ? [ok('ussd', 'the gateway has to prove itself')] : findings;
}
