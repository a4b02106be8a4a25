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
  /** Uses the slot up without what it was to carry, at a higher price than what still pends there. */
  | { readonly do: 'void'; readonly why: string; readonly replaces?: TransactionBuild }
  | { readonly do: 'review'; readonly why: string }
  | { readonly do: 'wait'; readonly why: string };

/** What the rules may look at besides the record and the view. */
export interface TransactionContext {
  readonly nowMs: number;
  readonly rules: NetworkRules;
  /** Whether a higher price can be paid. */
  readonly canBump: boolean;
  readonly canVoid: boolean;
  /** Whether what it carries can be built and signed here: the key of its sender is there, and its asset is known. */
  readonly canBuild: boolean;
  /** For how long a ledger that has forgotten is asked again, in the hope of a node that has not, before a person has to look; and one that still may show what cannot be built again. */
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
  const step = stepBy(record, view, context);
  const isLeft = step.do === 'wait' || step.do === 'resubmit';
  return isLeft && !context.canBuild && !isPatient(record, context)
    ? {
        do: 'review',
        why: 'It did not end, and cannot be built again: its key or its asset is not configured, or does not serve.',
      }
    : step;
}

function stepBy(record: TransactionRecord, view: LedgerView, context: TransactionContext): TransactionStep {
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
  if (seen.some(({ sighting }) => sighting.status === 'pending'))
    return whilePending(record, last, seen.length, context);
  const isFree = context.rules.slotOrder === 'ordered' && isUnused(record, seen, view.slot);
  if (!isFree && !seen.every(({ sighting, build }) => remembers(sighting, build))) {
    return context.nowMs - askedSince(record, record.createdAtMs) < context.reviewAfterMs
      ? wait('The node does not remember far enough.')
      : { do: 'review', why: 'The ledger has forgotten whether it was committed.' };
  }
  return provenExpired(seen)
    ? afterExpiry(record, last.build, context)
    : whileValid(record, last.build, seen.length, context);
}

/** What a person has had looked for again is looked for from then on. */
const askedSince = ({ decided }: TransactionRecord, sinceMs: number): number => Math.max(sinceMs, decided?.atMs ?? 0);

/** Whether its last build is young enough for what it becomes to be seen yet. */
const isPatient = (record: TransactionRecord, { nowMs, reviewAfterMs }: TransactionContext): boolean =>
  nowMs - askedSince(record, record.builds.at(-1)?.builtAtMs ?? 0) < reviewAfterMs;

/** Whether a person has decided that it is not to carry anything any more. */
const isVoiding = ({ decided }: TransactionRecord): boolean => decided?.to === 'void';

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
  context: TransactionContext,
): TransactionStep | undefined {
  if (slot?.status !== 'used' || record.slotGuards !== 'for-ever') return undefined;
  const { by } = slot;
  if (by === undefined) {
    const isOlder = ({ sighting }: Seen): boolean => BigInt(sighting.ledger.version) < BigInt(slot.ledger.version);
    if (seen.some((each) => isOlder(each) || !remembers(each.sighting, each.build))) return undefined;
  } else if (record.builds.some(({ hash }) => hash === by)) {
    return isPatient(record, context)
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

function afterExpiry(
  record: TransactionRecord,
  last: TransactionBuild,
  { rules, canVoid, canBuild, nowMs }: TransactionContext,
): TransactionStep {
  const expired = { do: 'end', status: 'dead', outcome: { died: 'expired' } } as const;
  if (record.slotGuards === 'until-expiry' || rules.slotOrder === 'unordered') return expired;
  // What is behind a slot waits for it, so it is used: by what it was given to, or by nothing.
  const isRefused = record.refusal?.reason === 'malformed';
  const isVoidRefused = isRefused && last.purpose === 'void';
  if (canVoid && !isVoidRefused) {
    if (isRefused) return { do: 'void', why: 'No node takes what it was to carry.' };
    if (isVoiding(record)) return { do: 'void', why: BY_A_PERSON };
    if (record.holdsUntilMs !== undefined && record.holdsUntilMs <= nowMs) {
      return { do: 'void', why: 'A price that it rests on has expired.' };
    }
  }
  // Where nothing that nodes would take can be built, its settlements are free; another transaction may take its slot.
  return canBuild && !isVoidRefused && !isVoiding(record)
    ? { do: 'rebuild', why: 'Every build has expired.' }
    : expired;
}

const BY_A_PERSON = 'A person has decided that it is not to be carried out.';

/** More builds than these are not made for one slot before some have expired. */
const MOST_OPEN_BUILDS = 5;

/** Something of it is in a pool. */
function whilePending(
  record: TransactionRecord,
  { build, sighting }: Seen,
  openCount: number,
  { rules, canBump, canVoid, nowMs }: TransactionContext,
): TransactionStep {
  const mayReplace = canBump && openCount < MOST_OPEN_BUILDS && build.purpose === 'call';
  if (isVoiding(record)) {
    const isLost = build.purpose === 'void' && sighting.status === 'absent' && record.refusal === undefined;
    if (isLost) return { do: 'resubmit', build };
    return mayReplace && canVoid ? { do: 'void', why: BY_A_PERSON, replaces: build } : wait('It is pending.');
  }
  const isLate = nowMs - build.builtAtMs >= rules.bumpAfterMs;
  return mayReplace && isLate ? { do: 'bump', build } : wait('It is pending.');
}

function whileValid(
  record: TransactionRecord,
  last: TransactionBuild,
  openCount: number,
  context: TransactionContext,
): TransactionStep {
  // By the rules of today too: a network that gives out nonces by now would build with a nonce, beside the number.
  const isNumbered = record.slotGuards === 'for-ever' && context.rules.slotGuards === 'for-ever';
  const guarded = isNumbered && openCount < MOST_OPEN_BUILDS;
  if (isVoiding(record) && last.purpose === 'call') {
    return guarded && context.canVoid
      ? { do: 'void', why: BY_A_PERSON }
      : wait('Waiting for the end of what was sent.');
  }
  switch (record.refusal?.reason) {
    case 'malformed':
      return guarded && context.canVoid && last.purpose === 'call'
        ? { do: 'void', why: 'No node takes what it was to carry.' }
        : wait('No node takes it: waiting for its end.');
    case 'fee-out-of-bounds':
      if (guarded && last.purpose === 'void' && context.canVoid)
        return { do: 'void', why: 'Its fee was out of bounds.' };
      return guarded && last.purpose === 'call' && context.canBuild
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
