import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import * as core from '../src/index.ts';
import { isServedCountry, mobileLengthsOf } from '../src/numbering.ts';

const page = (name: string): string => readFileSync(new URL(`../../../docs/${name}.md`, import.meta.url), 'utf8');

/** The cells of the tables of a section, without their heads. */
function tableUnder(name: string, heading: string): readonly (readonly string[])[] {
  const section =
    page(name)
      .split(/^## /m)
      .find((each) => each.startsWith(heading)) ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.slice(2, -2).split(' | '))
    .filter(([first]) => !/^(-|digits)/.test(first ?? ''));
}

describe('the pages say what the code does', () => {
  it('docs/money.md lists every currency with its exponent', () => {
    const rows = tableUnder('money', 'Exponents');
    for (const [digits, codes = ''] of rows) {
      for (const code of codes.split(' '))
        expect([code, core.exponentOf(code as core.CurrencyCode)]).toEqual([code, Number(digits)]);
    }
    expect(rows.flatMap(([, codes = '']) => codes.split(' ')).toSorted()).toEqual([...core.CURRENCY_CODES].toSorted());
  });

  it('docs/msisdn.md lists every country with the lengths of its mobile numbers', () => {
    const lengthsIn: Readonly<Record<string, readonly number[]>> = { '7 or 9': [7, 9], '7 to 9': [7, 8, 9] };
    const rows = tableUnder('msisdn', 'Lengths');
    expect(rows).toHaveLength(6);
    for (const [digits = '', countries = ''] of rows) {
      for (const country of countries.split(' ')) {
        expect(isServedCountry(country)).toBe(true);
        expect([country, mobileLengthsOf(country)]).toEqual([country, lengthsIn[digits] ?? [Number(digits)]]);
      }
    }
  });

  it('docs/errors.md lists every error with its code', () => {
    const table = page('errors')
      .split('\n')
      .flatMap((line) => /^\| `(\w+)` \| `(\w+)` \|/.exec(line)?.slice(1, 3).join(' ') ?? []);
    const classes = Object.entries(core).flatMap(([name, value]) =>
      typeof value === 'function' && value.prototype instanceof core.PaymentError && 'code' in value
        ? `${name} ${value.code}`
        : [],
    );
    expect(table.toSorted()).toEqual(classes.toSorted());
  });

  it('docs/payment-states.md lists every state with what it says of the money', () => {
    const table = page('payment-states')
      .split('\n')
      .flatMap((line) => {
        const [, status, moneyMoved] = /^\| `(\w+)` \|.*\| (no|maybe|yes) \|$/.exec(line) ?? [];
        return status === undefined ? [] : `${status} ${moneyMoved}`;
      });
    const states = core.PAYMENT_STATUSES.map((status) => `${status} ${core.moneyMovedAt(status)}`);
    expect(table.toSorted()).toEqual(states.toSorted());
  });

  it('docs/settlement.md lists every state with what it says of the money', () => {
    const table = page('settlement')
      .split('\n')
      .flatMap((line) => {
        const [, status, moneyMoved] = /^\| `([a-z-]+)` \|.*\| (no|maybe|yes) \|$/.exec(line) ?? [];
        return status === undefined ? [] : `${status} ${moneyMoved}`;
      });
    const states = core.SETTLEMENT_STATUSES.map((status) => `${status} ${core.settlementMoneyMovedAt(status)}`);
    expect(table.toSorted()).toEqual(states.toSorted());
  });

  it('every page that core cites is there, and so is the place in it', () => {
    const sources = ['msisdn', 'numbering', 'payment', 'identifiers', 'settlement', 'settlement-transaction'].map(
      (name) => readFileSync(new URL(`../src/${name}.ts`, import.meta.url), 'utf8'),
    );
    const cited = sources.join('\n').matchAll(/docs\/((?:providers\/)?[a-z-]+)\.md(?:#([a-z-]+))?/g);
    const places = [...cited].map(([, name = '', anchor]) => {
      const headings = [...page(name).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
        heading
          .toLowerCase()
          .replace(/[^a-z0-9 -]/g, '')
          .replaceAll(' ', '-'),
      );
      return anchor === undefined || headings.includes(anchor) ? 'there' : `${name}#${anchor}`;
    });
    expect(places.length).toBeGreaterThan(3);
    expect(places.filter((place) => place !== 'there')).toEqual([]);
  });
});
