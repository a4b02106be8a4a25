import { expect, test } from 'vitest';

import { assertCallbackSource, DARAJA_CALLBACK_SOURCES } from './callback-sources.ts';

const from = (sourceAddress?: string) => () =>
  assertCallbackSource(
    { method: 'POST', headers: {}, body: '', ...(sourceAddress === undefined ? {} : { sourceAddress }) },
    DARAJA_CALLBACK_SOURCES,
    'mpesa',
  );

test('lets callbacks of the listed addresses pass, written as IPv6 too', () => {
  expect(from('196.201.212.69')).not.toThrow();
  expect(from('::ffff:196.201.214.200')).not.toThrow();
});

test.each(['196.201.212.6', '10.0.0.1', undefined])('refuses a callback from %s', (address) => {
  expect(from(address)).toThrow(expect.objectContaining({ code: 'INVALID_CALLBACK' }));
});
