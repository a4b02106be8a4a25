import { type IncomingCallback, InvalidCallbackError } from '@canza/core';

/** Where Daraja calls from, as its portal lists it. Source: docs/providers/mpesa.md#callback-address */
export const DARAJA_CALLBACK_SOURCES: readonly string[] = [
  '196.201.212.69',
  '196.201.212.74',
  '196.201.212.127',
  '196.201.212.129',
  '196.201.212.136',
  '196.201.212.138',
  '196.201.213.44',
  '196.201.213.114',
  '196.201.214.200',
  '196.201.214.206',
  '196.201.214.207',
  '196.201.214.208',
];

/**
 * Lets a callback pass that comes from one of the addresses, or any where none are configured.
 * @throws InvalidCallbackError for another address, and where the app does not tell which it was.
 */
export function assertCallbackSource(
  { sourceAddress }: IncomingCallback,
  allowed: readonly string[] | undefined,
  provider: string,
): void {
  if (allowed === undefined) return;
  if (sourceAddress === undefined) {
    throw new InvalidCallbackError('Callback addresses are limited, and the app does not say where this one is from.', {
      provider,
    });
  }
  const address = sourceAddress.replace(/^::ffff:/i, '');
  if (!allowed.includes(address)) {
    throw new InvalidCallbackError('The callback comes from an address that is not allowed.', { provider });
  }
}
