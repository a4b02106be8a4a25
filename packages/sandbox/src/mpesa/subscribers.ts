import { InvalidRequestError } from '@canza/core';

/** What a phone number is to M-PESA. */
export const SUBSCRIBER_STATES = ['registered', 'unregistered', 'unknown'] as const;
export type SubscriberState = (typeof SUBSCRIBER_STATES)[number];

/** The people who can be paid. */
export interface Subscribers {
  /**
   * Makes a number that of a customer, of a subscriber without M-PESA (payouts end in 2040), or of nobody (SFC_IC0003).
   * @throws InvalidRequestError for another state.
   */
  readonly set: (msisdn: string, state: SubscriberState) => void;
  /** `registered` unless set. */
  readonly stateOf: (msisdn: string) => SubscriberState;
  /** In upper case, as receipts print it. */
  readonly nameOf: (msisdn: string) => string;
}

export function createSubscribers(names: Readonly<Record<string, string>> = {}): Subscribers {
  const states = new Map<string, SubscriberState>();
  return {
    set(msisdn, state) {
      if (!SUBSCRIBER_STATES.includes(state)) {
        throw new InvalidRequestError({ field: 'state', expected: `one of ${SUBSCRIBER_STATES.join(', ')}` });
      }
      states.set(msisdn, state);
    },
    stateOf: (msisdn) => states.get(msisdn) ?? 'registered',
    nameOf: (msisdn) => names[msisdn] ?? 'JOHN DOE',
  };
}
