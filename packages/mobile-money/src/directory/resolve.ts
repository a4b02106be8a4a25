import { type AccountHolder, InvalidRequestError, type ParsedMsisdn, parseMsisdn } from '@canza/core';

import { type Country, findCountry } from './countries.ts';
import {
  accountEvidence,
  hintEvidence,
  networkCodeEvidence,
  type OperatorEvidence,
  pastSuccessEvidence,
  prefixEvidence,
} from './evidence.ts';
import { RANGES_READ } from './generated/ranges.ts';
import { findOperator, isOperatorId, OPERATORS, type OperatorId, operatorsOf } from './operators.ts';
import { findRange } from './ranges.ts';

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;
const RANGES_READ_MS = Date.parse(RANGES_READ);

/** How long a success is remembered: numbers are ported, and given to others after a while. */
const REMEMBER_FOR_MS = 90 * DAY_MS;

/** Below this the caller should ask the customer. */
const ASK_BELOW = 0.6;

/** What is left of evidence about the network once something speaks for a wallet that has none. */
const BESIDE_A_WALLET_WITHOUT_NETWORK = 0.3;

/** What is left of it for a wallet that is open to every number of the country. */
const OPEN_TO_ANY_NUMBER = 0.5;

/** E.164 digits without a plus, and the country they belong to. */
export type KnownNumber = Pick<ParsedMsisdn, 'msisdn' | 'country'>;

/** What is known about a number, besides the number. */
export interface ResolveRequest {
  /** As a record holds it, or as a person typed it. */
  readonly number: KnownNumber | string;
  /** ISO 3166 alpha-2 of the country in which a typed national number is meant. */
  readonly country?: string;
  /** The present, in milliseconds since 1970. */
  readonly nowMs: number;
  /** Whose wallet the customer or the caller says it is. */
  readonly hint?: OperatorId;
  /** The network that the USSD gateway reports for the session now open: a code (`63902`) or a name (`mtn`). */
  readonly network?: string;
  /** Payments of this number that succeeded, and when. Leave them out after a sign of a SIM swap. */
  readonly successes?: readonly PastSuccess[];
  /** What operators answered when asked about this number. */
  readonly accounts?: readonly AccountAnswer[];
  /** Default 0.6. */
  readonly askBelow?: number;
  /** Milliseconds after which a success says nothing; default 90 days. */
  readonly rememberForMs?: number;
}

/** A payment to that number that went through. */
export interface PastSuccess {
  /** An id of the directory; one that is not in it says nothing. */
  readonly operator: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** What an operator said when it was asked about that number. */
export interface AccountAnswer {
  /** As in {@link PastSuccess}. */
  readonly operator: string;
  readonly status: AccountHolder['status'];
}

/** An operator that may hold the wallet, and what speaks for it. */
export interface RankedOperator {
  readonly operator: OperatorId;
  /** The chance that the wallet is there, 0 to 1; all candidates together stay below 1. */
  readonly confidence: number;
  /** Strongest first. */
  readonly evidence: readonly OperatorEvidence[];
}

/** Whose wallet a number has, as far as can be told. */
export interface OperatorResolution {
  readonly number: KnownNumber;
  /**
   * `use` the first of `ranked`, or `ask` the customer: nothing is known, too little is, the first has no wallet that we know, or
   * it is not the one that the caller named.
   */
  readonly decision: 'use' | 'ask';
  /** Likeliest first; only operators for which something speaks. */
  readonly ranked: readonly RankedOperator[];
  /** Operators that said themselves that this number has no wallet there that can be used. */
  readonly ruledOut: readonly OperatorId[];
  /** Wallets to offer when asking: the ranked ones first, then the others of the country. */
  readonly choices: readonly OperatorId[];
  /** What was assumed in reading a typed number, and that the data is old, if it is; empty when all is well. */
  readonly warnings: readonly string[];
}

/**
 * Ranks the operators whose wallet a number may have. A prefix says who was first given the range and not whose wallet it is today,
 * so it counts by how freely numbers move in the country; a wallet without a number range (Wave, a bank) is never guessed, only named
 * by the caller, by history or by the operator itself. An unknown prefix leaves the list empty and the number valid.
 *
 * Never use it to send a payment elsewhere because an operator is down: the wallet lives where it lives.
 * @throws InvalidRequestError for a number that cannot be read, and for a hint of another country.
 */
export function resolveOperator(request: ResolveRequest): OperatorResolution {
  const { nowMs, hint, askBelow = ASK_BELOW } = request;
  const { number, assumptions } = readNumber(request);
  const warnings = warningsOf(assumptions, nowMs);
  const country = findCountry(number.country);
  checkHint(hint, number.country);
  if (country === undefined) {
    return { number, decision: 'ask', ranked: [], ruledOut: [], choices: [], warnings };
  }
  const ruledOut = operatorsThatRefused(request);
  const ranked = rank(gather(request, number, country), ruledOut);
  const [first] = ranked;
  const sure =
    first !== undefined &&
    first.confidence >= askBelow &&
    OPERATORS[first.operator].wallet !== undefined &&
    (hint === undefined || hint === first.operator);
  return {
    number,
    decision: sure ? 'use' : 'ask',
    ranked,
    ruledOut,
    choices: choicesOf(country, ranked, ruledOut),
    warnings,
  };
}

/** A sentence once the number ranges are older than a year, for a log line at start; `undefined` before that. */
export function rangesWarning(nowMs: number): string | undefined {
  const ageMs = nowMs - RANGES_READ_MS;
  if (ageMs <= YEAR_MS) return undefined;
  return `number ranges were read on ${RANGES_READ}, ${Math.floor(ageMs / DAY_MS)} days ago: update @canza/mobile-money`;
}

function warningsOf(assumptions: readonly string[], nowMs: number): readonly string[] {
  const old = rangesWarning(nowMs);
  return old === undefined ? assumptions : [...assumptions, old];
}

function readNumber({ number, country }: ResolveRequest): { number: KnownNumber; assumptions: readonly string[] } {
  if (typeof number === 'object' && number !== null) return { number, assumptions: [] };
  const parsed = parseMsisdn(number, country === undefined ? {} : { country });
  return { number: parsed, assumptions: parsed.assumptions };
}

function checkHint(hint: OperatorId | undefined, country: string): void {
  if (hint === undefined || (isOperatorId(hint) && OPERATORS[hint].country === country)) return;
  throw new InvalidRequestError({
    field: 'operator',
    expected: `an operator of ${country}, the country of the number`,
  });
}

type Standings = Map<OperatorId, OperatorEvidence[]>;

function gather(request: ResolveRequest, number: KnownNumber, country: Country): Standings {
  const { nowMs, hint, network: reported, successes = [], accounts = [], rememberForMs = REMEMBER_FOR_MS } = request;
  const standings: Standings = new Map();
  const add = (operator: string, evidence: OperatorEvidence | undefined): void => {
    if (evidence === undefined || !isOperatorId(operator) || OPERATORS[operator].country !== country.country) return;
    const known = standings.get(operator);
    if (known === undefined) standings.set(operator, [evidence]);
    else known.push(evidence);
  };
  if (hint !== undefined) add(hint, hintEvidence);
  for (const { operator, atMs } of latest(successes)) add(operator, pastSuccessEvidence(nowMs - atMs, rememberForMs));
  for (const { operator, status } of accounts) if (status === 'active') add(operator, accountEvidence);

  const besideOther = [...standings.keys()].some((operator) => OPERATORS[operator].ranges === 'none');
  const share = (operator: OperatorId): number =>
    (besideOther ? BESIDE_A_WALLET_WITHOUT_NETWORK : 1) *
    (OPERATORS[operator].ranges === 'any' ? OPEN_TO_ANY_NUMBER : 1);
  const network = reported === undefined ? undefined : networkOf(reported, country);
  if (network !== undefined) add(network, scaled(networkCodeEvidence(country), share(network)));
  const range = findRange(number.msisdn);
  // Where the network is known already, a prefix that says the same adds nothing.
  if (range !== undefined && range.operator !== network) {
    add(range.operator, scaled(prefixEvidence(range, country, nowMs), share(range.operator)));
  }
  return standings;
}

/** The newest success of each operator: several on one operator are one thing known, not several. */
function latest(successes: readonly PastSuccess[]): Iterable<PastSuccess> {
  if (successes.length < 2) return successes;
  const newest = new Map<string, PastSuccess>();
  for (const success of successes) {
    if (success.atMs > (newest.get(success.operator)?.atMs ?? Number.NEGATIVE_INFINITY)) {
      newest.set(success.operator, success);
    }
  }
  return newest.values();
}

/** A code of another country is that of a network visited abroad, and says nothing. Some gateways fill codes up to six digits. */
function networkOf(reported: string, { country }: Country): OperatorId | undefined {
  const code = reported.replace(/^(\d{3})[- ]?0?(\d{2})$/, '$1$2');
  const coded = operatorsOf(country).find(({ networkCodes }) => networkCodes.includes(code));
  if (coded !== undefined) return coded.id;
  const named = findOperator(country, reported);
  return named !== undefined && OPERATORS[named].network !== undefined ? named : undefined;
}

const scaled = (evidence: OperatorEvidence, share: number): OperatorEvidence =>
  share === 1 ? evidence : { ...evidence, weight: evidence.weight * share };

const operatorsThatRefused = ({ accounts = [] }: ResolveRequest): readonly OperatorId[] =>
  accounts
    .filter(({ status }) => status === 'not-found' || status === 'inactive')
    .map(({ operator }) => operator)
    .filter(isOperatorId);

/**
 * Evidence for one operator adds up, and evidence for another takes away: each weight becomes odds against "none of these", and
 * the odds of all candidates share what is certain.
 */
function rank(standings: Standings, ruledOut: readonly OperatorId[]): RankedOperator[] {
  const candidates: { operator: OperatorId; odds: number; evidence: OperatorEvidence[] }[] = [];
  let total = 1;
  for (const [operator, evidence] of standings) {
    if (ruledOut.includes(operator)) continue;
    let wrong = 1;
    for (const { weight } of evidence) wrong *= 1 - weight;
    const odds = 1 / wrong - 1;
    total += odds;
    candidates.push({ operator, odds, evidence: evidence.sort((left, right) => right.weight - left.weight) });
  }
  return candidates
    .sort((left, right) => right.odds - left.odds)
    .map(({ operator, odds, evidence }) => ({ operator, confidence: odds / total, evidence }));
}

function choicesOf(
  { country }: Country,
  ranked: readonly RankedOperator[],
  ruledOut: readonly OperatorId[],
): readonly OperatorId[] {
  const choices: OperatorId[] = [];
  for (const { operator } of ranked) if (OPERATORS[operator].wallet !== undefined) choices.push(operator);
  for (const { id, wallet } of operatorsOf(country)) {
    if (wallet !== undefined && !ruledOut.includes(id) && !choices.includes(id)) choices.push(id);
  }
  return choices;
}
