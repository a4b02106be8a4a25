import { readFileSync } from 'node:fs';
import { ConfigError } from '@canza/core';
import { describe, expect, it } from 'vitest';
import { configurationOf, variableOf } from './configuration-of.ts';
import { VARIABLES } from './variables.ts';

describe('configurationOf', () => {
  it('puts each variable where its name says', () => {
    const config = configurationOf({
      CANZA_JOURNAL: 'postgres://db.example.com/payments',
      CANZA_CALLBACKS_BASE_URL: 'https://pay.example.com/callbacks',
      CANZA_PROCESSES: '4',
      CANZA_MPESA_INITIATOR_SECURITY_CREDENTIAL: 'c2VjcmV0',
      CANZA_MPESA_CALLBACK_SOURCES: '196.201.214.200, 196.201.214.206',
      CANZA_MTN_MOMO_COLLECTION_API_KEY: 'a-key',
      CANZA_AIRTEL_MONEY_SIGNING: 'true',
      CANZA_USSD_GATEWAY_AUTHENTICITY_SECRET_PATH: 'k3fj29dkf83jd02k',
    });
    expect(config).toEqual({
      journal: 'postgres://db.example.com/payments',
      callbacks: { baseUrl: 'https://pay.example.com/callbacks' },
      processes: 4,
      mpesa: {
        initiator: { securityCredential: 'c2VjcmV0' },
        callbackSources: ['196.201.214.200', '196.201.214.206'],
      },
      mtnMomo: { collection: { apiKey: 'a-key' } },
      airtelMoney: { signing: true },
      ussd: { gateway: { authenticity: { secretPath: 'k3fj29dkf83jd02k' } } },
    });
  });

  it('says where the journal is and how durable in one', () => {
    expect(configurationOf({ CANZA_JOURNAL: 'redis', CANZA_JOURNAL_DURABILITY: 'development' })).toEqual({
      journal: { on: 'redis', durability: 'development' },
    });
  });

  it('takes a secret from a file, as containers are given them, without its last line break', () => {
    const readFile = (path: string) => (path === '/run/secrets/passkey' ? 'pass\nkey\n' : '');
    const config = configurationOf({ CANZA_MPESA_PASSKEY_FILE: '/run/secrets/passkey' }, { readFile });
    expect(config).toEqual({ mpesa: { passkey: 'pass\nkey' } });
  });

  it('leaves variables alone that are not ours, and those that are set to nothing', () => {
    expect(configurationOf({ PATH: '/bin', CANZA_SOMETHING_ELSE: '1', CANZA_REDISH: '1', CANZA_REDIS: '' })).toEqual(
      {},
    );
  });

  it.each([
    ['a name that is misspelled', { CANZA_MPESA_PASSKY: 'hush-hush' }, 'CANZA_MPESA_PASSKY'],
    ['a number that is none', { CANZA_PROCESSES: 'hush-hush' }, 'CANZA_PROCESSES'],
    ['a yes that is none', { CANZA_AIRTEL_MONEY_SIGNING: 'hush-hush' }, 'CANZA_AIRTEL_MONEY_SIGNING'],
    ['a file where none is read', { CANZA_MPESA_PASSKEY_FILE: 'hush-hush' }, 'CANZA_MPESA_PASSKEY_FILE'],
    ['a durability of no journal', { CANZA_JOURNAL_DURABILITY: 'hush-hush' }, 'CANZA_JOURNAL'],
  ])('refuses %s by its name, and keeps the value to itself', (_, variables, field) => {
    const refused = expect.objectContaining({ field, message: expect.not.stringContaining('hush-hush') as unknown });
    expect(() => configurationOf(variables)).toThrow(refused as Error);
  });

  it('refuses a value beside its file, and a file that cannot be read', () => {
    const readFile = (): string => {
      throw new Error('ENOENT');
    };
    const both = { CANZA_MPESA_PASSKEY: 'a', CANZA_MPESA_PASSKEY_FILE: '/b' };
    expect(() => configurationOf(both, { readFile: () => 'b' })).toThrow(ConfigError);
    expect(() => configurationOf({ CANZA_MPESA_PASSKEY_FILE: '/b' }, { readFile })).toThrow(/CANZA_MPESA_PASSKEY_FILE/);
  });

  it('has a variable of its own for each field', () => {
    const names = Object.keys(VARIABLES).map(variableOf);
    expect(new Set(names).size).toBe(names.length);
  });
});

it('is documented, each variable by its name', () => {
  const page = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
  expect(Object.keys(VARIABLES).filter((path) => !page.includes(`\`${variableOf(path)}\``))).toEqual([]);
});
