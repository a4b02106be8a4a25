import { InvalidRequestError } from '@canza/core';

import { ADDRESS_EXPECTED, type Address, readAddress } from './address.ts';

/** Addresses 0x0 to 0xf belong to the framework: nobody has a key to them. */
const RESERVED = /^0x0{63}[0-9a-f]$/;

/**
 * Reads an address that money may be sent to. The chain itself refuses none, so what nobody can own is refused here.
 * @throws InvalidRequestError naming the field.
 * Source: docs/providers/aptos.md#json
 */
export function parseRecipient(value: unknown, field = 'toAddress'): Address {
  const address = readAddress(value);
  if (address === undefined) throw new InvalidRequestError({ field, expected: ADDRESS_EXPECTED });
  if (RESERVED.test(address)) {
    throw new InvalidRequestError({ field, expected: 'an account’s address: this one belongs to the framework' });
  }
  return address;
}
