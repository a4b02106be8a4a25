import { PROMPT_DATA } from '../generated/prompts.ts';
import type { OperatorId } from '../operators.ts';
import { dialInWords, promptSentence, type SentenceContext } from './sentences.ts';

/** How customers of an operator approve a collection; each part may be unknown. */
export interface PromptFacts {
  /** `automatic`: a PIN screen appears by itself; `by-hand`: the customer dials or opens the app. */
  readonly appears?: 'automatic' | 'by-hand';
  /** Whether the customer can bring a missed prompt back. */
  readonly revivable?: boolean;
  /** Shows waiting requests; `currency` among the choices stands for the one that the customer uses. */
  readonly dial?: { readonly code: string; readonly choices: readonly string[] };
  /** Milliseconds for which a prompt can be answered at most. */
  readonly livesMs?: number;
  /** Milliseconds from one prompt to the next; says nothing about whether the first has ended. */
  readonly againMs?: number;
  /** Month or year of the source: menus change without notice. */
  readonly asOf: string;
}

const facts: ReadonlyMap<string, PromptFacts> = new Map(Object.entries(PROMPT_DATA));

/** How long a prompt of an operator that does not tell is taken to live: as long as the longest that is known. */
const UNTOLD_LIFE_MS = Math.max(...[...facts.values()].map(({ livesMs = 0 }) => livesMs));

const MINUTE_MS = 60_000;

/** Facts about an operator's prompts; `undefined` where none are known. */
export const promptFactsOf = (operator: OperatorId): PromptFacts | undefined => facts.get(operator);

/** A collection that waits for its payer. */
export interface PromptQuestion extends SentenceContext {
  readonly operator: OperatorId;
  /** When the prompt was sent, in milliseconds since 1970. */
  readonly sentAtMs: number;
  readonly nowMs: number;
  /**
   * Whether it is *proven* that this collection ended without a payment: its record says `failed`. Time alone proves nothing, and a
   * second prompt beside a first that is still alive can be paid twice.
   */
  readonly failed: boolean;
}

/** What can be done about a prompt that was missed. */
export interface PromptRescue {
  /**
   * `approve`: the prompt may still be answered. `checking`: its time is over and the outcome is not known, so nothing may be asked
   * for anew. `wait`: it failed, but the next prompt would come too soon to show. `again`: a new one may be sent.
   */
  readonly state: 'approve' | 'checking' | 'wait' | 'again';
  /** For the payer, fit for one SMS. */
  readonly sentence: string;
  readonly facts?: PromptFacts;
  /** When the prompt stops being answerable, in milliseconds since 1970; left out where the operator does not tell. */
  readonly expiresAtMs?: number;
  /** From when a new prompt is safe; only once this one has failed. */
  readonly newPromptAtMs?: number;
}

/** Pure: the caller brings the record and the clock. */
export function rescuePrompt(question: PromptQuestion): PromptRescue {
  const { operator, sentAtMs, nowMs, failed } = question;
  const known = facts.get(operator);
  const base = {
    ...(known === undefined ? {} : { facts: known }),
    ...(known?.livesMs === undefined ? {} : { expiresAtMs: sentAtMs + known.livesMs }),
  };
  if (failed) {
    const newPromptAtMs = sentAtMs + (known?.againMs ?? 0);
    const left = newPromptAtMs - nowMs;
    if (left <= 0) return { ...base, newPromptAtMs, state: 'again', sentence: promptSentence('again', question, {}) };
    const minutes = String(Math.ceil(left / MINUTE_MS));
    return { ...base, newPromptAtMs, state: 'wait', sentence: promptSentence('wait', question, { minutes }) };
  }
  if (nowMs - sentAtMs >= (known?.livesMs ?? UNTOLD_LIFE_MS)) {
    return { ...base, state: 'checking', sentence: promptSentence('checking', question, {}) };
  }
  const dial = known?.dial;
  const sentence =
    dial === undefined
      ? promptSentence('look', question, {})
      : promptSentence('dial', question, { dial: dialInWords(dial.code, dial.choices, question) });
  return { ...base, state: 'approve', sentence };
}
