import type { PaymentStatus } from '@canza/core';

/** What a payment has come to, as its payer is told. */
export type OutcomeKind = 'paid' | 'not-paid' | 'pending' | 'in-review';

/** What a payer is told of a payment of that status. */
export function outcomeOf(status: PaymentStatus): OutcomeKind {
  if (status === 'succeeded') return 'paid';
  if (status === 'failed') return 'not-paid';
  return status === 'review' ? 'in-review' : 'pending';
}

type OutcomeTexts = Readonly<Record<OutcomeKind, string>>;

/** For an SMS; `{amount}` is with its currency. */
const MESSAGES: Readonly<Record<string, OutcomeTexts>> = {
  en: {
    paid: 'Your payment of {amount} is made. {description} Receipt: {receipt}',
    'not-paid': 'Your payment of {amount} was not made. Nothing was taken from your account. {description}',
    pending: 'Your payment of {amount} is on its way. {description}',
    'in-review': 'Your payment of {amount} is being checked. Please do not pay again: we will tell you. {description}',
  },
  fr: {
    paid: 'Votre paiement de {amount} est fait. {description} Reçu: {receipt}',
    'not-paid': "Votre paiement de {amount} n'a pas été fait. Rien n'a été débité. {description}",
    pending: 'Votre paiement de {amount} est en cours. {description}',
    'in-review':
      'Votre paiement de {amount} est en vérification. Ne payez pas encore une fois: nous vous dirons. {description}',
  },
  sw: {
    paid: 'Malipo yako ya {amount} yamekamilika. {description} Risiti: {receipt}',
    'not-paid': 'Malipo yako ya {amount} hayakufanyika. Hakuna pesa iliyochukuliwa. {description}',
    pending: 'Malipo yako ya {amount} yanaendelea. {description}',
    'in-review': 'Malipo yako ya {amount} yanakaguliwa. Tafadhali usilipe tena: tutakujulisha. {description}',
  },
  pt: {
    paid: 'O seu pagamento de {amount} foi feito. {description} Recibo: {receipt}',
    'not-paid': 'O seu pagamento de {amount} não foi feito. Nada foi cobrado. {description}',
    pending: 'O seu pagamento de {amount} está em curso. {description}',
    'in-review': 'O seu pagamento de {amount} está a ser verificado. Não pague de novo: avisaremos. {description}',
  },
};

/** For one line of a screen. */
const WORDS: Readonly<Record<string, OutcomeTexts & { readonly last: string }>> = {
  en: {
    last: 'Last payment',
    paid: 'paid',
    'not-paid': 'not made',
    pending: 'on its way',
    'in-review': 'being checked',
  },
  fr: {
    last: 'Dernier paiement',
    paid: 'fait',
    'not-paid': 'non fait',
    pending: 'en cours',
    'in-review': 'en vérification',
  },
  sw: {
    last: 'Malipo ya mwisho',
    paid: 'yamelipwa',
    'not-paid': 'hayakufanyika',
    pending: 'yanaendelea',
    'in-review': 'yanakaguliwa',
  },
  pt: {
    last: 'Último pagamento',
    paid: 'feito',
    'not-paid': 'não feito',
    pending: 'em curso',
    'in-review': 'em verificação',
  },
};

export interface ToldPayment {
  readonly amount: string;
  readonly currency: string;
  readonly description: string;
  readonly receipt?: string | undefined;
}

/** The SMS that tells an outcome; English where we do not speak the language. */
export function outcomeMessage(kind: OutcomeKind, language: string, payment: ToldPayment): string {
  const texts = (MESSAGES[language] ?? MESSAGES['en']) as OutcomeTexts;
  const values = {
    amount: `${payment.currency} ${payment.amount}`,
    description: payment.description,
    receipt: payment.receipt,
  };
  const withoutReceipt = payment.receipt === undefined ? texts[kind].replace(/ \S+: \{receipt\}$/, '') : texts[kind];
  return withoutReceipt
    .replace(/\{(amount|description|receipt)\}/g, (_, name: keyof typeof values) => values[name] ?? '')
    .trim();
}

/** `KES 500 paid`, for a list. */
export const outcomeWord = (kind: OutcomeKind, language: string, payment: ToldPayment): string =>
  `${payment.currency} ${payment.amount} ${(WORDS[language] ?? WORDS['en'])?.[kind] ?? kind}`;

const NONE: Readonly<Record<string, string>> = {
  en: 'No payments yet.',
  fr: 'Aucun paiement.',
  sw: 'Hakuna malipo bado.',
  pt: 'Nenhum pagamento.',
};

export const noPayments = (language: string): string => NONE[language] ?? 'No payments yet.';

/** `Last payment: KES 500 paid`, for the line above a first screen. */
export const lastPaymentLine = (kind: OutcomeKind, language: string, payment: ToldPayment): string =>
  `${(WORDS[language] ?? WORDS['en'])?.last ?? ''}: ${outcomeWord(kind, language, payment)}`;
