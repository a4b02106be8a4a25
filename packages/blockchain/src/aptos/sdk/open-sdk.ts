import type { Aptos, Client, ClientRequest, ClientResponse } from '@aptos-labs/ts-sdk';
import { type CallOptions, ConfigError } from '@canza/core';

import type { AptosClient } from '../client/client.ts';
import { type SdkPorts, sdkPorts } from '../client/sdk-ports.ts';

/** Where the SDK finds what a fullnode does not have. */
export interface SdkUrls {
  readonly faucetUrl?: string;
  readonly indexerUrl?: string;
}

/**
 * Opens the SDK for what {@link AptosClient} does not wrap, over the client's transport: each exchange has a deadline, and the key for the
 * node goes with it. The SDK is loaded here, and nowhere before; its own errors stay its own. Of it, do not use what
 * docs/providers/aptos.md#what-of-the-sdk-not-to-use lists.
 * @throws ConfigError where `client` is no AptosClient.
 */
export async function openSdk(client: AptosClient, urls: SdkUrls = {}): Promise<Aptos> {
  const ports = sdkPorts.get(client);
  if (ports === undefined) throw new ConfigError({ field: 'client', expected: 'an AptosClient' });
  const { Aptos, AptosConfig, Network } = await import('@aptos-labs/ts-sdk');
  const { faucetUrl, indexerUrl } = urls;
  return new Aptos(
    new AptosConfig({
      network: Network.CUSTOM,
      fullnode: ports.nodeUrl,
      ...(faucetUrl === undefined ? {} : { faucet: faucetUrl }),
      ...(indexerUrl === undefined ? {} : { indexer: indexerUrl }),
      client: clientOver(ports),
    }),
  );
}

/** Our transport in the shape that the SDK takes. */
function clientOver({ transport, headers: ours, exchangeTimeoutMs }: SdkPorts): Client {
  const options: CallOptions = { timeoutMs: exchangeTimeoutMs };
  return {
    async provider<Req, Res>(request: ClientRequest<Req>): Promise<ClientResponse<Res>> {
      const { method, body } = request;
      const content = contentOf(body);
      const response = await transport(
        { method, url: addressOf(request), headers: { ...ours, ...headersOf(request) }, ...content },
        options,
      );
      const isJson = response.headers['content-type']?.includes('json') === true;
      return {
        status: response.status,
        statusText: '',
        data: (isJson ? parsed(response.body) : response.body) as Res,
        headers: response.headers,
      };
    },
  };
}

type Scalar = string | number | bigint | boolean;

function addressOf({ url, params }: ClientRequest<unknown>): string {
  const address = new URL(url);
  for (const [name, value] of Object.entries((params ?? {}) as Record<string, Scalar | null | undefined>)) {
    if (value !== undefined && value !== null) address.searchParams.set(name, String(value));
  }
  return address.href;
}

function headersOf({ headers = {} }: ClientRequest<unknown>): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) given[name.toLowerCase()] = String(value);
  }
  return given;
}

function contentOf(body: unknown): { readonly body?: string; readonly bytes?: Uint8Array } {
  if (body === undefined || body === null) return {};
  if (body instanceof Uint8Array) return { bytes: body };
  return { body: typeof body === 'string' ? body : JSON.stringify(body) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
