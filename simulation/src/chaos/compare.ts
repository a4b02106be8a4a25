import { isFinal, isSettlementFinal, type PaymentRecord, parseMoney, parseUnits } from '@canza/core';

import { compareTold } from './compare-told.ts';
import type { Evidence, Kept, Violation } from './evidence.ts';
import { ownersOf } from './owners.ts';

/** Decimals of the asset that settlements are made in. */
const ASSET_DECIMALS = 6;

/** Holds the books of callers, journal, operators and chain against one another. Pure; what does not agree is listed. */
export function compareBooks(evidence: Evidence): readonly Violation[] {
  return [
    ...comparePayments(evidence),
    ...compareSettlements(evidence),
    ...compareWallets(evidence),
    ...compareTold(evidence),
    ...compareSums(evidence),
    ...[...evidence.payments, ...evidence.settlements, ...evidence.others].flatMap((kept) => [...compareTrail(kept)]),
  ];
}

function* comparePayments({ payments, movements }: Evidence): Iterable<Violation> {
  const { moved, unowned } = ownersOf(payments, movements);
  for (const { kind, currency, amountMinor, receipt } of unowned) {
    yield { id: receipt, what: `a ${kind} of ${amountMinor} ${currency} moved without a record` };
  }
  const given = new Map<string, bigint>();
  for (const { body } of payments) {
    const { transactionId: id, status, amount, currency, original } = body;
    const own = moved.get(id) ?? [];
    const count = own.length;
    const amountMinor = parseMoney(amount, currency).amountMinor;
    if (count > 1) yield { id, what: `moved ${count} times` };
    if (status === 'succeeded' && count === 0) yield { id, what: 'is succeeded, and nothing moved' };
    if (status === 'failed' && count > 0) yield { id, what: 'is failed, and money moved' };
    if (!isFinal(status) && status !== 'review') yield { id, what: `never came to rest: ${status}` };
    if (status === 'review' && !hasReason(body)) yield { id, what: 'is in review without a reason' };
    for (const each of own) {
      if (each.amountMinor !== amountMinor) yield { id, what: `moved ${each.amountMinor}, not ${amountMinor}` };
      if (original !== undefined) {
        given.set(original.transactionId, (given.get(original.transactionId) ?? 0n) + each.amountMinor);
      }
    }
  }
  for (const { body } of payments) {
    const { transactionId: id, amount, currency } = body;
    if ((given.get(id) ?? 0n) > parseMoney(amount, currency).amountMinor) {
      yield { id, what: `was given back ${given.get(id)}, and was ${amount} ${currency}` };
    }
  }
}

const hasReason = ({ evidence }: PaymentRecord): boolean => evidence.some(({ code }) => code === 'REVIEW');

function* compareSettlements({ settlements, transfers, stories }: Evidence): Iterable<Violation> {
  const accounts = new Map(stories.filter(({ kind }) => kind === 'settlement').map((each) => [each.party, each]));
  const arrived = Map.groupBy(transfers, ({ to }) => to);
  for (const [to, own] of arrived) {
    const story = accounts.get(to);
    if (story === undefined) yield { id: to, what: 'money arrived that nobody asked for' };
    else if (own.length > 1) {
      const hashes = own.map(({ hash }) => hash).join(', ');
      yield { id: story.intent, what: `arrived ${own.length} times (${hashes})` };
    } else if (!settlements.some(({ body }) => body.settlementId === story.intent)) {
      yield { id: story.intent, what: 'arrived without a record' };
    }
  }
  for (const { body } of settlements) {
    const { settlementId: id, status, amount, evidence, receipt } = body;
    const story = stories.find(({ intent }) => intent === id);
    const own = arrived.get(story?.party ?? '') ?? [];
    if (status === 'settled' && own.length === 0) yield { id, what: 'is settled, and nothing arrived' };
    if (status === 'failed' && own.length > 0) yield { id, what: 'is failed, and money arrived' };
    if (!isSettlementFinal(status) && status !== 'review') yield { id, what: `never came to rest: ${status}` };
    if (status === 'review' && evidence.length === 0) yield { id, what: 'is in review without a reason' };
    const amountMinor = parseUnits(amount, ASSET_DECIMALS);
    for (const each of own) {
      if (each.amountMinor !== amountMinor) yield { id, what: `got ${each.amountMinor}, not ${amountMinor}` };
      if (receipt !== undefined && receipt.transactionHash !== each.hash) {
        yield { id, what: `names ${receipt.transactionHash}, and arrived with ${each.hash}` };
      }
    }
  }
}

/** Everybody is asked or paid once: more than that is too much, whatever ids it went under. */
function* compareWallets({ stories, movements }: Evidence): Iterable<Violation> {
  const payments = new Map(stories.filter(({ kind }) => kind === 'payment').map((each) => [each.party, each.intent]));
  const own = movements.filter(({ kind }) => kind !== 'refund');
  for (const [msisdn, moved] of Map.groupBy(own, (each) => each.msisdn)) {
    const id = payments.get(msisdn);
    if (id === undefined) yield { id: moved[0]?.receipt ?? '-', what: 'moved money of somebody whom nobody asked' };
    else if (moved.length > 1) yield { id, what: `its wallet was charged or paid ${moved.length} times` };
  }
}

const add = (sums: Map<string, bigint>, key: string, amountMinor: bigint): void =>
  void sums.set(key, (sums.get(key) ?? 0n) + amountMinor);

/** What moved, by currency, against what the records call succeeded, or leave to a person and has moved. */
function* compareSums({ payments, movements }: Evidence): Iterable<Violation> {
  const { moved } = ownersOf(payments, movements);
  const theirs = new Map<string, bigint>();
  const ours = new Map<string, bigint>();
  for (const { kind, currency, amountMinor } of movements) add(theirs, `${kind} ${currency}`, amountMinor);
  for (const { body } of payments) {
    const { type, currency, status, transactionId, amount } = body;
    const isOurs = status === 'succeeded' || (status === 'review' && moved.has(transactionId));
    if (isOurs) add(ours, `${type} ${currency}`, parseMoney(amount, currency).amountMinor);
  }
  for (const key of new Set([...theirs.keys(), ...ours.keys()])) {
    const [their = 0n, our = 0n] = [theirs.get(key), ours.get(key)];
    if (their !== our) yield { id: key, what: `operators moved ${their} in all, and records say ${our}` };
  }
}

/** Versions grow by one, to the one that stands there; what is final is never left. */
function* compareTrail({ entry, history }: Kept<unknown>): Iterable<Violation> {
  const { id, version, state } = entry;
  if (history.some((line, index) => line.version !== index + 1)) {
    yield { id, what: `its history is ${history.map((line) => line.version).join(', ')}` };
  }
  const last = history.at(-1);
  if (last?.version !== version || last.state !== state) {
    yield {
      id,
      what: `stands at version ${version}, ${state}, and its history ends at ${last?.version}, ${last?.state}`,
    };
  }
  const left = isMoney(entry.kind) ? history.slice(0, -1).find((line) => ENDS.has(line.state)) : undefined;
  if (left !== undefined) yield { id, what: `was ${left.state} at version ${left.version}, and changed` };
}

const ENDS: ReadonlySet<string> = new Set(['succeeded', 'settled', 'failed']);
/** A transaction that has ended is written once more when its members were told. */
const isMoney = (kind: string): boolean => kind === 'payment' || kind.startsWith('settlement:');
