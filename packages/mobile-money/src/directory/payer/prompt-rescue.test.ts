import { parseMoney } from '@canza/core';
import { describe, expect, it } from 'vitest';

import { OPERATOR_IDS, OPERATORS, operatorId } from '../operators.ts';
import { type PromptQuestion, promptFactsOf, rescuePrompt } from './prompt-rescue.ts';

const SENT = Date.parse('2026-11-23T09:00:00Z');
const MINUTE = 60_000;

const rescue = (operator: PromptQuestion['operator'], minutes: number, more: Partial<PromptQuestion> = {}) =>
  rescuePrompt({ operator, sentAtMs: SENT, nowMs: SENT + minutes * MINUTE, failed: false, language: 'en', ...more });

const mpesa = operatorId('KE', 'M-Pesa');
const mtnUganda = operatorId('UG', 'MTN MoMo');

describe('a prompt that waits', () => {
  it('is approved by dialling, where the operator has a code for it', () => {
    const money = parseMoney('5000', 'UGX');
    expect(rescue(mtnUganda, 1, { money })).toMatchObject({
      state: 'approve',
      sentence: 'To approve UGX 5,000 with MTN MoMo, please dial *165*8*3*1# on your phone and follow the steps.',
      expiresAtMs: SENT + 5 * MINUTE,
      facts: { appears: 'automatic', revivable: true, dial: { code: '*165*8*3*1#', choices: [] } },
    });
  });

  it('is told with the choices behind the code', () => {
    expect(rescue(operatorId('CI', 'MTN MoMo'), 1).sentence).toContain('dial *133#, then 1, 1 on');
    expect(rescue(operatorId('TZ', 'Airtel Money'), 1).sentence).toContain('*150*60#, then 7, #, 11, 1');
    const congo = rescue(operatorId('CD', 'Airtel Money'), 1, { language: 'fr' });
    expect(congo.sentence).toContain('*501#, puis votre devise, 6, 6');
    expect(congo.facts?.dial?.choices).toEqual(['currency', '6', '6']);
  });

  it('is looked for on the phone where it comes by itself and there is no code', () => {
    expect(rescue(mpesa, 1).sentence).toBe(
      'Please look for the M-Pesa request for this amount on your phone and follow the steps to approve it.',
    );
  });

  it('names a code wherever the prompt does not appear by itself', () => {
    const byHand = OPERATOR_IDS.filter((id) => promptFactsOf(id)?.appears === 'by-hand');
    expect(byHand).toHaveLength(6);
    for (const id of byHand) expect(rescue(id, 1).sentence).toContain(promptFactsOf(id)?.dial?.code);
  });

  it('of an operator that tells nothing is looked for, and no time of its end is made up', () => {
    const wave = rescue(operatorId('SN', 'Wave'), 1);
    expect(wave.state).toBe('approve');
    expect(wave).not.toHaveProperty('expiresAtMs');
    expect(wave).not.toHaveProperty('facts');
  });
});

describe('a prompt whose time is over', () => {
  it('is still being checked: nothing is asked for anew while the outcome is not known', () => {
    for (const minutes of [3, 10, 600]) {
      const late = rescue(mpesa, minutes);
      expect(late.state).toBe('checking');
      expect(late.sentence).toMatch(/do not pay again yet/);
      expect(late).not.toHaveProperty('newPromptAtMs');
    }
  });

  it('is over to the millisecond', () => {
    expect(rescue(mpesa, 3, { nowMs: SENT + 180_000 - 1 }).state).toBe('approve');
    expect(rescue(mpesa, 3, { nowMs: SENT + 180_000 }).state).toBe('checking');
  });

  it('is taken to live as long as the longest known where the operator does not tell', () => {
    expect(rescue(operatorId('UG', 'Airtel Money'), 4.9).state).toBe('approve');
    expect(rescue(operatorId('UG', 'Airtel Money'), 5).state).toBe('checking');
  });
});

describe('a prompt that failed', () => {
  it('may be followed by a new one only after the operator’s pause', () => {
    expect(rescue(mpesa, 0.5, { failed: true })).toMatchObject({
      state: 'wait',
      newPromptAtMs: SENT + 2 * MINUTE,
      sentence: 'Please wait 2 min before you ask for a new M-Pesa request, so that it reaches your phone.',
    });
    const last = rescue(mpesa, 2, { failed: true, nowMs: SENT + 2 * MINUTE - 1 });
    expect(last).toMatchObject({ state: 'wait', sentence: expect.stringContaining('wait 1 min') });
    expect(rescue(mpesa, 2, { failed: true })).toMatchObject({ state: 'again', newPromptAtMs: SENT + 2 * MINUTE });
  });

  it('may be followed by a new one at once where no pause is known', () => {
    expect(rescue(operatorId('GH', 'AT Money'), 0.1, { failed: true }).state).toBe('again');
  });

  it('is told as one that took no money', () => {
    expect(rescue(mpesa, 30, { failed: true }).sentence).toBe(
      'The M-Pesa request for this amount has ended and you have not been charged. You can ask for a new one now.',
    );
  });

  it('speaks the language of the operator’s country when none is asked for', () => {
    const { sentence } = rescuePrompt({ operator: operatorId('TZ', 'HaloPesa'), sentAtMs: 0, nowMs: 1, failed: true });
    expect(sentence).toMatch(/^Ombi la HaloPesa/);
  });
});

describe('facts about prompts', () => {
  it('are known of wallets only, and dated', () => {
    const known = OPERATOR_IDS.filter((id) => promptFactsOf(id) !== undefined);
    expect(known.length).toBeGreaterThan(35);
    for (const id of known) {
      expect(OPERATORS[id].wallet).toBeDefined();
      expect(promptFactsOf(id)?.asOf).toMatch(/^20\d\d-\d\d$/);
    }
  });
});
