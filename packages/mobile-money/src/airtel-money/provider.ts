import {
  type CallOptions,
  type Environment,
  type Finding,
  InvalidRequestError,
  type MobileMoneyProvider,
  type ProviderCapabilities,
  type QueryRequest,
  type Route,
  type SubmitFinding,
  type SubmitRequest,
  type Support,
  UnsupportedError,
} from '@canza/core';

import { refusing } from '../shared/refusing.ts';
import { attemptNamedBy, parsePaymentCallback } from './callbacks/callbacks.ts';
import {
  type AirtelMoneyConfig,
  type AirtelMoneySettings,
  parseAirtelMoneyConfig,
  type RemittanceSettings,
} from './config.ts';
import { buildKeyRequest, type EncryptionKey, parseEncryptionKey } from './encryption/keys.ts';
import { buildCollection, buildEnquiry, buildPayout, buildRefund, isSigned } from './payments/requests.ts';
import { ACCEPTED_ID, parseEnquiry, parsePayment, parseRefund, type Side } from './payments/responses.ts';
import { type Way, waysOf } from './payments/ways.ts';
import {
  buildRemittance,
  buildRemittanceCheck,
  buildRemittanceEnquiry,
  buildRemittanceRefund,
  type RemittanceCheck,
} from './remittance/requests.ts';
import {
  parseRemittance,
  parseRemittanceCheck,
  parseRemittanceEnquiry,
  type RemittanceReceiver,
} from './remittance/responses.ts';
import { type Build, createSenders, type Pay, type Send } from './senders.ts';
import { buildBalance, buildUserLookup, parseBalance, parseUser, walletsOf } from './wallet.ts';

/** What Airtel offers beyond the provider port. */
export interface AirtelMoneyExtras {
  /** Airtel's public key, to be kept in the configuration of those who may not ask for it. */
  encryptionKey(options?: CallOptions): Promise<EncryptionKey>;
  readonly remittances: {
    /** Whether the receiver may be paid. Moves no money. */
    check(check: RemittanceCheck, options?: CallOptions): Promise<RemittanceReceiver>;
    /**
     * Takes a remittance back, by Airtel's id of it. It has no id of its own: after a lost reply, never call it again without
     * having asked Airtel.
     */
    refund(transactionId: string, options?: CallOptions): Promise<SubmitFinding>;
  };
}

/** The provider port, and what Airtel offers beyond it. */
export interface AirtelMoneyProvider extends MobileMoneyProvider, AirtelMoneyExtras {}

/**
 * Airtel Money in one country.
 * @throws ConfigError at once, naming the setting that is missing or malformed.
 */
export function airtelMoney(settings: AirtelMoneySettings): (environment: Environment) => AirtelMoneyProvider {
  const config = parseAirtelMoneyConfig(settings);
  return (environment) => createAirtelMoneyProvider(config, environment);
}

function createAirtelMoneyProvider(config: AirtelMoneyConfig, environment: Environment): AirtelMoneyProvider {
  const { name } = config;
  const ways = new Map(waysOf(config).map((way) => [way.route.id, way]));
  const capabilities = capabilitiesOf(config);
  const { send, pay } = createSenders(config, environment);
  const refuse = refusing(name, capabilities);
  const submitIf = (operation: 'collect' | 'disburse' | 'remit' | 'refund') => {
    if (capabilities[operation] !== 'supported') return refuse(operation);
    return async (request: SubmitRequest, options: CallOptions = {}) =>
      submit(config, wayOf(ways, request.route), request, pay, options);
  };

  return {
    name,
    capabilities,
    routes: [...ways.values()].map(({ route }) => route),
    collect: submitIf('collect'),
    disburse: submitIf('disburse'),
    remit: submitIf('remit'),
    refund: submitIf('refund'),
    query: async (request, options) => query(config, wayOf(ways, request.route), request, send, options),
    balance: async (options) =>
      Promise.all(
        walletsOf(config).map(async (wallet) =>
          parseBalance(await send(buildBalance(config, wallet), options), wallet, config),
        ),
      ),
    lookupAccount: async (msisdn, options) => parseUser(await send(buildUserLookup(config, msisdn), options), name),
    readCallback: (callback) => parsePaymentCallback(callback, config),
    attemptNamedBy: (callback) => attemptNamedBy(callback, config),
    encryptionKey: async (options) => parseEncryptionKey(await send(buildKeyRequest(config), options), name),
    remittances: {
      check: async (check, options) => {
        const { decimals } = remittanceWay(ways, name).route;
        return parseRemittanceCheck(await send(buildRemittanceCheck(config, check, decimals), options), name);
      },
      refund: async (transactionId, options) => {
        const build: Build = (pin) => buildRemittanceRefund(config, remittanceOf(config), transactionId, pin);
        return parseRemittance(await pay(build, { withPin: true, signed: false }, options), name);
      },
    },
  };
}

const sideOf = ({ api }: Way): Side => (api === 'collection' ? 'they-pay' : 'we-pay');

async function submit(
  config: AirtelMoneyConfig,
  way: Way,
  request: SubmitRequest,
  pay: Pay,
  options: CallOptions,
): Promise<SubmitFinding> {
  const { name } = config;
  const signed = isSigned(way.api, config);
  switch (way.api) {
    case 'refund':
      return parseRefund(await pay(() => buildRefund(config, request), { withPin: false, signed }, options), name);
    case 'remittance': {
      const build: Build = (pin) => buildRemittance(config, remittanceOf(config), request, pin);
      return parseRemittance(await pay(build, { withPin: true, signed }, options), name);
    }
    case 'collection': {
      const response = await pay(() => buildCollection(config, request), { withPin: false, signed }, options);
      return parsePayment(response, { side: sideOf(way), reference: request.reference }, name);
    }
    case 'v1':
    case 'v2':
    case 'v3':
    case 'cash-in-v1':
    case 'cash-in-v2': {
      const { api } = way;
      const response = await pay((pin) => buildPayout(config, api, request, pin), { withPin: true, signed }, options);
      return parsePayment(response, { side: sideOf(way), reference: request.reference }, name);
    }
  }
}

async function query(
  config: AirtelMoneyConfig,
  way: Way,
  { reference, references }: QueryRequest,
  send: Send,
  options: CallOptions | undefined,
): Promise<Finding> {
  const { name } = config;
  if (way.api === 'refund') {
    return { status: 'unaskable', detail: 'Airtel Money takes no question about a refund: its reply is all there is.' };
  }
  if (way.api === 'remittance') {
    const enquiry = buildRemittanceEnquiry(config, remittanceOf(config), reference);
    return parseRemittanceEnquiry(await send(enquiry, options), name);
  }
  const response = await send(buildEnquiry(config, way.api, reference), options);
  const wasAccepted = references[ACCEPTED_ID] !== undefined;
  return parseEnquiry(response, { side: sideOf(way), reference, wasAccepted }, name);
}

function capabilitiesOf({ collection, disbursement, remittance }: AirtelMoneyConfig): ProviderCapabilities {
  return {
    collect: ifSet(collection, 'collection'),
    disburse: ifSet(disbursement, 'disbursement'),
    remit: ifSet(remittance, 'remittance'),
    refund: ifSet(collection, 'collection'),
    query: 'supported',
    balance: 'supported',
    lookupAccount: 'supported',
  };
}

const ifSet = (setting: unknown, what: string): Support =>
  setting === undefined ? { unsupported: `no ${what} is configured for this application.` } : 'supported';

/** @throws InvalidRequestError for a route that is not of this provider: the payment would be looked for in the wrong place. */
function wayOf(ways: ReadonlyMap<string, Way>, { id }: Route): Way {
  const way = ways.get(id);
  if (way !== undefined) return way;
  throw new InvalidRequestError({ field: 'route', expected: 'one of this provider’s routes' });
}

const noRemittance = (provider: string): UnsupportedError =>
  new UnsupportedError('remit', 'no remittance is configured for this application.', { provider });

function remittanceWay(ways: ReadonlyMap<string, Way>, provider: string): Way {
  for (const way of ways.values()) if (way.api === 'remittance') return way;
  throw noRemittance(provider);
}

function remittanceOf({ remittance, name }: AirtelMoneyConfig): RemittanceSettings {
  if (remittance === undefined) throw noRemittance(name);
  return remittance;
}
