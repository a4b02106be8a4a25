import type { HttpRequest } from '@canza/core';

import type { InitiatorOperation } from '../organisations.ts';
import type { DarajaShapes } from '../settings.ts';

export interface ResultItem {
  readonly Key: string;
  readonly Value?: unknown;
}

/** How an operation ended. */
export interface Verdict {
  /** As text, because not every code is a number: `0`, `2001`, `R000002`. */
  readonly code: string;
  readonly description: string;
  /** Receipt of what was done. */
  readonly receipt?: string;
  readonly parameters?: readonly ResultItem[];
  /** Named before the time-out address; where one item alone is sent, the first of these. */
  readonly references?: readonly ResultItem[];
}

export interface ResultStatement {
  readonly operation: InitiatorOperation;
  readonly verdict: Verdict;
  readonly conversationId: string;
  readonly originatorConversationId: string;
  /** A receipt for the failure that has none of its own. */
  readonly spareReceipt: string;
  readonly completedStamp: string;
  /** What the caller named. */
  readonly timeoutUrl: string;
}

interface Style {
  readonly codes: 'number' | 'text';
  readonly reference: 'object' | 'list' | 'without-value' | 'absent';
  readonly receipt: 'ordinary' | 'placeholder';
  /** Of a failure; a success has what the operation says. */
  readonly parameters?: 'absent' | 'object';
  readonly timeoutUrl: string;
}

const internal = (host: string, path: string): string => `https://${host}.safaricom.co.ke/mpesa/${path}/v1/submit`;
const B2C_RESULTS = internal('internalsandbox', 'b2cresults');
const SANDBOX_RESULTS = internal('internalsandbox', 'abresults');
const PRODUCTION_RESULTS = internal('internalapi', 'abresults');

/** The shape of each API's samples. Source: docs/providers/mpesa.md#results */
const SAMPLED: Readonly<Record<InitiatorOperation, { readonly success: Style; readonly failure: Style }>> = {
  b2c: {
    success: { codes: 'number', reference: 'object', receipt: 'ordinary', timeoutUrl: B2C_RESULTS },
    failure: { codes: 'number', reference: 'object', receipt: 'ordinary', timeoutUrl: B2C_RESULTS },
  },
  b2b: {
    success: { codes: 'text', reference: 'list', receipt: 'ordinary', timeoutUrl: '' },
    failure: {
      codes: 'number',
      reference: 'object',
      receipt: 'placeholder',
      parameters: 'object',
      timeoutUrl: PRODUCTION_RESULTS,
    },
  },
  reversal: {
    success: { codes: 'number', reference: 'object', receipt: 'ordinary', timeoutUrl: SANDBOX_RESULTS },
    failure: { codes: 'number', reference: 'absent', receipt: 'placeholder', timeoutUrl: SANDBOX_RESULTS },
  },
  'transaction-status': {
    success: { codes: 'number', reference: 'object', receipt: 'placeholder', timeoutUrl: SANDBOX_RESULTS },
    failure: { codes: 'number', reference: 'object', receipt: 'placeholder', timeoutUrl: SANDBOX_RESULTS },
  },
  'account-balance': {
    success: { codes: 'text', reference: 'object', receipt: 'placeholder', timeoutUrl: SANDBOX_RESULTS },
    failure: { codes: 'number', reference: 'object', receipt: 'placeholder', timeoutUrl: SANDBOX_RESULTS },
  },
};

/** Writes the result of an operation, in the shape of its sample or in the one that was asked for. */
export function buildResult(statement: ResultStatement, url: string, shapes: DarajaShapes): HttpRequest {
  const { operation, verdict, conversationId, originatorConversationId } = statement;
  const isSuccess = verdict.code === '0';
  const sampled = SAMPLED[operation][isSuccess ? 'success' : 'failure'];
  const codes = shapes.resultCodes === 'sampled' ? sampled.codes : shapes.resultCodes;
  const result = {
    ResultType: codes === 'number' ? 0 : '0',
    ResultCode: codes === 'number' && /^\d{1,9}$/.test(verdict.code) ? Number(verdict.code) : verdict.code,
    ResultDesc: verdict.description,
    OriginatorConversationID: originatorConversationId,
    ConversationID: conversationId,
    TransactionID: showReceipt(statement, sampled, shapes),
    ...parametersOf(statement, sampled, shapes),
    ...referencesOf(statement, sampled, shapes),
  };
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json;charset=UTF-8' },
    body: JSON.stringify({ Result: result }),
  };
}

function showReceipt({ verdict, spareReceipt }: ResultStatement, sampled: Style, shapes: DarajaShapes): string {
  const receipt = verdict.receipt ?? spareReceipt;
  const isFailure = verdict.code !== '0';
  const style = isFailure && shapes.failureReceipt !== 'sampled' ? shapes.failureReceipt : sampled.receipt;
  return style === 'placeholder' ? `${receipt.slice(0, 3)}0000000` : receipt;
}

function parametersOf({ verdict, completedStamp }: ResultStatement, sampled: Style, shapes: DarajaShapes): object {
  if (verdict.parameters !== undefined) {
    const items = verdict.parameters.map(({ Key, Value }) =>
      Value === undefined || (Value === '' && shapes.emptyParameter === 'without-value') ? { Key } : { Key, Value },
    );
    return { ResultParameters: { ResultParameter: items } };
  }
  const form = shapes.failureParameters === 'sampled' ? sampled.parameters : shapes.failureParameters;
  if (form !== 'object') return {};
  return { ResultParameters: { ResultParameter: { Key: 'BOCompletedTime', Value: Number(completedStamp) } } };
}

function referencesOf(statement: ResultStatement, sampled: Style, shapes: DarajaShapes): object {
  const form = shapes.referenceItem === 'sampled' ? sampled.reference : shapes.referenceItem;
  if (form === 'absent') return {};
  const timeout: ResultItem = { Key: 'QueueTimeoutURL', Value: sampled.timeoutUrl || statement.timeoutUrl };
  const items = [...(statement.verdict.references ?? []), timeout];
  const [first = timeout] = items;
  const item = form === 'list' ? items : form === 'object' ? first : { Key: first.Key };
  return { ReferenceData: { ReferenceItem: item } };
}
