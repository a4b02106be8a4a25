import { createMemoryKeyValueStore, type KeyValueStore, systemClock } from '@canza/core';
import {
  begin,
  compileMenu,
  createMemorySessions,
  createUssdHandler,
  defineMenu,
  SCREEN_LIMITS,
  type SessionState,
  step,
  textInput,
} from '@canza/mobile-money/ussd';
import type { Contestant } from './contestant.ts';

/** The six screens; the inputs check as much as the regular expressions of the peers do. */
const menu = defineMenu({
  name: 'bench',
  languages: ['en'],
  start: 'home',
  fields: { recipient: { longest: 16 }, amount: { longest: 9 }, reason: { longest: 20 } },
  screens: {
    home: {
      kind: 'choice',
      text: { en: 'Welcome to Pesa' },
      options: [
        { label: { en: 'Send money' }, to: 'recipient' },
        { label: { en: 'Balance' }, to: 'balance' },
      ],
    },
    recipient: {
      kind: 'input',
      text: { en: 'Phone number of the recipient' },
      field: 'recipient',
      input: textInput({ pattern: /^\d+$/ }),
      to: 'amount',
    },
    amount: {
      kind: 'input',
      text: { en: 'Amount in KES for {recipient}' },
      field: 'amount',
      input: textInput({ pattern: /^\d+$/ }),
      to: 'reason',
    },
    reason: { kind: 'input', text: { en: 'What is it for?' }, field: 'reason', input: textInput(), to: 'confirm' },
    confirm: {
      kind: 'confirm',
      text: { en: 'Send KES {amount} to {recipient} for {reason}?' },
      yes: 'done',
      no: 'cancelled',
    },
    done: { kind: 'end', text: { en: 'KES {amount} is on its way. Approve it on your phone.' } },
    cancelled: { kind: 'end', text: { en: 'Nothing was sent.' } },
    balance: { kind: 'end', text: { en: 'You have KES 100.' } },
  },
});

/** The whole handler: sessions over a store, repeated hops, limits, languages. */
export const oursOver = (store: KeyValueStore, name: string, remember: boolean): Contestant =>
  contestant(name, createUssdHandler({ menu, store, remember }));

/** The whole handler with the sessions of one process. */
export function oursInMemory(name: string): Contestant {
  const clock = systemClock;
  const store = createMemoryKeyValueStore({ clock });
  return contestant(
    name,
    createUssdHandler({ menu, store, sessions: createMemorySessions({ clock }), remember: false }),
  );
}

const contestant = (name: string, handler: ReturnType<typeof createUssdHandler>): Contestant => ({
  name,
  answer: (request) => handler.processRequest(request),
});

/** The pure step alone, with its states in a map: what a test or a simulation runs. */
export function ourStep(): Contestant {
  const compiled = compileMenu(menu, SCREEN_LIMITS.standard);
  const states = new Map<string, SessionState>();
  return {
    name: 'our step',
    answer({ sessionId, phoneNumber, text }) {
      const state = states.get(sessionId);
      const taken =
        state === undefined
          ? begin(compiled, { language: 'en', phone: phoneNumber })
          : step(compiled, state, text.slice(text.lastIndexOf('*') + 1));
      if (taken.kind === 'screen') states.set(sessionId, taken.state);
      else states.delete(sessionId);
      return taken.kind === 'load' ? '' : taken.text;
    },
  };
}
