import { describe, expect, it } from 'vitest';

import { type Address, primaryStoreOf } from './address.ts';
import { readAsset } from './assets.ts';
import { proofsOf, receiptsOf } from './deposits.ts';

const METADATA: Address = `0x${'ba'.repeat(32)}`;
const USD = readAsset('USD', { fungibleAsset: METADATA, decimals: 6 });
const COIN = readAsset('OLD', { coin: '0x1::old::Coin', decimals: 6 });
const ALICE: Address = `0x${'a1'.repeat(32)}`;
const BOB: Address = `0x${'b0'.repeat(32)}`;
const OTHER_STORE: Address = `0x${'0c'.repeat(32)}`;

const deposit = (store: string, amount: string) => ({ type: '0x1::fungible_asset::Deposit', data: { store, amount } });
const withdraw = (store: string, amount: string) => ({
  type: '0x1::fungible_asset::Withdraw',
  data: { store, amount },
});
const core = (address: string, owner: string) => ({
  address,
  type: 'write_resource',
  data: { type: '0x1::object::ObjectCore', data: { owner, allow_ungated_transfer: false } },
});
const store = (address: string, inner: string) => ({
  address,
  type: 'write_resource',
  data: { type: '0x1::fungible_asset::FungibleStore', data: { balance: '5', frozen: false, metadata: { inner } } },
});
const home = (owner: Address): string => primaryStoreOf(owner, METADATA);
/** As a node spells an address. */
const trimmed = (address: string): string => address.replace(/^0x0+/, '0x');

describe('the proof of a transfer', () => {
  it('is the deposit on the recipient’s own store', () => {
    const events = [withdraw(home(BOB), '5'), deposit(home(ALICE), '5')];
    expect(proofsOf({ events, changes: [] }, USD, [{ to: ALICE, amount: 5n }])).toEqual([
      { event: 1, account: home(ALICE), asset: METADATA, amount: '5' },
    ]);
  });

  it.each([
    ['another amount', [deposit(home(ALICE), '6')]],
    ['somebody else’s store', [deposit(home(BOB), '5')]],
    ['a withdrawal', [withdraw(home(ALICE), '5')]],
    ['the store of another asset', [deposit(primaryStoreOf(ALICE, BOB), '5')]],
    ['an amount that cannot be read', [deposit(home(ALICE), '5.0')]],
    ['nothing at all', []],
  ])('is not %s', (_what, events) => {
    expect(proofsOf({ events, changes: [] }, USD, [{ to: ALICE, amount: 5n }])).toEqual([null]);
  });

  it('is one event for each: of two equal transfers to one recipient both have to be there', () => {
    const transfers = [
      { to: ALICE, amount: 5n },
      { to: BOB, amount: 5n },
      { to: ALICE, amount: 5n },
    ];
    const once = { events: [deposit(home(ALICE), '5'), deposit(home(BOB), '5')], changes: [] };
    expect(proofsOf(once, USD, transfers).map((proof) => proof?.event ?? null)).toEqual([0, 1, null]);
    const twice = { events: [...once.events, deposit(home(ALICE), '5')], changes: [] };
    expect(proofsOf(twice, USD, transfers).map((proof) => proof?.event)).toEqual([0, 1, 2]);
  });

  it('is also a deposit on another store of the recipient, where the ledger names owner and asset', () => {
    const events = [deposit(trimmed(OTHER_STORE), '5')];
    const changes = [core(trimmed(OTHER_STORE), trimmed(ALICE)), store(trimmed(OTHER_STORE), trimmed(METADATA))];
    expect(proofsOf({ events, changes }, USD, [{ to: ALICE, amount: 5n }])).toEqual([
      { event: 0, account: OTHER_STORE, asset: METADATA, amount: '5' },
    ]);
    const [ownerOnly] = changes;
    expect(proofsOf({ events, changes: [ownerOnly] }, USD, [{ to: ALICE, amount: 5n }])).toEqual([null]);
    const otherAsset = [core(OTHER_STORE, ALICE), store(OTHER_STORE, BOB)];
    expect(proofsOf({ events, changes: otherAsset }, USD, [{ to: ALICE, amount: 5n }])).toEqual([null]);
  });

  it('is the legacy event of a coin that still lies in a coin store', () => {
    const event = (coin_type: string) => ({
      type: '0x1::coin::CoinDeposit',
      data: { coin_type, account: ALICE, amount: '5' },
    });
    const transfers = [{ to: ALICE, amount: 5n }];
    expect(
      proofsOf({ events: [event(`0x${'0'.repeat(63)}1::old::Coin`)], changes: [] }, COIN, transfers),
    ).toMatchObject([{ event: 0, asset: COIN.id }]);
    expect(proofsOf({ events: [event('0x1::other::Coin')], changes: [] }, COIN, transfers)).toEqual([null]);
    expect(proofsOf({ events: [event(COIN.id)], changes: [] }, USD, transfers)).toEqual([null]);
  });
});

it('lists what one account received, in assets that are configured and in others', () => {
  const events = [deposit(home(ALICE), '7'), deposit(home(BOB), '8'), deposit(OTHER_STORE, '9')];
  const changes = [core(OTHER_STORE, ALICE), store(OTHER_STORE, BOB)];
  expect(receiptsOf({ events, changes }, ALICE, [USD])).toEqual([
    { event: 0, account: home(ALICE), asset: METADATA, amount: '7' },
    { event: 2, account: OTHER_STORE, asset: BOB, amount: '9' },
  ]);
});
