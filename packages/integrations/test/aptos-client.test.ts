/** AptosClient on sockets against the emulator, whose books say what really moved. */
import { AptosClient, type AptosSettings, createSigner, FailedTransactionError } from '@canza/blockchain/aptos';
import { openSdk } from '@canza/blockchain/aptos/sdk';
import { createSeededRandom } from '@canza/core/testing';
import { APTOS_ASSETS, type AptosAddress, type AptosServer, startAptosServer } from '@canza/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const KEY = '5e'.repeat(32);
const PAYER_KEY = '6f'.repeat(32);
const PLENTY = 10n ** 15n;
const SENDER = createSigner(KEY).address;
const PAYER = createSigner(PAYER_KEY).address;

let server: AptosServer;
const opened: AptosClient[] = [];

beforeEach(async () => {
  server = await startAptosServer({
    blockIntervalMs: 5,
    balances: [
      { owner: SENDER, asset: APTOS_ASSETS.usdc, amountMinor: PLENTY },
      { owner: SENDER, asset: APTOS_ASSETS.apt, amountMinor: PLENTY },
      { owner: PAYER, asset: APTOS_ASSETS.apt, amountMinor: PLENTY },
    ],
  });
});
afterEach(async () => {
  for (const client of opened.splice(0)) await client.close();
  const audit = server.emulator.books.audit();
  await server.close();
  expect(
    audit.every(({ unaccountedMinor, supplyErrorMinor }) => unaccountedMinor === 0n && supplyErrorMinor === 0n),
  ).toBe(true);
});

function clientWith(settings: Partial<AptosSettings> = {}): AptosClient {
  const client = new AptosClient({
    nodeUrl: server.nodeUrl,
    privateKey: KEY,
    assets: {
      USD: { fungibleAsset: APTOS_ASSETS.usdc, decimals: 6 },
      APT: { coin: '0x1::aptos_coin::AptosCoin', decimals: 8 },
    },
    ...settings,
  });
  opened.push(client);
  return client;
}
const recipient = (index: number): AptosAddress => `0x${(0xa000 + index).toString(16).padStart(64, 'b')}`;
const usd = (owner: AptosAddress): bigint => server.emulator.books.balanceMinor(owner, APTOS_ASSETS.usdc);

describe('money', () => {
  it('arrives to the last unit, and is shown as it is', async () => {
    const client = clientWith();
    await client.check();
    const receipt = await client.transfer({ asset: 'USD', to: recipient(1), amount: '9007.199255' });
    expect(receipt).toMatchObject({
      success: true,
      sender: SENDER,
      deposits: [{ owner: recipient(1), asset: 'USD', amount: '9007.199255', baseUnits: 9_007_199_255n }],
    });
    expect(usd(recipient(1))).toBe(9_007_199_255n);
    expect(await client.balance({ owner: recipient(1), asset: 'USD' })).toBe('9007.199255');
    expect(await client.findTransaction(receipt.hash)).toEqual(receipt);
    const paid = server.emulator.books.movements({ hash: receipt.hash as AptosAddress, kind: 'fee' });
    const refunds = server.emulator.books.movements({ hash: receipt.hash as AptosAddress, kind: 'refund' });
    const sum = (rows: typeof paid) => rows.reduce((total, { amountMinor }) => total + amountMinor, 0n);
    expect(receipt.fee).toBe(`0.${String(sum(paid) - sum(refunds)).padStart(8, '0')}`);
  });

  it('goes to many in one transaction, and to nobody where one store is frozen', async () => {
    const client = clientWith();
    const transfers = Array.from({ length: 100 }, (_, index) => ({ to: recipient(index), amount: '0.000001' }));
    const receipt = await client.batchTransfer({ asset: 'USD', transfers });
    expect(receipt.deposits).toHaveLength(100);
    expect(usd(recipient(99))).toBe(1n);
    server.emulator.chain.setFrozen(APTOS_ASSETS.usdc, recipient(50), true);
    const failure = await client.batchTransfer({ asset: 'USD', transfers }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'TRANSACTION_FAILED', reason: 'aborted', moneyMoved: 'no' });
    expect(usd(recipient(99))).toBe(1n);
    expect(await client.isFrozen({ owner: recipient(50), asset: 'USD' })).toBe(true);
  });

  it('of forty transfers at once is paid once each, whatever befalls the requests', async () => {
    const client = clientWith({ exchangeTimeoutMs: 2000 });
    const candidates = (['reply-lost', 'request-lost', 'html', 'throttled'] as const).map(
      (kind) => ({ stage: 'submit', kind }) as const,
    );
    const dropped = [{ stage: 'chain', kind: 'dropped', operation: 'submit' }] as const;
    server.emulator.faults.draw({ random: createSeededRandom(6), share: 0.3, candidates: [...candidates, ...dropped] });
    const receipts = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        client.transfer({ asset: 'USD', to: recipient(index), amount: '1' }, { maxGasUnits: 20_000n }),
      ),
    );
    expect(new Set(receipts.map(({ hash }) => hash)).size).toBe(40);
    for (let index = 0; index < 40; index += 1) expect(usd(recipient(index))).toBe(1_000_000n);
    expect(server.emulator.faults.struck.length).toBeGreaterThan(5);
    expect(server.emulator.chain.sequenceNumber(SENDER)).toBe(40n);
  });

  it('is never counted twice when two clients use one account, which they should not', async () => {
    const clients = [clientWith(), clientWith()];
    const ends = await Promise.all(
      clients.flatMap((client, which) =>
        Array.from({ length: 8 }, (_, index) =>
          client
            .transfer({ asset: 'USD', to: recipient(which * 8 + index), amount: '1' }, { maxGasUnits: 20_000n })
            .then(() => true)
            .catch((error: unknown) => {
              if (!FailedTransactionError.isInstance(error)) throw error;
              return false;
            }),
        ),
      ),
    );
    for (const [index, isPaid] of ends.entries())
      expect([index, usd(recipient(index))]).toEqual([index, isPaid ? 1_000_000n : 0n]);
    expect(ends.some(Boolean)).toBe(true);
  });
});

describe('fees', () => {
  it('are paid by another account, whose number does not move', async () => {
    const client = clientWith({ feePayer: { privateKey: PAYER_KEY } });
    const before = server.emulator.books.balanceMinor(SENDER);
    await client.transfer({ asset: 'USD', to: recipient(1), amount: '1' });
    expect(server.emulator.books.balanceMinor(SENDER)).toBe(before);
    expect(server.emulator.books.balanceMinor(PAYER)).toBeLessThan(PLENTY);
    expect(server.emulator.chain.sequenceNumber(PAYER)).toBe(0n);
  });

  it('are estimated before, and not more than half as much again is allowed for', async () => {
    const client = clientWith();
    const request = {
      function: '0x1::aptos_account::transfer',
      arguments: [Buffer.from(recipient(1).slice(2), 'hex'), Buffer.from('0100000000000000', 'hex')],
    };
    const simulated = await client.simulate(request);
    expect(simulated).toMatchObject({ success: true, gasUnitPrice: 100n });
    const receipt = await client.call(request);
    expect(receipt.gasUsed).toBe(simulated.gasUsed);
    expect(simulated.maxGasUnits).toBe((simulated.gasUsed * 3n + 1n) / 2n);
  });
});

describe('transactions without numbers', () => {
  it('go out beside each other, and leave the account’s number alone', async () => {
    const client = clientWith({ replayProtection: 'orderless', expirySeconds: 40 });
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        client.transfer({ asset: 'USD', to: recipient(index), amount: '1' }, { maxGasUnits: 20_000n }),
      ),
    );
    expect(usd(recipient(9))).toBe(1_000_000n);
    expect(server.emulator.chain.sequenceNumber(SENDER)).toBe(0n);
  });
});

describe('several endpoints', () => {
  it('one of which is down, and one behind, serve like one', async () => {
    server.emulator.chain.setNodes([
      { name: 'up to date', lagMs: 0 },
      { name: 'behind', lagMs: 3000 },
    ]);
    const client = clientWith({ nodeUrl: ['http://127.0.0.1:1/v1', server.nodeUrl] });
    for (let index = 0; index < 3; index += 1) {
      await client.transfer({ asset: 'USD', to: recipient(index), amount: '1' }, { maxGasUnits: 20_000n });
      expect(usd(recipient(index))).toBe(1_000_000n);
    }
    expect(server.emulator.chain.sequenceNumber(SENDER)).toBe(3n);
  });
});

describe('the SDK over the same transport', () => {
  it('asks the faucet, and reads what the client has sent', async () => {
    const client = clientWith();
    const sdk = await openSdk(client, { faucetUrl: server.faucetUrl });
    await sdk.fundAccount({ accountAddress: recipient(1), amount: 5, options: { waitForIndexer: false } });
    expect(server.emulator.books.balanceMinor(recipient(1))).toBe(5n);
    const { hash } = await client.transfer({ asset: 'APT', to: recipient(2), amount: '0.5' });
    expect(await sdk.getTransactionByHash({ transactionHash: hash })).toMatchObject({ success: true });
  });
});
