import { FAILURE_REASONS, type FailureReason, parseMoney } from '@canza/core';
import { describe, expect, it } from 'vitest';

import { countSeptets } from '../../ussd/text/gsm7.ts';
import { COUNTRIES } from '../countries.ts';
import { OPERATOR_IDS, OPERATORS, operatorId } from '../operators.ts';
import { PAYER_LANGUAGES, payerLanguage } from './language.ts';
import { rescuePrompt } from './prompt-rescue.ts';
import { failureSentence } from './sentences.ts';
import { defineWording, moneyForPayer } from './wording.ts';

const SMS = 160;
const large = parseMoney('25000000.50', 'TZS');
const mpesa = operatorId('KE', 'M-Pesa');

/** Every sentence there is, for every brand, with a large amount. */
const everySentence = PAYER_LANGUAGES.flatMap((language) =>
  [...OPERATOR_IDS, undefined].flatMap((operator) =>
    FAILURE_REASONS.map((reason) => {
      const context = { language, ...(operator === undefined ? {} : { operator }), money: large };
      return { language, reason, sentence: failureSentence(reason, context) };
    }),
  ),
);

describe('the sentence for a failure', () => {
  it('fits one SMS in every language, for every brand and a large amount', () => {
    const tooLong = everySentence.filter(({ sentence }) => (countSeptets(sentence) ?? Number.POSITIVE_INFINITY) > SMS);
    expect(tooLong).toEqual([]);
  });

  it('leaves no blank and no gap', () => {
    for (const language of PAYER_LANGUAGES) {
      for (const reason of FAILURE_REASONS) {
        for (const sentence of [
          failureSentence(reason, { language }),
          failureSentence(reason, { language, operator: mpesa }),
        ]) {
          expect(sentence).not.toMatch(/[{}]|undefined| {2}| [.,]/);
          expect(sentence).toMatch(/^[\p{Lu}\d].*[.]$/u);
          expect(sentence).not.toMatch(/\. \p{Ll}/u);
        }
      }
    }
  });

  it('says “a” before no brand that wants “an”, and “de” before none that wants “d’”', () => {
    for (const { sentence } of everySentence)
      expect(sentence).not.toMatch(/\ba [AEIO][A-Za-z]|\b(de|que|le) (Orange|Airtel|Afri|Eco|E-|AT )/);
  });

  it('is another one for each reason', () => {
    for (const language of PAYER_LANGUAGES) {
      const sentences = FAILURE_REASONS.map((reason) => failureSentence(reason, { language }));
      expect(new Set(sentences).size).toBe(FAILURE_REASONS.length);
    }
  });

  it('says that no money moved, or whom to ask, and never whose fault it is', () => {
    const reassuring = {
      en: /not been charged|No money was sent|contact us|still open/,
      fr: /Rien n'a été|Contactez-nous|est ouverte/,
      sw: /Hakuna pesa|wasiliana nasi|liko wazi/,
      pt: /Nada foi|contacte-nos|aberto/,
    };
    for (const { language, sentence } of everySentence) expect(sentence).toMatch(reassuring[language]);
  });

  it('names neither a system nor a code', () => {
    const technical =
      /error|erro\b|erreur|hitilafu|API|HTTP|server|serveur|timeout|transaction|your fault|you (failed|entered|forgot)/i;
    for (const { sentence } of everySentence) expect(sentence).not.toMatch(technical);
  });

  it('names the amount and the brand as people know them', () => {
    const context = { operator: mpesa, money: parseMoney('1000.00', 'KES') };
    expect(failureSentence('insufficient-funds', context)).toBe(
      'There is not enough in your M-Pesa account to pay KES 1,000. You have not been charged. Please top up and try again.',
    );
    expect(
      failureSentence('cancelled-by-payer', { operator: operatorId('SN', 'Wave'), money: parseMoney('15000', 'XOF') }),
    ).toBe("Le paiement de 15 000 XOF a été annulé. Rien n'a été débité. Vous pouvez réessayer à tout moment.");
  });

  it('keeps a brand’s own small letter, and begins a general word with a capital', () => {
    const { operator, language } = { operator: operatorId('MZ', 'e-Mola'), language: 'en' };
    expect(failureSentence('route-unavailable', { operator, language })).toMatch(/^e-Mola is not/);
    expect(failureSentence('route-unavailable', { language })).toMatch(/^Mobile money is not/);
    expect(failureSentence('pin-locked', { language })).toMatch(/\. Mobile money customer care/);
  });

  it('falls back to the country’s language, and to English', () => {
    const operator = operatorId('TZ', 'M-Pesa');
    expect(failureSentence('never-sent', { operator })).toBe(failureSentence('never-sent', { language: 'sw' }));
    expect(failureSentence('never-sent', { operator, language: 'fr-CD' })).toMatch(/^Désolé/);
    expect(failureSentence('never-sent', { operator, language: 'am-ET' })).toMatch(/^Samahani/);
    expect(failureSentence('never-sent')).toMatch(/^We are sorry/);
  });

  it('is a general one for a reason that a newer record brings', () => {
    for (const reason of ['moon-phase', 'toString'] as unknown as FailureReason[]) {
      expect(failureSentence(reason)).toBe(failureSentence('request-refused'));
    }
  });

  it('does not compile with a blank that nobody fills', () => {
    const rest = { unnamed: { amount: '', brand: '' }, afterDialling: '', yourCurrency: '' };
    const failures = Object.fromEntries(FAILURE_REASONS.map((reason) => [reason, ''])) as Record<FailureReason, ''>;
    const prompts = { look: '', checking: '', wait: '', again: '' } as const;
    expect(defineWording({ ...rest, failures, prompts: { ...prompts, dial: '{dial} for {brand}' } })).toBeDefined();
    // @ts-expect-error {brnad} is no blank.
    expect(defineWording({ ...rest, failures, prompts: { ...prompts, dial: '{dial} for {brnad}' } })).toBeDefined();
    const misplaced = { ...failures, 'wrong-pin': '{dial}' } as const;
    // @ts-expect-error {dial} is told about prompts, not about failures.
    expect(defineWording({ ...rest, failures: misplaced, prompts: { ...prompts, dial: '' } })).toBeDefined();
  });
});

describe('the language of a payer', () => {
  it.each([
    ['fr-CI', 'KE', 'fr'],
    ['PT_mz', undefined, 'pt'],
    ['sw', undefined, 'sw'],
    ['rw-RW', 'RW', 'en'],
    [undefined, 'MZ', 'pt'],
    ['', 'CM', 'fr'],
    [undefined, 'FR', 'en'],
    [undefined, undefined, 'en'],
  ])('of %s in %s is %s', (tag, country, language) => {
    expect(payerLanguage(tag, country)).toBe(language);
  });
});

describe('money for a payer', () => {
  it.each([
    ['1000.00', 'KES', 'en', 'KES 1,000'],
    ['1234567.50', 'KES', 'en', 'KES 1,234,567.50'],
    ['999', 'UGX', 'sw', 'UGX 999'],
    ['1000000', 'XOF', 'fr', '1 000 000 XOF'],
    ['1500.05', 'CDF', 'fr', '1 500,05 CDF'],
    ['12500.00', 'MZN', 'pt', '12.500 MZN'],
    ['0.50', 'GHS', 'en', 'GHS 0.50'],
  ] as const)('%s %s in %s is %s', (amount, currency, language, text) => {
    expect(moneyForPayer(parseMoney(amount, currency), language)).toBe(text);
    expect(countSeptets(text)).toBe(text.length);
  });
});

describe('the sentence about a prompt', () => {
  it('fits one SMS for every operator, language and state', () => {
    const states = [
      { nowMs: 0, failed: false },
      { nowMs: 3_600_000, failed: false },
      { nowMs: 1, failed: true },
      { nowMs: 3_600_000, failed: true },
    ];
    for (const language of PAYER_LANGUAGES) {
      for (const operator of OPERATOR_IDS) {
        const currency = COUNTRIES[OPERATORS[operator].country].currencies[0] ?? 'KES';
        const money = parseMoney('25000000', currency);
        for (const state of states) {
          const { sentence } = rescuePrompt({ operator, language, money, sentAtMs: 0, ...state });
          expect(countSeptets(sentence) ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(SMS);
          expect(sentence).not.toMatch(/[{}]|undefined/);
        }
      }
    }
  });
});
