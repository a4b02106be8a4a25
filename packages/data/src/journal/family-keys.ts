import type { JournalEntry } from '@canza/core';
import { keyFamily } from '../keys.ts';
import { formatPosition } from './list-position.ts';

/** The keys of one kind of entries. They share a hash tag and so a slot: that is what makes a change of all of them atomic. */
export interface FamilyKeys {
  readonly meta: string;
  readonly references: string;
  readonly index: string;
  readonly due: string;
  readonly leases: string;
  /** Written before a wait for replicas, to have something newer than what was written before. */
  readonly barrier: string;
  /** What the key of an entry begins with; its id follows. */
  readonly entryPrefix: string;
}

/** Builds the keys of a kind. The layout has its version in the name: another layout gets another number. */
export function familyKeys(namespace: string, kind: string): FamilyKeys {
  const key = keyFamily(namespace, 'journal1');
  return {
    meta: key(kind, 'meta'),
    references: key(kind, 'references'),
    index: key(kind, 'index'),
    due: key(kind, 'due'),
    leases: key(kind, 'leases'),
    barrier: key(kind, 'barrier'),
    entryPrefix: key(kind, 'entry:'),
  };
}

/** Lists within the index: what a member begins with. No text of an entry holds a NUL, so none runs into the next. */
export const ALL = 'a\0';
export const ARCHIVED = 'z\0';
export const ofState = (state: string): string => `s${state}\0`;
export const ofTag = (tag: string): string => `t${tag}\0`;

/** The members under which an entry is listed, joined as the script takes them. */
export function membersOf(entry: JournalEntry): string {
  const position = formatPosition(entry);
  let members = `${ALL}${position}\0\0${ofState(entry.state)}${position}`;
  for (const tag of new Set(entry.tags)) members += `\0\0${ofTag(tag)}${position}`;
  return members;
}
