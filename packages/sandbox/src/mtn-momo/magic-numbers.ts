/**
 * The sandbox's test numbers, and what they stand for. Which of these codes are refused at once and which only show in the status is
 * not said anywhere. Source: docs/providers/mtn-momo.md#sandbox
 */

/** Ends a payment with a code, at once or later; or leaves it open; or takes its time and ends it well. */
export type MagicOutcome = { readonly code: string } | 'stays-open' | 'delayed';

/** What is being asked for: the same number means other things to other operations. */
export type MagicColumn = 'prompt' | 'transfer' | 'preapproval' | 'refund' | 'cash-transfer';

const FIRST = 46_733_123_450n;

const codes = (...all: readonly string[]): readonly MagicOutcome[] => all.map((code) => ({ code }));

const BY_NUMBER: Readonly<Record<'prompt' | 'transfer' | 'preapproval', readonly MagicOutcome[]>> = {
  prompt: [
    ...codes('INTERNAL_PROCESSING_ERROR', 'APPROVAL_REJECTED', 'EXPIRED'),
    'stays-open',
    'delayed',
    ...codes('PAYER_NOT_FOUND', 'PAYEE_NOT_ALLOWED_TO_RECEIVE', 'NOT_ALLOWED', 'NOT_ALLOWED_TARGET_ENVIRONMENT'),
    ...codes('INVALID_CALLBACK_URL_HOST', 'INVALID_CURRENCY', 'INTERNAL_PROCESSING_ERROR', 'SERVICE_UNAVAILABLE'),
    ...codes('COULD_NOT_PERFORM_TRANSACTION'),
  ],
  transfer: [
    ...codes('INTERNAL_PROCESSING_ERROR', 'APPROVAL_REJECTED', 'EXPIRED'),
    'stays-open',
    'delayed',
    ...codes('NOT_ENOUGH_FUNDS', 'PAYER_LIMIT_REACHED', 'PAYEE_NOT_FOUND', 'NOT_ALLOWED'),
    ...codes('NOT_ALLOWED_TARGET_ENVIRONMENT', 'INVALID_CALLBACK_URL_HOST', 'INVALID_CURRENCY'),
    ...codes('INTERNAL_PROCESSING_ERROR', 'SERVICE_UNAVAILABLE'),
  ],
  preapproval: [
    ...codes('INTERNAL_PROCESSING_ERROR', 'APPROVAL_REJECTED', 'EXPIRED'),
    'stays-open',
    'delayed',
    ...codes('PAYER_NOT_FOUND', 'NOT_ALLOWED', 'NOT_ALLOWED_TARGET_ENVIRONMENT', 'INVALID_CALLBACK_URL_HOST'),
    ...codes('INVALID_CURRENCY', 'INTERNAL_PROCESSING_ERROR', 'SERVICE_UNAVAILABLE'),
  ],
};

/** Refunds know their test cases by a reference from 1 on, cash transfers by an external id (unconfirmed). */
const BY_REFERENCE: Readonly<Record<'refund' | 'cash-transfer', readonly MagicOutcome[]>> = {
  refund: [
    ...codes('RESOURCE_NOT_FOUND', 'INTERNAL_PROCESSING_ERROR', 'APPROVAL_REJECTED', 'EXPIRED'),
    'stays-open',
    'delayed',
    ...codes('NOT_ALLOWED', 'NOT_ALLOWED_TARGET_ENVIRONMENT', 'INVALID_CALLBACK_URL_HOST', 'INVALID_CURRENCY'),
    ...codes('INTERNAL_PROCESSING_ERROR', 'SERVICE_UNAVAILABLE', 'COULD_NOT_PERFORM_TRANSACTION'),
  ],
  'cash-transfer': [
    ...codes('RESOURCE_NOT_FOUND', 'INTERNAL_PROCESSING_ERROR', 'APPROVAL_REJECTED', 'EXPIRED', 'PAYEE_NOT_FOUND'),
    ...codes('PAYEE_NOT_ALLOWED_TO_RECEIVE', 'NOT_ALLOWED', 'NOT_ALLOWED_TARGET_ENVIRONMENT'),
    ...codes('INVALID_CALLBACK_URL_HOST', 'INVALID_CURRENCY', 'INTERNAL_PROCESSING_ERROR', 'SERVICE_UNAVAILABLE'),
    ...codes('COULD_NOT_PERFORM_TRANSACTION'),
  ],
};

/** What a test number, or a test reference, stands for; `undefined` for every other one. */
export function magicOutcome(column: MagicColumn, id: string): MagicOutcome | undefined {
  if (!/^\d{1,15}$/.test(id)) return undefined;
  if (column === 'refund' || column === 'cash-transfer') return BY_REFERENCE[column][Number(id) - 1];
  const place = BigInt(id) - FIRST;
  return place < 0n ? undefined : BY_NUMBER[column][Number(place)];
}

/** Codes that say that the caller is set up wrongly. */
const CONFIGURATION: ReadonlySet<string> = new Set([
  'NOT_ALLOWED_TARGET_ENVIRONMENT',
  'INVALID_CALLBACK_URL_HOST',
  'INVALID_CURRENCY',
]);

export const isConfigurationCode = (code: string): boolean => CONFIGURATION.has(code);

/** What the question whether a wallet is active is answered with: `false`, or an error. */
export type MagicAnswer = { readonly active: boolean } | { readonly code: string };

const ACTIVE_ANSWERS: readonly MagicAnswer[] = [
  { code: 'RESOURCE_NOT_FOUND' },
  { active: false },
  { code: 'NOT_ALLOWED' },
  { code: 'NOT_ALLOWED_TARGET_ENVIRONMENT' },
  { code: 'INTERNAL_PROCESSING_ERROR' },
  { code: 'SERVICE_UNAVAILABLE' },
];

/** E-mail addresses and party codes with the same answers, in the same order. Source: docs/providers/mtn-momo.md#sandbox */
const EMAILS = [
  'notfound',
  'notactive',
  'notallowed',
  'notallowedtargetenvironment',
  'internalprocessingerror',
  'serviceunavailable',
];
const PARTY_CODES = [
  '5cecb5a7-8bd0-4f49-87b1-8eb9ecc7b7bc',
  'b0040b3c-b426-4a90-af6e-673e65861cd7',
  '4d5f500f-c385-4901-9be5-25b6d36ad220',
  'd2265f9b-0c22-496d-908f-79a65ad66266',
  '8f548a78-ceb8-4d12-a243-5640b91e91a4',
  '585c07a4-2c80-42f7-9e73-e586b36dee68',
];

/** What a test holder's question is answered with; `undefined` for every other one. */
export function magicAnswer(type: string, id: string): MagicAnswer | undefined {
  if (type === 'email') return ACTIVE_ANSWERS[EMAILS.indexOf(id.replace(/@email\.com$/, ''))];
  if (type === 'party_code') return ACTIVE_ANSWERS[PARTY_CODES.indexOf(id)];
  if (!/^\d{1,15}$/.test(id)) return undefined;
  const place = BigInt(id) - FIRST;
  return place < 0n ? undefined : ACTIVE_ANSWERS[Number(place)];
}
