import { createSubscriberStates, type SubscriberStates } from '../subscriber-states.ts';

/** What a number is to MTN: a wallet that works, one that does not, or nobody's. */
export const MOMO_SUBSCRIBER_STATES = ['active', 'inactive', 'unknown'] as const;

/** What is the matter with a wallet. */
export type MomoSubscriberState = (typeof MOMO_SUBSCRIBER_STATES)[number];

/** The people with wallets. */
export interface MomoSubscribers extends SubscriberStates<MomoSubscriberState> {
  readonly nameOf: (msisdn: string) => { readonly given: string; readonly family: string };
}

export function createMomoSubscribers(
  names: Readonly<Record<string, { readonly given: string; readonly family: string }>> = {},
): MomoSubscribers {
  return {
    ...createSubscriberStates(MOMO_SUBSCRIBER_STATES),
    nameOf: (msisdn) => names[msisdn] ?? { given: 'Sand', family: 'Box' },
  };
}
