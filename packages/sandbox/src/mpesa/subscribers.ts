import { createSubscriberStates, type SubscriberStates } from '../subscriber-states.ts';

/** What a phone number is to M-PESA: a customer's, a subscriber's without M-PESA (payouts end in 2040), or nobody's (SFC_IC0003). */
export const SUBSCRIBER_STATES = ['registered', 'unregistered', 'unknown'] as const;

/** What is the matter with a wallet. */
export type SubscriberState = (typeof SUBSCRIBER_STATES)[number];

/** The people who can be paid. */
export interface Subscribers extends SubscriberStates<SubscriberState> {
  /** In upper case, as receipts print it. */
  readonly nameOf: (msisdn: string) => string;
}

export function createSubscribers(names: Readonly<Record<string, string>> = {}): Subscribers {
  return {
    ...createSubscriberStates(SUBSCRIBER_STATES),
    nameOf: (msisdn) => names[msisdn] ?? 'JOHN DOE',
  };
}
