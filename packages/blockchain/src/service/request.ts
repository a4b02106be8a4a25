import {
  type Asset,
  type AssetAmount,
  formatUnits,
  InvalidRequestError,
  type NetworkCall,
  parseTransactionId,
  parseUnits,
  type SettlementNetwork,
  type SettlementQuote,
  UnsupportedError,
} from '@canza/core';

import { MOST_DECIMALS } from './quotes.ts';

/** What a caller asks for when money is to be settled. */
export interface SettlementRequest {
  /** Yours, and its idempotency key: 1 to 64 letters, digits, `.`, `_`, `:` or `-`. */
  readonly settlementId: string;
  /** Decimal string in `fromCurrency`. */
  readonly amount: string;
  /** What the amount is in. Another than `toCurrency` takes a quote. */
  readonly fromCurrency: string;
  /** What is to arrive: a currency of the network's assets. */
  readonly toCurrency: string;
  readonly toAddress: string;
  /** Of `service.quote()`; left out, one is asked for. Only where the currencies differ. */
  readonly quote?: SettlementQuote | undefined;
  /** At most 200 characters, for your books; nothing of it goes on the chain. */
  readonly description?: string | undefined;
}

/** What a caller asks for when a settlement is to be given back. */
export interface SettlementRefundRequest {
  readonly settlementId: string;
  /** Of the settlement that is given back. */
  readonly originalSettlementId: string;
  /** Who gets it. */
  readonly toAddress: string;
  /** Decimal string in the currency that arrived; left out, what is left of the original. */
  readonly amount?: string | undefined;
  readonly description?: string | undefined;
}

/** An amount of one currency of the network's assets. */
export interface CurrencyAmount {
  readonly currency: string;
  /** Decimal string. */
  readonly amount: string;
}

interface LiquidityBase {
  readonly settlementId: string;
  /** By its name in the configuration of the network. */
  readonly pool: string;
  readonly description?: string | undefined;
}

/** What a caller asks of a pool. Below what `minimum` says, nothing is done. */
export type LiquidityRequest =
  | (LiquidityBase & {
      readonly operation: 'add';
      readonly desired: readonly [CurrencyAmount, CurrencyAmount];
      readonly minimum: readonly [CurrencyAmount, CurrencyAmount];
    })
  | (LiquidityBase & {
      readonly operation: 'remove';
      /** Base units of the pool's share token, as decimal text without a point. */
      readonly shares: string;
      readonly minimum: readonly [CurrencyAmount, CurrencyAmount];
    })
  | (LiquidityBase & { readonly operation: 'swap'; readonly pay: CurrencyAmount; readonly minimum: CurrencyAmount });

/** What is common to every request, checked. */
interface CheckedBase {
  readonly settlementId: string;
  readonly description: string | undefined;
}

export interface CheckedPayment extends CheckedBase {
  /** As it was asked for, without zeros that say nothing. */
  readonly amount: string;
  /** The same in base units: of the asset where both currencies are the same, otherwise of 10^-18. */
  readonly units: bigint;
  readonly fromCurrency: string;
  readonly asset: Asset;
  readonly toAddress: string;
  readonly quote: unknown;
}

const LONGEST_DESCRIPTION = 200;
const CURRENCY = /^[A-Z][A-Z0-9]{1,11}$/;

/** @throws InvalidRequestError naming the field. */
export function checkPayment(request: unknown, network: SettlementNetwork): CheckedPayment {
  const fields = fieldsOf(request, [
    'settlementId',
    'amount',
    'fromCurrency',
    'toCurrency',
    'toAddress',
    'quote',
    'description',
  ]);
  const base = checkBase(fields);
  const asset = assetOf(fields['toCurrency'], network, 'toCurrency');
  const fromCurrency = parseTicker(fields['fromCurrency'], 'fromCurrency');
  const decimals = fromCurrency === asset.currency ? asset.decimals : MOST_DECIMALS;
  const units = parseUnits(fields['amount'], decimals);
  const amount = canonicalAmount(units, decimals);
  const toAddress = readRecipient(fields['toAddress'], network);
  if (fields['quote'] !== undefined && fromCurrency === asset.currency) {
    throw new InvalidRequestError({ field: 'quote', expected: 'none: both currencies are the same' });
  }
  return { ...base, amount, units, fromCurrency, asset, toAddress, quote: fields['quote'] };
}

export interface CheckedRefund extends CheckedBase {
  readonly originalSettlementId: string;
  readonly toAddress: string;
  readonly amount: unknown;
}

/** @throws InvalidRequestError naming the field. */
export function checkRefund(request: unknown, network: SettlementNetwork): CheckedRefund {
  const fields = fieldsOf(request, ['settlementId', 'originalSettlementId', 'toAddress', 'amount', 'description']);
  const base = checkBase(fields);
  const originalSettlementId = parseTransactionId(fields['originalSettlementId'], 'originalSettlementId');
  if (originalSettlementId === base.settlementId) {
    throw new InvalidRequestError({ field: 'settlementId', expected: 'an id of its own, not that of the original' });
  }
  const toAddress = readRecipient(fields['toAddress'], network);
  return { ...base, originalSettlementId, toAddress, amount: fields['amount'] };
}

export interface CheckedLiquidity extends CheckedBase {
  readonly call: NetworkCall;
  /** What is put in: for limits and for the record. */
  readonly paid: { readonly currency: string; readonly amount: string };
  readonly received: string;
}

/** @throws InvalidRequestError naming the field; UnsupportedError. */
export function checkLiquidity(request: unknown, network: SettlementNetwork): CheckedLiquidity {
  const operation = (request as Partial<LiquidityRequest> | null | undefined)?.operation;
  const own = { add: ['desired', 'minimum'], remove: ['shares', 'minimum'], swap: ['pay', 'minimum'] } as const;
  if (operation === undefined || !Object.hasOwn(own, operation)) {
    throw new InvalidRequestError({ field: 'operation', expected: '"add", "remove" or "swap"' });
  }
  const fields = fieldsOf(request, ['settlementId', 'pool', 'description', 'operation', ...own[operation]]);
  const base = checkBase(fields);
  const support = network.capabilities[CAPABILITY[operation]];
  if (support !== 'supported') throw new UnsupportedError(CAPABILITY[operation], support.unsupported);
  const { pool } = fields;
  if (typeof pool !== 'string' || pool === '') {
    throw new InvalidRequestError({ field: 'pool', expected: 'the name of a pool of the network' });
  }
  if (operation === 'swap') {
    const pay = amountOf(fields['pay'], network, 'pay');
    const minimum = amountOf(fields['minimum'], network, 'minimum');
    const call = { kind: 'swap', pool, pay: pay.units, minimum: minimum.units } as const;
    return { ...base, call, paid: pay.shown, received: minimum.shown.currency };
  }
  const minimum = pairOf(fields['minimum'], network, 'minimum');
  const least = [minimum[0].units, minimum[1].units] as const;
  if (operation === 'add') {
    const desired = pairOf(fields['desired'], network, 'desired');
    const call = {
      kind: 'add-liquidity',
      pool,
      desired: [desired[0].units, desired[1].units],
      minimum: least,
    } as const;
    return { ...base, call, paid: desired[0].shown, received: desired[1].shown.currency };
  }
  const shares = parseUnits(fields['shares'], 0, 'shares');
  const call = { kind: 'remove-liquidity', pool, shares, minimum: least } as const;
  return { ...base, call, paid: minimum[0].shown, received: minimum[1].shown.currency };
}

/** Paid to one of the accounts that settlements are paid from, money would stay where it is, and be called paid. */
function readRecipient(address: unknown, network: SettlementNetwork): string {
  const toAddress = network.parseAddress(address, 'toAddress');
  if (!network.senders.includes(toAddress)) return toAddress;
  throw new InvalidRequestError({
    field: 'toAddress',
    expected: 'another account than those that settlements are paid from',
  });
}

const CAPABILITY = { add: 'addLiquidity', remove: 'removeLiquidity', swap: 'swap' } as const;

type Fields<Name extends string> = Readonly<Record<Name, unknown>>;

function fieldsOf<Name extends string>(request: unknown, names: readonly Name[]): Fields<Name> {
  if (typeof request !== 'object' || request === null) {
    throw new InvalidRequestError({ field: 'request', expected: `an object with ${names.join(', ')}` });
  }
  const known: readonly string[] = names;
  const stranger = Object.keys(request).find((name) => !known.includes(name));
  if (stranger !== undefined) {
    throw new InvalidRequestError({ field: stranger, expected: 'no such field: it is not known here' });
  }
  return request as Fields<Name>;
}

function checkBase(fields: Fields<'settlementId' | 'description'>): CheckedBase {
  const settlementId = parseTransactionId(fields.settlementId, 'settlementId');
  const { description } = fields;
  if (description === undefined) return { settlementId, description };
  if (typeof description !== 'string' || description.length > LONGEST_DESCRIPTION) {
    throw new InvalidRequestError({
      field: 'description',
      expected: `text of at most ${LONGEST_DESCRIPTION} characters`,
    });
  }
  return { settlementId, description };
}

/** @throws InvalidRequestError */
export function parseTicker(value: unknown, field: string): string {
  if (typeof value === 'string' && CURRENCY.test(value)) return value;
  throw new InvalidRequestError({ field, expected: 'a currency code or ticker in upper case, such as "USD"' });
}

export function assetOf(currency: unknown, network: SettlementNetwork, field: string): Asset {
  const found = network.assets.find((asset) => asset.currency === currency);
  if (found !== undefined) return found;
  const known = network.assets.map((asset) => asset.currency).join(', ');
  throw new InvalidRequestError({ field, expected: `a currency of the network's assets: ${known}` });
}

interface ReadAmount {
  readonly units: AssetAmount;
  readonly shown: CurrencyAmount;
}

function amountOf(value: unknown, network: SettlementNetwork, field: string): ReadAmount {
  const given = (value ?? {}) as Partial<Record<keyof CurrencyAmount, unknown>>;
  const asset = assetOf(given.currency, network, `${field}.currency`);
  const amount = parseUnits(given.amount, asset.decimals, `${field}.amount`);
  return {
    units: { asset: asset.id, amount },
    shown: { currency: asset.currency, amount: canonicalAmount(amount, asset.decimals) },
  };
}

function pairOf(value: unknown, network: SettlementNetwork, field: string): readonly [ReadAmount, ReadAmount] {
  if (!Array.isArray(value) || value.length !== 2) {
    throw new InvalidRequestError({ field, expected: 'two amounts, one of each asset of the pool' });
  }
  return [amountOf(value[0], network, `${field}.0`), amountOf(value[1], network, `${field}.1`)];
}

/** Writes an amount with two decimals, or with as many more as it needs: `500.00`, `0.000001`. */
export function canonicalAmount(units: bigint, decimals: number): string {
  const text = formatUnits(units, decimals);
  return decimals <= 2 ? text : text.replace(/(\.\d\d\d*?)0+$/, '$1');
}
