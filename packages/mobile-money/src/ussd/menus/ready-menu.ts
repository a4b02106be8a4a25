import { ConfigError, type CurrencyCode, exponentOf } from '@canza/core';
import { noPayments, outcomeOf, outcomeWord } from '../effects/outcome-texts.ts';
import type { PaymentStarter } from '../effects/payments.ts';
import { defineFlow, placeFlow } from '../flow.ts';
import { amountInput, digitsInput, msisdnInput, textInput } from '../inputs.ts';
import type { Loader } from '../lookups.ts';
import { type AnyMenu, type AnyScreen, defineMenu, exitsOf } from '../menu.ts';
import {
  LANGUAGE_NAMES,
  READY_LANGUAGES,
  type ReadyLanguage,
  type ReadyText,
  readyText,
  type Settled,
} from './ready-texts.ts';

/** What the ready menu says and takes. */
export interface ReadyMenuOptions {
  /** Your name, as payers know it: 24 characters at most. */
  readonly brand: string;
  readonly currency: CurrencyCode;
  /** ISO 3166 alpha-2: where phone numbers in national form are meant. */
  readonly country: string;
  /** Decimal strings, both included. */
  readonly least: string;
  readonly most: string;
  /** Decimals that payers may enter. Default 0. */
  readonly decimals?: number;
  /** Tells what became of payments: the bridge that also starts them. */
  readonly payments: PaymentStarter;
  /** The first is spoken until the payer chooses. Default English, French, Swahili, Portuguese. */
  readonly languages?: readonly [ReadyLanguage, ...ReadyLanguage[]];
  /** Brings the field `balance`; left out, the menu offers none. */
  readonly balance?: Loader;
  /** `true`, or the network codes, as the gateway spells them, of operators where you can buy it. Default none. */
  readonly airtime?: true | readonly string[];
  /** Default both. */
  readonly pay?: readonly ('bill' | 'till')[];
  /** Names the menu in logs and keys. Default `ready`. */
  readonly name?: string;
}

/** A menu and what it looks up, to be spread into the options of a handler. */
export interface ReadyMenu {
  readonly menu: AnyMenu;
  readonly data: Readonly<Record<string, Loader>>;
}

const amount = (text: (name: ReadyText) => Record<ReadyLanguage, string>, input: ReturnType<typeof amountInput>) =>
  defineFlow({
    exits: ['done'],
    screens: {
      amount: { kind: 'input', text: text('amount'), field: 'amount', input, wrong: text('wrongAmount'), to: 'done' },
    },
  });

/**
 * Send money, pay a bill or till, buy airtime, balance, last payments, language. Each of the first three collects from the
 * payer; what is done with the money then is the app's, told to it by `onConfirmed`.
 * @throws ConfigError when brand or bounds are not usable.
 */
export function readyMenu(options: ReadyMenuOptions): ReadyMenu {
  const { brand, currency, country, least, most, decimals = 0, airtime, pay = ['bill', 'till'] } = options;
  if (!/^[^{}<>\p{Cc}]{1,24}$/u.test(brand)) {
    throw new ConfigError({ field: 'brand', expected: '1 to 24 characters, none of them "{", "}", "<" or ">"' });
  }
  const settled: Settled = { brand, currency, least, most };
  const text = (name: ReadyText) => readyText(name, settled);
  const askAmount = amount(text, amountInput({ currency, min: least, max: most, decimals }));
  const number = {
    kind: 'input',
    field: 'recipient',
    input: msisdnInput({ country }),
    wrong: text('wrongNumber'),
  } as const;
  const code = { kind: 'input', input: digitsInput({ min: 5, max: 8 }), wrong: text('wrongDigits') } as const;
  const collect = (purpose: string, description: string, accountReference?: string) =>
    ({
      kind: 'end',
      text: text('approve'),
      pay: {
        type: 'collection',
        amount: '{amount}',
        currency,
        phoneNumber: '{phone}',
        description,
        purpose,
        ...(accountReference === undefined ? {} : { accountReference }),
      },
    }) as const;

  const menu = defineMenu({
    name: options.name ?? 'ready',
    languages: READY_LANGUAGES,
    start: 'home',
    fields: {
      recipient: { longest: 16 },
      amount: { longest: 12 + exponentOf(currency) },
      biller: { longest: 8 },
      account: { longest: 20 },
      till: { longest: 8 },
      balance: { longest: 20 },
      payment1: { longest: 40 },
      payment2: { longest: 40 },
      payment3: { longest: 40 },
    },
    data: { balance: { values: ['balance'] }, lastPayments: { values: ['payment1', 'payment2', 'payment3'] } },
    screens: {
      home: {
        kind: 'choice',
        text: text('welcome'),
        options: [
          { label: text('sendMoney'), to: 'recipient' },
          { label: text('payBill'), to: 'billOrTill' },
          { label: text('buyAirtime'), to: 'airtimeFor', ...(Array.isArray(airtime) ? { networks: airtime } : {}) },
          { label: text('balance'), to: 'balance' },
          { label: text('lastPayments'), to: 'lastPayments' },
          { label: text('language'), to: 'language' },
        ],
      },

      recipient: { ...number, text: text('recipient'), to: 'send/amount' },
      ...placeFlow(askAmount, 'send', { done: 'confirmSend' }),
      confirmSend: { kind: 'confirm', text: text('confirmSend'), yes: 'sent', no: 'cancelled' },
      sent: collect('send-money', 'Send money to {recipient}'),

      billOrTill: {
        kind: 'choice',
        text: text('billOrTill'),
        options: [
          { label: text('bill'), to: 'billNumber' },
          { label: text('till'), to: 'tillNumber' },
        ],
      },
      billNumber: { ...code, text: text('billNumber'), field: 'biller', to: 'account' },
      account: {
        kind: 'input',
        text: text('account'),
        field: 'account',
        input: textInput({ max: 20, pattern: /^[\p{L}\p{N} ./-]+$/u }),
        wrong: text('wrongAccount'),
        to: 'bill/amount',
      },
      ...placeFlow(askAmount, 'bill', { done: 'confirmBill' }),
      confirmBill: { kind: 'confirm', text: text('confirmBill'), yes: 'billPaid', no: 'cancelled' },
      billPaid: collect('pay-bill', 'Bill {biller}, account {account}', '{account}'),
      tillNumber: { ...code, text: text('tillNumber'), field: 'till', to: 'till/amount' },
      ...placeFlow(askAmount, 'till', { done: 'confirmTill' }),
      confirmTill: { kind: 'confirm', text: text('confirmTill'), yes: 'tillPaid', no: 'cancelled' },
      tillPaid: collect('pay-till', 'Till {till}'),

      airtimeFor: {
        kind: 'choice',
        text: text('airtimeFor'),
        options: [
          { label: text('ownNumber'), to: 'own/amount' },
          { label: text('otherNumber'), to: 'airtimeNumber' },
        ],
      },
      ...placeFlow(askAmount, 'own', { done: 'confirmOwnAirtime' }),
      confirmOwnAirtime: { kind: 'confirm', text: text('confirmOwnAirtime'), yes: 'ownAirtime', no: 'cancelled' },
      ownAirtime: collect('airtime', 'Airtime'),
      airtimeNumber: { ...number, text: text('airtimeNumber'), to: 'other/amount' },
      ...placeFlow(askAmount, 'other', { done: 'confirmOtherAirtime' }),
      confirmOtherAirtime: { kind: 'confirm', text: text('confirmOtherAirtime'), yes: 'otherAirtime', no: 'cancelled' },
      otherAirtime: collect('airtime', 'Airtime for {recipient}'),

      balance: { kind: 'end', load: 'balance', text: text('yourBalance') },
      lastPayments: { kind: 'end', load: 'lastPayments', text: text('yourPayments') },
      language: {
        kind: 'choice',
        text: text('chooseLanguage'),
        options: READY_LANGUAGES.map((language) => {
          const name = LANGUAGE_NAMES[language];
          return { label: { en: name, fr: name, sw: name, pt: name }, to: 'home', language } as const;
        }),
      },
      cancelled: { kind: 'end', text: text('cancelled') },
    },
  });

  const left = new Set<string>();
  if (airtime === undefined) left.add('airtimeFor');
  if (options.balance === undefined) left.add('balance');
  if (!pay.includes('bill')) left.add('billNumber');
  if (!pay.includes('till')) left.add('tillNumber');
  if (pay.length === 0) left.add('billOrTill');
  return {
    menu: withOffers(menu, left, options.languages ?? READY_LANGUAGES),
    data: {
      lastPayments: lastPayments(options.payments),
      ...(options.balance === undefined ? {} : { balance: options.balance }),
    },
  };
}

/** The menu without the options that lead to what is not offered, without what nothing leads to then, in some languages. */
function withOffers(
  menu: AnyMenu,
  left: ReadonlySet<string>,
  languages: readonly [ReadyLanguage, ...ReadyLanguage[]],
): AnyMenu {
  const kept = new Map<string, AnyScreen>();
  const waiting = [menu.start];
  for (const name of waiting) {
    const screen = menu.screens[name];
    if (screen === undefined || kept.has(name)) continue;
    const offered = withoutOptions(screen, left, languages);
    kept.set(name, offered);
    waiting.push(...exitsOf(offered));
  }
  const { balance, ...data } = menu.data ?? {};
  const isBalanceLeft = left.has('balance') || balance === undefined;
  return { ...menu, languages, data: isBalanceLeft ? data : { ...data, balance }, screens: Object.fromEntries(kept) };
}

function withoutOptions(screen: AnyScreen, left: ReadonlySet<string>, languages: readonly string[]): AnyScreen {
  if (screen.kind !== 'choice') return screen;
  const options = screen.options.filter(
    ({ to, language }) =>
      !(typeof to === 'string' && left.has(to)) && (language === undefined || languages.includes(language)),
  );
  return { ...screen, options };
}

const SHOWN_PAYMENTS = 3;

/** The newest payments of whoever asks, each with what became of it. */
export const lastPayments =
  (payments: PaymentStarter): Loader =>
  async ({ recentPayments, language }) => {
    const recent = (await recentPayments()).slice(0, SHOWN_PAYMENTS);
    const lines = await Promise.all(
      recent.map(async (payment) =>
        outcomeWord(outcomeOf(await statusOf(payments, payment.transactionId)), language, payment),
      ),
    );
    const [payment1 = noPayments(language), payment2 = '', payment3 = ''] = lines;
    return { values: { payment1, payment2, payment3 } };
  };

/** A payment that cannot be asked about now, or that has not started yet, is on its way as far as we know. */
async function statusOf(payments: PaymentStarter, transactionId: string) {
  try {
    return (await payments.getTransaction(transactionId))?.status ?? 'pending';
  } catch {
    return 'pending';
  }
}
