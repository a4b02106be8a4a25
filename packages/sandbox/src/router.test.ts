import { expect, test } from 'vitest';

import { createRouter, type Route } from './router.ts';

const route = (method: Route['method'], path: string): Route => ({
  method,
  path,
  stage: 'query',
  operation: path,
  handle: () => ({ status: 200, headers: {}, body: '' }),
});
const match = createRouter([
  route('POST', '/collection/v1_0/requesttopay'),
  route('GET', '/collection/v1_0/requesttopay/{referenceId}'),
  route('POST', '/merchant/v1/payments/'),
  route('GET', '/collection/v1_0/accountholder/{type}/{id}/active'),
]);
const ask = (method: Route['method'], path: string) => {
  const found = match({ method, url: `http://operator.test${path}`, headers: {} });
  return found.kind === 'found' ? [found.route.path, found.call.params] : found.kind;
};

test('finds a route by method and path, with the parts that the path names', () => {
  expect(ask('POST', '/collection/v1_0/requesttopay?x=1')).toEqual(['/collection/v1_0/requesttopay', {}]);
  expect(ask('GET', '/collection/v1_0/requesttopay/0f-3a/')).toEqual([
    '/collection/v1_0/requesttopay/{referenceId}',
    { referenceId: '0f-3a' },
  ]);
  expect(ask('GET', '/collection/v1_0/accountholder/msisdn/%2B254/active')).toEqual([
    '/collection/v1_0/accountholder/{type}/{id}/active',
    { type: 'msisdn', id: '+254' },
  ]);
});

test('makes nothing of a slash at the end, neither of the route’s nor of the request’s', () => {
  for (const slash of ['', '/']) {
    expect(ask('POST', `/merchant/v1/payments${slash}`)).toEqual(['/merchant/v1/payments/', {}]);
    expect(ask('POST', `/collection/v1_0/requesttopay${slash}`)).toEqual(['/collection/v1_0/requesttopay', {}]);
  }
});

test('tells a wrong method from an unknown path, and bears a path that cannot be decoded', () => {
  expect(ask('PUT', '/collection/v1_0/requesttopay')).toBe('wrong-method');
  expect(ask('GET', '/collection/v1_0')).toBe('unknown-path');
  expect(ask('GET', '/collection/v1_0/requesttopay/%zz')).toEqual([
    '/collection/v1_0/requesttopay/{referenceId}',
    { referenceId: '%zz' },
  ]);
});
