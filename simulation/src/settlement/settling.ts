import { SettlementService, settlementKinds } from '@canza/blockchain';
import {
  type Clock,
  InvalidTransitionError,
  isSettlementFinal,
  type JournalEntry,
  type LostWrite,
  PaymentError,
  sleep,
} from '@canza/core';
import { createSeededRandom } from '@canza/core/testing';

import { Chance } from '../chance.ts';
import { type Outage, roughJournal } from '../journal/rough-journal.ts';
import type { WorldJournal } from '../journal/world-journal.ts';
import type { Knobs } from '../knobs.ts';
import { type Life, type PortsOptions, processClock } from '../ports.ts';
import type { Say } from '../trace.ts';
import type { Watch } from '../watch/watch.ts';
import { playAptosChain } from './aptos-chain.ts';
import type { PlayedChain } from './chain.ts';
import { LedgerWatch } from './ledger-watch.ts';
import { playModelChain } from './model-chain.ts';

export interface SettlingOptions {
  readonly clock: Clock;
  readonly journal: WorldJournal;
  readonly chance: Chance;
  readonly knobs: Knobs;
  readonly outages: readonly Outage[];
  readonly isRough: () => boolean;
  readonly roughMs: number;
  readonly watch: Watch;
  readonly say: Say;
  readonly onStep?: ((where: string, life: Life) => void) | undefined;
}

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
/** In the currency of settlements: somebody asks for more now and then. */
const LIMIT = '1000.00';
const LIMIT_UNITS = 1_000_000_000n;
const MOST_TRIES = 12;
const HANG_UP_MS = 60 * SECOND_MS;

interface RunningService {
  readonly service: SettlementService;
  readonly life: Life;
}

/** Processes that settle on one chain, whoever asks them to, and the chain. */
export class Settling {
  readonly ledgerWatch: LedgerWatch;
  readonly #options: SettlingOptions;
  readonly #chain: PlayedChain;
  readonly #running: RunningService[] = [];
  /** What was asked for, by settlement. */
  readonly #amounts = new Map<string, string>();
  readonly #closed = new Set<string>();
  #isOver = false;

  constructor(options: SettlingOptions) {
    this.#options = options;
    const { clock, chance, knobs, watch, roughMs, isRough, say } = options;
    const parts = {
      clock,
      chance,
      knobs,
      isRough,
      onSubmission: (bytes: string) => this.ledgerWatch.submitting(bytes),
      onEvent: (what: string) => say('chain', what),
    };
    this.#chain = knobs.chain === 'aptos' ? playAptosChain(parts) : playModelChain(parts);
    this.ledgerWatch = new LedgerWatch(this.#chain, LIMIT_UNITS, (sentence) => watch.note(sentence));
    say('chain', this.#chain.name);
    const processes = 1 + chance.index(2);
    for (let slot = 0; slot < processes; slot++) void this.#start(`s${slot}`);
    for (let index = 0; index < knobs.settlements; index++) this.#plan(index);
    this.#disturb(roughMs);
  }

  /** How each settlement stands, and how often it arrived. */
  get ends(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      [...this.ledgerWatch.latest.values()].map(({ settlementId: id, status }) => [
        id,
        `${status}, moved ${this.ledgerWatch.timesArrived(id)}`,
      ]),
    );
  }

  get isAtRest(): boolean {
    return [...this.ledgerWatch.latest.values()].every(
      ({ status }) => isSettlementFinal(status) || status === 'review',
    );
  }

  written(entry: JournalEntry): void {
    this.ledgerWatch.written(entry);
  }

  /** Another server has taken the journal over. Whoever is not sure that something was taken asks again. */
  async failedOver(lost: readonly LostWrite[], journal: WorldJournal): Promise<void> {
    const { clock, chance } = this.#options;
    const { settlements, transactions } = settlementKinds(this.#chain.network);
    const own = lost.filter(({ kind }) => kind === settlements || kind === transactions);
    const ids = new Set(own.map(({ id }) => id));
    this.ledgerWatch.failedOver(ids, await journal.entries(settlements), await journal.entries(transactions));
    for (const id of ids) {
      const amount = this.#amounts.get(id);
      if (amount !== undefined) clock.setTimer(chance.between(0, 60 * SECOND_MS), () => void this.ask(id, amount));
    }
  }

  /**
   * What a person does who compares the journal with the chain: waits until nothing is on its way, and tells those who ask for what is
   * missing. Says whether it is done.
   */
  compare(): boolean {
    const { latest, transactions } = this.ledgerWatch;
    const isOpen = [...transactions.values()].some(({ status }) => status === 'open');
    if (isOpen || [...latest.values()].some(({ status }) => status === 'created' || status === 'pending')) return false;
    for (const id of this.#amounts.keys()) if (this.ledgerWatch.isLost(id)) this.#closed.add(id);
    void this.#voidDoubtful();
    return true;
  }

  /** What nobody can tell keeps its number, and those behind it from going on, until a person has it voided. */
  async #voidDoubtful(): Promise<void> {
    const doubtful = [...this.ledgerWatch.transactions.values()].filter(
      ({ status, slotGuards }) => status === 'review' && slotGuards === 'for-ever',
    );
    const reason = { by: 'Ada', because: 'the chain shows it' };
    for (const { transactionId, members } of doubtful) {
      // First those that another transaction has paid, which the journal has lost.
      for (const id of members) {
        const transactionHash = this.ledgerWatch.paidBy(id);
        if (transactionHash === undefined || this.ledgerWatch.latest.get(id)?.status !== 'review') continue;
        const decision = { status: 'settled', transactionHash, ...reason } as const;
        await this.#insist((service) => service.resolveSettlement(id, decision));
      }
      const decision = { action: 'void', settlements: 'call-off', ...reason } as const;
      await this.#insist((service) => service.resolveTransaction(transactionId, decision));
    }
  }

  /** Asks until it is done, or refused for good. */
  async #insist(what: (service: SettlementService) => Promise<unknown>): Promise<void> {
    while (!this.#isOver) {
      await sleep(this.#options.clock, 10 * SECOND_MS);
      const running = this.#running.find(({ life }) => life.isAlive);
      if (running === undefined) continue;
      const answer = await this.#answer(what(running.service).then(() => ({ done: true })));
      if (!('error' in answer) || InvalidTransitionError.isInstance(answer.error)) return;
    }
  }

  /** Looks for the last time. */
  judge(): void {
    const { watch } = this.#options;
    watch.note(...this.#chain.audit());
    for (const { settlementId: id, status } of this.ledgerWatch.latest.values()) {
      const arrived = this.ledgerWatch.timesArrived(id);
      if (!isSettlementFinal(status) && status !== 'review') watch.note(`${id} never came to rest: ${status}`);
      if (status === 'settled' && arrived !== 1) watch.note(`${id} is settled, and arrived ${arrived} times`);
      if (status === 'failed' && arrived !== 0) watch.note(`${id} is failed, and arrived`);
    }
  }

  /** The chain is let go on; nothing else goes wrong with it. */
  calm(): void {
    this.#chain.calm();
  }

  /** Ends what runs; nothing starts any more. */
  async shutdown(): Promise<void> {
    this.#isOver = true;
    for (const { service, life } of this.#running) if (life.isAlive) await service.shutdown({ timeoutMs: HOUR_MS });
    await this.#chain.close();
  }

  #plan(index: number): void {
    const { clock, chance, knobs } = this.#options;
    const id = `settlement_${index}`;
    const units = (chance.happens(0.1) ? 1500n : 100n) + BigInt(index);
    const amount = `${units}.00`;
    this.ledgerWatch.expect(id, units * 1_000_000n);
    this.#amounts.set(id, amount);
    if (chance.happens(0.1)) this.#chain.freeze(this.#chain.accountOf(id));
    // Many at about the same time, so that they share transactions.
    const atMs = chance.happens(0.5) ? chance.between(0, 5 * SECOND_MS) : chance.between(0, HOUR_MS);
    const againMs = atMs + (chance.happens(0.5) ? chance.between(0, SECOND_MS) : chance.between(0, HOUR_MS));
    clock.setTimer(atMs, () => void this.ask(id, amount));
    if (chance.happens(knobs.repeat)) clock.setTimer(againMs, () => void this.ask(id, amount));
  }

  /** Asks until it is told. */
  async ask(id: string, amount: string): Promise<void> {
    const { clock, chance, watch, say } = this.#options;
    for (let tries = 0; tries < MOST_TRIES && !this.#closed.has(id); tries++) {
      const running = this.#running.filter(({ life }) => life.isAlive);
      const process = running[chance.index(Math.max(1, running.length))];
      if (process !== undefined) {
        const request = {
          settlementId: id,
          amount,
          fromCurrency: 'USD',
          toCurrency: 'USD',
          toAddress: this.#chain.accountOf(id),
        };
        const answer = await this.#answer(process.service.settlePayment(request));
        if ('status' in answer) {
          say('caller', `${id} is told ${answer.status}`);
          const isKept = this.ledgerWatch.latest.has(id) || this.ledgerWatch.isLost(id);
          if (!isKept) watch.note(`${id} was accepted, and there is no record of it`);
          return;
        }
        watch.shown.see(answer.error);
        const code = PaymentError.isInstance(answer.error) ? answer.error.code : 'HUNG_UP';
        say('caller', `${id} meets ${code}`);
        if (code === 'IDEMPOTENCY_CONFLICT' || code === 'INVALID_REQUEST') return;
      }
      await sleep(clock, chance.between(SECOND_MS, 20 * SECOND_MS));
    }
  }

  #answer<T>(asking: Promise<T>): Promise<T | { readonly error: unknown }> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.setTimer(HANG_UP_MS, () => resolve({ error: undefined }));
      const end = (answer: T | { readonly error: unknown }): void => {
        cancel();
        resolve(answer);
      };
      asking.then(end, (error: unknown) => end({ error }));
    });
  }

  /** The chain stands still, takes nothing, or somebody else uses the account. */
  #disturb(roughMs: number): void {
    const { clock, chance, knobs, say } = this.#options;
    if (knobs.nodeFault === 0) return;
    for (let count = 0; count < 3; count++) {
      const fromMs = chance.between(0, HOUR_MS);
      const untilMs = Math.min(roughMs, fromMs + chance.between(SECOND_MS, 120 * SECOND_MS));
      const { name, begin, end } = chance.pick(this.#chain.troubles);
      clock.setTimer(fromMs, () => {
        say('chain', name);
        begin();
      });
      if (end !== undefined) clock.setTimer(untilMs, end);
    }
  }

  async #start(name: string): Promise<void> {
    if (this.#isOver) return;
    const { clock, journal, knobs, outages, isRough, roughMs, watch, say, onStep } = this.#options;
    const chance = new Chance(this.#options.chance.seed());
    const life: Life = {
      isAlive: true,
      die: (where) => {
        if (!life.isAlive) return;
        life.isAlive = false;
        say(name, `dies ${where}`);
        clock.setTimer(chance.between(SECOND_MS, 60 * SECOND_MS), () => void this.#start(name));
      },
    };
    const own = processClock(clock, life, {
      skewMs: chance.between(-knobs.skewMs, knobs.skewMs),
      // A chain has a clock of its own; ours may be wrong by an hour.
      jumpMs: chance.between(-knobs.jumpMs, knobs.jumpMs),
      jumpAtMs: chance.between(0, roughMs / 3),
    });
    const ports: PortsOptions = {
      life,
      chance,
      knobs,
      clock: own,
      isRough,
      onStep: onStep === undefined ? undefined : (where) => onStep(where, life),
    };
    const service = new SettlementService({
      ...this.#chain.connect(ports),
      journal: roughJournal(journal.journal, ports, { clock, outages, epoch: journal.epoch }),
      clock: own,
      random: createSeededRandom(chance.seed()),
      logger: watch.shown.logger(),
      maxSettlementAmount: LIMIT,
      policy: { tickMs: 30 * SECOND_MS },
    });
    say(name, 'starts');
    while (life.isAlive && !this.#isOver) {
      try {
        await service.initialize();
        break;
      } catch (error) {
        watch.shown.see(error);
        await sleep(own, 5 * SECOND_MS);
      }
    }
    if (this.#isOver) life.isAlive = false;
    if (life.isAlive) this.#running.push({ service, life });
  }
}
