import { describe, expect, it } from 'vitest';
import { clip, countSeptets, fitsScreen, foldToGsm7, SCREEN_LIMITS, screenCost, transliterate } from './gsm7.ts';

describe('the cost of a screen', () => {
  it('counts septets, with two for the extension table', () => {
    expect(countSeptets('abc')).toBe(3);
    expect(countSeptets('^{}\\[~]|€')).toBe(18);
    expect(countSeptets('')).toBe(0);
  });

  it('says which characters force UCS-2', () => {
    expect(screenCost('Envoyé à l’élève')).toEqual({ encoding: 'UCS-2', units: 16, octets: 32, forcedBy: ['’'] });
    expect(screenCost('Envoyé à Zoé')).toEqual({ encoding: 'GSM-7', units: 12, octets: 11, forcedBy: [] });
  });

  it('packs 182 septets into 160 octets', () => {
    expect(screenCost('x'.repeat(182)).octets).toBe(160);
    expect(screenCost('ሀ'.repeat(80)).octets).toBe(160);
  });

  it('fits 160 septets or 80 characters by default', () => {
    expect(fitsScreen('x'.repeat(160), SCREEN_LIMITS.standard)).toBe(true);
    expect(fitsScreen('x'.repeat(161), SCREEN_LIMITS.standard)).toBe(false);
    expect(fitsScreen(`€${'x'.repeat(158)}`, SCREEN_LIMITS.standard)).toBe(true);
    expect(fitsScreen(`€${'x'.repeat(159)}`, SCREEN_LIMITS.standard)).toBe(false);
    expect(fitsScreen(`ê${'x'.repeat(79)}`, SCREEN_LIMITS.standard)).toBe(true);
    expect(fitsScreen(`ê${'x'.repeat(80)}`, SCREEN_LIMITS.standard)).toBe(false);
  });
});

describe('transliteration', () => {
  it('keeps what the alphabet has and takes marks off what it lacks', () => {
    expect(transliterate('Être prêt, c’est déjà ça: à Zoé, « œuvre »…')).toBe(
      'Etre pret, c\'est déjà ca: à Zoé, " oeuvre "...',
    );
    expect(transliterate('Não há saldo, à direção')).toBe('Nao ha saldo, à direcao');
  });

  it('leaves scripts alone that have no plain form, unless told to fold', () => {
    expect(transliterate('ሰላም ê')).toBe('ሰላም e');
    expect(foldToGsm7('ሰላም ê 😀')).toBe('??? e ?');
  });
});

describe('clipping', () => {
  it('counts in the units of the text and never cuts a pair in two', () => {
    expect(clip('abc', 5)).toBe('abc');
    expect(clip('ab€d', 3)).toBe('ab');
    expect(clip('ab😀d', 3)).toBe('ab');
    expect(clip('ab😀d', 4)).toBe('ab😀');
  });
});
