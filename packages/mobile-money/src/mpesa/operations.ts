import {
  type CallOptions,
  ConfigError,
  type Finding,
  type IncomingCallback,
  type MobileMoneyProvider,
  type SubmitFinding,
  UnsupportedError,
} from '@canza/core';

import type { AuthorisedSender } from '../shared/authorised-sender.ts';
import { buildAccountBalance } from './account-balance/requests.ts';
import { type BalanceReport, readAccountBalance } from './account-balance/results.ts';
import { type BusinessPayment, buildBusinessPayment, buildTillPrompt, type TillPrompt } from './b2b/requests.ts';
import { parseTillPrompt } from './b2b/responses.ts';
import { readBusinessPaymentResult, readTillPromptCallback } from './b2b/results.ts';
import { type PaymentNotice, readPaymentNotice } from './c2b/notices.ts';
import { buildSimulation, buildUrlRegistration, type PaymentNotices, type SimulatedPayment } from './c2b/requests.ts';
import { parseSimulation, parseUrlRegistration } from './c2b/responses.ts';
import type { Initiator, MpesaConfig } from './config.ts';
import { type AnswerAddresses, answerAddressesOf } from './initiator/addresses.ts';
import { parseAcknowledgement } from './initiator/responses.ts';
import { readResult } from './initiator/results.ts';
import { pagesOf } from './pull/pages.ts';
import { buildPull, buildPullRegistration, type PullPeriod, type PullRegistration } from './pull/requests.ts';
import { type PulledPayment, parsePull, parsePullRegistration } from './pull/responses.ts';
import { buildQr, type QrPayment } from './qr/requests.ts';
import { parseQr } from './qr/responses.ts';
import { buildTransactionStatus, type TransactionInDoubt } from './transaction-status/requests.ts';
import { readTransactionStatus } from './transaction-status/results.ts';

/**
 * M-Pesa beyond what all operators have in common. Nobody drives these calls but their caller: what moves money is sent once, is
 * answered at an address that the caller gives, and has to be stored before it is sent.
 */
export interface MpesaOperations {
  /**
   * Pays a pay bill or a till, or tops up our payout account. **Sent twice, it is paid twice**: Daraja knows no id of ours for it, so
   * after an error with `moneyMoved: 'maybe'` look into the statement before anything else.
   * @throws InvalidRequestError, ConfigError, and what a submit throws.
   */
  payBusiness(payment: BusinessPayment, options?: CallOptions): Promise<SubmitFinding>;
  /** Reads what arrives at the `resultUrl` of such a payment. @throws InvalidCallbackError */
  readBusinessPayment(callback: Pick<IncomingCallback, 'body'>): Finding;
  /** Asks the owner of a till to pay a pay bill (B2B Express). @throws as `payBusiness` does. */
  promptTill(prompt: TillPrompt, options?: CallOptions): Promise<SubmitFinding>;
  /** Reads what arrives at the `callbackUrl` of such a prompt. @throws InvalidCallbackError */
  readTillPrompt(callback: Pick<IncomingCallback, 'body'>): {
    readonly finding: Finding;
    /** The `requestId` of the prompt. */
    readonly requestId: string | undefined;
  };
  /** Asks what became of any transaction of our short code; the answer comes to `resultUrl`. */
  askAboutTransaction(
    doubt: TransactionInDoubt,
    addresses: AnswerAddresses,
    options?: CallOptions,
  ): Promise<SubmitFinding>;
  /** Reads that answer. @throws InvalidCallbackError */
  readTransactionStatus(callback: Pick<IncomingCallback, 'body'>): Finding;
  /** Asks what our accounts hold; the answer comes to `resultUrl`. */
  askBalance(addresses: AnswerAddresses, options?: CallOptions): Promise<SubmitFinding>;
  /** Reads that answer. @throws InvalidCallbackError */
  readBalance(callback: Pick<IncomingCallback, 'body'>): BalanceReport;
  /** Has payments that customers start by themselves announced to us. */
  registerNotices(notices: PaymentNotices, options?: CallOptions): Promise<'registered' | 'already-registered'>;
  /** Reads such an announcement: before the money moves, or after. @throws InvalidCallbackError */
  readNotice(callback: Pick<IncomingCallback, 'body'>): PaymentNotice;
  /** Lets the sandbox play a customer's payment. @throws UnsupportedError in production. */
  simulatePayment(payment: SimulatedPayment, options?: CallOptions): Promise<void>;
  /** Allows our short code to pull its payments. */
  registerPull(registration: PullRegistration, options?: CallOptions): Promise<'registered' | 'already-registered'>;
  /** One page of the payments of customers into our short code, of the last 48 hours; an empty page is the end. */
  pull(period: PullPeriod, options?: CallOptions): Promise<readonly PulledPayment[]>;
  /** All pages of a period, each read when it is needed: `bridge.reconcile({ provider, lines: mpesa.statement(period) })`. */
  statement(period: Omit<PullPeriod, 'offset'>, options?: CallOptions): AsyncGenerator<PulledPayment, void, undefined>;
  /** The picture of a QR code for one payment, PNG. */
  generateQr(payment: QrPayment, options?: CallOptions): Promise<Uint8Array>;
}

/** M-Pesa in Kenya: what every provider does, and what only this one does. */
export interface MpesaProvider extends MobileMoneyProvider, MpesaOperations {}

/** Puts the operations together for one short code. */
export function createMpesaOperations(config: MpesaConfig, send: AuthorisedSender): MpesaOperations {
  const { name } = config;
  const initiator = (): Initiator => {
    if (config.initiator !== undefined) return config.initiator;
    throw new ConfigError({ field: 'mpesa.initiator', expected: "the short code's API operator, for this operation" });
  };
  const pull: MpesaOperations['pull'] = async (period, options) =>
    parsePull(await send(buildPull(config, period), options), name);
  return {
    payBusiness: async (payment, options) =>
      parseAcknowledgement(
        'business-payment',
        await send(buildBusinessPayment(config, initiator(), payment), options),
        name,
      ),
    readBusinessPayment: (callback) => readBusinessPaymentResult(readResult(callback, name)),
    promptTill: async (prompt, options) => parseTillPrompt(await send(buildTillPrompt(config, prompt), options), name),
    readTillPrompt: (callback) => readTillPromptCallback(callback, name),
    askAboutTransaction: async (doubt, addresses, options) => {
      const request = buildTransactionStatus(config, initiator(), doubt, answerAddressesOf(addresses, config));
      return parseAcknowledgement('question', await send(request, options), name);
    },
    readTransactionStatus: (callback) => readTransactionStatus(readResult(callback, name)),
    askBalance: async (addresses, options) =>
      parseAcknowledgement('question', await send(buildAccountBalance(config, initiator(), addresses), options), name),
    readBalance: (callback) => readAccountBalance(readResult(callback, name)),
    registerNotices: async (notices, options) =>
      parseUrlRegistration(await send(buildUrlRegistration(config, notices), options), name),
    readNotice: (callback) => readPaymentNotice(callback, name),
    simulatePayment: async (payment, options) => {
      if (config.environment === 'production') {
        throw new UnsupportedError('simulatePayment', 'only the sandbox plays payments.', { provider: name });
      }
      parseSimulation(await send(buildSimulation(config, payment), options), name);
    },
    registerPull: async (registration, options) =>
      parsePullRegistration(await send(buildPullRegistration(config, registration), options), name),
    pull,
    statement: (period, options) => pagesOf(period, (page) => pull(page, options)),
    generateQr: async (payment, options) => parseQr(await send(buildQr(config, payment), options), name),
  };
}
