import { expect, test } from 'vitest';

import { SANDBOX } from '../../../test/mpesa.ts';
import { parseMpesaConfig } from '../config.ts';
import { RESULT_KINDS, readSuffix, resultAddressesOf } from './addresses.ts';

const config = parseMpesaConfig(SANDBOX);
const TOKEN = '0123456789abcdef0123456789abcdef';

test.each(RESULT_KINDS)('gives a %s two addresses that lead back to it', (kind) => {
  const { ResultURL, QueueTimeOutURL } = resultAddressesOf(`https://pay.example.com/${TOKEN}`, kind, config);
  const suffixOf = (url: string): string => url.slice(`https://pay.example.com/${TOKEN}/`.length);
  expect(readSuffix(suffixOf(ResultURL))).toEqual({ kind, expired: false });
  expect(readSuffix(suffixOf(QueueTimeOutURL))).toEqual({ kind, expired: true });
  expect(`${ResultURL}${QueueTimeOutURL}`).not.toMatch(/mpesa|m-pesa|safaricom|exec?|cmd|sql|query/i);
});

test.each(['', 'expired', '-expired', 'Payout', 'payouts', 'status-expired-expired'])(
  'knows no address %j',
  (suffix) => {
    expect(readSuffix(suffix)).toBeUndefined();
  },
);
