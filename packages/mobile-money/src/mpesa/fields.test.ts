import { expect, test } from 'vitest';

import { callbackAddress, noteOf, parseShillings, parseShortcode } from './fields.ts';

test.each([
  [undefined, 'Payment'],
  ['', 'Payment'],
  ['x', 'Payment'],
  ['Payment for services', 'Payment for s'],
  ['Malipo ya  kahawa', 'Malipo ya kah'],
  ['Café\nno 5', 'Cafe no 5'],
  ['ክፍያ', 'Payment'],
])('makes of %j what fits in a note: %j', (text, note) => {
  expect(noteOf(text, 13)).toBe(note);
});

test.each(['10.5', '0', '-1', '1e3', '1,000', 10])('refuses %j as an amount of whole shillings', (amount) => {
  expect(() => parseShillings(amount)).toThrow(expect.objectContaining({ field: 'amount', moneyMoved: 'no' }));
});

test('writes whole shillings without decimals', () => {
  expect(parseShillings('1000.00')).toBe('1000');
});

test('refuses a shortcode of another shape, naming the field', () => {
  expect(() => parseShortcode('12', 'till')).toThrow(expect.objectContaining({ field: 'till' }));
  expect(parseShortcode('600984', 'till')).toBe('600984');
});

test('takes an address without TLS in the sandbox alone', () => {
  expect(callbackAddress('http://127.0.0.1:8080/x', 'sandbox')).toBe('http://127.0.0.1:8080/x');
  expect(() => callbackAddress('http://example.com/x', 'production', 'resultUrl')).toThrow(
    expect.objectContaining({ field: 'resultUrl' }),
  );
  expect(() => callbackAddress('/x', 'sandbox')).toThrow(expect.objectContaining({ field: 'callbackUrl' }));
});
