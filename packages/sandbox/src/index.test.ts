import { expect, test } from 'vitest';

import * as aptos from './aptos/index.ts';
import * as sandbox from './index.ts';
import * as mpesa from './mpesa/index.ts';
import * as vodacom from './vodacom-mpesa/index.ts';

test('exports what its users rely on', () => {
  expect(Object.keys(mpesa).toSorted()).toEqual([
    'TEST_MSISDN',
    'TEST_SHORTCODE',
    'TEST_STORE',
    'createDarajaEmulator',
    'fasterTimings',
    'startDarajaServer',
  ]);
  expect(Object.keys(vodacom).toSorted()).toEqual([
    'createVodacomEmulator',
    'fasterVodacomTimings',
    'startVodacomServer',
  ]);
  expect(Object.keys(aptos).toSorted()).toEqual([
    'APTOS_ASSETS',
    'APTOS_LOCAL_PORTS',
    'aptosPrimaryStore',
    'createAptosEmulator',
    'parseAptosAddress',
    'startAptosServer',
  ]);
  expect(Object.keys(sandbox)).toEqual(
    expect.arrayContaining([
      ...Object.keys(mpesa),
      ...Object.keys(vodacom),
      ...Object.keys(aptos),
      'CONTROL_PATH',
      'createFaultPlan',
      'createHttpDeliver',
      'createScenario',
      'deliverTo',
      'startHttpServer',
      'startSandbox',
    ]),
  );
});

test('starts every emulator at once, and ends them all', async () => {
  const { close, ...servers } = await sandbox.startSandbox({ mpesa: { speed: 50 } });
  for (const { baseUrl, controlled } of Object.values(servers)) {
    const response = await fetch(`${baseUrl}${sandbox.CONTROL_PATH}`);
    expect(await response.json()).toMatchObject({ emulator: controlled.name });
  }
  await close();
  for (const { baseUrl } of Object.values(servers)) await expect(fetch(baseUrl)).rejects.toThrow('fetch failed');
});
