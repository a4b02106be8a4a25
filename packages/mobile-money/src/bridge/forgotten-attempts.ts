import { type Attempt, attemptReference, movePayment, type PaymentRecord, type Route } from '@canza/core';

import { evidence } from './evidence.ts';
import { inDoubt, type PlanContext, toReview } from './payment-plan.ts';
import { lastSentAtMs } from './resend.ts';

/**
 * What to do with a payment of which the journal may have lost an attempt. Our references are derived, so that an attempt of which nothing
 * is written can still be asked about: at each way that it may have gone, under each reference that it may have had. Each is added to the
 * record as one that is only looked up, and proven like any other; the payment is failed when none is left. Pure.
 * Source: docs/decisions/0022-forgotten-writes.md
 */

/** An attempt that may have been made and lost. */
interface Possible {
  readonly route: Route;
  readonly reference: string;
}

/** With more ways than these, there is too much to ask. */
const MOST_WAYS = 2;

export const MAY_BE_LOST = 'The journal may have lost that it was sent already: compare with the statement.';
const LOOKED_UP = 'The journal may have lost an attempt: it is looked up as if it had been made.';

/**
 * Every attempt that may follow what the record knows, as far as it was not looked up already; `undefined` where they cannot all be told:
 * where more than one operator may have the wallet, or a way is closed to us by now or takes a reference twice, so that each try has
 * another one.
 */
function possiblyLost(record: PaymentRecord, { routes }: PlanContext): readonly Possible[] | undefined {
  const { transactionId, attempts, ways = [] } = record;
  const unsure = attempts.findIndex(({ onlyLookedUp }) => onlyLookedUp === true);
  const known = unsure < 0 ? attempts : attempts.slice(0, unsure);
  const last = known.at(-1);
  const tried = new Set(known.map(({ routeId }) => routeId));
  const open = [...new Set([...ways, ...routes.map(({ id }) => id)])].filter((id) => !tried.has(id));
  const reach = routes.filter(({ id }) => open.includes(id));
  const possible: Possible[] = [];
  if (open.length > 0) {
    const isTold = reach.length === open.length && reach.every(({ deduplicates }) => deduplicates);
    const isOneOperator = routes.every(({ operator }) => operator === routes[0]?.operator);
    if (!isTold || !isOneOperator || open.length > MOST_WAYS) return undefined;
    for (let further = 1; further <= reach.length; further++) {
      const reference = attemptReference(transactionId, known.length + further);
      for (const route of reach) possible.push({ route, reference });
    }
  } else if (last?.outcome === 'never-left' || last?.outcome === 'never-sent') {
    const again = routes.find(({ id }) => id === last.routeId);
    // Each try would have had a reference of its own.
    if (again?.deduplicates !== true) return undefined;
    if (last.outcome === 'never-left') possible.push({ route: again, reference: last.reference });
  }
  return possible.filter(
    ({ route, reference }) =>
      !attempts.some((each) => each.onlyLookedUp === true && each.routeId === route.id && each.reference === reference),
  );
}

/**
 * Takes up the next attempt that may have been lost; every one in the record has to be proven to have moved nothing.
 * @returns `none` where none is left, so that none was made; `untold` where that cannot be found out.
 */
export function lookUpNext(record: PaymentRecord, context: PlanContext): PaymentRecord | 'none' | 'untold' {
  const possible = possiblyLost(record, context);
  if (possible === undefined) return 'untold';
  const [next] = possible;
  if (next === undefined) return 'none';
  // A person has it already.
  if (record.status === 'review') return 'untold';
  const attempt: Attempt = {
    number: record.attempts.length + 1,
    routeId: next.route.id,
    provider: next.route.provider,
    reference: next.reference,
    callbackToken: context.drawToken(record),
    startedAtMs: context.nowMs,
    moneyMoved: 'maybe',
    references: {},
    queries: 0,
    onlyLookedUp: true,
  };
  return toLookUp({ ...record, attempts: [...record.attempts, attempt] }, attempt, context);
}

/** Looks an attempt up that is stored, and that this process must not send because it may be out there already. */
export function lookUpInstead(record: PaymentRecord, context: PlanContext): PaymentRecord {
  const last = record.attempts.at(-1);
  if (last === undefined) return toReview(record, MAY_BE_LOST, context);
  const attempt: Attempt = { ...last, onlyLookedUp: true };
  const attempts = [...record.attempts.slice(0, -1), attempt];
  // The ones that it may have been instead have to be known as well.
  const isTold = possiblyLost({ ...record, attempts }, context) !== undefined;
  return isTold ? toLookUp({ ...record, attempts }, attempt, context) : toReview(record, MAY_BE_LOST, context);
}

function toLookUp(record: PaymentRecord, attempt: Attempt, context: PlanContext): PaymentRecord {
  const learned = evidence(context, 'local', attempt, 'maybe', 'LOOKED_UP', LOOKED_UP);
  return movePayment(record, context.nowMs, {
    status: record.status === 'created' ? 'sending' : 'pending',
    dueAtMs: context.nowMs,
    learned: [learned],
  });
}

/** When the reference of an attempt may have gone out last, also where the journal has forgotten that. */
export const mayBeSentAtMs = (record: PaymentRecord, attempt: Attempt, context: PlanContext): number =>
  inDoubt(attempt, context).mayBeFollowed === true && attempt.onlyLookedUp !== true
    ? Math.max(lastSentAtMs(attempt), record.createdAtMs + context.policy.sendWithinMs[record.type])
    : lastSentAtMs(attempt);
