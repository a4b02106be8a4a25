import { expectTypeOf } from 'vitest';
import { z } from 'zod';
import { defineFlow, placeFlow } from './flow.ts';
import { defineMenu, type Menu } from './menu.ts';
import { sendMoneyMenu } from './testing/send-money-menu.ts';

const bye = { kind: 'end', text: { en: 'Bye' } } as const;

expectTypeOf(sendMoneyMenu).toExtend<Menu<string, string, string, 'balance'>>();

defineMenu({
  name: 'typed',
  languages: ['en'],
  // @ts-expect-error the menu has no screen of that name
  start: 'hom',
  screens: { home: bye },
});

defineMenu({
  name: 'typed',
  languages: ['en'],
  start: 'home',
  screens: {
    home: {
      kind: 'choice',
      text: { en: 'Hello' },
      options: [
        { label: { en: 'Go' }, to: 'bye' },
        // @ts-expect-error a transition to a screen that does not exist
        { label: { en: 'Get lost' }, to: 'nowhere' },
      ],
    },
    bye,
  },
});

defineMenu({
  name: 'typed',
  languages: ['en', 'fr'],
  start: 'home',
  screens: {
    home: {
      kind: 'end',
      // @ts-expect-error French is missing
      text: { en: 'Hello' },
    },
  },
});

defineMenu({
  name: 'typed',
  languages: ['en'],
  start: 'home',
  fields: { amount: { longest: 9 } },
  screens: {
    home: {
      kind: 'input',
      text: { en: 'How much?' },
      // @ts-expect-error no field of that name
      field: 'amuont',
      input: z.string().regex(/^\d+$/),
      to: 'bye',
    },
    bye,
  },
});

defineMenu({
  name: 'typed',
  languages: ['en'],
  start: 'home',
  fields: { amount: { longest: 9 } },
  screens: {
    home: {
      kind: 'input',
      text: { en: 'How much?' },
      field: 'amount',
      // @ts-expect-error a number is not how money is kept
      input: z.coerce.number(),
      to: 'bye',
    },
    bye,
  },
});

defineMenu({
  name: 'typed',
  languages: ['en'],
  start: 'home',
  screens: {
    // @ts-expect-error no data of that name
    home: { kind: 'end', text: { en: 'You have money' }, load: 'balance' },
  },
});

const recipient = defineFlow({
  exits: ['done', 'given-up'],
  screens: {
    ask: {
      kind: 'choice',
      text: { en: 'Who?' },
      options: [
        { label: { en: 'Me' }, to: 'done' },
        { label: { en: 'Nobody' }, to: 'given-up' },
        { label: { en: 'Say again' }, to: 'ask' },
      ],
    },
  },
});

const placed = placeFlow(recipient, 'to', { done: 'bye', 'given-up': 'bye' });
expectTypeOf<keyof typeof placed>().toEqualTypeOf<'to/ask'>();

defineMenu({ name: 'typed', languages: ['en'], start: 'to/ask', screens: { ...placed, bye } });

// @ts-expect-error an exit of the flow leads nowhere
placeFlow(recipient, 'to', { done: 'bye' });

defineMenu({
  name: 'typed',
  languages: ['en'],
  start: 'to/ask',
  // @ts-expect-error the flow's exit leads to a screen that the menu lacks
  screens: { ...placeFlow(recipient, 'to', { done: 'bye', 'given-up': 'nowhere' }), bye },
});
