import type { FailureReason } from '@canza/core';

/**
 * What Airtel's words mean. The status of a transaction alone ends a payment that was accepted; codes say why, and tell a request that
 * was refused from one that was not. Source: docs/providers/airtel-money.md#statuses
 */

/** `reversed`: the money moved, and moved back. */
export type StatusMeaning = 'succeeded' | 'failed' | 'expired' | 'reversed' | 'pending' | 'unknown';

const STATUSES: ReadonlyMap<string, StatusMeaning> = new Map([
  ['TS', 'succeeded'],
  ['TF', 'failed'],
  ['TE', 'expired'],
  ['TR', 'reversed'],
  ['TA', 'unknown'],
  ['TIP', 'pending'],
  ['TI', 'pending'],
  ['DP_INITIATED', 'pending'],
  // Of a collection: the prompt is on its way, and nothing more.
  ['SUCCESS', 'pending'],
]);

/** What a status word says; a word that is not listed is looked up again. */
export const statusOf = (word: string): StatusMeaning => STATUSES.get(word) ?? 'unknown';

/** What the codes of a reply say about the request that it answers. */
export type Meaning =
  /** Our id is taken: an earlier request with it got through. */
  | { readonly kind: 'duplicate' }
  /** The id is not known, or not yet. */
  | { readonly kind: 'not-found' }
  /** It may have been carried out all the same. */
  | { readonly kind: 'ambiguous' }
  | { readonly kind: 'pending' }
  /** Why a transaction failed; `alone`: also without a status, it proves that the request was refused. */
  | { readonly kind: 'refused'; readonly reason: FailureReason; readonly alone: boolean }
  /** Turned away at the door: the token. */
  | { readonly kind: 'not-authorised' }
  | { readonly kind: 'rate-limited' }
  /** Nothing that is listed. */
  | { readonly kind: 'unlisted' };

const duplicate: Meaning = { kind: 'duplicate' };
const notFound: Meaning = { kind: 'not-found' };
const ambiguous: Meaning = { kind: 'ambiguous' };
const pending: Meaning = { kind: 'pending' };
const refused = (reason: FailureReason): Meaning => ({ kind: 'refused', reason, alone: true });
/** One country's table gives the code another meaning, under which money may have moved; or one source alone has the code. */
const disputed = (reason: FailureReason): Meaning => ({ kind: 'refused', reason, alone: false });

/** Source: docs/providers/airtel-money.md#collection-codes */
const COLLECTION: readonly (readonly [string, Meaning])[] = [
  ['DP00800001000', ambiguous],
  ['DP00800001001', pending],
  ['DP00800001002', refused('wrong-pin')],
  ['DP00800001003', disputed('payer-limit-exceeded')],
  ['DP00800001004', refused('amount-not-allowed')],
  ['DP00800001005', refused('not-answered')],
  ['DP00800001006', pending],
  ['DP00800001007', refused('insufficient-funds')],
  ['DP00800001008', refused('cancelled-by-payer')],
  ['DP00800001009', disputed('payer-not-allowed')],
  ['DP00800001010', refused('payer-not-allowed')],
  ['DP00800001024', ambiguous],
  ['DP00800001025', notFound],
  ['DP00800001026', refused('route-misconfigured')],
  ['DP00800001029', refused('not-answered')],
  ['DP008001013', disputed('request-refused')],
];

/** Source: docs/providers/airtel-money.md#disbursement-codes */
const DISBURSEMENT: readonly (readonly [string, Meaning])[] = [
  ['DP00900001000', ambiguous],
  ['DP00900001001', pending],
  ['DP00900001003', refused('recipient-limit-exceeded')],
  ['DP00900001004', refused('amount-not-allowed')],
  ['DP00900001005', refused('operator-refused')],
  ['DP00900001006', pending],
  ['DP00900001007', refused('float-exhausted')],
  ['DP00900001009', refused('recipient-not-allowed')],
  ['DP00900001010', refused('route-not-permitted')],
  ['DP00900001011', duplicate],
  ['DP00900001012', refused('recipient-not-found')],
  ['DP00900001013', refused('request-refused')],
  ['DP00900001014', ambiguous],
  ['DP00900001015', notFound],
  ['DP00900001016', refused('route-misconfigured')],
  ['DP00900001017', duplicate],
  ['DP00900001018', refused('route-misconfigured')],
  ['DP00900001019', disputed('route-not-permitted')],
];

/** Source: docs/providers/airtel-money.md#cash-in-codes */
const CASH_IN: readonly (readonly [string, Meaning])[] = [
  ['DP01000001000', ambiguous],
  ['DP01000001001', pending],
  ['DP01000001002', refused('route-misconfigured')],
  ['DP01000001003', refused('recipient-limit-exceeded')],
  ['DP01000001004', refused('amount-not-allowed')],
  ['DP01000001005', refused('operator-refused')],
  ['DP01000001006', pending],
  ['DP01000001007', refused('float-exhausted')],
  ['DP01000001008', refused('route-not-permitted')],
  ['DP01000001009', refused('recipient-not-allowed')],
  ['DP01000001010', refused('recipient-not-allowed')],
  // "Do not honour" in one list, "already completed" in another.
  ['DP01000001011', ambiguous],
  ['DP01000001012', refused('recipient-not-found')],
  ['DP01000001013', refused('request-refused')],
  ['DP01000001014', ambiguous],
  ['DP01000001015', refused('request-refused')],
  ['DP01000001016', duplicate],
];

/** Codes of the gateway and of the bus behind it. Source: docs/providers/airtel-money.md#gateway-codes */
const GATEWAY: readonly (readonly [string, Meaning])[] = [
  ['ROUTER001', refused('route-misconfigured')],
  ['ROUTER003', refused('route-misconfigured')],
  ['ROUTER005', refused('route-misconfigured')],
  ['ROUTER006', refused('route-misconfigured')],
  ['ROUTER007', refused('route-not-permitted')],
  ['ROUTER110', refused('route-misconfigured')],
  ['ROUTER112', refused('route-misconfigured')],
  ['ROUTER114', refused('route-misconfigured')],
  ['ROUTER115', refused('route-misconfigured')],
  ['ROUTER116', refused('route-misconfigured')],
  ['ROUTER117', ambiguous],
  ['ROUTER119', disputed('route-misconfigured')],
  ['CONNECTION_TIMEOUT', ambiguous],
  ['ESB000001', ambiguous],
  ['ESB000004', ambiguous],
  ['ESB000014', ambiguous],
  ['ESB000033', refused('request-refused')],
  ['ESB000034', refused('route-misconfigured')],
  ['ESB000035', refused('route-misconfigured')],
  ['ESB000036', refused('request-refused')],
  ['ESB000039', refused('route-not-permitted')],
  ['ESB000041', duplicate],
  ['ESB000045', notFound],
  ['0000900', ambiguous],
];

const CODES: ReadonlyMap<string, Meaning> = new Map([...COLLECTION, ...DISBURSEMENT, ...CASH_IN, ...GATEWAY]);

/** Where a reply carries several codes, the first of these that any of them means: the less it proves, the earlier. */
const PRECEDENCE: readonly Meaning['kind'][] = ['duplicate', 'not-found', 'ambiguous', 'pending', 'refused'];

const unlisted: Meaning = { kind: 'unlisted' };

/** Validation; but in one list "ambiguous", so that it counts only where its text says what was wrong. */
const VALIDATION = 'ESB000008';
const NAMES_A_FIELD = /\b(?:header|field|parameter|decimals?|length|amount|msisdn|currency|country)\b/i;
const IN_DOUBT = /ambiguous|enquir|process|time[ds]?[ -]?out/i;
const NOBODY = /\bmsisdn\b.*\bnot found\b/i;

/** What the codes of one reply mean together, with its text where a code has several meanings. */
export function meaningOf(codes: readonly string[], message: string): Meaning {
  const meanings = codes.map((code) => CODES.get(code)).filter((meaning) => meaning !== undefined);
  const [first] = PRECEDENCE.flatMap((kind) => meanings.filter((meaning) => meaning.kind === kind));
  if (first === undefined) {
    if (!codes.includes(VALIDATION)) return unlisted;
    return NAMES_A_FIELD.test(message) && !IN_DOUBT.test(message) ? refused('request-refused') : ambiguous;
  }
  // The code for a PIN that was not entered is also the one for a number that has no wallet.
  return codes.includes('DP00800001005') && NOBODY.test(message) ? refused('payer-not-found') : first;
}

/** What a reply means whose codes say nothing, by its HTTP status and its text. Source: docs/providers/airtel-money.md#http */
export function httpMeaningOf(status: number, text: string): Meaning {
  switch (status) {
    case 401:
      return { kind: 'not-authorised' };
    case 403:
      return /^\W*(?:IP address not allowed|You cannot consume this service)/i.test(text)
        ? refused('route-not-permitted')
        : ambiguous;
    case 404:
      return /\bno Route matched\b/i.test(text) ? refused('route-misconfigured') : ambiguous;
    case 405:
      return refused('route-misconfigured');
    case 429:
      return { kind: 'rate-limited' };
    default:
      return ambiguous;
  }
}
