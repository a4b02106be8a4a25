import { type Controlled, textField } from '../control/control.ts';
import type { AirtelEmulator } from './emulator.ts';
import type { SubscriberState } from './subscribers.ts';

/** What of Airtel Money can be watched and steered from outside. */
export function controlAirtel(emulator: AirtelEmulator): Controlled {
  const { books } = emulator;
  return {
    name: emulator.name,
    settings: describeSettings(emulator),
    faults: emulator.faults,
    deliveries: emulator.deliveries,
    handset: emulator.handset,
    answerPrompt: emulator.answerPrompt,
    books: () => ({ collections: books.collections(), payouts: books.payouts(), refunds: books.refunds() }),
    commands: {
      'set-callback-url': (fields) => emulator.setCallbackUrl(textField(fields, 'url')),
      'set-subscriber': (fields) =>
        // A state that does not exist is refused there, by name.
        emulator.subscribers.set(textField(fields, 'msisdn'), textField(fields, 'state') as SubscriberState),
      'revoke-tokens': () => emulator.revokeTokens(),
    },
  };
}

function describeSettings({ application, publicKey }: AirtelEmulator): Readonly<Record<string, string>> {
  const { clientId, clientSecret, country, currency, pin, pinPadding, callbackKey, callbackUrl } = application;
  return {
    clientId,
    clientSecret,
    country,
    currency,
    pin,
    pinPadding,
    publicKey,
    ...(callbackKey === undefined ? {} : { callbackKey }),
    callbackUrl: callbackUrl ?? 'none: POST /__sandbox/commands/set-callback-url {"url":"…"}',
  };
}
