import { exponentOf, type FailureReason, formatMoney, type Money } from '@canza/core';

import type { PayerLanguage } from './language.ts';

/** What can be filled into a sentence: `{amount}`, `{brand}` and, where a prompt is waiting, `{dial}` and `{minutes}`. */
export type Blank = 'amount' | 'brand';
export type PromptBlank = Blank | 'dial' | 'minutes';

type BlanksOf<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | BlanksOf<Rest>
  : never;

/** Texts whose blanks are all known; a misspelt one does not compile. */
type Checked<Texts, Known extends string> = {
  readonly [Key in keyof Texts]: Texts[Key] extends string
    ? [BlanksOf<Texts[Key]>] extends [Known]
      ? Texts[Key]
      : `unknown blank in: ${Texts[Key]}`
    : never;
};

/** What a payer can be told about a prompt that waits for them. */
export type PromptMessage = 'dial' | 'look' | 'checking' | 'wait' | 'again';

/** Everything that one language says. */
export interface Wording {
  readonly failures: Readonly<Record<FailureReason, string>>;
  readonly prompts: Readonly<Record<PromptMessage, string>>;
  /** In the place of an amount or a brand that is not known, in the middle of a sentence. */
  readonly unnamed: Readonly<Record<Blank, string>>;
  /** Between a code to dial and the choices behind it. */
  readonly afterDialling: string;
  /** A choice in a menu that cannot be told beforehand. */
  readonly yourCurrency: string;
}

/** Makes the compiler read the sentences. */
export const defineWording = <
  const Failures extends Wording['failures'],
  const Prompts extends Wording['prompts'],
>(wording: {
  readonly failures: Failures & Checked<Failures, Blank>;
  readonly prompts: Prompts & Checked<Prompts, PromptBlank>;
  readonly unnamed: Wording['unnamed'];
  readonly afterDialling: string;
  readonly yourCurrency: string;
}): Wording => wording;

/** Fills the blanks. What is not known is told by a general word, with a capital where a sentence begins. */
export function fill(
  text: string,
  values: Readonly<Partial<Record<PromptBlank, string>>>,
  unnamed: Wording['unnamed'],
): string {
  return text.replace(/(\. |)\{(\w+)\}/g, (_, stop: string, name: string, offset: number) => {
    const word = unnamed[name as Blank] ?? '';
    const begins = stop !== '' || offset === 0;
    return stop + (values[name as PromptBlank] ?? (begins ? word.charAt(0).toUpperCase() + word.slice(1) : word));
  });
}

const STYLES = {
  en: { group: ',', point: '.', currencyFirst: true },
  sw: { group: ',', point: '.', currencyFirst: true },
  fr: { group: ' ', point: ',', currencyFirst: false },
  pt: { group: '.', point: ',', currencyFirst: false },
} as const satisfies Record<PayerLanguage, object>;

/** Money as people write it, in plain characters: `KES 1,000`, `1 000 XOF`, `1.000,50 MZN`. Cents only where there are any. */
export function moneyForPayer(money: Money, language: PayerLanguage): string {
  const { group, point, currencyFirst } = STYLES[language];
  const [whole = '', fraction = ''] = formatMoney(money).split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, group);
  const cents = exponentOf(money.currency) > 0 && /[1-9]/.test(fraction) ? point + fraction : '';
  return currencyFirst ? `${money.currency} ${grouped}${cents}` : `${grouped}${cents} ${money.currency}`;
}
