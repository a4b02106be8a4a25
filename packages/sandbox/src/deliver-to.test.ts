import { expect, it } from 'vitest';
import { deliverTo } from './deliver-to.ts';

it('carries the callback to the handler as it was sent, and the answer back', async () => {
  const deliver = deliverTo(async (request) => {
    const said = `${request.method} ${new URL(request.url).pathname} ${request.headers.get('x-a')} ${await request.text()}`;
    return new Response(said, { status: 202, headers: { 'x-b': '2' } });
  });
  const url = 'https://pay.example.com/callbacks/7';
  const answer = await deliver({ method: 'POST', url, headers: { 'x-a': '1' }, body: '{}' });
  expect(answer).toMatchObject({ status: 202, headers: { 'x-b': '2' }, body: 'POST /callbacks/7 1 {}' });
});

it('carries a request without a body', async () => {
  const deliver = deliverTo(async (request) => new Response(await request.text(), { status: 200 }));
  expect(await deliver({ method: 'GET', url: 'https://pay.example.com/', headers: {} })).toMatchObject({ body: '' });
});
