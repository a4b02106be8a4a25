import { InvalidRequestError } from '@canza/core';

/** What phone numbers are to an operator. */
export interface SubscriberStates<State extends string> {
  /** @throws InvalidRequestError for another state. */
  readonly set: (msisdn: string, state: State) => void;
  readonly stateOf: (msisdn: string) => State;
}

/** @param states Every state there is; the first is that of a number of which nothing else was said. */
export function createSubscriberStates<State extends string>(
  states: readonly [State, ...State[]],
): SubscriberStates<State> {
  const told = new Map<string, State>();
  return {
    set(msisdn, state) {
      if (!states.includes(state)) {
        throw new InvalidRequestError({ field: 'state', expected: `one of ${states.join(', ')}` });
      }
      told.set(msisdn, state);
    },
    stateOf: (msisdn) => told.get(msisdn) ?? states[0],
  };
}
