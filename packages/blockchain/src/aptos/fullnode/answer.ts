import { type HttpResponse, redactText, UnexpectedResponseError } from '@canza/core';
import { z } from 'zod';

import { type LedgerHeaders, readLedgerHeaders } from './ledger-headers.ts';

/** What a node says when it refuses. A gateway's page or JSON is not one of these. */
const NodeErrorSchema = z.object({
  message: z.string(),
  error_code: z.string(),
  vm_error_code: z.number().int().nullish(),
});

export interface NodeError {
  /** Such as `transaction_not_found`; the number of the virtual machine's own code stands in `vmCode`. */
  readonly code: string;
  readonly vmCode: number | undefined;
  /** Redacted and cut. */
  readonly message: string;
}

/** One answer of one endpoint: body and headers are one snapshot, and are never put together with those of another. */
export interface Answer {
  /** Host of the endpoint, for evidence. */
  readonly node: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** `undefined` where the body is not JSON. */
  readonly json: unknown;
  /** `undefined` where the answer does not say it. */
  readonly ledger: LedgerHeaders | undefined;
  /** Only for an answer that is a node's own refusal. */
  readonly error: NodeError | undefined;
}

export function readAnswer(node: string, { status, headers, body }: HttpResponse): Answer {
  const json = parseJson(body);
  return {
    node,
    status,
    headers,
    body,
    json,
    ledger: readLedgerHeaders(headers),
    error: status >= 400 ? readNodeError(json) : undefined,
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function readNodeError(json: unknown): NodeError | undefined {
  const read = NodeErrorSchema.safeParse(json);
  if (!read.success) return undefined;
  const { message, error_code: code, vm_error_code: vmCode } = read.data;
  return { code, vmCode: vmCode ?? undefined, message: redactText(message) };
}

/** How a refusal is named in records and errors: `vm_error/3`, `transaction_not_found`, or `http/502` for what is not a node's. */
export const codeOf = ({ status, error }: Answer): string =>
  error === undefined ? `http/${status}` : error.vmCode === undefined ? error.code : `${error.code}/${error.vmCode}`;

/** For an answer that fits nothing we know: it proves nothing. Reads move no money, so it says `no` of it. */
export const unexpected = (answer: Answer, what: string): UnexpectedResponseError =>
  new UnexpectedResponseError(
    `${answer.node}: ${what} (HTTP ${answer.status}${answer.error === undefined ? '' : `, ${codeOf(answer)}`}).`,
    answer,
    { provider: 'aptos', providerCode: codeOf(answer), moneyMoved: 'no' },
  );

/** The body of a successful answer, checked. @throws UnexpectedResponseError for any other status, or a body that does not fit. */
export function bodyOf<Schema extends z.ZodType>(answer: Answer, schema: Schema, what: string): z.output<Schema> {
  if (answer.status !== 200) throw unexpected(answer, `${what} was refused`);
  const read = schema.safeParse(answer.json);
  if (!read.success) throw unexpected(answer, `${what} cannot be read`);
  return read.data;
}
