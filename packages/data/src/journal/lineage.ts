import {
  type CallOptions,
  type Clock,
  JournalError,
  type Logger,
  type LostWrite,
  type Random,
  withDeadline,
} from '@canza/core';
import type { RedisConnection } from '../redis/connection.ts';
import type { FamilyKeys } from './family-keys.ts';
import { type Judgement, judgeServer, type TrustedServer, trustedServer } from './judge.ts';
import { ownerNode } from './owner-node.ts';
import { ADOPT, INSPECT } from './scripts.ts';
import {
  checkFacts,
  parseFacts,
  parseSyncSettings,
  type ServerFacts,
  type SyncSettings,
  UNKNOWN_SYNC,
} from './server-facts.ts';
import { type EpochStart, Witness } from './witness.ts';

export interface LineageOptions {
  readonly connection: RedisConnection;
  readonly keys: FamilyKeys;
  readonly kind: string;
  readonly durability: 'required' | 'development';
  /** Milliseconds that one look at the server may take. */
  readonly timeoutMs: number;
  /** Acknowledged writes that are remembered. */
  readonly witnessed: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Told after each look at the server. */
  readonly onLook: (doubt: Doubt | undefined, lost: readonly LostWrite[]) => void;
}

/** Why the journal is suspect, as it is kept with the journal. */
export interface Doubt {
  readonly sinceMs: number;
  readonly why: string;
}

/** What a guarded script needs to be told of the server: as it was when this process last looked at it. */
export interface Standing {
  readonly replicationId: string;
  readonly epoch: string;
  /** Whether the server syncs each write to the disk before it answers. */
  readonly syncsEach: boolean;
}

/** What is seen in one look. */
interface View {
  readonly facts: ServerFacts;
  readonly epoch: string;
  readonly trusted: TrustedServer | undefined;
  readonly doubt: Doubt | undefined;
  readonly epochs: readonly EpochStart[];
}

interface Adoption {
  readonly epoch: string;
  readonly server: TrustedServer;
  /** `keep` what is remembered, `settle` it, or raise one. */
  readonly doubt: 'keep' | 'settle' | Doubt;
  readonly note?: string;
}

const EPOCHS_KEPT = 64;
const RACES = 8;

/**
 * Watches over the descent of one family of entries: from which server to which it went, and whether acknowledged writes
 * stayed behind. Every change names the server and the epoch that this process has looked at, and is refused on any other; then this
 * looks again.
 */
export class Lineage {
  readonly #witness: Witness;
  readonly #options: LineageOptions;
  /** What is known to be lost, and was not told yet. */
  #lost: readonly LostWrite[] = [];
  /** Whether a write was acknowledged in an epoch that is over. */
  #isLate = false;
  #standing: Standing | undefined;
  #lastEpoch: string | undefined;
  #looking: Promise<Standing> | undefined;

  constructor(options: LineageOptions) {
    this.#options = options;
    this.#witness = new Witness(options.witnessed);
  }

  /** What is known without looking; undefined when a look is due. */
  get standing(): Standing | undefined {
    return this.#standing;
  }

  /** Remembers a change that a server acknowledged, as number `change` of its epoch. */
  acknowledged({ epoch }: Standing, change: number, id: string, version: number): void {
    this.#witness.add(epoch, change, id, version);
    if (epoch === this.#lastEpoch) return;
    // By a server whose place another one has taken meanwhile: it will forget this.
    this.#isLate = true;
    this.distrust();
  }

  /** The server may be another one now: look before the next change. */
  distrust(): void {
    this.#standing = undefined;
  }

  /**
   * Looks at the server, and writes down what has changed. One look at a time serves all who wait.
   * @throws ConfigError when the server could lose an entry; JournalError and the connection's errors when it cannot be looked at.
   */
  look({ timeoutMs, signal }: CallOptions = {}): Promise<Standing> {
    const { clock } = this.#options;
    const limitMs = timeoutMs ?? this.#options.timeoutMs;
    const deadline = {
      timeoutMs: limitMs,
      what: 'The look at the server',
      ...(signal === undefined ? {} : { signal }),
    };
    return withDeadline(clock, deadline, () => {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = undefined;
      });
      return this.#looking;
    });
  }

  /**
   * Writes down that the journal was compared with the operators' books; every process learns of it at its next change.
   * @throws JournalError when the server changed since this process last looked: that was not compared.
   */
  async settle(note: string, options?: CallOptions): Promise<void> {
    const seen = this.#lastEpoch;
    const { replicationId, epoch } = await this.look(options);
    const view = await this.#view();
    const isKnown = (seen === undefined || seen === epoch) && view.epoch === epoch;
    if (view.doubt === undefined) {
      this.#options.onLook(undefined, []);
      return;
    }
    const server = trustedServer(view.facts, false);
    const settlement: Adoption = { epoch: this.#newEpoch(), server, doubt: 'settle', note };
    if (!isKnown || !(await this.#adopt(epoch, replicationId, settlement))) {
      throw new JournalError('The journal changed after it was compared: compare it again.', 'no');
    }
    this.distrust();
    await this.look(options);
  }

  async #look(): Promise<Standing> {
    for (let race = 0; race < RACES; race++) {
      // Each look follows what the one before has written.
      // oxlint-disable-next-line no-await-in-loop
      const view = await this.#view();
      this.#findLost(view);
      const adoption = this.#adoption(view);
      if (adoption === undefined) {
        const { replicationId, appendFsync } = view.facts;
        this.#standing = { replicationId, epoch: view.epoch, syncsEach: appendFsync === 'always' };
        this.#lastEpoch = view.epoch;
        this.#options.onLook(view.doubt, this.#lost);
        this.#lost = [];
        return this.#standing;
      }
      // oxlint-disable-next-line no-await-in-loop
      await this.#adopt(view.epoch, view.facts.replicationId, adoption);
    }
    throw new JournalError('The server of the journal changes faster than it can be looked at.', 'no');
  }

  /** What is to be written down before the server is trusted; undefined when nothing is. */
  #adoption(view: View): Adoption | undefined {
    const { facts, epoch, trusted, doubt } = view;
    const server = trustedServer(facts, trusted?.hadReplicas ?? false);
    const raise = (why: string): Adoption => ({ epoch: this.#newEpoch(), server, doubt: this.#raise(doubt, why) });
    if (epoch === '' || trusted === undefined) {
      const wasThere = this.#lastEpoch !== undefined;
      return wasThere
        ? raise('The journal is empty where it had entries.')
        : { epoch: this.#newEpoch(), server, doubt: 'keep' };
    }
    const judgement: Judgement = judgeServer(trusted, facts);
    if (judgement.verdict === 'doubtful') return raise(judgement.why);
    if (this.#lost.length > 0 && doubt === undefined && this.#mayFreeze)
      return raise('Acknowledged writes are missing.');
    if (judgement.verdict === 'whole') return { epoch: this.#newEpoch(), server, doubt: 'keep' };
    const isDescribed = server.appendFsync === trusted.appendFsync && server.hadReplicas === trusted.hadReplicas;
    return isDescribed ? undefined : { epoch, server, doubt: 'keep' };
  }

  get #mayFreeze(): boolean {
    return this.#options.durability === 'required';
  }

  /** The first doubt stays until it is settled. A journal for development says so and goes on. */
  #raise(standing: Doubt | undefined, why: string): Doubt | 'keep' {
    const { kind, clock, logger } = this.#options;
    const consequence = this.#mayFreeze
      ? 'sends that an operator would not recognise twice are held back'
      : 'for development';
    logger.error({ kind, why, consequence }, 'Acknowledged writes of the journal may be lost.');
    return standing !== undefined || !this.#mayFreeze ? 'keep' : { sinceMs: clock.nowMs(), why };
  }

  #findLost({ epoch, epochs }: View): void {
    const isOver = epoch !== this.#lastEpoch || this.#isLate;
    if (this.#lastEpoch === undefined || epoch === '' || !isOver) return;
    this.#isLate = false;
    const { kind, logger } = this.#options;
    const lost = this.#witness.takeLost(kind, epochs);
    if (lost.length === 0) return;
    logger.error({ kind, lost }, 'Acknowledged writes of the journal are lost.');
    this.#lost = [...this.#lost, ...lost];
  }

  async #view(): Promise<View> {
    const { connection, keys, durability, logger, timeoutMs } = this.#options;
    const reply = (await connection.runScript(INSPECT, [keys.meta], [], { timeoutMs })) as string[];
    const facts = parseFacts(reply.slice(0, 4), await this.#syncSettings());
    checkFacts(facts, durability, logger);
    const remembered = new Map<string, string>();
    for (let index = 4; index < reply.length; index += 2) remembered.set(reply[index] ?? '', reply[index + 1] ?? '');
    return {
      facts,
      epoch: remembered.get('epoch') ?? '',
      trusted: read(remembered.get('server')) as TrustedServer | undefined,
      doubt: read(remembered.get('suspect')) as Doubt | undefined,
      epochs: (read(remembered.get('epochs')) ?? []) as EpochStart[],
    };
  }

  /** Not within the script: Redis allows CONFIG to no script. */
  async #syncSettings(): Promise<SyncSettings> {
    const { connection, keys, clock, timeoutMs } = this.#options;
    try {
      return await withDeadline(clock, { timeoutMs, what: 'CONFIG GET' }, async () => {
        const node = await ownerNode(connection, keys.meta);
        return parseSyncSettings(await node.call('config', 'get', 'appendfsync', 'no-appendfsync-on-rewrite'));
      });
    } catch {
      return UNKNOWN_SYNC;
    }
  }

  async #adopt(
    seenEpoch: string,
    replicationId: string,
    { epoch, server, doubt, note = '' }: Adoption,
  ): Promise<boolean> {
    const { connection, keys, timeoutMs } = this.#options;
    const doubtArgument = doubt === 'keep' ? '=' : doubt === 'settle' ? '' : JSON.stringify(doubt);
    const args = [seenEpoch, replicationId, epoch, JSON.stringify(server), doubtArgument, note, EPOCHS_KEPT];
    const reply = (await connection.runScript(ADOPT, [keys.meta], args, { timeoutMs })) as [number];
    return reply[0] === 1;
  }

  /** Drawn, because two copies of a server that went different ways may not give the same name to different epochs. */
  #newEpoch(): string {
    return Buffer.from(this.#options.random.bytes(9)).toString('base64url');
  }
}

const read = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));
