import { inspect } from 'node:util';

import { isFinal, type PaymentRecord } from '@canza/core';

import type { World } from './world.ts';

/** What must hold whatever went wrong; each broken one is a sentence. */
export async function violations(world: World): Promise<readonly string[]> {
  const found: string[] = [];
  const records = await world.records();
  const movements = movementsOf(world, records);

  for (const { transactionId, amounts } of movements.byPayment) {
    const record = records.find((each) => each.transactionId === transactionId);
    if (record === undefined) continue;
    if (amounts.length > 1) found.push(`${transactionId} moved ${amounts.length} times`);
    if (record.status === 'failed' && amounts.length > 0) found.push(`${transactionId} is failed, and money moved`);
    if (record.status === 'succeeded' && amounts.length === 0)
      found.push(`${transactionId} is succeeded, and nothing moved`);
    const asked = world.requests.get(transactionId)?.amount;
    if (record.amount !== asked) found.push(`${transactionId} was accepted with another body`);
    const moved = amounts[0];
    if (moved !== undefined && moved !== asked) found.push(`${transactionId} moved ${moved} and not ${asked}`);
    if (record.status === 'review' && !record.evidence.some(({ code }) => code === 'REVIEW')) {
      found.push(`${transactionId} is in review without a reason`);
    }
  }
  for (const id of world.misled) found.push(`${id} was asked for with another body, and nobody said so`);
  for (const stray of movements.strays) found.push(`money moved without a record: ${stray}`);
  for (const { transactionId, status } of records) {
    if (!isFinal(status) && status !== 'review') found.push(`${transactionId} never came to rest: ${status}`);
  }
  found.push(...historyViolations(world.versions), ...secretsShown(world));
  return found;
}

interface Movements {
  readonly byPayment: readonly { readonly transactionId: string; readonly amounts: readonly string[] }[];
  readonly strays: readonly string[];
}

/** What the operator's books say, by payment. */
function movementsOf({ daraja }: World, records: readonly PaymentRecord[]): Movements {
  const owner = new Map<string, string>();
  const amounts = new Map<string, string[]>(records.map(({ transactionId }) => [transactionId, []]));
  for (const { transactionId, attempts } of records) {
    for (const { callbackToken, reference } of attempts) {
      owner.set(callbackToken, transactionId);
      owner.set(reference, transactionId);
    }
  }
  const strays: string[] = [];
  // Daraja is told the beginning of our reference.
  const byBeginning = (key: string): string | undefined =>
    [...owner].find(([reference]) => reference.startsWith(key))?.[1];
  const note = (key: string, amountMinor: bigint): void => {
    const transactionId = owner.get(key) ?? byBeginning(key);
    if (transactionId === undefined) strays.push(key);
    else amounts.get(transactionId)?.push(`${amountMinor / 100n}.${String(amountMinor % 100n).padStart(2, '0')}`);
  };
  for (const { callbackUrl, amountMinor } of daraja.books.charges())
    note(callbackUrl?.split('/').at(-1) ?? '-', amountMinor);
  for (const { originatorConversationId, amountMinor } of daraja.books.payouts())
    note(originatorConversationId, amountMinor);
  return {
    byPayment: [...amounts].map(([transactionId, moved]) => ({ transactionId, amounts: moved })),
    strays,
  };
}

/** Final states never change, versions only grow, and another attempt is made only after proof. */
function historyViolations(versions: readonly PaymentRecord[]): string[] {
  const found: string[] = [];
  const latest = new Map<string, PaymentRecord>();
  for (const record of versions) {
    const before = latest.get(record.transactionId);
    latest.set(record.transactionId, record);
    const { transactionId, version, attempts } = record;
    if (before !== undefined && isFinal(before.status))
      found.push(`${transactionId} changed after it was ${before.status}`);
    if (version !== (before?.version ?? 0) + 1) found.push(`${transactionId} jumped to version ${version}`);
    const unproven = attempts.slice(0, -1).filter(({ moneyMoved }) => moneyMoved !== 'no');
    if (unproven.length > 0) found.push(`${transactionId} went on without proof for attempt ${unproven[0]?.number}`);
  }
  return found;
}

function secretsShown({ shown, told, secrets, requests }: World): string[] {
  const text = inspect([shown, told], { depth: 12, maxArrayLength: null, maxStringLength: null });
  const numbers = [...requests.values()].map(({ phoneNumber }) => phoneNumber.slice(1));
  return [...secrets, ...numbers].some((secret) => text.includes(secret)) ? ['a secret or a full number is shown'] : [];
}
