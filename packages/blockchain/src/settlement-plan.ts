import {
  type LedgerView,
  type NetworkRules,
  restoreCall,
  type Sighting,
  type SlotSighting,
  type TransactionBuild,
  type TransactionOutcome,
  type TransactionRecord,
} from '@canza/core';

/**
 * What to do next with a transaction: the rules that keep money from moving twice, pure. What its end means for the settlements that it
 * carries is in settlement-outcome.ts.
 *
 * Whatever is stored may have been submitted. So a transaction ends only by what the ledger itself shows: one of its builds final
 * in a block, its slot used up by another transaction, or the proof that every build is past its end and in no block. Until then
 * the same bytes are offered again; other bytes only in the same slot, where at most one of them can happen.
 *
 * What proves nothing: our clock, a time-out, an error, a refusal, absence from a node whose ledger has not reached the end, absence
 * from a pool, an answer about another hash, and a node that does not remember.
 */
export type TransactionStep =
  | { readonly do: 'end'; readonly status: 'committed' | 'aborted' | 'dead'; readonly outcome: TransactionOutcome }
  /** The same bytes once more. */
  | { readonly do: 'resubmit'; readonly build: TransactionBuild }
  /** Other bytes in the same slot: with a later end, or another fee. */
  | { readonly do: 'rebuild'; readonly why: string }
  /** The same at a higher price. */
  | { readonly do: 'bump'; readonly build: TransactionBuild }
  /** Uses the slot up, because what it was to carry will never be taken. */
  | { readonly do: 'void'; readonly why: string }
  | { readonly do: 'review'; readonly why: string }
  | { readonly do: 'wait'; readonly why: string };

/** What the rules may look at besides the record and the view. */
export interface TransactionContext {
  readonly nowMs: number;
  readonly rules: NetworkRules;
  /** Whether a higher price can be paid. */
  readonly canBump: boolean;
  readonly canVoid: boolean;
  /** For how long a ledger that has forgotten is asked again, in the hope of a node that has not, before a person has to look. */
  readonly reviewAfterMs: number;
}

/** One build and what was seen of it. A build that the view does not mention was not seen. */
interface Seen {
  readonly build: TransactionBuild;
  readonly sighting: Sighting;
}

/** The next step of an open transaction, by what one look has shown. */
export function nextTransactionStep(
  record: TransactionRecord,
  view: LedgerView,
  context: TransactionContext,
): TransactionStep {
  const open = openBuilds(record);
  const seen = pair(open, view.sightings);
  const last = seen.at(-1);
  if (last === undefined || seen.length !== open.length) return wait('Not every build was looked for.');
  const decided = seen.filter(({ sighting }) => sighting.status === 'committed' || sighting.status === 'aborted');
  if (decided.length > 1) return { do: 'review', why: 'The ledger shows two transactions in one slot.' };
  const [first] = decided;
  if (first !== undefined) return endBy(first);
  const used = usedByAnother(record, seen, view.slot, context);
  if (used !== undefined) return used;
  if (seen.some(({ sighting }) => sighting.status === 'pending')) {
    const age = context.nowMs - last.build.builtAtMs;
    const worthIt = age >= context.rules.bumpAfterMs && last.build.purpose === 'call';
    return context.canBump && worthIt && seen.length < MOST_OPEN_BUILDS
      ? { do: 'bump', build: last.build }
      : wait('It is pending.');
  }
  const isFree = context.rules.slotOrder === 'ordered' && isUnused(record, seen, view.slot);
  if (!isFree && !seen.every(({ sighting, build }) => remembers(sighting, build))) {
    return context.nowMs - record.createdAtMs < context.reviewAfterMs
      ? wait('The node does not remember far enough.')
      : { do: 'review', why: 'The ledger has forgotten whether it was committed.' };
  }
  return provenExpired(seen) ? afterExpiry(record, context) : whileValid(record, last.build, seen.length, context);
}

/** The builds that can still happen, as far as is known. */
const openBuilds = ({ builds }: TransactionRecord): readonly TransactionBuild[] =>
  builds.filter(({ expired }) => expired !== true);

const wait = (why: string): TransactionStep => ({ do: 'wait', why });

function pair(builds: readonly TransactionBuild[], sightings: readonly Sighting[]): readonly Seen[] {
  return builds.flatMap((build) => {
    const sighting = sightings.find(({ hash }) => hash === build.hash);
    return sighting === undefined ? [] : [{ build, sighting }];
  });
}

function endBy({ build, sighting }: Seen): TransactionStep {
  if (sighting.status !== 'committed' && sighting.status !== 'aborted') return wait('It is not in a block.');
  if (!sighting.final) return wait('It is in a block that can still be undone.');
  const { hash, version, atMs } = sighting;
  const base = { hash, version, atMs, feePaid: sighting.feePaid.toString() };
  if (build.purpose === 'void') return { do: 'end', status: 'dead', outcome: { ...base, died: 'voided' } };
  return sighting.status === 'committed'
    ? { do: 'end', status: 'committed', outcome: { ...base, proofs: sighting.proofs } }
    : { do: 'end', status: 'aborted', outcome: { ...base, abort: sighting.abort } };
}

/**
 * Where the slot is used up by a transaction that is none of ours, ours can never happen. Where the chain does not say by which, it takes
 * answers from ledgers that are as new, remember, and do not have ours.
 */
function usedByAnother(
  record: TransactionRecord,
  seen: readonly Seen[],
  slot: SlotSighting | undefined,
  { nowMs, reviewAfterMs }: TransactionContext,
): TransactionStep | undefined {
  if (slot?.status !== 'used' || record.slotGuards !== 'for-ever') return undefined;
  const { by } = slot;
  if (by === undefined) {
    const isOlder = ({ sighting }: Seen): boolean => BigInt(sighting.ledger.version) < BigInt(slot.ledger.version);
    if (seen.some((each) => isOlder(each) || !remembers(each.sighting, each.build))) return undefined;
  } else if (record.builds.some(({ hash }) => hash === by)) {
    return nowMs - (record.builds.at(-1)?.builtAtMs ?? 0) < reviewAfterMs
      ? wait('The slot is used by one of its builds, which this node does not show yet.')
      : { do: 'review', why: 'Its slot is used by one of its builds, which no node shows.' };
  }
  const outcome = { died: 'slot-used-by-another', ...(by === undefined ? {} : { hash: by }) } as const;
  return { do: 'end', status: 'dead', outcome };
}

/** Whether absence in that answer means that it is in no block up to that answer's ledger. */
const remembers = (sighting: Sighting, build: TransactionBuild): boolean =>
  sighting.status === 'absent' && BigInt(sighting.ledger.oldestVersion) <= BigInt(build.bornAtVersion);

/** A number that the account has not passed was used by none of its builds, whatever a node has forgotten. */
const isUnused = (record: TransactionRecord, seen: readonly Seen[], slot: SlotSighting | undefined): boolean =>
  record.slotGuards === 'for-ever' &&
  slot?.status === 'free' &&
  seen.every(({ sighting, build }) => {
    const isPast = build.validUntil === null || BigInt(slot.ledger.position) >= BigInt(build.validUntil);
    return sighting.status === 'absent' && (remembers(sighting, build) || isPast);
  });

/**
 * Every build is absent from an answer whose own ledger has passed the end of them all. The latest end, because what is absent from one
 * answer may have been replaced in a pool by a build that another node still holds.
 */
function provenExpired(seen: readonly Seen[]): boolean {
  let latest = 0n;
  for (const { build } of seen) {
    if (build.validUntil === null) return false;
    if (BigInt(build.validUntil) > latest) latest = BigInt(build.validUntil);
  }
  return seen.every(({ sighting }) => sighting.status === 'absent' && BigInt(sighting.ledger.position) >= latest);
}

function afterExpiry(record: TransactionRecord, { rules, canVoid, nowMs }: TransactionContext): TransactionStep {
  if (record.slotGuards === 'until-expiry' || rules.slotOrder === 'unordered') {
    return { do: 'end', status: 'dead', outcome: { died: 'expired' } };
  }
  // What is behind a slot waits for it, so it is used, by what it was given to or by nothing.
  if (record.refusal?.reason === 'malformed' && canVoid) {
    return { do: 'void', why: 'No node takes what it was to carry.' };
  }
  return record.holdsUntilMs !== undefined && record.holdsUntilMs <= nowMs && canVoid
    ? { do: 'void', why: 'A price that it rests on has expired.' }
    : { do: 'rebuild', why: 'Every build has expired.' };
}

/** More builds than these are not made for one slot before some have expired. */
const MOST_OPEN_BUILDS = 5;

function whileValid(
  record: TransactionRecord,
  last: TransactionBuild,
  openCount: number,
  context: TransactionContext,
): TransactionStep {
  // By the rules of today too: a network that gives out nonces by now would build with a nonce, beside the number.
  const isNumbered = record.slotGuards === 'for-ever' && context.rules.slotGuards === 'for-ever';
  const guarded = isNumbered && openCount < MOST_OPEN_BUILDS;
  switch (record.refusal?.reason) {
    case 'malformed':
      return guarded && context.canVoid && last.purpose === 'call'
        ? { do: 'void', why: 'No node takes what it was to carry.' }
        : wait('No node takes it: waiting for its end.');
    case 'fee-out-of-bounds':
      return guarded
        ? { do: 'rebuild', why: 'Its fee was out of bounds.' }
        : wait('No node takes it: waiting for its end.');
    case 'expired':
      return wait('A node called it expired; the ledger is to show it.');
    case 'cannot-pay-fee':
    case 'price-too-low':
    case undefined:
      return { do: 'resubmit', build: last };
  }
}

/** Whether a view is the proof that every build so far has expired. */
export function haveAllExpired(record: TransactionRecord, view: LedgerView): boolean {
  const open = openBuilds(record);
  const seen = pair(open, view.sightings);
  return (
    seen.length === open.length &&
    provenExpired(seen) &&
    (seen.every(({ sighting, build }) => remembers(sighting, build)) || isUnused(record, seen, view.slot))
  );
}

/** How long until the next look: the chain's own rhythm at first, then rarer. */
export function nextLookInMs({ looks }: TransactionRecord, rules: NetworkRules, slowestLookMs: number): number {
  if (looks === 0) return rules.firstLookAfterMs;
  return Math.ceil(Math.min(slowestLookMs, rules.lookEveryMs * 1.5 ** Math.max(0, looks - 10)));
}

/** What is to be looked for. */
export const lookRequestOf = (record: TransactionRecord) => ({
  sender: record.sender,
  slot: record.slot,
  call: restoreCall(record.call),
  hashes: openBuilds(record).map(({ hash }) => hash),
});
