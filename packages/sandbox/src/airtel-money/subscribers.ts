import { type CustomerName, createNames } from '../subscriber-names.ts';
import { createSubscriberStates, type SubscriberStates } from '../subscriber-states.ts';

/** What a phone number is to Airtel Money: a customer's, that of one who is barred, or nobody's. */
const SUBSCRIBER_STATES = ['registered', 'barred', 'unregistered'] as const;

/** What is the matter with a wallet. */
export type SubscriberState = (typeof SUBSCRIBER_STATES)[number];

/** The people behind the numbers, which are E.164 digits. */
export interface Subscribers extends SubscriberStates<SubscriberState> {
  readonly nameOf: (msisdn: string) => CustomerName;
}

export const createSubscribers = (names?: Readonly<Record<string, string>>): Subscribers => ({
  ...createSubscriberStates(SUBSCRIBER_STATES),
  nameOf: createNames(names),
});
