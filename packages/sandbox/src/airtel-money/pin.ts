import type { HttpResponse } from '@canza/core';

import type { ReadSecret } from '../rsa-padding.ts';
import { gatewayReply } from './replies.ts';

/** The refusal of a PIN; nothing when it is the merchant's, encrypted as the application wants it. */
export type CheckPin = (pin: unknown) => HttpResponse | undefined;

/** Source: docs/sandbox/airtel-money.md#pin */
export const createPinCheck =
  (expected: string, read: ReadSecret): CheckPin =>
  (pin) => {
    if (typeof pin !== 'string' || pin === '') return gatewayReply(400, 'ROUTER114', 'Pin validation error');
    const plain = read(pin);
    if (plain === undefined) return gatewayReply(400, 'ROUTER116', 'Pin is not encrypted correctly');
    return plain === expected ? undefined : gatewayReply(400, 'ROUTER115', 'Incorrect pin');
  };
