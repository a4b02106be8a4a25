import { InvalidRequestError, type PaymentType } from '@canza/core';

import {
  brandOf,
  findRange,
  isOperatorId,
  type OperatorResolution,
  type ResolveRequest,
  resolveOperator,
} from '../directory/index.ts';

export interface WalletQuestion {
  readonly type: PaymentType;
  readonly msisdn: string;
  readonly country: string;
  /** What the caller said: an id of the directory. */
  readonly operator?: string | undefined;
  /** Operators whose wallets the configured routes of that type reach in that country. */
  readonly reached: readonly string[];
  readonly nowMs: number;
  /** What is known besides: a network, past successes, what operators said. */
  readonly known?: WalletEvidence | undefined;
}

/** Evidence for whose wallet it is, besides the number and the caller's word. */
export type WalletEvidence = Pick<ResolveRequest, 'network' | 'successes' | 'accounts'>;

export interface WalletChoice {
  /** Likeliest first; one for a collection. */
  readonly operators: readonly string[];
  /** What the directory says of the number; left out where the caller's word or the configuration decides alone. */
  readonly resolution?: OperatorResolution;
}

/**
 * Decides whose wallet a number has, among those that can be reached.
 *
 * The caller's word counts first. Then the directory, where it is sure enough. Where it is not, and only one operator can be
 * reached at all, that one is asked: it refuses a number that is not its own, and no money moves. Otherwise the customer has
 * to be asked, because a prompt at the wrong operator is a prompt that nobody meant.
 * @throws InvalidRequestError naming `operator` or `phoneNumber`.
 */
export function chooseWallets(question: WalletQuestion): WalletChoice {
  const { type, msisdn, country, operator, reached, nowMs, known: besides } = question;
  const hint = operator === undefined ? undefined : checkHint(operator, question);
  if (hint !== undefined) return { operators: [hint] };

  const resolution = resolveOperator({ number: { msisdn, country }, nowMs, ...besides });
  const known = resolution.ranked.map((ranked) => ranked.operator as string);
  const [first] = known;
  if (resolution.decision === 'use' && first !== undefined) {
    const likely = known.filter((each) => reached.includes(each));
    if (reached.includes(first)) return { operators: type === 'collection' ? [first] : likely, resolution };
    throw new InvalidRequestError({
      field: 'phoneNumber',
      expected: `a wallet that a configured provider reaches: this number seems to be of ${nameOf(first)}; name "operator" if it is not`,
    });
  }
  const [only, another] = reached;
  if (only !== undefined && another === undefined) return { operators: [only], resolution };
  throw new InvalidRequestError({
    field: 'operator',
    expected: `whose wallet it is, as the number of ${country} does not tell: ${reached.map((id) => `"${id}" (${nameOf(id)})`).join(' or ')}`,
  });
}

/** Whether nothing that could be remembered of a number would change the choice: one wallet can be reached, and the number does not speak for another. */
export function isPlain(msisdn: string, reached: readonly string[]): boolean {
  const [only, another] = reached;
  return another === undefined && (findRange(msisdn)?.operator ?? only) === only;
}

function checkHint(operator: string, { country, reached }: WalletQuestion): string {
  if (reached.includes(operator)) return operator;
  throw new InvalidRequestError({
    field: 'operator',
    expected: `an operator that a configured provider reaches in ${country}: ${reached.map((id) => `"${id}"`).join(', ')}`,
  });
}

const nameOf = (operator: string): string => (isOperatorId(operator) ? brandOf(operator) : operator);
