/** Liquidity through both routers, as settlement calls, on sockets against the emulator. */
import { AptosClient, aptos, createSigner, liquidswap, pancakeSwap } from '@canza/blockchain/aptos';
import { createHttpTransport, type HttpTransport } from '@canza/blockchain/transport';
import {
  type NetworkCall,
  type SettlementNetwork,
  type Sighting,
  silentLogger,
  systemClock,
  systemRandom,
} from '@canza/core';
import { APTOS_ASSETS, type AptosServer, startAptosServer } from '@canza/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const KEY = '5e'.repeat(32);
const OWNER = createSigner(KEY).address;
const APT = '0x1::aptos_coin::AptosCoin';
const USDC = '0xf22bede237a07e121b56d91a491eb7bcdfd1f5907926a9e58338f964a01b17fa::asset::USDC';
const LIQUIDSWAP = '0x190d44266241744264b964a37b8f09863167a12d3e70cda39376cfb4e3561e12';
const PLENTY = 10n ** 12n;

let server: AptosServer;
let transport: HttpTransport;
let network: SettlementNetwork;
let client: AptosClient;

beforeEach(async () => {
  server = await startAptosServer({
    blockIntervalMs: 5,
    balances: [
      { owner: OWNER, asset: APTOS_ASSETS.apt, amountMinor: PLENTY },
      { owner: OWNER, asset: APTOS_ASSETS.lzUsdc, amountMinor: PLENTY },
    ],
  });
  const settings = {
    nodeUrl: server.nodeUrl,
    privateKey: KEY,
    assets: { APT: { coin: APT, decimals: 8 }, USDC: { coin: USDC, decimals: 6 } },
    pools: { pancake: pancakeSwap({ x: 'USDC', y: 'APT' }), liquid: liquidswap({ x: 'APT', y: 'USDC' }) },
  };
  transport = createHttpTransport();
  client = new AptosClient(settings, { transport });
  network = aptos(settings)({ transport, clock: systemClock, random: systemRandom, logger: silentLogger });
  await network.check();
});
afterEach(async () => {
  await transport.close();
  const audit = server.emulator.books.audit();
  await server.close();
  expect(
    audit.every(({ unaccountedMinor, supplyErrorMinor }) => unaccountedMinor === 0n && supplyErrorMinor === 0n),
  ).toBe(true);
});

const usdc = (): bigint => server.emulator.books.balanceMinor(OWNER, APTOS_ASSETS.lzUsdc);
const amounts = (apt: bigint, coins: bigint) =>
  [
    { asset: APT, amount: apt },
    { asset: USDC, amount: coins },
  ] as const;

/** Carries a call out as the settlement service does, with so much gas that it is sent even if it will abort. */
async function carryOut(call: NetworkCall): Promise<Sighting> {
  const slot = await network.nextSlot({ sender: OWNER, reference: 'x' });
  const fee = { maxUnits: '200000', unitPrice: '100' };
  const built = await network.build({ sender: OWNER, slot, call, fee, ledger: await network.ledger() });
  await network.submit(built);
  for (;;) {
    const view = await network.look({ sender: OWNER, slot, call, hashes: [built.hash], holdMs: 1000 });
    const [seen] = view.sightings;
    if (seen !== undefined && seen.status !== 'pending' && seen.status !== 'absent') return seen;
  }
}

describe.each(['pancake', 'liquid'])('%s', (pool) => {
  beforeEach(async () => {
    if (pool === 'pancake') return;
    const typeArguments = [USDC, APT, `${LIQUIDSWAP}::curves::Uncorrelated`];
    await client.call({ function: `${LIQUIDSWAP}::scripts_v2::register_pool`, typeArguments });
  });

  const add = () => {
    const desired = amounts(1_000_000n, 4_000_000n);
    return carryOut({ kind: 'add-liquidity', pool, desired, minimum: desired });
  };

  it('takes both amounts, and gives them back for the shares', async () => {
    const added = await add();
    expect(added.status).toBe('committed');
    expect(usdc()).toBe(PLENTY - 4_000_000n);
    const minimum = amounts(1n, 1n);
    expect((await carryOut({ kind: 'remove-liquidity', pool, shares: 1_000_000n, minimum })).status).toBe('committed');
    expect(usdc()).toBe(PLENTY - 2_000_000n);
  });

  it('swaps, with what came back as proof', async () => {
    await add();
    const before = usdc();
    const [pay, minimum] = amounts(10_000n, 39_000n);
    const seen = await carryOut({ kind: 'swap', pool, pay, minimum });
    if (seen.status !== 'committed') throw new Error(seen.status);
    expect(seen.proofs.filter((proof) => proof?.asset === USDC).map((proof) => proof?.amount)).toEqual([
      String(usdc() - before),
    ]);
  });

  it('moves nothing where the bound is not met, and says that it was the bound', async () => {
    await add();
    const before = usdc();
    const [pay, minimum] = amounts(10_000n, 40_000n);
    const call: NetworkCall = { kind: 'swap', pool, pay, minimum };
    expect(await network.estimate({ sender: OWNER, call })).toMatchObject({
      status: 'would-abort',
      reason: 'slippage',
    });
    expect(await carryOut(call)).toMatchObject({ status: 'aborted', abort: { reason: 'slippage' } });
    expect(usdc()).toBe(before);
  });
});
