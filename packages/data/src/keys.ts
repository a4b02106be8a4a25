/**
 * Every key that this package writes is built here. A key reads `namespace:family:{tag}:part`, where
 * - the namespace is the deployment's own, so that several can share a server;
 * - the family names a layout and its version (`lock1`): a new layout gets a new number, so that two releases running
 *   side by side never read each other's records as their own;
 * - the tag decides the slot of a Redis Cluster: all keys that one script touches share it.
 */

import { ConfigError } from '@canza/core';

const NAMESPACE = /^[A-Za-z0-9._-]{1,64}$/;

/** The namespace used where the deployment names none. */
export const DEFAULT_NAMESPACE = 'canza';

/**
 * Checks a namespace.
 * @throws ConfigError naming `field`.
 */
export function parseNamespace(value: string, field = 'namespace'): string {
  if (NAMESPACE.test(value)) return value;
  throw new ConfigError({ field, expected: '1 to 64 letters, digits, ".", "_" or "-"' });
}

const BRACES = /[{}%]/g;
const HAS_BRACES = /[{}%]/;

/** Makes any text fit to stand between the braces of a hash tag; two different texts stay different. */
const asTag = (text: string): string =>
  HAS_BRACES.test(text) ? text.replace(BRACES, (sign) => `%${sign.charCodeAt(0).toString(16)}`) : text;

/** Builds the keys of one family: first the text that decides the slot, then what tells the keys of that slot apart. */
export type KeyFamily = (tag: string, part?: string) => string;

/**
 * Makes a family of keys that share their layout.
 * @param family Name and version of the layout, such as `lock1`.
 */
export function keyFamily(namespace: string, family: string): KeyFamily {
  const prefix = `${namespace}:${family}:{`;
  return (tag, part) => {
    // An empty tag is no tag to Redis: it would hash the whole key.
    const inner = tag === '' ? '%' : asTag(tag);
    return part === undefined ? `${prefix}${inner}}` : `${prefix}${inner}}:${part}`;
  };
}

/** The keys of plain values, spelled as the caller spells them, so that hash tags of the caller's own keep their meaning. */
export const valueKey = (namespace: string): ((key: string) => string) => {
  const prefix = `${namespace}:value1:`;
  return (key) => prefix + key;
};

/** The keys of a named space of values. A space has no colon in its name, so that no two spaces share a key. */
export function spaceKey(namespace: string, space: string): (key: string) => string {
  if (!NAMESPACE.test(space)) {
    throw new ConfigError({ field: 'space', expected: '1 to 64 letters, digits, ".", "_" or "-"' });
  }
  const prefix = `${namespace}:space1:${space}:`;
  return (key) => prefix + key;
}

/** Channels of messages; Redis Cluster carries them to every node, so they need no tag. */
export const channelName = (namespace: string, channel: string): string => `${namespace}:channel1:${channel}`;
