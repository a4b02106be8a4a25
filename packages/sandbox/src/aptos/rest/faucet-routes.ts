import type { HttpResponse } from '@canza/core';
import type { Call, Route } from '../../router.ts';
import { jsonReply, readJsonFields, textReply } from '../../wire.ts';
import type { Faucet } from '../faucet.ts';
import type { Address } from '../move/address.ts';
import { parseAddress } from '../move/address.ts';

const DEFAULT_OCTAS = 100_000_000n;

/** The faucet's addresses, which stand beside those of the node. */
export function faucetRoutes(faucet: Faucet, limitOctas: bigint, before: () => void): readonly Route[] {
  const give = (to: unknown, amount: unknown, answer: (hash: string) => unknown): HttpResponse => {
    before();
    const address: Address | undefined = typeof to === 'string' ? parseAddress(to) : undefined;
    if (address === undefined) return refuse('The address is missing or invalid', 'AddressInvalid');
    const octas = octasOf(amount);
    if (octas === undefined) return refuse('The amount is no whole number', 'RequestInvalid');
    const { hash } = faucet.fund(address, octas < limitOctas ? octas : limitOctas);
    return jsonReply(200, answer(hash));
  };
  return [
    {
      method: 'POST',
      path: '/fund',
      stage: 'setup',
      operation: 'fund',
      handle: ({ request }: Call) => {
        const { address, auth_key: authKey, amount } = readJsonFields(request.body) ?? {};
        return give(address ?? authKey, amount, (hash) => ({ txn_hashes: [hash] }));
      },
    },
    {
      method: 'POST',
      path: '/mint',
      stage: 'setup',
      operation: 'mint',
      handle: ({ url }: Call) =>
        give(
          url.searchParams.get('address') ?? url.searchParams.get('auth_key'),
          url.searchParams.get('amount') ?? undefined,
          (hash) => [hash],
        ),
    },
    {
      method: 'POST',
      path: '/is_eligible',
      stage: 'setup',
      operation: 'is-eligible',
      handle: () => jsonReply(200, {}),
    },
    {
      method: 'GET',
      path: '/',
      stage: 'setup',
      operation: 'root',
      handle: () => textReply(200, 'tap:ok', 'text/plain; charset=utf-8'),
    },
  ];
}

const refuse = (message: string, code: string): HttpResponse =>
  jsonReply(400, { message, error_code: code, rejection_reasons: [], txn_hashes: [] });

function octasOf(amount: unknown): bigint | undefined {
  if (amount === undefined || amount === null) return DEFAULT_OCTAS;
  if (typeof amount === 'number' && Number.isSafeInteger(amount) && amount >= 0) return BigInt(amount);
  return typeof amount === 'string' && /^\d{1,20}$/.test(amount) ? BigInt(amount) : undefined;
}
