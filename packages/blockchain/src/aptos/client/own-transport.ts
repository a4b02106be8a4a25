import type { Transport } from '@canza/core';

import { createDefaultTransport, type OwnedTransport } from '../../transport/default-transport.ts';

/** The transport that was handed in, which its giver closes, or one of ours, which we close. */
export const ownTransport = (given: Transport | undefined): OwnedTransport =>
  given === undefined ? createDefaultTransport() : { transport: given, close: async () => undefined };
