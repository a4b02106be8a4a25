import type { Aptos, Client, ClientRequest, ClientResponse } from '@aptos-labs/ts-sdk';
import type { CallOptions, Transport } from '@canza/core';

/** What the SDK is opened with. */
export interface SdkPorts {
  readonly nodeUrl: string;
  readonly transport: Transport;
  readonly headers: Readonly<Record<string, string>>;
  readonly faucetUrl?: string | undefined;
  readonly indexerUrl?: string | undefined;
  readonly exchangeTimeoutMs: number;
}

/**
 * Opens the SDK over our transport: each of its exchanges has a deadline and may be called off. The SDK is loaded here, and nowhere before.
 * Its own errors stay its own.
 */
export async function openSdk(ports: SdkPorts): Promise<Aptos> {
  const { Aptos, AptosConfig, Network } = await import('@aptos-labs/ts-sdk');
  const { nodeUrl, faucetUrl, indexerUrl } = ports;
  return new Aptos(
    new AptosConfig({
      network: Network.CUSTOM,
      fullnode: nodeUrl,
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
