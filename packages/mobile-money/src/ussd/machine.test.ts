import { describe, expect, it } from 'vitest';
import { compileMenu } from './compile.ts';
import { begin, mayBeDialled, offerResume, step, supply } from './machine.ts';
import { defineMenu } from './menu.ts';
import type { LoadStep, Step } from './steps.ts';
import { sendMoneyMenu } from './testing/send-money-menu.ts';
import { fitsScreen, SCREEN_LIMITS } from './text/gsm7.ts';

const compiled = compileMenu(sendMoneyMenu, SCREEN_LIMITS.standard);
const dialled = { language: 'en', phone: '+254700123456' };
const textOf = (taken: Step): string => (taken.kind === 'load' ? `(loads ${taken.load})` : taken.text);

/** Dials and enters one after the other. */
const walk = (...entries: readonly string[]): Step =>
  entries.reduce<Step>((taken, entry) => step(compiled, taken.state, entry), begin(compiled, dialled));

describe('the step', () => {
  it('walks from the code to the receipt', () => {
    expect(textOf(walk())).toBe('Welcome to Pesa\n1. Send money\n2. Balance\n3. Francais');
    expect(textOf(walk('1'))).toBe('Phone number of the recipient\n0. Back');
    expect(textOf(walk('1', '0712345678'))).toBe('Amount in KES for +254712345678\n0. Back\n00. Home');
    expect(textOf(walk('1', '0712345678', '0500', 'rent'))).toBe(
      'Send KES 500 to +254712345678 for rent?\n1. Confirm\n2. Cancel\n0. Back\n00. Home',
    );
    expect(walk('1', '0712345678', '500', 'rent', '1')).toMatchObject({
      kind: 'end',
      text: 'KES 500 is on its way. Approve it on your phone.',
      effects: [
        {
          kind: 'pay',
          step: 'done',
          payment: {
            type: 'collection',
            amount: '500',
            currency: 'KES',
            phoneNumber: '+254700123456',
            description: 'To +254712345678: rent',
            purpose: 'send-money',
          },
        },
      ],
    });
    expect(walk('1', '0712345678', '500', 'rent', '2')).toMatchObject({ text: 'Nothing was sent.', effects: [] });
  });

  it('never changes the state it was given', () => {
    const before = walk('1', '0712345678').state;
    const copy = structuredClone(before);
    step(compiled, before, '500');
    step(compiled, before, '0');
    expect(before).toEqual(copy);
  });

  it('shows the same screen with a line above after a wrong entry, and ends politely after three in a row', () => {
    const wrong = walk('1', '0712345678', '5');
    expect(textOf(wrong)).toBe('From 10 to 70000.\nAmount in KES for +254712345678\n0. Back\n00. Home');
    expect(textOf(walk('1', 'abc'))).toBe('Wrong entry, try again.\nPhone number of the recipient\n0. Back');
    expect(walk('1', '0712345678', '5', 'x', 'y')).toMatchObject({
      kind: 'end',
      reason: 'too-many-wrong',
      effects: [],
    });
    expect(walk('9', '9', '1', 'x', 'y')).toMatchObject({ kind: 'screen' });
  });

  it('does not take what an object happens to inherit for a screen, an option or a field', () => {
    for (const entry of ['__proto__', 'constructor', 'toString']) expect(walk(entry).kind).toBe('screen');
    expect(textOf(walk('1', '0712345678', '500', '__proto__'))).toContain('for __proto__?');
  });
});

describe('going back', () => {
  it('restores the answers, not only the screen', () => {
    const back = walk('1', '0712345678', '500', '0');
    expect(textOf(back)).toBe('Amount in KES for +254712345678\n0. Back\n00. Home');
    expect(back.state.answers).toEqual({ recipient: '+254712345678' });
    const twice = walk('1', '0712345678', '500', '0', '0');
    expect(twice.state.answers).toEqual({});
    expect(textOf(walk('1', '0712345678', '0', '0733000111', '70', 'x'))).toContain('KES 70 to +254733000111');
  });

  it('restores an answer that was overwritten', () => {
    const first = walk('1', '0712345678', '500', 'rent');
    const again = step(compiled, { ...first.state, at: 'amount' }, '900');
    expect(again.state.answers['amount']).toBe('900');
    expect(step(compiled, again.state, '0').state.answers['amount']).toBe('500');
  });

  it('goes home with nothing kept, and neither works on the first screen', () => {
    const home = walk('1', '0712345678', '500', '00');
    expect(home.state).toEqual(walk().state);
    expect(textOf(walk('0'))).toMatch(/^Wrong entry/);
    expect(textOf(walk('00'))).toMatch(/^Wrong entry/);
  });
});

describe('languages', () => {
  it('changes in the middle and stays', () => {
    expect(textOf(walk('3'))).toBe('Bienvenue chez Pesa\n1. Envoyer\n2. Solde\n3. Francais\n0. Retour');
    expect(textOf(walk('3', '1'))).toBe('Numéro du destinataire\n0. Retour\n00. Accueil');
    expect(textOf(walk('3', '1', '00'))).toBe('Bienvenue chez Pesa\n1. Envoyer\n2. Solde\n3. Francais');
  });

  it('begins in the first language when the asked one is not spoken', () => {
    expect(textOf(begin(compiled, { ...dialled, language: 'sw' }))).toMatch(/^Welcome/);
  });
});

describe('data', () => {
  it('asks for it before the screen, and goes back with a line above when it cannot be had', () => {
    const waiting = walk('2') as LoadStep;
    expect(waiting).toMatchObject({ kind: 'load', load: 'balance' });
    expect(textOf(supply(compiled, waiting, { values: { balance: '1250.00' } }))).toBe('You have KES 1250.00.');
    expect(textOf(supply(compiled, waiting, undefined))).toBe(
      'Not available now.\nWelcome to Pesa\n1. Send money\n2. Balance\n3. Francais',
    );
  });

  it('is cut to its length and to the alphabet of the screen', () => {
    const waiting = walk('2') as LoadStep;
    const nasty = { values: { balance: `1\u0000😀${'9'.repeat(500)}` } };
    expect(textOf(supply(compiled, waiting, nasty))).toBe('You have KES 1 ?99999999999.');
  });
});

const bills = defineMenu({
  name: 'bills',
  languages: ['en'],
  start: 'pick',
  fields: { biller: { longest: 8 }, name: { longest: 20 } },
  data: { billers: { items: true } },
  screens: {
    pick: {
      kind: 'list',
      load: 'billers',
      text: { en: 'Whom to pay?' },
      field: 'biller',
      labelField: 'name',
      to: { by: 'biller', cases: { closed: 'none' }, otherwise: 'chosen' },
      empty: 'none',
    },
    chosen: { kind: 'end', text: { en: '{name} has {biller}' } },
    none: { kind: 'end', text: { en: 'No bills.' } },
  },
});

describe('lists', () => {
  const list = compileMenu(bills, SCREEN_LIMITS.standard);
  const waiting = begin(list, dialled) as LoadStep;
  const items = Array.from({ length: 30 }, (_, index) => ({
    value: `b${index + 1}`,
    label: `Biller number ${index + 1}`,
  }));

  it('pages at item borders and takes a number from any page', () => {
    const first = supply(list, waiting, { items });
    expect(textOf(first)).toMatch(/^Whom to pay\?\n1\. Biller number 1\n.*\n98\. More$/s);
    const second = step(list, first.state, '98');
    expect(textOf(second)).toMatch(/\n98\. More\n0\. Back$/);
    expect(textOf(step(list, second.state, '0'))).toBe(textOf(first));
    expect(textOf(step(list, second.state, '30'))).toBe('Biller number 30 has b30');
    expect(textOf(step(list, second.state, '31'))).toMatch(/^Wrong entry/);
  });

  it('goes elsewhere when there is nothing to choose from, and by the value that was chosen', () => {
    expect(textOf(supply(list, waiting, { items: [] }))).toBe('No bills.');
    const closed = supply(list, waiting, { items: [{ value: 'closed', label: 'Old' }] });
    expect(textOf(step(list, closed.state, '1'))).toBe('No bills.');
  });

  it('keeps a label that is too long, and too many items, from breaking a screen', () => {
    const many = Array.from({ length: 500 }, () => ({ value: 'x', label: 'ሰላም'.repeat(100) }));
    let taken = supply(list, waiting, { items: many });
    expect(textOf(step(list, taken.state, '50'))).not.toMatch(/^Wrong entry/);
    expect(textOf(step(list, taken.state, '51'))).toMatch(/^Wrong entry/);
    for (let page = 0; page < 60; page++) {
      expect(fitsScreen(textOf(taken), SCREEN_LIMITS.standard)).toBe(true);
      taken = step(list, taken.state, '98');
      if (taken.kind === 'end') break;
    }
  });
});

describe('resuming', () => {
  const draft = walk('1', '0712345678', '500').state;
  const offer = offerResume(compiled, draft, dialled);

  it('shows nothing of the draft before the payer agrees', () => {
    expect(textOf(offer)).toBe('You were not finished last time.\n1. Continue\n2. Start again');
  });

  it('goes on at the screen, with the answers, or starts again', () => {
    const on = step(compiled, offer.state, '1');
    expect(textOf(on)).toBe('What is it for?\n0. Back\n00. Home');
    expect(textOf(step(compiled, on.state, 'rent'))).toContain('Send KES 500 to +254712345678 for rent?');
    expect(step(compiled, offer.state, '2').state).toEqual(walk().state);
    expect(textOf(step(compiled, offer.state, '7'))).toMatch(/^Wrong entry, try again\.\nYou were not/);
  });

  it('starts again with an apology when the screen is gone', () => {
    const gone = offerResume(compiled, { ...draft, at: 'removed' }, dialled);
    expect(textOf(step(compiled, gone.state, '1'))).toMatch(/^Sorry, we start again\.\nWelcome/);
  });
});

describe('dialling past the root', () => {
  it('may answer choices and inputs, never a confirmation', () => {
    expect(mayBeDialled(compiled, walk().state)).toBe(true);
    expect(mayBeDialled(compiled, walk('1', '0712345678').state)).toBe(true);
    expect(mayBeDialled(compiled, walk('1', '0712345678', '500', 'x').state)).toBe(false);
  });
});

describe('a branch by a field', () => {
  it('is not led astray by what an object inherits', () => {
    const list = compileMenu(bills, SCREEN_LIMITS.standard);
    const waiting = begin(list, dialled) as LoadStep;
    const odd = supply(list, waiting, { items: [{ value: 'constructor', label: 'Odd' }] });
    expect(textOf(step(list, odd.state, '1'))).toBe('Odd has construc');
  });
});
