import { createSeededRandom } from '@canza/core/testing';
import { type CompiledMenu, compileMenu } from '../compile.ts';
import type { UssdReply } from '../conversation.ts';
import type { UssdRequest } from '../handler.ts';
import { begin, offerResume, step } from '../machine.ts';
import type { Step } from '../steps.ts';
import { SCREEN_LIMITS } from '../text/gsm7.ts';
import { sendMoneyMenu } from './send-money-menu.ts';

/** Somebody who answers hops: one handler, or one of several behind a load balancer. */
export type Talker = (request: UssdRequest) => Promise<Pick<UssdReply, 'text' | 'end'>>;

/** Who dials at once, and how. */
export interface CrowdOptions {
  readonly people: number;
  readonly seed: number;
  /** Each hop goes to one of these, drawn from the seed. */
  readonly talkers: readonly Talker[];
  /** Hops under way at once. */
  readonly concurrency: number;
  /** Whether hops are repeated, sent again late, and sessions dropped and dialled anew. */
  readonly faults: boolean;
}

/** What a crowd has seen. */
export interface CrowdResult {
  /** What somebody saw that was not theirs to see; empty when all went well. */
  readonly wrong: readonly string[];
  readonly hops: number;
  /** What each person who confirmed has to pay, by phone number. */
  readonly owed: ReadonlyMap<string, { readonly amount: string; readonly description: string }>;
}

interface Hop {
  readonly sessionId: string;
  readonly text: string;
  readonly expected: string;
}

interface Person {
  readonly phone: string;
  readonly hops: readonly Hop[];
  next: number;
}

/**
 * A crowd that dials at the same time and walks the send-money menu, hop by hop in an order drawn from the seed. Everybody
 * enters what nobody else does, and every screen is compared with the one the pure step gives.
 */
export async function runCrowd({ people, seed, talkers, concurrency, faults }: CrowdOptions): Promise<CrowdResult> {
  const random = createSeededRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random.float() * list.length)] as T;
  const compiled = compileMenu(sendMoneyMenu, SCREEN_LIMITS.standard);
  const owed = new Map<string, { amount: string; description: string }>();
  const wrong: string[] = [];
  let hops = 0;

  const crowd = Array.from({ length: people }, (_, index): Person => {
    const phone = `+2547${String(10_000_000 + index)}`;
    const recipient = `07${String(20_000_000 + index)}`;
    const amount = String(10 + index);
    const reason = `reason ${index}`;
    const detours = random.float() < 0.3 ? [pick(['nonsense', '9', '0*1'])] : [];
    const goesBack = random.float() < 0.3;
    const answer = random.float() < 0.8 ? '1' : '2';
    const filling = ['1', recipient, ...detours, amount, ...(goesBack ? ['0', amount] : []), reason];
    const drops = faults && random.float() < 0.15;
    const script = drops
      ? dropped(compiled, index, phone, filling, answer)
      : straight(compiled, index, phone, [...filling, answer]);
    if (answer === '1') owed.set(phone, { amount, description: `To +254${recipient.slice(1)}: ${reason}` });
    return { phone, hops: script, next: 0 };
  });

  const send = async (person: Person, hop: Hop, what: string): Promise<void> => {
    hops += 1;
    const reply = await pick(talkers)({
      sessionId: hop.sessionId,
      phoneNumber: person.phone,
      serviceCode: '*384#',
      text: hop.text,
    });
    if (reply.text !== hop.expected)
      wrong.push(
        `${what} ${JSON.stringify(hop.text)}: ${JSON.stringify(reply.text)} for ${JSON.stringify(hop.expected)}`,
      );
  };

  const turn = async (person: Person): Promise<void> => {
    const hop = person.hops[person.next] as Hop;
    person.next += 1;
    const isRepeated = faults && random.float() < 0.2;
    await (isRepeated
      ? Promise.all([send(person, hop, 'hop'), send(person, hop, 'repeat')])
      : send(person, hop, 'hop'));
    if (faults && random.float() < 0.1) await send(person, hop, 'late repeat');
  };

  const waiting = [...crowd];
  const worker = async (): Promise<void> => {
    while (waiting.length > 0) {
      const at = Math.floor(random.float() * waiting.length);
      const [person] = waiting.splice(at, 1) as [Person];
      // A person sends a hop only when the one before was answered; the crowd sends many at once.
      // oxlint-disable-next-line no-await-in-loop
      await turn(person);
      if (person.next < person.hops.length) waiting.push(person);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return { wrong, hops, owed };
}

const textOf = (taken: Step): string => (taken.kind === 'load' ? '' : taken.text);

/** One session from the code to its end. */
function straight(compiled: CompiledMenu, index: number, phone: string, entries: readonly string[]): readonly Hop[] {
  return follow(`session-${index}`, begin(compiled, { language: 'en', phone }), compiled, entries).hops;
}

/** A session that is lost before the last screen, and another that takes it up. */
function dropped(
  compiled: CompiledMenu,
  index: number,
  phone: string,
  filling: readonly string[],
  answer: string,
): readonly Hop[] {
  const dialled = { language: 'en', phone };
  const lost = follow(`session-${index}`, begin(compiled, dialled), compiled, filling);
  const offer = offerResume(compiled, lost.last.state, dialled);
  return [...lost.hops, ...follow(`session-${index}-again`, offer, compiled, ['1', answer]).hops];
}

function follow(
  sessionId: string,
  first: Step,
  compiled: CompiledMenu,
  entries: readonly string[],
): { readonly hops: readonly Hop[]; readonly last: Step } {
  const hops: Hop[] = [{ sessionId, text: '', expected: textOf(first) }];
  let last = first;
  for (const [at, entry] of entries.entries()) {
    last = step(compiled, last.state, entry);
    hops.push({ sessionId, text: entries.slice(0, at + 1).join('*'), expected: textOf(last) });
  }
  return { hops, last };
}
