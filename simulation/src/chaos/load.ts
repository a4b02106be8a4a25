/** The callers, in a process of their own: they ask, hang up, ask again somewhere else, and note what they are told. */
import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

import { Chance } from '../chance.ts';
import { answerWith, startedWith } from './asking.ts';
import { type OperatorName, type Person, personOf } from './people.ts';
import type { Ask, Story } from './story.ts';

/** What the callers are started with. */
export interface LoadOptions {
  readonly seed: number;
  readonly people: number;
  readonly operators: readonly [OperatorName, ...OperatorName[]];
  readonly port: number;
  readonly perSecond: number;
  /** Of callers: ask for the same at two workers at the same moment. */
  readonly twiceShare: number;
  /** A mistake on purpose: whoever is not answered asks again under another id. */
  readonly newIdPerRetry: boolean;
}

const options = startedWith() as LoadOptions;
const MOST_TRIES = 15;
/** Nothing is gained by asking again with the same words. */
const FINAL_CODES: ReadonlySet<string> = new Set([
  'IDEMPOTENCY_CONFLICT',
  'INVALID_REQUEST',
  'UNSUPPORTED',
  'NOT_FOUND',
  'FOREIGN',
]);
const FINAL_STATUSES: ReadonlySet<string> = new Set(['succeeded', 'failed', 'settled']);

const stories: Story[] = [];
const chance = new Chance(options.seed);
const lives = new Set<Promise<void>>();
const stopping = new AbortController();

interface Told {
  readonly status?: string;
  readonly amount?: string;
  readonly code?: string;
}

/** One exchange on a connection of its own, with whatever process the front leads to. */
function exchange(method: 'GET' | 'POST', path: string, body: unknown, timeoutMs: number): Promise<Told | undefined> {
  return new Promise((resolve) => {
    const outgoing = request(
      { host: '127.0.0.1', port: options.port, path, method, agent: false, signal: AbortSignal.timeout(timeoutMs) },
      (incoming) => {
        let text = '';
        incoming.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        incoming.on('error', () => resolve(undefined));
        incoming.on('end', () => {
          try {
            resolve(JSON.parse(text) as Told);
          } catch {
            resolve(undefined);
          }
        });
      },
    );
    outgoing.on('error', () => resolve(undefined));
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Asks until it is told, a few times; every other caller hangs up too early once. */
async function ask(story: Story, path: string, id: string, body: { readonly amount?: string }): Promise<void> {
  let asked = id;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const one: Ask = { id: asked, amount: body.amount, atMs: Date.now(), answer: undefined };
    story.asks.push(one);
    const isHasty = tries === 0 && chance.happens(0.3);
    const patienceMs = isHasty ? 5 + chance.index(300) : 8000;
    const named = path === '/settlements' ? { settlementId: asked } : { transactionId: asked };
    const told = await exchange('POST', path, { ...body, ...named }, patienceMs);
    one.answer = answerOf(told);
    if (one.answer !== undefined && !('error' in one.answer)) return;
    if (FINAL_CODES.has(told?.code ?? '')) return;
    await wait(chance.between(100, 1500));
    if (options.newIdPerRetry) asked = `${id}_again${tries}`;
  }
}

/** Asks what became of it, until that is final. */
async function follow(story: Story, path: string, id: string, tries: number): Promise<string | undefined> {
  for (let count = 0; count < tries && !stopping.signal.aborted; count++) {
    await wait(400);
    const atMs = Date.now();
    const told = await exchange('GET', `${path}/${id}`, undefined, 3000);
    const answer = answerOf(told);
    if (answer === undefined || 'error' in answer || !FINAL_STATUSES.has(answer.status)) continue;
    story.asks.push({ id, amount: answer.amount, atMs, answer });
    return answer.status;
  }
  return undefined;
}

const answerOf = (told: Told | undefined): Ask['answer'] => {
  if (told?.status !== undefined && told.amount !== undefined) return { status: told.status, amount: told.amount };
  return told?.code === undefined ? undefined : { error: told.code };
};

function begin(story: Omit<Story, 'asks'>): Story {
  const begun = { ...story, asks: [] };
  stories.push(begun);
  return begun;
}

async function later(fromMs: number, toMs: number, step: () => Promise<void>): Promise<void> {
  await wait(chance.between(fromMs, toMs));
  await step();
}

async function live(index: number): Promise<void> {
  const person = personOf(options.seed, index, options.operators);
  const { type, msisdn, amount, currency } = person;
  const id = `order_${index}`;
  const story = begin({ intent: id, kind: 'payment', party: msisdn });
  const body = { type, amount, currency, phoneNumber: `+${msisdn}` };
  const pay = (): Promise<void> => ask(story, '/payments', id, body);
  const asks = [pay()];
  if (chance.happens(options.twiceShare)) asks.push(later(0, 100, pay));
  if (chance.happens(0.3)) asks.push(later(500, 4000, pay));
  if (chance.happens(0.2)) {
    const other = { ...body, amount: type === 'collection' ? '777' : '778' };
    asks.push(later(0, 2000, () => ask(story, '/payments', id, other)));
  }
  const [first] = asks;
  await first;
  const status = type === 'collection' ? await follow(story, '/payments', id, 25) : undefined;
  if (status === 'succeeded') asks.push(...giveBack(person, id, index), ...settle(id, index));
  await Promise.all(asks);
}

/** Refunds by ids of their own, each asked for twice: together never more than it was. */
function giveBack({ operator, amount, msisdn }: Person, originalTransactionId: string, index: number): Promise<void>[] {
  if (!chance.happens(0.4)) return [];
  return Array.from({ length: 1 + chance.index(2) }, (_, count) => {
    const id = `refund_${index}_${count}`;
    const story = begin({ intent: id, kind: 'refund', party: msisdn });
    const isPart = operator !== 'airtel-money' && chance.happens(0.6);
    // No two parts alike: some operators' books tell refunds of one payment apart by nothing else.
    const part = String(Math.floor(Number(amount) * 0.6) + count);
    const body = { originalTransactionId, ...(isPart ? { amount: part } : {}) };
    const refund = (): Promise<void> => ask(story, '/refunds', id, body);
    return Promise.all([refund(), later(0, 1000, refund)]).then(() => undefined);
  });
}

function settle(orderId: string, index: number): Promise<void>[] {
  if (!chance.happens(0.6)) return [];
  const id = `settle_${orderId}`;
  const toAddress = `0x${index.toString(16).padStart(64, 'b')}`;
  const story = begin({ intent: id, kind: 'settlement', party: toAddress });
  const body = { amount: `${1 + chance.index(500)}.00`, fromCurrency: 'USD', toCurrency: 'USD', toAddress };
  const one = (): Promise<void> => ask(story, '/settlements', id, body);
  return [one().then(async () => void (await follow(story, '/settlements', id, 10))), later(0, 1000, one)];
}

async function keepComing(): Promise<void> {
  for (let index = 0; index < options.people && !stopping.signal.aborted; index++) {
    const life = live(index).finally(() => lives.delete(life));
    lives.add(life);
    await wait(chance.between(0, 2000 / options.perSecond));
  }
}

const living = keepComing();
answerWith({
  /** Nobody new comes, or not before everybody has come; who is waiting gets an answer. */
  async stop({ everybody }: { readonly everybody: boolean }) {
    if (everybody) await living;
    stopping.abort();
    await living;
    await Promise.all(lives);
    return stories;
  },
  count: () => stories.length,
});
