import type { RedisArgument } from '../../redis/redis-like.ts';
import type { Keyspace, Stream, StreamEntry, StreamGroup } from '../keyspace.ts';
import { asBytes, asText, asWhole, type Blocking, type CommandTable, type Reply, ReplyError } from '../reply.ts';

interface StreamId {
  readonly ms: number;
  readonly seq: number;
}

const ZERO: StreamId = { ms: 0, seq: 0 };
const emptyStream = (): Stream => ({ entries: [], last: ZERO, groups: new Map() });
const compare = (left: StreamId, right: StreamId): number => left.ms - right.ms || left.seq - right.seq;
const idText = ({ ms, seq }: StreamId): string => `${ms}-${seq}`;

/** An id such as `5-1`, or `5` with the number that the side of the range asks for. */
function parseId(text: string, missingSeq: number): StreamId {
  if (text === '-') return ZERO;
  if (text === '+') return { ms: Infinity, seq: Infinity };
  const [, ms, seq] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  if (ms === undefined) throw new ReplyError('ERR Invalid stream ID specified as stream command argument');
  return { ms: Number(ms), seq: seq === undefined ? missingSeq : Number(seq) };
}

const entryReply = (entry: StreamEntry): Reply => [Buffer.from(idText(entry)), entry.fields];

function trim(stream: Stream, args: readonly RedisArgument[], at: number): number {
  const exact = asText(args[at + 1]) === '~' || asText(args[at + 1]) === '=' ? at + 2 : at + 1;
  const limit = asWhole(args[exact]);
  if (stream.entries.length > limit) stream.entries.splice(0, stream.entries.length - limit);
  return exact + 1;
}

function add(space: Keyspace, args: readonly RedisArgument[]): Reply {
  let at = 1;
  const stream = space.open(asText(args[0]), 'stream', emptyStream);
  const trimAt = asText(args[at]).toUpperCase() === 'MAXLEN' ? at : undefined;
  if (trimAt !== undefined) at += asText(args[at + 1]) === '~' || asText(args[at + 1]) === '=' ? 3 : 2;
  const id = nextId(stream, asText(args[at]), space.clock.nowMs());
  stream.entries.push({ ...id, fields: args.slice(at + 1).map((field) => Buffer.from(asBytes(field))) });
  stream.last = id;
  if (trimAt !== undefined) trim(stream, args, trimAt);
  return Buffer.from(idText(id));
}

function nextId(stream: Stream, given: string, nowMs: number): StreamId {
  if (given === '*') {
    const ms = Math.floor(nowMs);
    return ms > stream.last.ms ? { ms, seq: 0 } : { ms: stream.last.ms, seq: stream.last.seq + 1 };
  }
  const id = parseId(given, 0);
  if (compare(id, stream.last) > 0) return id;
  throw new ReplyError('ERR The ID specified in XADD is equal or smaller than the target stream top item');
}

function range(space: Keyspace, args: readonly RedisArgument[]): Reply {
  const from = parseId(asText(args[1]), 0);
  const to = parseId(asText(args[2]), Infinity);
  const count = args[3] === undefined ? Infinity : asWhole(args[4]);
  const entries = space.read(asText(args[0]), 'stream')?.entries ?? [];
  return entries
    .filter((entry) => compare(entry, from) >= 0 && compare(entry, to) <= 0)
    .slice(0, count)
    .map(entryReply);
}

/** Splits `COUNT 5 BLOCK 100 NOACK STREAMS key… id…` into its parts. */
function readPlan(args: readonly RedisArgument[]) {
  const streamsAt = args.findIndex((word) => asText(word).toUpperCase() === 'STREAMS');
  const named = args.slice(streamsAt + 1).map(asText);
  const before = args.slice(0, streamsAt).map((word) => asText(word).toUpperCase());
  const numberAfter = (word: string): number | undefined => {
    const at = before.indexOf(word);
    return at === -1 ? undefined : asWhole(args[at + 1]);
  };
  const half = named.length / 2;
  return {
    count: numberAfter('COUNT') ?? Infinity,
    blockMs: numberAfter('BLOCK'),
    noAck: before.includes('NOACK'),
    wanted: named.slice(0, half).map((key, index) => ({ key, id: named[half + index] ?? '$' })),
  };
}

function answer(blockMs: number | undefined, attempt: () => Reply | undefined): Reply | Blocking {
  if (blockMs !== undefined) return { block: true, timeoutMs: blockMs, attempt };
  return attempt() ?? null;
}

function read(space: Keyspace, args: readonly RedisArgument[]): Reply | Blocking {
  const { count, blockMs, wanted } = readPlan(args);
  const from = wanted.map(({ key, id }) => ({
    key,
    after: id === '$' ? (space.read(key, 'stream')?.last ?? ZERO) : parseId(id, 0),
  }));
  return answer(blockMs, () => {
    const found = from.flatMap(({ key, after }): Reply[] => {
      const entries = space.read(key, 'stream')?.entries.filter((entry) => compare(entry, after) > 0) ?? [];
      return entries.length === 0 ? [] : [[Buffer.from(key), entries.slice(0, count).map(entryReply)]];
    });
    return found.length === 0 ? undefined : found;
  });
}

function groupOf(space: Keyspace, key: string, name: string): { stream: Stream; group: StreamGroup } {
  const stream = space.read(key, 'stream');
  const group = stream?.groups.get(name);
  if (stream === undefined || group === undefined) {
    throw new ReplyError(`NOGROUP No such key '${key}' or consumer group '${name}'`);
  }
  return { stream, group };
}

function readGroup(space: Keyspace, args: readonly RedisArgument[]): Reply | Blocking {
  const [, name, consumer] = args.slice(0, 3).map(asText);
  const { count, blockMs, noAck, wanted } = readPlan(args.slice(3));
  const history = wanted.some(({ id }) => id !== '>');
  return answer(history ? undefined : blockMs, () => {
    const found = wanted.flatMap(({ key, id }): Reply[] => {
      const { stream, group } = groupOf(space, key, name ?? '');
      if (id !== '>') {
        const own = stream.entries.filter(
          (entry) => group.pending.get(idText(entry))?.consumer === consumer && compare(entry, parseId(id, 0)) > 0,
        );
        return [[Buffer.from(key), own.slice(0, count).map(entryReply)]];
      }
      const entries = stream.entries.filter((entry) => compare(entry, group.last) > 0).slice(0, count);
      for (const entry of entries) {
        group.last = entry;
        const taken = { consumer: consumer ?? '', deliveredMs: space.clock.nowMs(), deliveries: 1 };
        if (!noAck) group.pending.set(idText(entry), taken);
      }
      return entries.length === 0 ? [] : [[Buffer.from(key), entries.map(entryReply)]];
    });
    return found.length === 0 ? undefined : found;
  });
}

function createGroup(space: Keyspace, args: readonly RedisArgument[]): Reply {
  if (asText(args[0]).toUpperCase() !== 'CREATE') throw new ReplyError('ERR unknown subcommand of XGROUP');
  const [key, name, from] = args.slice(1, 4).map(asText);
  const makes = args[4] !== undefined && asText(args[4]).toUpperCase() === 'MKSTREAM';
  const stream = makes ? space.open(key ?? '', 'stream', emptyStream) : space.read(key ?? '', 'stream');
  if (stream === undefined) throw new ReplyError('ERR The XGROUP subcommand requires the key to exist');
  if (stream.groups.has(name ?? '')) throw new ReplyError('BUSYGROUP Consumer Group name already exists');
  stream.groups.set(name ?? '', { last: from === '$' ? stream.last : parseId(from ?? '0', 0), pending: new Map() });
  return 'OK';
}

/** Hands entries that were not acknowledged for so long to another consumer. */
function claimIdle(space: Keyspace, args: readonly RedisArgument[]): Reply {
  const [key, name, consumer, idle, start] = args.slice(0, 5).map(asText);
  const { stream, group } = groupOf(space, key ?? '', name ?? '');
  const count = args[5] === undefined ? 100 : asWhole(args[6]);
  const nowMs = space.clock.nowMs();
  const taken: StreamEntry[] = [];
  for (const entry of stream.entries) {
    const pending = group.pending.get(idText(entry));
    if (taken.length >= count) break;
    if (pending === undefined || compare(entry, parseId(start ?? '0', 0)) < 0) continue;
    if (nowMs - pending.deliveredMs < Number(idle)) continue;
    const deliveries = pending.deliveries + 1;
    group.pending.set(idText(entry), { consumer: consumer ?? '', deliveredMs: nowMs, deliveries });
    taken.push(entry);
  }
  return [Buffer.from('0-0'), taken.map(entryReply), []];
}

export const streamCommands: CommandTable = {
  xadd: add,
  xlen: (space, args) => space.read(asText(args[0]), 'stream')?.entries.length ?? 0,
  xrange: range,
  xread: read,
  xgroup: createGroup,
  xreadgroup: readGroup,
  xautoclaim: claimIdle,
  xack(space, args) {
    const group = space.read(asText(args[0]), 'stream')?.groups.get(asText(args[1]));
    return args.slice(2).filter((id) => group?.pending.delete(asText(id)) ?? false).length;
  },
  xdel(space, args) {
    const stream = space.read(asText(args[0]), 'stream');
    const ids = new Set(args.slice(1).map((id) => idText(parseId(asText(id), 0))));
    const kept = stream?.entries.filter((entry) => !ids.has(idText(entry))) ?? [];
    const removed = (stream?.entries.length ?? 0) - kept.length;
    stream?.entries.splice(0, Infinity, ...kept);
    return removed;
  },
  xtrim(space, args) {
    const stream = space.read(asText(args[0]), 'stream');
    const before = stream?.entries.length ?? 0;
    if (stream !== undefined) trim(stream, args, 1);
    return before - (stream?.entries.length ?? 0);
  },
};
