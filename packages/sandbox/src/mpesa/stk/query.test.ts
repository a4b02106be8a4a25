import { expect, test } from 'vitest';

import { createDarajaCaller, jsonOf, PAYER, passwordOf } from '../../../test/daraja-caller.ts';
import { TEST_STORE } from '../settings.ts';

const idsOf = ({ emulator }: ReturnType<typeof createDarajaCaller>) => {
  const [prompt] = emulator.prompts;
  return `"MerchantRequestID":"${prompt?.merchantRequestId}","CheckoutRequestID":"${prompt?.checkoutRequestId}"`;
};

test('proves a payment, without receipt or amount, and with its code as text (X15)', async () => {
  const caller = createDarajaCaller();
  const id = await caller.pushed();
  await caller.clock.advance(12_000);
  const response = await caller.query(id);
  expect(response.status).toBe(200);
  expect(response.body).toBe(
    `{"ResponseCode":"0","ResponseDescription":"The service request has been accepted successfully",${idsOf(caller)},"ResultCode":"0","ResultDesc":"The service request is processed successfully."}`,
  );
});

test('says 4999 or 500.001.1001 in turn while the prompt is open (X16, X5)', async () => {
  const caller = createDarajaCaller();
  const id = await caller.pushed();
  const first = await caller.query(id);
  expect(first.status).toBe(200);
  expect(first.body).toContain(
    `${idsOf(caller)},"ResultCode":"4999","ResultDesc":"The transaction is still under processing"}`,
  );
  const second = await caller.query(id);
  expect(second.status).toBe(500);
  expect(second.body).toMatch(
    /^\{"requestId":"[^"]+","errorCode":"500\.001\.1001","errorMessage":"The transaction is being processed"\}$/,
  );
  expect(jsonOf(await caller.query(id))['ResultCode']).toBe('4999');
});

test('can say what is pending in two more ways', async () => {
  const { pushed, query } = createDarajaCaller({ shapes: { pending: ['too-early', 'empty-envelope'] } });
  const id = await pushed();
  expect(await query(id)).toMatchObject({ status: 400, body: expect.stringContaining('Invalid CheckoutRequestID') });
  const empty = await query(id);
  expect(empty.status).toBe(200);
  expect(jsonOf(empty)).toMatchObject({ errorCode: '500.001.1001', errorMessage: '' });
});

test('words a silent phone otherwise than the callback does (X17)', async () => {
  const { pushed, query, clock, emulator } = createDarajaCaller();
  emulator.handset.set(PAYER, 'ignore');
  const id = await pushed();
  await clock.advance(60_000);
  expect((await query(id)).body).toContain('"ResultCode":"1037","ResultDesc":"DS timeout user cannot be reached."}');
});

test('does not know an id that was never given, nor another merchant’s', async () => {
  const { pushed, query } = createDarajaCaller();
  const id = await pushed();
  const store = { BusinessShortCode: TEST_STORE.shortcode, Password: passwordOf('20260101030000', TEST_STORE) };
  for (const response of [await query('ws_CO_010120260300000007123456789'), await query(id, store)]) {
    expect(response.status).toBe(500);
    expect(jsonOf(response)).toMatchObject({
      errorCode: '500.001.1001',
      errorMessage: 'The transaction does not Exist',
    });
  }
});

test('refuses an id of another shape, and a wrong password', async () => {
  const { query } = createDarajaCaller();
  expect(jsonOf(await query('order 1'))['errorMessage']).toBe('Bad Request - Invalid CheckoutRequestID');
  const wrong = await query('ws_CO_010120260300000007123456789', { Password: 'x' });
  expect(jsonOf(wrong)['errorMessage']).toBe('[MerchantValidate] - Wrong credentials');
});

test('turns away who asks more often than every 12 s, when told to (X7)', async () => {
  const { pushed, query, clock } = createDarajaCaller({ timings: { queryEveryMs: 12_000 } });
  const id = await pushed();
  await query(id);
  await clock.advance(11_000);
  const refused = await query(id);
  expect(refused.status).toBe(429);
  expect(refused.body).toBe(
    '{"fault":{"faultstring":"Spike arrest violation. Allowed rate : MessageRate{messagesPerPeriod=5, periodInMicroseconds=60000000, maxBurstMessageCount=1.0}","detail":{"errorcode":"policies.ratelimit.SpikeArrestViolation"}}}',
  );
  await clock.advance(1_000);
  expect((await query(id)).status).toBe(200);
});
