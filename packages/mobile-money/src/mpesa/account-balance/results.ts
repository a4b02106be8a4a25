import { type AccountBalance, type Money, readOperatorAmount } from '@canza/core';

import { type InitiatorResult, parameterOf } from '../initiator/results.ts';

/** What our accounts hold, or why Daraja did not say. */
export type BalanceReport =
  | { readonly status: 'known'; readonly accounts: readonly AccountBalance[] }
  | { readonly status: 'refused' | 'unreadable'; readonly code: string; readonly detail: string };

/**
 * Reads our accounts out of the one text that holds them all: `Name|KES|current|available|…` for each, joined by `&`. The account
 * of paid charges is negative.
 * Source: docs/providers/mpesa.md#account-balance
 */
export function readAccountBalance(result: InitiatorResult): BalanceReport {
  const { code, description: detail } = result;
  if (code !== '0') return { status: 'refused', code, detail };
  const text = parameterOf(result, 'AccountBalance');
  const accounts = typeof text === 'string' ? text.split('&').map(readAccount) : [];
  if (accounts.length === 0 || accounts.includes(undefined)) return { status: 'unreadable', code, detail };
  return { status: 'known', accounts: accounts.filter((account) => account !== undefined) };
}

function readAccount(text: string): AccountBalance | undefined {
  const [account, currency, , amount] = text.split('|');
  if (account === undefined || account === '' || currency !== 'KES' || amount === undefined) return undefined;
  const available = readSigned(amount);
  return available === undefined ? undefined : { account, available };
}

function readSigned(amount: string): Money | undefined {
  const money = readOperatorAmount(amount.replace(/^-/, ''), 'KES');
  if (money === undefined || !amount.startsWith('-')) return money;
  return { ...money, amountMinor: -money.amountMinor };
}
