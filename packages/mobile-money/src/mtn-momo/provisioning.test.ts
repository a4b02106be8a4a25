import { createScriptedTransport, createSeededRandom, type ScriptedStep } from '@canza/core/testing';
import { expect, test } from 'vitest';

import { errorOf, reply } from '../../test/mtn-momo.ts';
import { provisionSandboxUser } from './provisioning.ts';

const SETTINGS = { subscriptionKey: 'key-of-the-product', callbackHost: 'sdk.example.org' };

function provision(...script: readonly ScriptedStep[]) {
  const transport = createScriptedTransport(...script);
  return { transport, made: provisionSandboxUser(SETTINGS, { transport, random: createSeededRandom(1) }) };
}

test('makes a user under a fresh UUID, and fetches the key that is shown once', async () => {
  const { transport, made } = provision(reply('x01-api-user'), reply('x03-api-key'));
  const { apiUser, apiKey } = await made;
  expect(apiUser).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(apiKey).toBe('f1db798c98df4bcf83b538175893bbf0');
  expect(transport.requests).toEqual([
    {
      method: 'POST',
      url: 'https://sandbox.momodeveloper.mtn.com/v1_0/apiuser',
      headers: {
        'ocp-apim-subscription-key': 'key-of-the-product',
        'x-reference-id': apiUser,
        'content-type': 'application/json',
      },
      body: '{"providerCallbackHost":"sdk.example.org"}',
    },
    {
      method: 'POST',
      url: `https://sandbox.momodeveloper.mtn.com/v1_0/apiuser/${apiUser}/apikey`,
      headers: { 'ocp-apim-subscription-key': 'key-of-the-product' },
    },
  ]);
});

test('goes on where the user is there already', async () => {
  await expect(provision(reply('x02-api-user-exists'), reply('x03-api-key')).made).resolves.toMatchObject({
    apiKey: 'f1db798c98df4bcf83b538175893bbf0',
  });
});

test('says that the subscription key is wrong', async () => {
  const { made } = provision(reply('x18-subscription-key-refused'));
  expect(await errorOf(made)).toMatchObject({ code: 'AUTHENTICATION' });
});

test('takes nothing else for a key', async () => {
  expect(await errorOf(provision(reply('x01-api-user'), { status: 201, json: {} }).made)).toMatchObject({
    code: 'UNEXPECTED_RESPONSE',
    moneyMoved: 'no',
  });
});

test('refuses a callback host with a scheme, by name', async () => {
  const environment = { transport: createScriptedTransport(), random: createSeededRandom(1) };
  const bad = provisionSandboxUser({ ...SETTINGS, callbackHost: 'https://sdk.example.org' }, environment);
  expect(await errorOf(bad)).toMatchObject({ code: 'CONFIG_INVALID', field: 'mtnMomo.callbackHost' });
});
