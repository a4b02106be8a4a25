import type { HttpRequest, HttpResponse } from '@canza/core';

/** Where the scripted node's ledger stands. */
export interface Ledger {
  readonly chainId?: number;
  readonly version?: number | bigint;
  readonly oldestVersion?: number | bigint;
  readonly seconds?: number;
}

/** 2026-01-01T00:00:00Z */
export const NOW_SECONDS = 1_767_225_600;

export const ledgerHeaders = ({
  chainId = 4,
  version = 42,
  oldestVersion = 0,
  seconds = NOW_SECONDS,
}: Ledger = {}) => ({
  'x-aptos-chain-id': String(chainId),
  'x-aptos-ledger-version': String(version),
  'x-aptos-ledger-oldest-version': String(oldestVersion),
  'x-aptos-ledger-timestampusec': String(Math.round(seconds * 1_000_000)),
});

export const answered = (status: number, json: unknown, ledger: Ledger = {}): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...ledgerHeaders(ledger) },
  body: JSON.stringify(json),
});

export const ok = (json: unknown, ledger?: Ledger): HttpResponse => answered(200, json, ledger);

export const refused = (status: number, code: string, message: string, vmCode: number | null = null, ledger?: Ledger) =>
  answered(status, { message, error_code: code, vm_error_code: vmCode }, ledger);

export const notFound = (hash: string, ledger?: Ledger): HttpResponse =>
  refused(404, 'transaction_not_found', `Transaction not found by Transaction hash(${hash})`, null, ledger);

/** What a gateway in front of the nodes says. */
export const gateway = (status: number, headers: Readonly<Record<string, string>> = {}): HttpResponse => ({
  status,
  headers: { 'content-type': 'text/html', ...headers },
  body: `<html><body><h1>${status}</h1></body></html>`,
});

/** Answers by path; each request is kept. */
export function scriptedNode(answer: (path: string, request: HttpRequest) => HttpResponse | Promise<HttpResponse>) {
  const requests: HttpRequest[] = [];
  const transport = async (request: HttpRequest): Promise<HttpResponse> => {
    requests.push(request);
    const { pathname, search } = new URL(request.url);
    return answer(pathname.replace(/^\/v1\/?/, '') + search, request);
  };
  return { transport, requests };
}
