import { InvalidRequestError, parseMsisdn } from '@canza/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { COUNTRIES } from './countries.ts';
import { OPERATOR_IDS, OPERATORS, type OperatorId, operatorId } from './operators.ts';
import { type ResolveRequest, rangesWarning, resolveOperator } from './resolve.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const DAYS = 86_400_000;

const resolve = (number: string, country?: string, more: Partial<ResolveRequest> = {}) =>
  resolveOperator({ number, nowMs: NOW, ...(country === undefined ? {} : { country }), ...more });

const first = (number: string, country?: string, more?: Partial<ResolveRequest>) => {
  const [top] = resolve(number, country, more).ranked;
  if (top === undefined) throw new Error('nothing was ranked');
  return top;
};

const mpesa = operatorId('KE', 'M-Pesa');
const airtel = operatorId('KE', 'Airtel Money');
const wave = operatorId('SN', 'Wave');
const orangeSenegal = operatorId('SN', 'Orange Money');

describe('a typed number', () => {
  it.each([
    ['0712 345 678', 'KE', '254712345678', mpesa, 'use'],
    ['0757123456', 'KE', '254757123456', mpesa, 'use'],
    ['+254 0712345678', undefined, '254712345678', mpesa, 'use'],
    ['0112345678', 'KE', '254112345678', mpesa, 'use'],
    ['٠٧١٢٣٤٥٦٧٨', 'KE', '254712345678', mpesa, 'use'],
    ['00256772123456', undefined, '256772123456', operatorId('UG', 'MTN MoMo'), 'use'],
    ['0724123456', 'UG', '256724123456', operatorId('UG', 'MTN MoMo'), 'use'],
    ['06 612 3456', 'CG', '242066123456', operatorId('CG', 'MTN MoMo'), 'use'],
    ['077 12 34 56', 'GA', '24177123456', operatorId('GA', 'Airtel Money'), 'use'],
    ['077123456', 'SL', '23277123456', operatorId('SL', 'Afrimoney'), 'use'],
    ['076123456', 'SL', '23276123456', operatorId('SL', 'Orange Money'), 'use'],
    ['97123456', 'BJ', '2290197123456', operatorId('BJ', 'MTN MoMo'), 'use'],
    ['0201234567', 'GH', '233201234567', operatorId('GH', 'Telecel Cash'), 'use'],
    ['05 01 23 45 67', 'CI', '2250501234567', operatorId('CI', 'MTN MoMo'), 'ask'],
    ['+221761234567', undefined, '221761234567', operatorId('SN', 'Mixx by Yas'), 'ask'],
  ])('%s in %s is %s, of %s: %s', (typed, country, msisdn, operator, decision) => {
    const resolution = resolve(typed, country);
    expect(resolution.number.msisdn).toBe(msisdn);
    expect(resolution.ranked[0]?.operator).toBe(operator);
    expect(resolution.decision).toBe(decision);
  });

  it('of Côte d’Ivoire’s old plan is refused, because it does not tell the operator', () => {
    expect(() => resolve('01234567', 'CI')).toThrow(/ten-digit/);
  });

  it.each(['tel:+255;ext=1', '255;', '1'.repeat(30)])(
    'that cannot be one is refused and not repeated: "%s"',
    (typed) => {
      const attempt = () => resolve(typed);
      expect(attempt).toThrow(InvalidRequestError);
      expect(attempt).toThrow(expect.objectContaining({ message: expect.not.stringContaining(typed) }));
    },
  );

  it('that is empty is refused', () => {
    expect(() => resolve('')).toThrow(InvalidRequestError);
  });

  it('in a range that no table has is a number all the same', () => {
    const resolution = resolve('+221721234567');
    expect(resolution.number.msisdn).toBe('221721234567');
    expect(resolution).toMatchObject({ decision: 'ask', ranked: [] });
    expect(resolution.choices).toContain(orangeSenegal);
  });

  it('comes with what was assumed in reading it', () => {
    expect(resolve('+254 0712345678').warnings).toEqual(['a zero behind the country code was removed']);
    expect(resolve('97123456', 'BJ').warnings).toHaveLength(1);
  });

  it('that is no text is refused by the field’s name', () => {
    for (const number of [712_345_678, null, undefined]) {
      expect(() => resolve(number as unknown as string)).toThrow(/"phoneNumber"/);
    }
  });

  it('from elsewhere resolves to nobody', () => {
    expect(resolve('+33612345678')).toMatchObject({ decision: 'ask', ranked: [], choices: [] });
  });

  it('of a network without a wallet names the network and asks', () => {
    const resolution = resolve('0721123456', 'UG');
    expect(resolution.ranked[0]?.operator).toBe(operatorId('UG', 'Lyca'));
    expect(resolution.decision).toBe('ask');
    expect(resolution.choices).not.toContain(operatorId('UG', 'Lyca'));
    expect(resolution.choices).toContain(operatorId('UG', 'MTN MoMo'));
  });
});

describe('a prefix', () => {
  it('counts less where numbers move, and least where many use a wallet without numbers', () => {
    const kenya = first('0712345678', 'KE').confidence;
    const ghana = first('0241234567', 'GH').confidence;
    const senegal = first('771234567', 'SN').confidence;
    expect(kenya).toBeGreaterThan(0.85);
    expect(ghana).toBeLessThan(kenya);
    expect(ghana).toBeGreaterThan(0.6);
    expect(senegal).toBeLessThan(0.5);
  });

  it('is not trusted more because libphonenumber’s portability flag is missing', () => {
    for (const country of ['CI', 'SN', 'TZ'] as const) {
      expect(COUNTRIES[country]).toMatchObject({ libraryFlag: 'missing', ports: 'yes' });
    }
    expect(first('0722123456', 'TZ').confidence).toBeLessThan(0.7);
  });

  it('counts less when the list of ranges is old', () => {
    const fresh = first('0712345678', 'KE').confidence;
    expect(first('077123456', 'GA').confidence).toBeLessThan(fresh);
    expect(first('01012345678', 'EG')).toMatchObject({ operator: operatorId('EG', 'Vodafone Cash') });
    expect(resolve('01012345678', 'EG').decision).toBe('ask');
    expect(first('0712345678', 'KE', { nowMs: NOW + 3_650 * DAYS }).confidence).toBeLessThan(fresh);
  });

  it('says in words what it is and of when', () => {
    expect(first('0757123456', 'KE').evidence).toEqual([
      {
        kind: 'prefix',
        weight: expect.closeTo(0.89, 1),
        because: 'numbers in 757 were first assigned to it (list of 2026-07)',
      },
    ]);
  });
});

describe('evidence', () => {
  it('of the SIM’s network now beats the prefix of a ported number', () => {
    const resolution = resolve('0712345678', 'KE', { network: '63903' });
    expect(resolution.ranked.map(({ operator }) => operator)).toEqual([airtel, mpesa]);
    expect(resolution.decision).toBe('use');
  });

  it('of the same operator adds up', () => {
    const alone = first('0712345678', 'KE').confidence;
    expect(first('0712345678', 'KE', { network: '63902' }).confidence).toBeGreaterThan(alone);
    expect(first('0712345678', 'KE', { network: '63902', hint: mpesa }).confidence).toBeGreaterThan(0.995);
  });

  it('of a prefix adds nothing where the network is known', () => {
    const { evidence } = first('0712345678', 'KE', { network: '63902' });
    expect(evidence.map(({ kind }) => kind)).toEqual(['network-code']);
  });

  it('is listed with the strongest first', () => {
    const { evidence } = first('0712345678', 'KE', { hint: mpesa, successes: [{ operator: mpesa, atMs: NOW }] });
    expect(evidence.map(({ kind }) => kind)).toEqual(['past-success', 'hint', 'prefix']);
  });

  it('of a foreign network is that of a traveller and says nothing', () => {
    expect(resolve('0712345678', 'KE', { network: '64110' }).ranked).toHaveLength(1);
  });

  it.each(['99999', '', '63999999', 'MTN'])('with an unknown network code "%s" is as without one', (network) => {
    expect(resolve('0712345678', 'KE', { network }).ranked).toEqual(resolve('0712345678', 'KE').ranked);
  });

  it.each([
    ['241234567', 'vodafone', operatorId('GH', 'Telecel Cash')],
    ['241234567', 'tigo', operatorId('GH', 'AT Money')],
    ['241234567', 'MTN', operatorId('GH', 'MTN MoMo')],
    ['241234567', '620-02', operatorId('GH', 'Telecel Cash')],
    ['241234567', '620002', operatorId('GH', 'Telecel Cash')],
  ])('of the network counts as gateways spell it: %s on "%s" is %s', (number, network, operator) => {
    const { evidence, ...top } = first(number, 'GH', { network });
    expect(top.operator).toBe(operator);
    expect(evidence[0]?.kind).toBe('network-code');
  });

  it('of a merged network’s old code leads to who runs it now', () => {
    expect(first('0721234567', 'RW', { network: '63513' }).operator).toBe(operatorId('RW', 'Airtel Money'));
  });

  it('of a past success fades and is gone after 90 days', () => {
    const after = (days: number) =>
      resolve('0712345678', 'KE', { successes: [{ operator: airtel, atMs: NOW - days * DAYS }] }).ranked;
    expect(after(1)[0]?.operator).toBe(airtel);
    expect(after(1)[0]?.confidence).toBeGreaterThan(after(30)[0]?.confidence ?? 1);
    expect(after(80)[0]?.operator).toBe(mpesa);
    expect(after(90)).toHaveLength(1);
    expect(after(365)).toHaveLength(1);
  });

  it('of many successes on one operator counts once, as of the newest', () => {
    const at = (days: number) => ({ operator: airtel, atMs: NOW - days * DAYS });
    const once = resolve('0712345678', 'KE', { successes: [at(5)] });
    expect(resolve('0712345678', 'KE', { successes: [at(40), at(5), at(60)] }).ranked).toEqual(once.ranked);
  });

  it('of a success that a skewed clock puts in the future is worth no more than one of now', () => {
    const confidence = first('0712345678', 'KE', {
      successes: [{ operator: airtel, atMs: NOW + 9 * DAYS }],
    }).confidence;
    expect(confidence).toBe(first('0712345678', 'KE', { successes: [{ operator: airtel, atMs: NOW }] }).confidence);
  });

  it('of an id that this version does not know is passed over', () => {
    const more = {
      successes: [{ operator: 'ke-99999', atMs: NOW }],
      accounts: [{ operator: 'toString', status: 'active' }],
    } as const;
    expect(resolve('0712345678', 'KE', more).ranked).toEqual(resolve('0712345678', 'KE').ranked);
  });

  it('of an active account counts, and one that is not found takes the operator out', () => {
    const found = resolve('0712345678', 'KE', {
      accounts: [
        { operator: mpesa, status: 'not-found' },
        { operator: airtel, status: 'active' },
      ],
    });
    expect(found.ranked.map(({ operator }) => operator)).toEqual([airtel]);
    expect(found.ruledOut).toEqual([mpesa]);
    expect(found.choices).not.toContain(mpesa);
  });

  it('of an account nobody could look up is no evidence', () => {
    const more = { accounts: [{ operator: mpesa, status: 'unknown' as const }] };
    expect(resolve('0712345678', 'KE', more).ranked).toEqual(resolve('0712345678', 'KE').ranked);
  });

  it('of two operators that both know the number leaves it open', () => {
    const both = resolve('0241234567', 'GH', {
      accounts: [
        { operator: operatorId('GH', 'MTN MoMo'), status: 'active' },
        { operator: operatorId('GH', 'Telecel Cash'), status: 'active' },
      ],
    });
    expect(both.ranked[0]?.operator).toBe(operatorId('GH', 'MTN MoMo'));
    expect(both.ranked[1]?.confidence).toBeGreaterThan(0.2);
  });
});

describe('a hint', () => {
  it('wins over the prefix', () => {
    expect(resolve('0712345678', 'KE', { hint: airtel })).toMatchObject({
      decision: 'use',
      ranked: [{ operator: airtel }, { operator: mpesa }],
    });
  });

  it('that the network now contradicts is asked about, not overruled', () => {
    const resolution = resolve('0712345678', 'KE', {
      hint: mpesa,
      network: '63903',
      successes: [{ operator: airtel, atMs: NOW }],
    });
    expect(resolution.ranked[0]?.operator).toBe(airtel);
    expect(resolution.decision).toBe('ask');
  });

  it('that the operator itself denies is asked about', () => {
    const resolution = resolve('0712345678', 'KE', {
      hint: mpesa,
      accounts: [{ operator: mpesa, status: 'not-found' }],
    });
    expect(resolution).toMatchObject({ decision: 'ask', ranked: [] });
  });

  it('of another country is refused by the field’s name', () => {
    expect(() => resolve('0712345678', 'KE', { hint: operatorId('UG', 'Airtel Money') })).toThrow(/"operator".*KE/);
    expect(() => resolve('0712345678', 'KE', { hint: 'ke-mpesa' as OperatorId })).toThrow(InvalidRequestError);
  });
});

describe('a wallet without a number range', () => {
  const withoutRange = OPERATOR_IDS.filter((id) => OPERATORS[id].ranges === 'none');

  it('is never guessed from a number or a network', () => {
    const numbers = ['+221771234567', '+2250701234567', '+255722123456', '+256772123456', '+22670123456'];
    for (const number of numbers) {
      for (const network of ['60801', '61203', '64004', '64110', '61302', 'Wave', 'AzamPesa']) {
        const ranked = resolve(number, undefined, { network }).ranked.map(({ operator }) => operator);
        expect(ranked.filter((id) => withoutRange.includes(id))).toEqual([]);
      }
    }
  });

  it('is offered when asking', () => {
    expect(resolve('+221771234567').choices).toContain(wave);
  });

  it('is used when the customer names it, although the phone is on another network', () => {
    const resolution = resolve('+221771234567', undefined, { hint: wave, network: '60801' });
    expect(resolution.ranked[0]?.operator).toBe(wave);
    expect(resolution.decision).toBe('use');
  });

  it('is not pushed aside by the phone’s network, which every wallet shares', () => {
    const more = { hint: operatorId('UG', 'Wave'), network: '64110' };
    expect(first('+256772123456', undefined, more)).toMatchObject({ operator: operatorId('UG', 'Wave') });
    expect(first('+256772123456', undefined, more).confidence).toBeGreaterThan(0.9);
    const successes = [{ operator: operatorId('UG', 'Wave'), atMs: NOW - 60 * DAYS }];
    expect(first('+256772123456', undefined, { successes, network: '64110' }).operator).toBe(operatorId('UG', 'Wave'));
  });

  it('is remembered from a past success', () => {
    expect(first('+221771234567', undefined, { successes: [{ operator: wave, atMs: NOW - 3 * DAYS }] }).operator).toBe(
      wave,
    );
  });

  it('makes even the network now a question where many have one', () => {
    expect(resolve('+221771234567', undefined, { network: '60801' })).toMatchObject({
      decision: 'ask',
      ranked: [{ operator: orangeSenegal }],
    });
    expect(resolve('+221771234567', undefined, { network: '60801', askBelow: 0.5 }).decision).toBe('use');
  });
});

describe('a wallet that is open to every number of the country', () => {
  it('is asked for, whatever the network', () => {
    const more = { network: '62130', askBelow: 0.4 };
    expect(resolve('0803 123 4567', 'NG', more)).toMatchObject({ decision: 'ask', ranked: [{ operator: 'ng-62130' }] });
    expect(resolve('0803 123 4567', 'NG', { hint: operatorId('NG', 'SmartCash PSB') })).toMatchObject({
      decision: 'use',
    });
  });
});

describe('old data', () => {
  it('is warned about a year after it was read, with its date', () => {
    expect(resolve('0712345678', 'KE').warnings).toEqual([]);
    expect(rangesWarning(Date.parse('2027-07-16'))).toBeUndefined();
    const [warning] = resolve('0712345678', 'KE', { nowMs: Date.parse('2027-09-16') }).warnings;
    expect(warning).toBe('number ranges were read on 2026-07-16, 427 days ago: update @canza/mobile-money');
  });
});

describe('whatever is known', () => {
  const id = fc.constantFrom(...OPERATOR_IDS);
  const status = fc.constantFrom('active' as const, 'inactive' as const, 'not-found' as const, 'unknown' as const);
  const request = fc.record({
    number: fc.constantFrom(
      '+254712345678',
      '+221771234567',
      '+2250501234567',
      '+256724123456',
      '+233201234567',
      '+27821234567',
    ),
    network: fc.constantFrom('63902', '63903', '60801', '61203', '64110', '62002', '65510', '99999'),
    successes: fc.array(fc.record({ operator: id, atMs: fc.integer({ min: NOW - 200 * DAYS, max: NOW + DAYS }) }), {
      maxLength: 5,
    }),
    accounts: fc.array(fc.record({ operator: id, status }), { maxLength: 5 }),
  });

  it('ranks downwards, shares out less than certainty, stays in the country, and says why', () => {
    fc.assert(
      fc.property(request, (known) => {
        const { ranked, ruledOut, decision, number } = resolveOperator({ ...known, nowMs: NOW });
        const confidences = ranked.map(({ confidence }) => confidence);
        expect(confidences).toEqual(confidences.toSorted((left, right) => right - left));
        expect(confidences.reduce((sum, confidence) => sum + confidence, 0)).toBeLessThan(1);
        for (const { operator, confidence, evidence } of ranked) {
          expect(confidence).toBeGreaterThan(0);
          expect(evidence).not.toHaveLength(0);
          expect(OPERATORS[operator].country).toBe(number.country);
          expect(ruledOut).not.toContain(operator);
          expect(evidence.map(({ because }) => because).join(' ')).not.toContain(number.msisdn.slice(3));
        }
        expect(decision === 'use' ? confidences[0] : 1).toBeGreaterThanOrEqual(0.6);
      }),
    );
  });

  it('parses a number that is written out again to the same number and answer', () => {
    fc.assert(
      fc.property(request, ({ number }) => {
        const parsed = parseMsisdn(number);
        const again = resolveOperator({ number: parsed, nowMs: NOW });
        expect(resolve(`+${parsed.msisdn}`)).toEqual(again);
        expect(resolve(parsed.msisdn, parsed.country).ranked).toEqual(again.ranked);
      }),
    );
  });
});
