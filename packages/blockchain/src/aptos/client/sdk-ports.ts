import type { Transport } from '@canza/core';

/** What the SDK is opened with. */
export interface SdkPorts {
  readonly nodeUrl: string;
  readonly transport: Transport;
  readonly headers: Readonly<Record<string, string>>;
  readonly exchangeTimeoutMs: number;
}

/** Of each client. Kept beside it: the headers hold a key that nobody else is to read, and its own types do not name the SDK. */
export const sdkPorts = new WeakMap<object, SdkPorts>();
