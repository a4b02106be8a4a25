import { expect, test } from 'vitest';

import { createVodacomCaller, said } from '../../test/vodacom-caller.ts';

const REFUSED = { http: 400, output_ResponseCode: 'INS-989', output_ResponseDesc: 'Session Creation Failed' };

test('hands out a public key of 4096 bits as the portal shows it', async () => {
  const { emulator, seal } = await createVodacomCaller();
  expect(emulator.publicKey).toMatch(/^MIICIjANBgkqhkiG9w0BAQEFAAOCAg8A[A-Za-z0-9+/]+={0,2}$/);
  expect(emulator.publicKey).toHaveLength(736);
  expect(seal('any')).toHaveLength(684);
});

test('X36: creates a session for the encrypted API key', async () => {
  const { getSession } = await createVodacomCaller();
  expect(said(await getSession())).toEqual({
    http: 200,
    output_ResponseCode: 'INS-0',
    output_ResponseDesc: 'Request processed successfully',
    output_SessionID: expect.stringMatching(/^[0-9A-Za-z]{33}$/),
  });
});

test('X36: refuses another key, one that is not encrypted, none, and a market that does not exist', async () => {
  const { getSession, emulator } = await createVodacomCaller();
  expect(said(await getSession('somebody else’s'))).toEqual(REFUSED);
  const plainly = { Authorization: `Bearer ${emulator.application.apiKey}` };
  expect(said(await getSession(undefined, plainly))).toEqual(REFUSED);
  expect(said(await getSession(undefined, { Authorization: '' }))).toEqual(REFUSED);
  const elsewhere = await createVodacomCaller({ prefix: '/sandbox/ipg/v2/vodacomUGA' });
  expect(said(await elsewhere.getSession())).toMatchObject({ http: 400, output_ResponseCode: 'INS-998' });
});

test('a session works only when it is live, and until it ends', async () => {
  const { emulator, clock, collect, getSession, seal } = await createVodacomCaller({
    application: { sessionLifetimeHours: 1 },
  });
  const { output_SessionID: id } = said(await getSession());
  const bearer = { Authorization: `Bearer ${seal(String(id))}` };
  const ask = async () =>
    said(
      await emulator.handle({
        method: 'GET',
        url: 'http://openapi.test/sandbox/ipg/v2/vodacomTZN/queryTransactionStatus/',
        headers: { Origin: '*', ...bearer },
      }),
    );
  expect(await ask()).toEqual(REFUSED);
  await clock.advance(29_999);
  expect(await ask()).toEqual(REFUSED);
  await clock.advance(1);
  expect(await ask()).toMatchObject({ output_ResponseCode: 'INS-20' });
  await clock.advance(3_600_000 - 30_001);
  expect(await ask()).toMatchObject({ output_ResponseCode: 'INS-20' });
  await clock.advance(1);
  expect(await ask()).toEqual(REFUSED);
  expect(said(await collect())).toEqual(REFUSED);
});

test('the wait for a session can be set', async () => {
  const { getSession, call, seal } = await createVodacomCaller({ timings: { sessionLiveMs: 0 } });
  const { output_SessionID: id } = said(await getSession());
  const response = await call('GET', 'queryTransactionStatus', {}, { Authorization: `Bearer ${seal(String(id))}` });
  expect(said(response)).toMatchObject({ output_ResponseCode: 'INS-20' });
});

test('the API key is no bearer of payments, nor is a session id that is not encrypted', async () => {
  const { emulator, call, getSession, seal } = await createVodacomCaller();
  const { output_SessionID: id } = said(await getSession());
  for (const bearer of [seal(emulator.application.apiKey), String(id), '']) {
    const headers = { Authorization: bearer === '' ? '' : `Bearer ${bearer}` };
    expect(said(await call('POST', 'b2cPayment', {}, headers))).toEqual(REFUSED);
  }
});

test('Origin has to be there, and to be the application’s where that names one', async () => {
  const any = await createVodacomCaller();
  expect(said(await any.getSession(undefined, { Origin: '' }))).toEqual(REFUSED);
  expect(said(await any.getSession(undefined, { Origin: 'https://elsewhere.example' }))).toMatchObject({ http: 200 });
  expect(said(await any.call('POST', 'b2cPayment', {}, { Origin: '' }))).toEqual(REFUSED);
  const one = await createVodacomCaller({ application: { origin: '203.0.113.7' } });
  expect(said(await one.getSession())).toEqual(REFUSED);
  expect(said(await one.getSession(undefined, { Origin: '203.0.113.7' }))).toMatchObject({ http: 200 });
});

test('ends every session at once', async () => {
  const { emulator, payOut, settled, renew } = await createVodacomCaller();
  emulator.endSessions();
  expect(said(await payOut())).toEqual(REFUSED);
  await renew();
  expect(await settled(payOut())).toMatchObject({ output_ResponseCode: 'INS-0' });
});
