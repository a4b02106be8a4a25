import { InvalidRequestError } from '@canza/core';

/** What the person with the phone does when a prompt comes. */
export const HANDSET_BEHAVIOURS = [
  'approve',
  'decline',
  'wrong-pin',
  /** Never answers. */
  'ignore',
  /** Switched off: the prompt never arrives. */
  'unreachable',
  /** Approves, and the wallet does not hold the amount. */
  'insufficient-funds',
] as const;

/** One of {@link HANDSET_BEHAVIOURS}. */
export type HandsetBehaviour = (typeof HANDSET_BEHAVIOURS)[number];

/** What a person does with a prompt, and when. */
export type HandsetReaction =
  | {
      readonly behaviour: HandsetBehaviour;
      /** Milliseconds until it happens; the operator's usual time when left out. */
      readonly thinkingMs?: number;
    }
  | {
      /** The operator ends the prompt with a code of the caller's choice; never a success, which `approve` is for. */
      readonly behaviour: 'code';
      readonly code: string;
      readonly description?: string;
      readonly thinkingMs?: number;
    };

/** A behaviour alone, or with its details. */
export type HandsetSetting = HandsetBehaviour | HandsetReaction;

/** The phones of all customers. */
export interface Handsets {
  /**
   * Sets what one phone does: one reaction a prompt, the last of them for good.
   * @throws InvalidRequestError for a behaviour that does not exist.
   */
  set(msisdn: string, ...reactions: readonly [HandsetSetting, ...HandsetSetting[]]): void;
  /** Sets what every phone does that has no setting of its own; `approve` at first. */
  setDefault(reaction: HandsetSetting): void;
  /** Whether this phone has a setting of its own. */
  isSet(msisdn: string): boolean;
  /** Uses up and returns the reaction of this phone to its next prompt. */
  reactTo(msisdn: string): HandsetReaction;
}

export function createHandsets(initial: Readonly<Record<string, HandsetSetting>> = {}): Handsets {
  let standard: HandsetReaction = { behaviour: 'approve' };
  const settings = new Map<string, HandsetReaction[]>();
  for (const [msisdn, setting] of Object.entries(initial)) settings.set(msisdn, [readReaction(setting)]);
  return {
    set: (msisdn, ...reactions) => void settings.set(msisdn, reactions.map(readReaction)),
    setDefault(reaction) {
      standard = readReaction(reaction);
    },
    isSet: (msisdn) => settings.has(msisdn),
    reactTo(msisdn) {
      const reactions = settings.get(msisdn);
      const next = reactions !== undefined && reactions.length > 1 ? reactions.shift() : reactions?.[0];
      return next ?? standard;
    },
  };
}

/**
 * Checks a reaction.
 * @throws InvalidRequestError for a behaviour that does not exist, or a field that does not fit.
 */
export function readReaction(setting: unknown): HandsetReaction {
  const { behaviour, thinkingMs, code, description } = (
    typeof setting === 'string' ? { behaviour: setting } : (setting ?? {})
  ) as Readonly<Record<string, unknown>>;
  if (thinkingMs !== undefined && !(typeof thinkingMs === 'number' && thinkingMs >= 0)) {
    throw new InvalidRequestError({ field: 'thinkingMs', expected: 'milliseconds, 0 or more' });
  }
  const thinking = thinkingMs === undefined ? {} : { thinkingMs };
  if (behaviour !== 'code') {
    const known = HANDSET_BEHAVIOURS.find((one) => one === behaviour);
    if (known !== undefined) return { behaviour: known, ...thinking };
    throw new InvalidRequestError({ field: 'behaviour', expected: `one of ${HANDSET_BEHAVIOURS.join(', ')}, code` });
  }
  if (typeof code !== 'string' || code === '' || /^0+$/.test(code)) {
    throw new InvalidRequestError({ field: 'code', expected: 'the code of a failure: "approve" is for a success' });
  }
  return { behaviour, code, ...(typeof description === 'string' ? { description } : {}), ...thinking };
}
