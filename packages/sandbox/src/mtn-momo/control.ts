import { InvalidRequestError } from '@canza/core';

import { type Controlled, textField } from '../control/control.ts';
import type { MomoEmulator } from './emulator.ts';
import { PRODUCTS } from './settings.ts';
import { MOMO_SUBSCRIBER_STATES } from './subscribers.ts';

/** What of MTN MoMo can be watched and steered from outside. */
export function controlMomo(emulator: MomoEmulator): Controlled {
  const { books, subscribers } = emulator;
  return {
    name: emulator.name,
    settings: describeSettings(emulator),
    faults: emulator.faults,
    deliveries: emulator.deliveries,
    handset: emulator.handset,
    answerPrompt: emulator.answerPrompt,
    books: () => ({ movements: books.movements() }),
    commands: {
      'set-subscriber': (fields) => {
        const state = MOMO_SUBSCRIBER_STATES.find((each) => each === fields['state']);
        if (state === undefined) {
          throw new InvalidRequestError({ field: 'state', expected: `one of ${MOMO_SUBSCRIBER_STATES.join(', ')}` });
        }
        subscribers.set(textField(fields, 'msisdn'), state);
      },
      'revoke-tokens': () => emulator.revokeTokens(),
    },
  };
}

const describeSettings = ({
  credentials,
  environment,
  callbackHost,
}: MomoEmulator): Readonly<Record<string, string>> => ({
  targetEnvironment: environment.targetEnvironment,
  currency: environment.currency,
  callbackHost,
  ...Object.fromEntries(
    PRODUCTS.flatMap((product) =>
      Object.entries(credentials[product]).map(([name, value]) => [`${product}.${name}`, String(value)]),
    ),
  ),
});
