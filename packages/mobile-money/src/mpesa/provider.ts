import { type CallOptions, type Environment, type Finding, type QueryRequest } from '@canza/core';

import { type AuthorisedSender, createAuthorisedSender } from '../shared/authorised-sender.ts';
import { refusing } from '../shared/refusing.ts';
import { authorise, buildTokenRequest, isTokenRefusal, parseToken } from './auth.ts';
import { buildPayout, originatorConversationIdOf } from './b2c/requests.ts';
import { assertCallbackSource } from './callback-sources.ts';
import { readMpesaCallback } from './callbacks.ts';
import { reachOf } from './capabilities.ts';
import { credentialId, type MpesaConfig, type MpesaSettings, parseMpesaConfig } from './config.ts';
import { resultAddressesOf } from './initiator/addresses.ts';
import { parseAcknowledgement } from './initiator/responses.ts';
import { createMpesaOperations, type MpesaOperations, type MpesaProvider } from './operations.ts';
import { findLostPrompt } from './pull/lost-prompt.ts';
import { buildReversal } from './reversal/requests.ts';
import { assertValidAt } from './security-credential.ts';
import { buildStkPush, buildStkQuery } from './stk/requests.ts';
import { parseStkPush, parseStkQuery } from './stk/responses.ts';
import { buildTransactionStatus } from './transaction-status/requests.ts';
import { EARLIER_STATUS_CONVERSATION, STATUS_CONVERSATION } from './transaction-status/results.ts';

/**
 * M-Pesa in Kenya, over Daraja, for one short code.
 * @throws ConfigError at once, naming the setting that is missing or malformed; the function that it returns does so for a
 * certificate that is no longer valid.
 */
export function mpesa(settings: MpesaSettings): (environment: Environment) => MpesaProvider {
  const config = parseMpesaConfig(settings);
  return (environment) => createMpesaProvider(config, environment);
}

function createMpesaProvider(config: MpesaConfig, environment: Environment): MpesaProvider {
  const { name, initiator, payouts } = config;
  const { clock } = environment;
  assertValidAt(initiator?.validity, clock.nowMs());
  const send = createAuthorisedSender({
    environment,
    provider: name,
    credential: credentialId(config),
    timeoutMs: config.timeoutMs,
    requestToken: async (transport, options) => parseToken(await transport(buildTokenRequest(config), options), name),
    authorise,
    isTokenRefusal,
  });
  const { capabilities, routes } = reachOf(config);
  const refuse = refusing(name, capabilities);

  const operations = createMpesaOperations(config, send);
  return {
    ...operations,
    name,
    capabilities,
    routes,
    collect:
      config.passkey === undefined
        ? refuse('collect')
        : async (request, options) =>
            parseStkPush(await send(buildStkPush(config, request, clock.nowMs()), options), name),
    disburse:
      initiator === undefined || payouts === undefined
        ? refuse('disburse')
        : async (request, options) =>
            parseAcknowledgement('payout', await send(buildPayout(config, initiator, payouts, request), options), name),
    refund:
      initiator === undefined || config.passkey === undefined
        ? refuse('refund')
        : async (request, options) =>
            parseAcknowledgement('reversal', await send(buildReversal(config, initiator, request), options), name),
    query: (request, options) =>
      request.route.type === 'collection'
        ? queryCollection(config, environment, { send, operations }, request, options)
        : queryTransaction(config, send, request, options),
    remit: refuse('remit'),
    balance: refuse('balance'),
    lookupAccount: refuse('lookupAccount'),
    readCallback: (callback) => {
      assertCallbackSource(callback, config.callbackSources, name);
      return readMpesaCallback(callback, name);
    },
  };
}

async function queryCollection(
  config: MpesaConfig,
  { clock }: Environment,
  { send, operations }: { readonly send: AuthorisedSender; readonly operations: MpesaOperations },
  request: QueryRequest,
  options: CallOptions | undefined,
): Promise<Finding> {
  const { references, sentAtMs } = request;
  const checkoutRequestId = references['CheckoutRequestID'];
  if (checkoutRequestId === undefined) {
    if (config.pull) return findLostPrompt(request, clock.nowMs(), (period) => operations.statement(period, options));
    return { status: 'unaskable', detail: 'No CheckoutRequestID has reached us; the callback brings it.' };
  }
  const response = await send(buildStkQuery(config, checkoutRequestId, clock.nowMs()), options);
  return parseStkQuery(response, { checkoutRequestId, ageMs: clock.nowMs() - sentAtMs }, config.name);
}

/**
 * Asks about a payout or a reversal. Daraja answers at the attempt's address, so what comes back here is that the question is on
 * its way, and the id by which the answer will be recognised.
 */
async function queryTransaction(
  config: MpesaConfig,
  send: AuthorisedSender,
  { route, reference, references, callbackUrl }: QueryRequest,
  options: CallOptions | undefined,
): Promise<Finding> {
  const { initiator, name } = config;
  if (initiator === undefined) return { status: 'unaskable', detail: 'No initiator is configured any more.' };
  const originatorConversationId =
    route.type === 'disbursement' ? originatorConversationIdOf(reference) : references['OriginatorConversationID'];
  if (originatorConversationId === undefined) {
    return { status: 'unaskable', detail: 'The reversal was not acknowledged, so there is no id to ask with.' };
  }
  const addresses = resultAddressesOf(callbackUrl, 'status', config);
  const request = buildTransactionStatus(config, initiator, { originatorConversationId }, addresses);
  const { references: told, ...asked } = parseAcknowledgement('question', await send(request, options), name);
  const question = told?.['ConversationID'];
  const earlier = references[STATUS_CONVERSATION];
  return {
    status: 'unknown',
    ...(asked.code === undefined ? {} : { code: asked.code }),
    detail: 'Daraja was asked; it answers at the callback address.',
    ...(question === undefined
      ? {}
      : {
          references: {
            [STATUS_CONVERSATION]: question,
            ...(earlier === undefined ? {} : { [EARLIER_STATUS_CONVERSATION]: earlier }),
          },
        }),
  };
}
