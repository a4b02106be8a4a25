import { type Payment, parseMoney, parseMsisdn, sha256Hex } from '@canza/core';
import type { PaymentTemplate } from '../menu.ts';
import type { Effect } from '../steps.ts';

/** What starts payments and knows what became of them: `MMOBridge` is one. */
export interface PaymentStarter {
  /**
   * Starts a payment, or returns the one that was started under the same id: called twice, it pays once.
   * @throws PaymentError whose `moneyMoved` says what is known.
   */
  initiateTransaction(request: PaymentRequest): Promise<Payment>;
  /** @throws NotFoundError, or resolves with `undefined`, for an id that is not known. */
  getTransaction(transactionId: string): Promise<Payment | undefined>;
}

/** A payment as it is asked for: the template with its values. */
export interface PaymentRequest extends Omit<PaymentTemplate, 'purpose'> {
  readonly transactionId: string;
  /** Whose wallet it is, as the operator directory names them; known from the payer's network. */
  readonly operator?: string;
  /** The payer's network, as the gateway told it, where nobody said whose wallets are behind it. */
  readonly network?: string;
}

/** A payment that a payer confirmed and that starts once the session is closed. */
export interface PaymentIntent {
  readonly request: PaymentRequest;
  readonly purpose: string;
  /** Not before: the operator's prompt cannot appear while the session is open. */
  readonly startAtMs: number;
  /** Not after: a prompt that comes minutes later is not what the payer agreed to. */
  readonly expiresAtMs: number;
}

export interface IntentTimes {
  readonly nowMs: number;
  readonly delayMs: number;
  readonly startWithinMs: number;
}

/** As much as every bridge takes. */
const LONGEST_DESCRIPTION = 200;
const LONGEST_REFERENCE = 64;

/**
 * Makes the payment of an effect. Its id is derived from the session (gateway, id and the time it began, because gateways use
 * ids again) and the step, so whoever carries the effect out, and however often, it is the same payment.
 * @throws InvalidRequestError when amount, currency or number are not usable.
 */
export function planPayment(
  session: { readonly key: string; readonly startedAtMs: number },
  { step, payment }: Effect,
  wallet: Pick<PaymentRequest, 'operator' | 'network'>,
  { nowMs, delayMs, startWithinMs }: IntentTimes,
): PaymentIntent {
  const { currency } = parseMoney(payment.amount, payment.currency);
  const digest = sha256Hex(JSON.stringify(['canza:ussd:1', session.key, session.startedAtMs, step]));
  return {
    request: {
      transactionId: `ussd-${digest.slice(0, 32)}`,
      type: payment.type,
      amount: payment.amount,
      currency,
      phoneNumber: `+${parseMsisdn(payment.phoneNumber).msisdn}`,
      description: payment.description.slice(0, LONGEST_DESCRIPTION),
      ...(payment.accountReference === undefined
        ? {}
        : { accountReference: payment.accountReference.slice(0, LONGEST_REFERENCE) }),
      ...wallet,
    },
    purpose: payment.purpose ?? '',
    startAtMs: nowMs + delayMs,
    expiresAtMs: nowMs + startWithinMs,
  };
}

/** A payment as it is remembered for its payer. */
export interface RecentPayment {
  readonly transactionId: string;
  readonly amount: string;
  readonly currency: string;
  readonly description: string;
  readonly confirmedAtMs: number;
}
