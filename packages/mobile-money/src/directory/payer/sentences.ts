import type { FailureReason, Money } from '@canza/core';

import { brandOf, isOperatorId, OPERATORS, type OperatorId } from '../operators.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';
import { type PayerLanguage, payerLanguage } from './language.ts';
import { pt } from './pt.ts';
import { sw } from './sw.ts';
import { type Blank, fill, moneyForPayer, type PromptBlank, type PromptMessage, type Wording } from './wording.ts';

const WORDINGS: Readonly<Record<PayerLanguage, Wording>> = { en, fr, sw, pt };

/** What is known of the payment that a sentence is about; each part may be missing. */
export interface SentenceContext {
  /** A language tag, such as `fr-CI`; by default the language of the operator's country, and English where that is not known. */
  readonly language?: string;
  /** Whose wallet it is about: gives the brand, and the language where none is named. */
  readonly operator?: OperatorId;
  readonly money?: Money;
}

/**
 * Tells a payer, in one SMS, why a payment failed and what they can do: never technical, never their fault. To be used for a
 * payment that *failed*, because it says that no money moved.
 * A reason that this version does not know is told as `request-refused`.
 */
export function failureSentence(reason: FailureReason, context: SentenceContext = {}): string {
  const { failures, unnamed } = wordingFor(context);
  const text = Object.hasOwn(failures, reason) ? failures[reason] : failures['request-refused'];
  return fill(text, blanksFor(context), unnamed);
}

/** Tells a payer what to do about a prompt. */
export function promptSentence(
  message: PromptMessage,
  context: SentenceContext,
  more: Readonly<Partial<Record<Exclude<PromptBlank, Blank>, string>>>,
): string {
  const { prompts, unnamed } = wordingFor(context);
  return fill(prompts[message], { ...blanksFor(context), ...more }, unnamed);
}

/** A code and the choices behind it, in words: `*133#, then 1, 1`. */
export function dialInWords(code: string, choices: readonly string[], context: SentenceContext): string {
  if (choices.length === 0) return code;
  const { afterDialling, yourCurrency } = wordingFor(context);
  const spoken = choices.map((choice) => (choice === 'currency' ? yourCurrency : choice));
  return `${code}, ${afterDialling} ${spoken.join(', ')}`;
}

function languageOf({ language, operator }: SentenceContext): PayerLanguage {
  return payerLanguage(language, isOperatorId(operator) ? OPERATORS[operator].country : undefined);
}

const wordingFor = (context: SentenceContext): Wording => WORDINGS[languageOf(context)];

function blanksFor(context: SentenceContext): Partial<Record<Blank, string>> {
  const { operator, money } = context;
  return {
    ...(money === undefined ? {} : { amount: moneyForPayer(money, languageOf(context)) }),
    ...(isOperatorId(operator) ? { brand: brandOf(operator) } : {}),
  };
}
