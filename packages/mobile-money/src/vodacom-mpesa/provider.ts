import {
  type CallOptions,
  type Environment,
  type Finding,
  type HttpRequest,
  type HttpResponse,
  type MobileMoneyProvider,
  type SubmitFinding,
  type SubmitRequest,
  sha256Hex,
} from '@canza/core';

import { countDown } from '../shared/count-down.ts';
import { guarded } from '../shared/guarded-transport.ts';
import { refusing } from '../shared/refusing.ts';
import { authorise, encryptBearer } from './bearer.ts';
import { attemptNamedBy, callOf, parseResult } from './callbacks.ts';
import { parseVodacomMpesaConfig, type VodacomMpesaConfig, type VodacomMpesaSettings } from './config.ts';
import { ask, ownReference } from './fields.ts';
import {
  type BusinessPayment,
  buildBusinessPayment,
  buildCollection,
  buildNameQuestion,
  buildPayout,
  buildReversal,
  buildStatusQuestion,
} from './requests.ts';
import { isSessionRefusal, parseName, parsePayment, parseSession, parseStatus } from './responses.ts';
import { capabilitiesOf, routesOf } from './routes.ts';
import { createSessions } from './sessions.ts';
import type { OpenApiCall } from './status.ts';

/** The provider port, and what the Open API offers beyond it. */
export interface VodacomMpesaProvider extends MobileMoneyProvider {
  attemptNamedBy: NonNullable<MobileMoneyProvider['attemptNamedBy']>;
  /** Opens a session ahead of need; a bridge does so when it starts. It is live after `sessionWarmUpMs`. */
  prepare: NonNullable<MobileMoneyProvider['prepare']>;
  /**
   * Pays another business. Nobody drives this but its caller: store the reference first, and after an error with
   * `moneyMoved: 'maybe'`, ask with {@link findTransaction}; a second request with the same reference is refused.
   * @throws InvalidRequestError, and what a submit throws.
   */
  payBusiness(payment: BusinessPayment, options?: CallOptions): Promise<SubmitFinding>;
  /** Asks what became of a transaction: by our reference, the conversation id or the transaction id. */
  findTransaction(reference: string, options?: CallOptions): Promise<Finding>;
}

/**
 * M-Pesa of Vodacom in Tanzania, Mozambique, DR Congo or Lesotho, over the Open API, for one application.
 * @throws ConfigError at once, naming the setting that is missing or malformed.
 */
export function vodacomMpesa(settings: VodacomMpesaSettings): (environment: Environment) => VodacomMpesaProvider {
  const config = parseVodacomMpesaConfig(settings);
  return (environment) => createProvider(config, environment);
}

type Send = (request: HttpRequest, options?: CallOptions) => Promise<HttpResponse>;

function createProvider(config: VodacomMpesaConfig, environment: Environment): VodacomMpesaProvider {
  const { name } = config;
  const { send, prepare } = createSender(config, environment);
  const capabilities = capabilitiesOf(config);
  /** A new one each time; of two copies of this machine that draw the same, for each thing that they ask about. */
  const questionId = (about: string): string => {
    const drawn = Buffer.from(environment.random.bytes(16)).toString('hex');
    return sha256Hex(`canza:question:${drawn}:${about}`).slice(0, 32);
  };

  const submit =
    (call: OpenApiCall, build: (config: VodacomMpesaConfig, request: SubmitRequest) => HttpRequest) =>
    async (request: SubmitRequest, options?: CallOptions): Promise<SubmitFinding> =>
      parsePayment(await send(build(config, request), options), { call, reference: request.reference }, name);
  const refuse = refusing(name, capabilities);
  const askAbout = async (reference: string, call: OpenApiCall, options?: CallOptions): Promise<Finding> => {
    const question = { reference: ownReference(reference), questionId: questionId(reference) };
    const { questionId: asked } = question;
    return parseStatus(await send(buildStatusQuestion(config, question), options), { call, questionId: asked }, name);
  };

  return {
    name,
    capabilities,
    routes: routesOf(config),
    collect: capabilities.collect === 'supported' ? submit('collection', buildCollection) : refuse('collect'),
    disburse: capabilities.disburse === 'supported' ? submit('payout', buildPayout) : refuse('disburse'),
    refund: capabilities.refund === 'supported' ? submit('reversal', buildReversal) : refuse('refund'),
    remit: refuse('remit'),
    balance: refuse('balance'),
    query: ({ reference, route }, options) => askAbout(reference, callOf(route.type), options),
    lookupAccount: async (msisdn, options) =>
      parseName(await send(buildNameQuestion(config, msisdn, questionId(msisdn)), options), name),
    readCallback: (callback) => parseResult(callback, name),
    attemptNamedBy: (callback) => attemptNamedBy(callback, name),
    prepare,
    payBusiness: async (payment, options) =>
      parsePayment(
        await send(buildBusinessPayment(config, payment), options),
        { call: 'business-payment', reference: payment.reference },
        name,
      ),
    findTransaction: (reference, options) => askAbout(reference, 'payment', options),
  };
}

/** Sends with a live session, once: a session that is refused is forgotten, and nothing is ever sent again for it. */
function createSender(
  config: VodacomMpesaConfig,
  environment: Environment,
): { send: Send; prepare: (options?: CallOptions) => Promise<void> } {
  const { name, publicKey, origin } = config;
  const transport = guarded(environment.transport, name);
  const sessions = createSessions({
    environment,
    provider: name,
    warmUpMs: config.sessionWarmUpMs,
    lifetimeMs: config.sessionLifetimeMs,
    open: async (options) => {
      const request = authorise(ask(config, 'getSession/', {}), config.keyBearer, origin);
      return { bearer: encryptBearer(parseSession(await transport(request, options), name), publicKey) };
    },
  });
  return {
    prepare: (options = {}) => sessions.prepare(options),
    send: async (request, options = {}) => {
      const within = countDown(environment.clock, { timeoutMs: config.timeoutMs, ...options }, name);
      const bearer = await sessions.bearer(within());
      const response = await transport(authorise(request, bearer, origin), within());
      if (isSessionRefusal(response)) {
        environment.logger.warn(
          { provider: name, status: response.status },
          'the session was refused; another is opened',
        );
        sessions.drop(bearer);
      }
      return response;
    },
  };
}
