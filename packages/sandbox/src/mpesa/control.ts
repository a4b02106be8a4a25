import { InvalidRequestError, parseMoney } from '@canza/core';

import { type Controlled, textField } from '../control/control.ts';
import type { JsonFields } from '../wire.ts';
import type { DarajaEmulator } from './emulator.ts';
import { INITIATOR_OPERATIONS, type Organisation } from './organisations.ts';
import { TEST_MSISDN } from './settings.ts';
import { SUBSCRIBER_STATES } from './subscribers.ts';

/** What of M-PESA can be watched and steered from outside. */
export function controlDaraja(emulator: DarajaEmulator): Controlled {
  const { books } = emulator;
  return {
    name: emulator.name,
    settings: describeSettings(emulator),
    faults: emulator.faults,
    deliveries: emulator.deliveries,
    handset: emulator.handset,
    answerPrompt: emulator.answerPrompt,
    books: () => ({
      charges: books.charges(),
      payouts: books.payouts(),
      transfers: books.transfers(),
      reversals: books.reversals(),
    }),
    commands: {
      'customer-pays': (fields) =>
        emulator.customerPays({
          shortcode: textField(fields, 'shortcode'),
          msisdn: textField(fields, 'msisdn'),
          amountMinor: parseMoney(fields['amount'], 'KES').amountMinor,
          billReference: typeof fields['billReference'] === 'string' ? fields['billReference'] : '',
        }),
      'force-result': (fields) =>
        emulator.forceResult(choiceField(fields, 'operation', INITIATOR_OPERATIONS), {
          code: textField(fields, 'code'),
          ...(typeof fields['description'] === 'string' ? { description: fields['description'] } : {}),
          ...(typeof fields['times'] === 'number' ? { times: fields['times'] } : {}),
        }),
      'set-subscriber': (fields) =>
        emulator.subscribers.set(textField(fields, 'msisdn'), choiceField(fields, 'state', SUBSCRIBER_STATES)),
      'revoke-tokens': () => emulator.revokeTokens(),
    },
  };
}

function describeSettings({
  credentials,
  initiator,
  stkShortcodes,
  organisations,
}: DarajaEmulator): Readonly<Record<string, string>> {
  const listed = (kind: Organisation['kind']): string =>
    organisations
      .filter((one) => one.kind === kind)
      .map(({ shortcode }) => shortcode)
      .join(', ');
  const payBill = stkShortcodes.find(({ till }) => till === undefined);
  const store = stkShortcodes.find(({ till }) => till !== undefined);
  return {
    consumerKey: credentials.consumerKey,
    consumerSecret: credentials.consumerSecret,
    ...(payBill === undefined ? {} : { shortcode: payBill.shortcode, passkey: payBill.passkey }),
    ...(store?.till === undefined
      ? {}
      : { storeShortcode: store.shortcode, storeTill: store.till, storePasskey: store.passkey }),
    initiatorName: initiator.name,
    initiatorPassword: initiator.password,
    certificate: initiator.certificate,
    payBills: listed('pay-bill'),
    tills: listed('till'),
    payoutShortcodes: listed('bulk'),
    silentMsisdn: TEST_MSISDN,
  };
}

function choiceField<Choice extends string>(fields: JsonFields, name: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((one) => one === fields[name]);
  if (choice === undefined) throw new InvalidRequestError({ field: name, expected: `one of ${choices.join(', ')}` });
  return choice;
}
