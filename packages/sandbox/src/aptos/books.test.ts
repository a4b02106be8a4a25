import { AccountAddress, U64 } from '@aptos-labs/ts-sdk';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AptosCaller, accountOf, addressOf, batchTransfer, call, transfer } from '../../test/aptos-caller.ts';
import type { Address } from './move/address.ts';
import { APTOS_ASSETS } from './settings.ts';

const people = [1, 2, 3].map(accountOf);
const places = [1, 2, 3, 4, 5].map((seed) => addressOf(accountOf(seed)));

const person = fc.integer({ min: 0, max: people.length - 1 });
const place = fc.constantFrom(...places);
const amount = fc.bigInt({ min: 0n, max: 3_000_000_000n });
const step = fc.oneof(
  fc.record({ kind: fc.constant('transfer' as const), from: person, to: place, amount }),
  fc.record({
    kind: fc.constant('batch' as const),
    from: person,
    to: fc.array(place, { maxLength: 6 }),
    amount: fc.bigInt({ min: 1n, max: 400n }),
  }),
  fc.record({ kind: fc.constant('freeze' as const), to: place, isFrozen: fc.boolean() }),
  fc.record({ kind: fc.constant('gap' as const), from: person, to: place, amount }),
  fc.record({ kind: fc.constant('sponsored' as const), from: person, to: place, amount }),
  fc.record({ kind: fc.constant('close' as const), from: person }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 40_000 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What a step sends, if it sends something. */
function bytesOf(caller: AptosCaller, each: Step): Uint8Array | undefined {
  const { chain } = caller.emulator;
  if (each.kind === 'freeze') chain.setFrozen(APTOS_ASSETS.usdc, each.to, each.isFrozen);
  if (each.kind === 'freeze' || each.kind === 'wait') return undefined;
  const from = people[each.from] ?? caller.alice;
  const sequenceNumber = chain.sequenceNumber(addressOf(from));
  switch (each.kind) {
    case 'transfer':
      return caller.signed(from, transfer(each.to, each.amount), { sequenceNumber });
    case 'gap':
      return caller.signed(from, transfer(each.to, each.amount), { sequenceNumber: sequenceNumber + 1n });
    case 'batch': {
      const amounts = each.to.map(() => each.amount);
      return caller.signed(from, batchTransfer(APTOS_ASSETS.usdc, each.to, amounts), {
        sequenceNumber,
        maxGas: 60_000n,
      });
    }
    case 'sponsored': {
      const usdc = [AccountAddress.from(APTOS_ASSETS.usdc), AccountAddress.from(each.to), new U64(each.amount % 500n)];
      const payload = call('0x1::primary_fungible_store::transfer', usdc, ['0x1::fungible_asset::Metadata']);
      return caller.sponsored(from, caller.alice, payload, { sequenceNumber });
    }
    case 'close': {
      const metadata = [AccountAddress.from(APTOS_ASSETS.usdc)];
      return caller.signed(from, call(`0x${'cafe'.repeat(16)}::sandbox::close_store`, metadata), { sequenceNumber });
    }
  }
}

test('adds up to nothing after every block, whatever was sent', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const caller = new AptosCaller();
      const { books, chain } = caller.emulator;
      for (const owner of people) chain.mint(APTOS_ASSETS.usdc, addressOf(owner), 1_000n);
      const aptMinted = books.supplyMinor() + books.feesOctas();
      for (const each of steps) {
        const bytes = bytesOf(caller, each);
        if (bytes !== undefined) await caller.submit(bytes);
        await caller.clock.advance(each.kind === 'wait' ? each.ms : 150);
        for (const { asset, unaccountedMinor, supplyErrorMinor } of books.audit()) {
          expect({ asset, unaccountedMinor, supplyErrorMinor }).toEqual({
            asset,
            unaccountedMinor: 0n,
            supplyErrorMinor: 0n,
          });
        }
      }
      // Supply went down by what was burnt as fees, and by nothing else.
      expect(books.supplyMinor()).toBe(aptMinted - books.feesOctas());
      expect(books.supplyMinor(APTOS_ASSETS.usdc)).toBe(3_000n);
      for (const owner of places) expect(flowOf(caller, owner)).toBe(books.balanceMinor(owner, APTOS_ASSETS.usdc));
    }),
    { seed: 20_261_123, numRuns: 60 },
  );
});

/** What the movements leave an owner with. */
function flowOf({ emulator }: AptosCaller, owner: Address): bigint {
  const asset = APTOS_ASSETS.usdc;
  const sum = (rows: readonly { readonly amountMinor: bigint }[]): bigint =>
    rows.reduce((total, { amountMinor }) => total + amountMinor, 0n);
  return sum(emulator.books.movements({ asset, to: owner })) - sum(emulator.books.movements({ asset, from: owner }));
}

test('gives back what a freed slot had cost, and tells it in the fee statement', async () => {
  const caller = new AptosCaller();
  const { books, chain } = caller.emulator;
  const usdc = AccountAddress.from(APTOS_ASSETS.usdc);
  const empty = await caller.commit(
    caller.signed(
      caller.alice,
      call(
        '0x1::primary_fungible_store::transfer',
        [usdc, AccountAddress.from(places[1] ?? ''), new U64(0)],
        ['0x1::fungible_asset::Metadata'],
      ),
      { maxGas: 100_000n },
    ),
  );
  const close = call(`0x${'cafe'.repeat(16)}::sandbox::close_store`, [usdc]);
  const before = books.balanceMinor(addressOf(caller.alice));
  const hash = await caller.commit(caller.signed(caller.alice, close, { sequenceNumber: 1n }));
  const { gas_used: gasUsed, events } = await caller.json(`/transactions/by_hash/${hash}`);
  expect((events as object[]).at(-1)).toMatchObject({ data: { storage_fee_refund_octas: '536000' } });
  expect(before - books.balanceMinor(addressOf(caller.alice))).toBe(BigInt(String(gasUsed)) * 100n - 536_000n);
  expect(books.movements({ hash, kind: 'refund' })).toMatchObject([{ amountMinor: 536_000n }]);
  // Two stores were made for a transfer of nothing, and the account of its sender.
  expect(books.movements({ hash: empty }).map(({ kind }) => kind)).toEqual(['fee']);
  expect((await caller.json(`/transactions/by_hash/${empty}`))['events']).toMatchObject([
    { data: { storage_fee_octas: '1572000' } },
  ]);
  expect(chain.sequenceNumber(addressOf(caller.alice))).toBe(2n);
});
