import type { ReadSecret } from '../../rsa-padding.ts';
import type { Initiator, InitiatorOperation, Organisation } from '../organisations.ts';
import type { InitiatorRequest } from './request.ts';
import type { Verdict } from './result.ts';

/** The result with which an API user is turned away; nothing when user, password and role are right. */
export type CheckInitiator = (operation: InitiatorOperation, request: InitiatorRequest) => Verdict | undefined;

export interface InitiatorsOptions {
  readonly organisations: ReadonlyMap<string, Organisation>;
  /** Users of every organisation that names none of its own. */
  readonly initiators: readonly Initiator[];
  /** Wrong passwords in a row after which a user is locked; 0 for never. */
  readonly lockedAfter: number;
  readonly readCredential: ReadSecret;
}

const INVALID: Verdict = { code: '2001', description: 'The initiator information is invalid.' };
const WRONG_PASSWORD: Verdict = { code: '18', description: 'Initiator credential check failure.' };
const UNKNOWN: Verdict = { code: '20', description: 'Unresolved initiator.' };
const NOT_ALLOWED: Verdict = { code: '21', description: 'Initiator to primary party permission failure.' };
const LOCKED: Verdict = { code: '8006', description: 'The security credential is locked.' };

/** Source: docs/providers/mpesa.md#payout-results */
export function createInitiatorCheck(options: InitiatorsOptions): CheckInitiator {
  const { organisations, initiators, lockedAfter, readCredential } = options;
  const wrongInARow = new Map<string, number>();
  return (operation, { initiator, credential, shortcode }) => {
    const hasOwnCodes = operation === 'account-balance';
    const users = organisations.get(shortcode)?.initiators ?? initiators;
    const user = users.find(({ name }) => name === initiator);
    if (user === undefined) return hasOwnCodes ? UNKNOWN : INVALID;
    const key = `${shortcode} ${initiator}`;
    const wrong = wrongInARow.get(key) ?? 0;
    if (lockedAfter > 0 && wrong >= lockedAfter) return LOCKED;
    if (readCredential(credential) !== user.password) {
      wrongInARow.set(key, wrong + 1);
      return hasOwnCodes ? WRONG_PASSWORD : INVALID;
    }
    wrongInARow.delete(key);
    return user.roles === undefined || user.roles.includes(operation) ? undefined : NOT_ALLOWED;
  };
}
