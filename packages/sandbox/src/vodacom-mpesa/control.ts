import { type Controlled, textField } from '../control/control.ts';
import type { VodacomEmulator } from './emulator.ts';
import type { SubscriberState } from './subscribers.ts';

/** What of the Open API can be watched and steered from outside. */
export function controlVodacom(emulator: VodacomEmulator): Controlled {
  const { books } = emulator;
  return {
    name: emulator.name,
    settings: describeSettings(emulator),
    faults: emulator.faults,
    deliveries: emulator.deliveries,
    handset: emulator.handset,
    answerPrompt: emulator.answerPrompt,
    books: () => ({
      collections: books.collections(),
      payouts: books.payouts(),
      transfers: books.transfers(),
      reversals: books.reversals(),
    }),
    commands: {
      'set-response-url': (fields) => emulator.setResponseUrl(textField(fields, 'url')),
      'answer-synchronously': () => emulator.setResponseUrl(undefined),
      'set-subscriber': (fields) =>
        // A state that does not exist is refused there, by name.
        emulator.subscribers.set(textField(fields, 'msisdn'), textField(fields, 'state') as SubscriberState),
      'end-sessions': () => emulator.endSessions(),
    },
  };
}

function describeSettings({ application, publicKey }: VodacomEmulator): Readonly<Record<string, string>> {
  const { apiKey, origin, serviceProviderCodes, responses, responseUrl } = application;
  return {
    apiKey,
    publicKey,
    origin,
    serviceProviderCode: serviceProviderCodes.join(', '),
    responses,
    responseUrl: responseUrl ?? 'none: POST /__sandbox/commands/set-response-url {"url":"…"}',
  };
}
