import { setTimeout as wait } from 'node:timers/promises';
import { type Journal, type JournalEntry, type PaymentRecord, type SettlementRecord, silentLogger } from '@canza/core';

import type { Evidence, Kept } from './evidence.ts';
import { type JournalPlace, openJournal } from './journals.ts';

const KINDS = {
  payments: 'payment',
  settlements: 'settlement:aptos-4',
  transactions: 'settlement-transaction:aptos-4',
  senders: 'settlement-sender:aptos-4',
} as const;

/** States in which somebody still has to do something. */
const RESTLESS = {
  [KINDS.payments]: ['created', 'sending', 'pending'],
  [KINDS.settlements]: ['created', 'pending'],
} as const;

/** Waits until nothing is under way; resolves as well when that takes too long, and the comparison then shows what. */
export async function untilAtRest(place: JournalPlace, timeoutMs: number): Promise<boolean> {
  const { journal, close } = await openJournal(place, silentLogger);
  const untilMs = performance.now() + timeoutMs;
  try {
    for (;;) {
      const open = await Promise.all(
        Object.entries(RESTLESS).flatMap(([kind, states]) =>
          states.map(async (state) => (await journal.list({ kind, state, limit: 1 })).entries.length),
        ),
      );
      const concluded = (await all(journal, KINDS.transactions)).every(({ dueAtMs }) => dueAtMs === null);
      if (concluded && open.every((count) => count === 0)) return true;
      if (performance.now() > untilMs) return false;
      await wait(250);
    }
  } finally {
    await close();
  }
}

/** Reads everything that a journal has. */
export async function readBooks(place: JournalPlace): Promise<Pick<Evidence, 'payments' | 'settlements' | 'others'>> {
  const { journal, close } = await openJournal(place, silentLogger);
  try {
    return {
      payments: await kept<PaymentRecord>(journal, KINDS.payments),
      settlements: await kept<SettlementRecord>(journal, KINDS.settlements),
      others: [...(await kept(journal, KINDS.transactions)), ...(await kept(journal, KINDS.senders))],
    };
  } finally {
    await close();
  }
}

async function kept<Body = unknown>(journal: Journal, kind: string): Promise<readonly Kept<Body>[]> {
  const entries = await all(journal, kind);
  const read = async ({ body, ...entry }: JournalEntry): Promise<Kept<Body>> => ({
    entry,
    body: body as Body,
    history: await journal.history(kind, entry.id),
  });
  const books: Kept<Body>[] = [];
  for (let from = 0; from < entries.length; from += 50) {
    books.push(...(await Promise.all(entries.slice(from, from + 50).map(read))));
  }
  return books;
}

async function all(journal: Journal, kind: string): Promise<readonly JournalEntry[]> {
  const entries: JournalEntry[] = [];
  let cursor: string | undefined;
  do {
    const page = await journal.list({ kind, limit: 500, ...(cursor === undefined ? {} : { cursor }) });
    entries.push(...page.entries);
    ({ cursor } = page);
  } while (cursor !== undefined);
  return entries;
}
