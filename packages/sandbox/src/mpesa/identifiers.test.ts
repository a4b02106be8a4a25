import { createSeededRandom } from '@canza/core/testing';
import { expect, test } from 'vitest';

import { createDarajaIdentifiers } from './identifiers.ts';

const identifiers = createDarajaIdentifiers(createSeededRandom(1));

test.each([
  ['2019-12-19T10:21:15+03:00', 'NLJ'],
  ['2020-01-20T16:48:25+03:00', 'OAK'],
  ['2021-11-14T13:27:11+03:00', 'PKE'],
  ['2022-11-10T11:07:17+03:00', 'QKA'],
  ['2023-11-21T12:13:25+03:00', 'RKL'],
  ['2024-07-06T22:48:52+03:00', 'SG6'],
])('begins the receipt of %s as the operator did: %s', (moment, prefix) => {
  expect(identifiers.receipt(Date.parse(moment)).slice(0, 3)).toBe(prefix);
});

test('never gives the same checkout request id twice, not even in one millisecond', () => {
  const atMs = Date.parse('2026-09-18T03:51:20.708+03:00');
  const ids = Array.from({ length: 50 }, () => identifiers.checkoutRequestId(atMs, '254708374149'));
  expect(ids[0]).toBe('ws_CO_18092026035120708708374149');
  expect(new Set(ids).size).toBe(50);
});

test('draws again what it has given before', () => {
  let drawn = 0;
  const repeating = createDarajaIdentifiers({
    float: () => 0,
    bytes: (length) => new Uint8Array(length).fill(drawn++ < 2 ? 1 : 2),
  });
  const atMs = Date.parse('2024-07-06T22:48:52+03:00');
  expect([repeating.receipt(atMs), repeating.receipt(atMs)]).toEqual(['SG61111111', 'SG62222222']);
});
