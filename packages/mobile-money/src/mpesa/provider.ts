import {
  type Environment,
  type MobileMoneyProvider,
  type ProviderCapabilities,
  type ProviderFactory,
  refuseUnsupported,
} from '@canza/core';

import { createAuthorisedSender } from '../shared/authorised-sender.ts';
import { authorise, buildTokenRequest, isTokenRefusal, parseToken } from './auth.ts';
import { credentialId, type MpesaConfig, type MpesaSettings, parseMpesaConfig } from './config.ts';
import { parseStkCallback } from './stk/callbacks.ts';
import { buildStkPush, buildStkQuery } from './stk/requests.ts';
import { parseStkPush, parseStkQuery } from './stk/responses.ts';
import { collectionRoute } from './stk/route.ts';

const unsupported = (why: string) => ({ unsupported: why });

const CAPABILITIES = {
  collect: 'supported',
  query: 'supported',
  disburse: unsupported('this provider is set up for collections only.'),
  refund: unsupported('this provider is set up for collections only.'),
  balance: unsupported('this provider is set up for collections only.'),
  remit: unsupported('M-Pesa in Kenya offers no remittance to businesses.'),
  lookupAccount: unsupported('M-Pesa in Kenya tells nobody who holds a wallet.'),
} as const satisfies ProviderCapabilities;

/**
 * M-Pesa in Kenya, over Daraja.
 * @throws ConfigError at once, naming the setting that is missing or malformed.
 */
export function mpesa(settings: MpesaSettings): ProviderFactory {
  const config = parseMpesaConfig(settings);
  return (environment) => createMpesaProvider(config, environment);
}

function createMpesaProvider(config: MpesaConfig, environment: Environment): MobileMoneyProvider {
  const { name } = config;
  const { clock } = environment;
  const send = createAuthorisedSender({
    environment,
    provider: name,
    credential: credentialId(config),
    timeoutMs: config.timeoutMs,
    requestToken: async (transport, options) => parseToken(await transport(buildTokenRequest(config), options), name),
    authorise,
    isTokenRefusal,
  });
  const refuse = (operation: 'disburse' | 'remit' | 'refund' | 'balance' | 'lookupAccount') =>
    refuseUnsupported(name, operation, CAPABILITIES[operation].unsupported);

  return {
    name,
    capabilities: CAPABILITIES,
    routes: [collectionRoute(config)],
    collect: async (request, options) =>
      parseStkPush(await send(buildStkPush(config, request, clock.nowMs()), options), name),
    query: async ({ references, sentAtMs }, options) => {
      const checkoutRequestId = references['CheckoutRequestID'];
      if (checkoutRequestId === undefined) {
        return { status: 'unaskable', detail: 'No CheckoutRequestID has reached us; the callback brings it.' };
      }
      const response = await send(buildStkQuery(config, checkoutRequestId, clock.nowMs()), options);
      return parseStkQuery(response, { checkoutRequestId, ageMs: clock.nowMs() - sentAtMs }, name);
    },
    disburse: refuse('disburse'),
    remit: refuse('remit'),
    refund: refuse('refund'),
    balance: refuse('balance'),
    lookupAccount: refuse('lookupAccount'),
    readCallback: (callback) => parseStkCallback(callback, name),
  };
}
