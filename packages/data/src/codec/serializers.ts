import { deserialize, serialize } from 'node:v8';
import { InvalidRequestError } from '@canza/core';
import { Packr } from 'msgpackr';

/** Turns values into text or bytes and back. What it writes must be readable for as long as anything it wrote is stored. */
export interface Serializer<Value = unknown> {
  /** Stands in front of every stored value: 1 to 63 are ours, a caller's own takes 64 to 127 and keeps it for good. */
  readonly id: number;
  /** For messages. */
  readonly name: string;
  serialize(value: Value): string | Buffer;
  /** Gets exactly the bytes that were written. They may lie in a larger buffer: copy what is to be kept as bytes. */
  deserialize(bytes: Buffer): Value;
}

/** Whatever JSON can hold. Dates become text, and members that are `undefined` disappear. */
const json: Serializer = {
  id: 1,
  name: 'json',
  serialize: (value) => JSON.stringify(value),
  deserialize: (bytes) => JSON.parse(bytes.toString('utf8')) as unknown,
};

/** Text as it is; anything else is refused. */
const text: Serializer<string> = {
  id: 2,
  name: 'text',
  serialize(value) {
    if (typeof value === 'string') return value;
    throw new InvalidRequestError({ field: 'value', expected: 'text: this key space has the serializer "text"' });
  },
  deserialize: (bytes) => bytes.toString('utf8'),
};

const packr = new Packr({
  useRecords: false,
  mapsAsObjects: true,
  moreTypes: true,
  useBigIntExtension: true,
  copyBuffers: true,
});

/** MessagePack: smaller than JSON; keeps dates, bytes and bigints. A Map comes back as an object. */
const messagePack: Serializer = {
  id: 3,
  name: 'message-pack',
  serialize: (value) => packr.pack(value),
  deserialize: (bytes) => packr.unpack(bytes) as unknown,
};

/** Node's structured clone: whatever `structuredClone` takes, with Map, Set and cycles. Readable by Node alone. */
const structured: Serializer = {
  id: 4,
  name: 'structured-clone',
  serialize: (value) => serialize(value),
  deserialize: (bytes) => deserialize(bytes) as unknown,
};

const BUILT_IN = { json, text, 'message-pack': messagePack, 'structured-clone': structured } as const;

/** The serializers that come with us. */
export type SerializerName = keyof typeof BUILT_IN;

export const serializerNamed = (name: SerializerName): Serializer => BUILT_IN[name];

/** All that a client can read: its own, and the callers' by their ids. */
export function serializersById(own: readonly Serializer[]): ReadonlyMap<number, Serializer> {
  const byId = new Map<number, Serializer>(Object.values(BUILT_IN).map((each) => [each.id, each]));
  for (const serializer of own) {
    const { id, name } = serializer;
    if (byId.get(id) === serializer) continue;
    if (!Number.isInteger(id) || id < 64 || id > 127) {
      throw new InvalidRequestError({ field: `serializers.${name}.id`, expected: 'a whole number from 64 to 127' });
    }
    if (byId.has(id)) {
      throw new InvalidRequestError({
        field: `serializers.${name}.id`,
        expected: `an id other than ${id}, which is taken`,
      });
    }
    byId.set(id, serializer);
  }
  return byId;
}
