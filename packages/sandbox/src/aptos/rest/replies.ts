import type { HttpResponse } from '@canza/core';
import { jsonReply, textReply } from '../../wire.ts';
import type { Ledger, Snapshot } from '../chain/ledger.ts';

/** Why the node answers with an error; the HTTP status that usually goes with it. Source: docs/sandbox/aptos.md#errors */
const USUAL_STATUS = {
  account_not_found: 404,
  resource_not_found: 404,
  module_not_found: 404,
  struct_field_not_found: 404,
  version_not_found: 404,
  transaction_not_found: 404,
  table_item_not_found: 404,
  block_not_found: 404,
  version_pruned: 410,
  block_pruned: 410,
  invalid_input: 400,
  invalid_transaction_update: 400,
  sequence_number_too_old: 400,
  vm_error: 400,
  health_check_failed: 503,
  mempool_is_full: 507,
  internal_error: 500,
  web_framework_error: 400,
  bcs_not_supported: 400,
} as const;

export type ErrorCode = keyof typeof USUAL_STATUS;

export interface ErrorOptions {
  readonly status?: number;
  /** Number of the virtual machine's code, beside `vm_error`. */
  readonly vmErrorCode?: number;
  /** The node answered before it knew its ledger: no headers tell of it. */
  readonly isBeforeLedger?: boolean;
}

/** Ends the handling of a request with an error of the node's own. */
export class RestError extends Error {
  readonly code: ErrorCode;
  readonly options: ErrorOptions;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message);
    this.code = code;
    this.options = options;
  }
}

/** What the web server says of a request that it cannot even hand on. */
export const frameworkError = (message: string, status = 400): RestError =>
  new RestError('web_framework_error', message, { status, isBeforeLedger: true });

export const errorReply = (
  { code, message, options }: RestError,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse =>
  jsonReply(
    options.status ?? USUAL_STATUS[code],
    { message, error_code: code, vm_error_code: options.vmErrorCode ?? null },
    options.isBeforeLedger === true ? {} : headers,
  );

/** What every answer tells of the ledger that it was read from. */
export const ledgerHeaders = (
  snapshot: Snapshot,
  ledger: Ledger,
  chainId: number,
): Readonly<Record<string, string>> => ({
  'x-aptos-chain-id': String(chainId),
  'x-aptos-ledger-version': String(snapshot.version),
  'x-aptos-ledger-oldest-version': String(ledger.oldestVersion),
  'x-aptos-ledger-timestampusec': String(snapshot.timestampUsec),
  'x-aptos-epoch': String(snapshot.epoch),
  'x-aptos-block-height': String(snapshot.blockHeight),
  'x-aptos-oldest-block-height': String(ledger.oldestBlockHeight),
});

const page = (status: number, title: string): HttpResponse =>
  textReply(
    status,
    `<html>\r\n<head><title>${status} ${title}</title></head>\r\n<body>\r\n<center><h1>${status} ${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`,
  );

/** What stands in front of hosted nodes answers with pages of its own. */
export const gatewayPages = {
  badGateway: page(502, 'Bad Gateway'),
  unavailable: page(503, 'Service Temporarily Unavailable'),
  tooManyRequests: { ...page(429, 'Too Many Requests'), headers: { 'content-type': 'text/html', 'retry-after': '1' } },
  unauthorized: page(401, 'Authorization Required'),
  forbidden: page(403, 'Forbidden'),
} as const satisfies Readonly<Record<string, HttpResponse>>;
