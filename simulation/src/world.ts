import { type Clock, isFinal, type JournalEntry, type PaymentRecord, type Transport } from '@canza/core';
import { createSeededRandom } from '@canza/core/testing';

import { Callers } from './callers.ts';
import { Chance } from './chance.ts';
import { createVirtualClock, type VirtualClock } from './clock.ts';
import { drawOutages } from './journal/rough-journal.ts';
import { createWorldJournal, type WorldJournal } from './journal/world-journal.ts';
import { drawKnobs, type Knobs } from './knobs.ts';
import { playOperators, type Ways } from './operators/index.ts';
import { createOperatorNetwork } from './operators/network.ts';
import type { OperatorPorts } from './operators/operator.ts';
import { type Life, nobodyThere } from './ports.ts';
import { Processes } from './processes.ts';
import { Settling } from './settlement/settling.ts';
import { reconcileAll } from './statements.ts';
import type { Say, TraceLine } from './trace.ts';
import { UssdPeople } from './ussd.ts';
import type { Doubt } from './watch/doubts.ts';
import { Watch } from './watch/watch.ts';

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const ROUGH_MS = 3 * HOUR_MS;
const CALLBACK_BASE_URL = 'https://pay.example.com/callbacks';
/** Short of what suits people, so that a run is a few thousand steps. */
const POLICY = { tickMs: 60 * SECOND_MS, reviewAfterMs: 4 * HOUR_MS };
/** Until then everything has been looked at that waited to be sent when the journal failed over. */
const PERSON_MS = HOUR_MS + 60 * SECOND_MS;
/** The last callbacks come after two days; nothing else is left to do then. */
const LAST_MS = 56 * HOUR_MS;
/** Where the seeds of what concerns the chain begin. */
const CHAIN_SEEDS = 2 ** 31;
const FAILOVER_SEEDS = 2 ** 30;

/** A story in the place of what the seed draws. */
export interface Scenario {
  readonly knobs?: Partial<Knobs>;
  readonly play: (ports: OperatorPorts) => readonly Ways[];
  readonly begin: (stage: { readonly clock: Clock; readonly callers: Callers; readonly ways: readonly Ways[] }) => void;
}

export interface WorldOptions {
  readonly seed: number;
  /** In the place of what the seed draws. */
  readonly knobs?: Partial<Knobs>;
  readonly scenario?: Scenario;
  readonly onStep?: (where: string, life: Life) => void;
}

/** One run's world: processes of the app on one journal, callers, operators with their books, and somebody who looks at it all. */
export class World {
  readonly knobs: Knobs;
  readonly trace: TraceLine[] = [];
  readonly watch = new Watch();
  readonly clock: VirtualClock;
  readonly #chance: Chance;
  readonly #journal: WorldJournal;
  readonly #operators: readonly Ways[];
  readonly #processes: Processes;
  readonly #callers: Callers;
  #isRough = true;
  readonly #heardInCalm = new Set<string>();
  #settling: Settling | undefined;
  #people: UssdPeople | undefined;
  readonly #failovers = { failovers: 0, settlementFailovers: 0 };
  #failedOverAtMs = 0;
  readonly #lostPayments = new Set<string>();

  constructor({ seed, knobs, scenario, onStep }: WorldOptions) {
    const chance = new Chance(seed);
    this.#chance = chance;
    this.knobs = { ...drawKnobs(chance, new Chance(seed + CHAIN_SEEDS)), ...knobs };
    const { watch, trace } = this;
    const clock = createVirtualClock(() => {
      watch.afterEvent();
      this.#settling?.ledgerWatch.afterEvent();
      return watch.violations.length === 0;
    });
    this.clock = clock;
    const say = (who: string, what: string): void => void trace.push({ atMs: clock.monotonicMs(), who, what });
    const isRough = (): boolean => this.#isRough;
    const failovers = new Chance(seed + FAILOVER_SEEDS);
    this.#journal = createWorldJournal({
      clock,
      mayFailOver: this.knobs.failovers + this.knobs.settlementFailovers > 0,
      onDefect: (sentence) => watch.note(sentence),
      onWrite: (entry, note) => {
        say('journal', `${entry.id} v${entry.version} ${entry.state}: ${note}`);
        watch.written(entry);
        this.#settling?.written(entry);
        if (!this.#isRough && entry.state === 'review' && note.startsWith('asked')) this.#heardInCalm.add(entry.id);
        if (entry.state === 'sending') this.#mayFailOver('failovers', chance, say);
        if (isOnItsWay(entry)) this.#mayFailOver('settlementFailovers', failovers, say);
      },
    });
    const ports: OperatorPorts = {
      clock,
      random: createSeededRandom(chance.seed()),
      deliver: this.#deliver,
      onEvent: ({ emulator, what, detail }) => say(emulator, `${what}: ${detail}`),
      callbackBaseUrl: CALLBACK_BASE_URL,
      chance,
    };
    this.#operators = scenario?.play(ports) ?? playOperators(ports, this.knobs);
    const all = this.#operators.flat();
    watch.begin(all);
    const network = createOperatorNetwork({
      operators: all,
      clock,
      chance: new Chance(chance.seed()),
      knobs: this.knobs,
      isRough,
    });
    const outages = drawOutages(chance, this.knobs.outages, ROUGH_MS);
    this.#processes = new Processes({
      chance: new Chance(chance.seed()),
      knobs: this.knobs,
      clock,
      journal: this.#journal.journal,
      transport: watched(network.transport, watch, network.operatorAt),
      factories: all.flatMap(({ factories }) => factories),
      callbackBaseUrl: CALLBACK_BASE_URL,
      policy: POLICY,
      outages,
      isRough,
      watch,
      say,
      roughMs: ROUGH_MS,
      onStep,
    });
    this.#callers = new Callers({
      clock,
      chance: new Chance(chance.seed()),
      knobs: this.knobs,
      processes: this.#processes,
      operators: this.#operators as [Ways, ...Ways[]],
      watch,
      say,
    });
    if (this.knobs.settlements > 0) {
      this.#settling = new Settling({
        clock,
        journal: this.#journal,
        chance: new Chance(chance.seed()),
        knobs: this.knobs,
        outages,
        isRough,
        roughMs: ROUGH_MS,
        watch,
        say,
        onStep,
      });
    }
    if (scenario === undefined) this.#callers.begin();
    else scenario.begin({ clock, callers: this.#callers, ways: this.#operators });
    const kenyan = all.find(({ name }) => name === 'mpesa');
    if (this.knobs.phones > 0 && kenyan !== undefined) {
      const parts = { clock, chance: new Chance(chance.seed()), knobs: this.knobs, processes: this.#processes };
      this.#people = new UssdPeople({ ...parts, operator: kenyan, watch, say });
    }
    watch.shown.forbid(
      all.flatMap(({ secrets }) => secrets),
      [...this.#callers.msisdns, ...(this.#people?.msisdns ?? [])],
    );
  }

  /** Faults on for some hours, then off until everything has come to rest; then the books are compared. */
  async live(): Promise<void> {
    const { clock, watch } = this;
    await clock.advance(ROUGH_MS);
    this.#isRough = false;
    for (const { faults } of this.#operators.flat()) faults.clear();
    this.#settling?.calm();
    this.trace.push({ atMs: clock.monotonicMs(), who: 'world', what: 'faults are off' });
    while (!(this.isAtRest && this.#isHeard) && clock.monotonicMs() < LAST_MS && watch.violations.length === 0) {
      await clock.advance(HOUR_MS);
    }
    if (watch.violations.length > 0) return;
    for (const { transactionId, status } of watch.records.latest.values()) {
      if (!isFinal(status) && status !== 'review') watch.note(`${transactionId} never came to rest: ${status}`);
    }
    if (watch.violations.length > 0) return;
    this.#settling?.judge();
    this.#people?.judge(this.records);
    if (this.#settling !== undefined) await clock.runUntil(this.#settling.shutdown());
    const started = this.#processes.startAnew({ ...POLICY, tickMs: 4 * HOUR_MS });
    const { bridge } = await clock.runUntil(started);
    if (this.knobs.callbackFault > 0) await clock.advance(Math.max(0, LAST_MS - clock.monotonicMs()));
    if (watch.violations.length > 0) return;
    await clock.runUntil(reconcileAll(bridge, watch, this.#chance, this.knobs));
    await clock.runUntil(this.#processes.shutdown(HOUR_MS));
    for (const operator of this.#operators.flat()) await operator.close();
  }

  /** How the payments ended whose outcome was unknown for a while. */
  get doubts(): readonly Doubt[] {
    return this.watch.doubts.ends(this.records, this.#operators.flat(), this.watch.lost);
  }

  get records(): readonly PaymentRecord[] {
    return [...this.watch.records.latest.values()];
  }

  /** How each payment and settlement stands, and how often its money moved. */
  get ends(): Readonly<Record<string, string>> {
    const ends: Record<string, string> = {};
    for (const { transactionId: id, status } of this.records) {
      ends[id] = `${status}, moved ${this.watch.money.of(id).length}`;
    }
    return { ...ends, ...this.#settling?.ends };
  }

  get isAtRest(): boolean {
    const paid = this.records.every(({ status }) => isFinal(status) || status === 'review');
    return paid && this.#settling?.isAtRest !== false;
  }

  /** What is in `review` and is asked about all the same, was asked about without a fault. */
  get #isHeard(): boolean {
    return this.records.every(
      ({ transactionId, status, dueAtMs }) =>
        status !== 'review' || dueAtMs === null || this.#heardInCalm.has(transactionId),
    );
  }

  readonly #deliver: Transport = async ({ url, method, headers, body }) => {
    const receiver = this.#processes.any()?.bridge;
    if (receiver === undefined) throw nobodyThere();
    const verb = method === 'PUT' ? 'PUT' : 'POST';
    const response = await receiver.handleCallback(new Request(url, { method: verb, headers, body: body ?? null }));
    return { status: response.status, headers: {}, body: await response.text() };
  };

  /** What hurts most is to lose what was written just before a send. */
  #mayFailOver(which: 'failovers' | 'settlementFailovers', chance: Chance, say: Say): void {
    if (this.#failovers[which] >= this.knobs[which] || !this.#isRough || !chance.happens(0.3)) return;
    this.#failovers[which] += 1;
    this.clock.setTimer(chance.between(0, SECOND_MS), () => void this.#failOver(chance, say));
  }

  /** Another server takes over, and a person compares the journal with the books some time later. */
  async #failOver(chance: Chance, say: Say): Promise<void> {
    const { watch, clock } = this;
    const lost = this.#journal.failOver(SECOND_MS);
    this.#failedOverAtMs = clock.monotonicMs();
    const ids = [...new Set(lost.filter(({ kind }) => kind === 'payment').map(({ id }) => id))];
    watch.failedOver(ids, await this.#journal.entries('payment'));
    await this.#settling?.failedOver(lost, this.#journal);
    say('journal', `fails over; lost: ${[...new Set(lost.map(({ id }) => id))].join(', ') || 'nothing'}`);
    for (const id of ids) {
      this.#lostPayments.add(id);
      this.#callers.remind(id);
    }
    clock.setTimer(chance.between(PERSON_MS, 2 * PERSON_MS), () => this.#compare(say));
  }

  /** Whoever compares looks after what is missing, and tells those who ask for it; and waits until nothing is on its way. */
  #compare(say: Say): void {
    const { watch, clock } = this;
    const isReady = clock.monotonicMs() - this.#failedOverAtMs >= PERSON_MS && this.#settling?.compare() !== false;
    if (!isReady) {
      clock.setTimer(HOUR_MS / 4, () => this.#compare(say));
      return;
    }
    for (const id of this.#lostPayments) if (!watch.records.latest.has(id)) this.#callers.close(id);
    say('person', 'has compared the journal with the books');
    void this.#journal.reconciled();
  }
}

/** Whether an entry is a settlement that has just joined a transaction, or a transaction that was just stored. */
const isOnItsWay = ({ kind, state, version }: JournalEntry): boolean =>
  (kind.startsWith('settlement:') && state === 'pending') ||
  (kind.startsWith('settlement-transaction:') && version === 1);

/** Shows every request that may move money, and its answer, to whoever looks. */
const watched =
  (transport: Transport, watch: Watch, operatorAt: ReturnType<typeof createOperatorNetwork>['operatorAt']): Transport =>
  async (request, options) => {
    const operator = operatorAt(request);
    watch.sending(operator, request);
    const response = await transport(request, options);
    watch.answered(operator, request, response);
    return response;
  };
