import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { type DarajaServer, startDarajaServer, TEST_SHORTCODE } from '@canza/sandbox';
import { afterEach, describe, expect, inject, it } from 'vitest';

import { freePort } from '../../../tools/free-port.ts';
import type { BridgeProcessOptions } from './support/bridge-process.ts';
import { type CallbackRelay, startCallbackRelay } from './support/callback-relay.ts';

const redisUrl = inject('redisUrl');
const MSISDN = '254722123456';
const THINKING_MS = {
  approve: 10,
  decline: 10,
  'wrong-pin': 10,
  ignore: 10,
  unreachable: 10,
  'insufficient-funds': 10,
};

interface Told {
  readonly status: string;
  readonly moneyMoved: string;
}

/** Runs a service process to its end, and returns what it was told on the way. */
async function run(options: BridgeProcessOptions): Promise<{ signal: string | null; told: readonly Told[] }> {
  const hooks = fileURLToPath(new URL('../../../tools/source-packages.ts', import.meta.url));
  const program = fileURLToPath(new URL('support/bridge-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', hooks, program, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  const lines = output.split('\n').filter((line) => line.startsWith('{'));
  return { signal, told: lines.map((line) => JSON.parse(line) as Told) };
}

describe.skipIf(redisUrl === null)('a service that is ended by kill -9, on a Redis journal', () => {
  let daraja: DarajaServer | undefined;
  let relay: CallbackRelay | undefined;
  afterEach(async () => {
    await relay?.close();
    await daraja?.close();
  });

  it.each([
    ['between store and send', 'before-send', 0, { status: 'review', moneyMoved: 'maybe' }],
    ['between send and reply', 'before-reply', 1, { status: 'succeeded', moneyMoved: 'yes' }],
    ['after the reply', 'after-reply', 1, { status: 'succeeded', moneyMoved: 'yes' }],
  ] as const)(
    '%s: started again, it ends the payment right',
    { timeout: 120_000 },
    async (_when, dies, charges, end) => {
      daraja = await startDarajaServer({ timings: { thinkingMs: THINKING_MS, callbackDelayMs: 50 } });
      relay = await startCallbackRelay();
      const options: BridgeProcessOptions = {
        redisUrl: redisUrl ?? '',
        namespace: `kill-${dies}`,
        darajaUrl: daraja.baseUrl,
        ...daraja.credentials,
        shortcode: TEST_SHORTCODE.shortcode,
        passkey: TEST_SHORTCODE.passkey,
        callbackBaseUrl: relay.baseUrl,
        callbackPort: await freePort(),
        // Without a charge nothing ever calls back; with one, the callback waits for the service to be there again.
        callbackOnlyMs: charges === 0 ? 1000 : 90_000,
        transactionId: 'order_1',
      };
      const first = await run({ ...options, dies });
      expect(first.signal).toBe('SIGKILL');
      relay.openTo(options.callbackPort);
      const second = await run(options);
      expect(second.signal).toBeNull();
      expect(second.told.at(-1)).toEqual(end);
      const charged = daraja.emulator.books.charges({ msisdn: MSISDN });
      expect(charged.map(({ amountMinor }) => amountMinor)).toEqual(Array.from({ length: charges }, () => 100_000n));
      expect(daraja.emulator.requestCount({ operation: 'stk-push' })).toBe(charges);
    },
  );
});
