import {
  type AccountBalance,
  type AccountHolder,
  type CallOptions,
  type Clock,
  InvalidRequestError,
  type MobileMoneyProvider,
  type Operation,
  PaymentError,
  parseMsisdn,
  UnsupportedError,
} from '@canza/core';

import type { RouteTable } from '../routing/route-table.ts';
import { chooseWallets, isPlain } from '../routing/wallets.ts';
import type { WalletMemory } from './wallet-memory.ts';

/** Whose wallet is asked about. */
export interface AccountQuestion {
  readonly phoneNumber: string;
  /** ISO 3166 alpha-2; taken from the number when left out. */
  readonly country?: string;
  /** Whose wallet it is, when the customer said so. */
  readonly operator?: string;
}

/** Who holds a wallet, as the operator says. The name is personal data: show it, do not log it. */
export interface AccountFinding extends AccountHolder {
  readonly operator: string;
  readonly provider: string;
}

/** What one provider tells of our accounts. */
export type BalanceFinding = { readonly provider: string } & (
  | { readonly accounts: readonly AccountBalance[] }
  /** The operator did not tell, or cannot. */
  | { readonly error: PaymentError }
);

/**
 * Asks the operator of a wallet about it.
 * @throws InvalidRequestError naming the field; UnsupportedError where none of the providers that reach the operator can ask.
 */
export async function lookupAccount(
  { phoneNumber, country, operator }: AccountQuestion,
  { table, memory, clock }: { readonly table: RouteTable; readonly memory: WalletMemory; readonly clock: Clock },
  options?: CallOptions,
): Promise<AccountFinding> {
  const number = parseMsisdn(phoneNumber, country === undefined ? {} : { country });
  const routes = table.providers
    .flatMap((provider) => provider.routes)
    .filter((route) => route.country === number.country);
  const reached = [...new Set(routes.map((route) => route.operator))];
  if (reached.length === 0) {
    throw new InvalidRequestError({ field: 'phoneNumber', expected: 'a wallet that a configured provider reaches' });
  }
  const nowMs = clock.nowMs();
  const isAsked = operator === undefined && !isPlain(number.msisdn, reached);
  const known = isAsked ? await memory.recall(number.msisdn) : undefined;
  const choice = chooseWallets({ type: 'collection', ...number, operator, reached, nowMs, known });
  const [first] = choice.operators;
  const providers = table.providers.filter(({ routes: own }) => own.some((route) => route.operator === first));
  const able = providers.find((provider) => can(provider, 'lookupAccount'));
  if (able === undefined || first === undefined) {
    const why = providers
      .map((provider) => provider.capabilities.lookupAccount)
      .find((support) => support !== 'supported');
    throw new UnsupportedError('lookupAccount', why?.unsupported ?? 'no configured provider can ask.');
  }
  const holder = await able.lookupAccount(number.msisdn, options);
  if (!isPlain(number.msisdn, reached)) await memory.noteAnswer(number.msisdn, first, holder.status);
  return { ...holder, operator: first, provider: able.name };
}

/** Our own accounts at every provider, or at one. What one of them cannot tell does not hold up the others. */
export async function balances(
  table: RouteTable,
  provider?: string,
  options?: CallOptions,
): Promise<readonly BalanceFinding[]> {
  const asked = table.providers.filter(({ name }) => provider === undefined || name === provider);
  if (asked.length === 0) throw new InvalidRequestError({ field: 'provider', expected: 'a configured provider' });
  return Promise.all(
    asked.map(async (each): Promise<BalanceFinding> => {
      try {
        return { provider: each.name, accounts: await each.balance(options) };
      } catch (error) {
        if (!PaymentError.isInstance(error)) throw error;
        return { provider: each.name, error };
      }
    }),
  );
}

const can = (provider: MobileMoneyProvider, operation: Operation): boolean =>
  provider.capabilities[operation] === 'supported';
