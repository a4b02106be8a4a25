import { describe, expect, it } from 'vitest';
import { defineFlow, placeFlow } from '../flow.ts';
import { textInput } from '../inputs.ts';
import type { AnyMenu, AnyScreen } from '../menu.ts';
import { sendMoneyMenu } from '../testing/send-money-menu.ts';
import { fitsScreen, SCREEN_LIMITS } from '../text/gsm7.ts';
import { describeMenu } from './describe-menu.ts';

const end = (text = 'Bye'): AnyScreen => ({ kind: 'end', text: { en: text } });
const choice = (...targets: readonly string[]): AnyScreen => ({
  kind: 'choice',
  text: { en: 'Choose' },
  options: targets.map((to, index) => ({ label: { en: `Option ${index + 1}` }, to })),
});
const ask = (text: string, field = 'name'): AnyScreen => ({
  kind: 'input',
  text: { en: text },
  field,
  input: textInput(),
  to: 'bye',
});
const menu = (screens: Readonly<Record<string, AnyScreen>>, more: Partial<AnyMenu> = {}): AnyMenu => ({
  name: 'checked',
  languages: ['en'],
  start: 'home',
  fields: { name: { longest: 20 }, amount: { longest: 9 } },
  screens,
  ...more,
});
const keyed = (key: string): AnyScreen => ({
  kind: 'choice',
  text: { en: 'Choose' },
  options: [
    { label: { en: 'One' }, to: 'bye' },
    { key, label: { en: 'Two' }, to: 'bye' },
  ],
});
const problems = (checked: AnyMenu): readonly string[] =>
  describeMenu(checked).problems.map(({ code, screen, language }) =>
    [code, screen, language].filter((part) => part !== undefined && part !== '').join(' '),
  );

describe('a menu before it starts', () => {
  it('has nothing to be said against it when it is sound', () => {
    expect(describeMenu(sendMoneyMenu).problems).toEqual([]);
  });

  it('is refused when it leads to a screen, starts at one, or looks up what does not exist', () => {
    expect(problems(menu({ home: choice('bye', 'nowhere'), bye: end() }))).toEqual(['unknown-name home']);
    expect(problems(menu({ bye: end() }))).toEqual(['unknown-name']);
    expect(problems(menu({ home: { ...end(), load: 'weather' } }))).toEqual(['unknown-name home']);
    expect(problems(menu({ home: end('Dear {nobody}') }))).toEqual(['unknown-name home']);
  });

  it('is refused with a screen that nobody reaches, a dead end, or a loop without an exit', () => {
    expect(problems(menu({ home: end(), island: end() }))).toEqual(['unreachable island']);
    expect(problems(menu({ home: choice('bye', 'stuck'), stuck: choice(), bye: end() }))).toEqual(['dead-end stuck']);
    expect(
      problems(menu({ home: choice('bye', 'round'), round: choice('about'), about: choice('round'), bye: end() })),
    ).toEqual(['endless-loop round', 'endless-loop about']);
  });

  it('is refused when a key means two things', () => {
    for (const key of ['0', '00', '98', '1', 'x']) {
      expect(problems(menu({ home: keyed(key), bye: end() }))).toEqual(['key-taken home']);
    }
    expect(problems(menu({ home: keyed('0'), bye: end() }, { keys: { back: '#' } }))).toEqual([]);
    expect(problems(menu({ home: keyed('99'), bye: end() }, { keys: { home: '0' } }))).toEqual(['key-taken']);
    expect(problems(menu({ home: choice('bye'), bye: end() }, { keys: { more: '1' } }))).toEqual(['key-taken home']);
    const list: AnyScreen = { kind: 'list', load: 'd', text: { en: 'Pick' }, field: 'name', to: 'bye', empty: 'bye' };
    const data = { d: { items: true } };
    expect(problems(menu({ home: list, bye: end() }, { data, keys: { more: '9' } }))).toEqual(['key-taken home']);
  });

  it('is refused with a translation missing, also one of our own words', () => {
    expect(problems(menu({ home: end() }, { languages: ['en', 'fr'] }))).toEqual(['missing-translation home fr']);
    const amharic: AnyScreen = { kind: 'end', text: { am: 'ሰላም' } };
    expect(problems(menu({ home: amharic }, { languages: ['am'] }))).toEqual(['missing-translation am']);
  });

  it('is refused when a prompt or a closing screen does not fit one page', () => {
    expect(problems(menu({ home: ask('x '.repeat(70)), bye: end() }))).toEqual(['too-long home en']);
    expect(problems(menu({ home: ask('x '.repeat(60)), bye: end() }))).toEqual([]);
    expect(problems(menu({ home: end('y'.repeat(161)) }))).toEqual(['too-long home en']);
    expect(problems(menu({ home: end('y'.repeat(160)) }))).toEqual([]);
    expect(describeMenu(menu({ home: end('y'.repeat(182)) }), SCREEN_LIMITS.full).problems).toEqual([]);
  });

  it('counts every field at its longest', () => {
    const greeting = end(`${'y'.repeat(141)}{name}`);
    expect(problems(menu({ home: ask('Name?'), bye: greeting }))).toEqual(['too-long bye en']);
    expect(problems(menu({ home: ask('Name?'), bye: greeting }, { fields: { name: { longest: 19 } } }))).toEqual([]);
  });

  it('names the character that makes a screen too long by forcing UCS-2', () => {
    const [problem] = describeMenu(menu({ home: end(`ሰ${'y'.repeat(90)}`) })).problems;
    expect(problem?.detail).toContain('"ሰ" forces UCS-2');
    expect(problems(menu({ home: end(`ê${'y'.repeat(90)}`) }))).toEqual([]);
    expect(problems(menu({ home: end(`ê${'y'.repeat(90)}`) }, { transliterate: false }))).toEqual(['too-long home en']);
  });

  it('is refused when an option is longer than a page', () => {
    const long: AnyScreen = {
      kind: 'choice',
      text: { en: '?' },
      options: [{ label: { en: 'z'.repeat(155) }, to: 'bye' }],
    };
    expect(problems(menu({ home: long, bye: end() }))).toEqual(['too-long home en']);
  });

  it('is refused when an input asks for a PIN, in any language and however it is spelled', () => {
    const asking = [
      'Enter your M-PESA PIN',
      'Enter P.I.N:',
      'enter p i n',
      'Entrez votre code secret',
      'Mot de passe?',
      'Weka nywila yako',
      'Weka namba ya siri',
      'Digite a sua senha',
      'Digite o código secreto',
      'Your password',
    ];
    for (const text of asking)
      expect([text, ...problems(menu({ home: ask(text), bye: end() }))]).toEqual([text, 'asks-for-pin home en']);
    expect(problems(menu({ home: ask('Enter it', 'pin'), bye: end() }, { fields: { pin: { longest: 4 } } }))).toEqual([
      'asks-for-pin home',
    ]);
    for (const text of ['Shipping to?', 'Name of the shopping centre', 'Opinion', 'Tipping?']) {
      expect([text, ...problems(menu({ home: ask(text), bye: end() }))]).toEqual([text]);
    }
    expect(problems(menu({ home: end('Now enter your PIN on the prompt.') }))).toEqual([]);
  });

  it('is refused when a payment can start without a confirmation', () => {
    const pay = {
      type: 'collection',
      amount: '10',
      currency: 'KES',
      phoneNumber: '{phone}',
      description: 'd',
    } as const;
    const paid = { ...end(), pay } as AnyScreen;
    expect(problems(menu({ home: choice('paid'), paid }))).toEqual(['unconfirmed-payment paid']);
    const confirm: AnyScreen = { kind: 'confirm', text: { en: 'Sure?' }, yes: 'paid', no: 'bye' };
    expect(problems(menu({ home: confirm, paid, bye: end() }))).toEqual([]);
    expect(problems(menu({ home: { ...confirm, no: 'paid' }, paid }))).toEqual(['unconfirmed-payment paid']);
  });

  it('is refused when some way leads to a screen without a field that it shows', () => {
    const shows = end('Dear {name}');
    expect(problems(menu({ home: choice('named', 'bye'), named: ask('Name?'), bye: shows }))).toEqual([
      'unfilled-field bye',
    ]);
    expect(problems(menu({ home: choice('named'), named: ask('Name?'), bye: shows }))).toEqual([]);
  });
});

describe('a description', () => {
  it('shows every page of every language with its cost', () => {
    const { screens } = describeMenu(sendMoneyMenu);
    expect(screens).toHaveLength(16);
    expect(screens.every(({ pages }) => pages.every(({ text }) => fitsScreen(text, SCREEN_LIMITS.standard)))).toBe(
      true,
    );
    const home = screens.find(({ screen, language }) => screen === 'home' && language === 'en');
    expect(home?.pages[0]).toMatchObject({ encoding: 'GSM-7', text: expect.stringMatching(/^Welcome to Pesa\n1\. /) });
  });

  it('draws the menu', () => {
    const { diagram } = describeMenu(menu({ home: choice('bye'), bye: end() }));
    expect(diagram).toBe('flowchart TD\n  s0["home"]\n  s1(["bye"])\n  s0 -->|"1. Option 1"| s1');
  });
});

describe('a shared flow', () => {
  const flow = defineFlow({
    exits: ['done'],
    screens: {
      ask: { kind: 'input', text: { en: 'Name?' }, field: 'name', input: textInput(), to: 'check' },
      check: { kind: 'confirm', text: { en: 'Are you {name}?' }, yes: 'done', no: 'ask' },
    },
  });

  it('can stand in several places of a menu', () => {
    const screens = {
      home: choice('one/ask', 'two/ask'),
      ...placeFlow(flow, 'one', { done: 'bye' }),
      ...placeFlow(flow, 'two', { done: 'thanks' }),
      bye: end('Bye {name}'),
      thanks: end('Thanks {name}'),
    };
    expect(problems(menu(screens))).toEqual([]);
    expect(Object.keys(screens)).toContain('two/check');
    expect(screens['two/check']).toMatchObject({ yes: 'thanks', no: 'two/ask' });
  });
});
