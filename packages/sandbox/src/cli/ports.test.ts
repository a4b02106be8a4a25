import { expect, test } from 'vitest';

import { portsOf } from './ports.ts';

test('gives one port after the other, three to Aptos', () => {
  const all = ['mpesa', 'aptos', 'mtn-momo'] as const;
  expect(all.map((name) => portsOf(all, name, 4010))).toEqual([
    { port: 4010 },
    { port: 4011, faucetPort: 4012, indexerPort: 4013 },
    { port: 4014 },
  ]);
});

test('takes the usual ports for Aptos alone, and free ones otherwise', () => {
  expect(portsOf(['aptos'], 'aptos', undefined)).toEqual({ port: 8080, faucetPort: 8081, indexerPort: 8090 });
  expect(portsOf(['aptos'], 'aptos', 0)).toEqual({});
  expect(portsOf(['aptos', 'mpesa'], 'aptos', undefined)).toEqual({});
  expect(portsOf(['mpesa'], 'mpesa', undefined)).toEqual({});
});
