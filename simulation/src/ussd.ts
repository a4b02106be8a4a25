import { type Clock, createMemoryKeyValueStore, type PaymentRecord, sleep, type Transport } from '@canza/core';
import { createSeededRandom } from '@canza/core/testing';
import type { MMOBridge } from '@canza/mobile-money';
import { africasTalking, readyMenu, USSDProtocolHandler } from '@canza/mobile-money/ussd';
import { createUssdPhone, type PhoneScreen, type UssdPhone } from '@canza/sandbox/ussd';

import type { Chance } from './chance.ts';
import type { Knobs } from './knobs.ts';
import type { PlayedOperator } from './operators/operator.ts';
import { nobodyThere } from './ports.ts';
import type { Processes } from './processes.ts';
import type { Say } from './trace.ts';
import type { Watch } from './watch/watch.ts';

export interface UssdPeopleOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly knobs: Knobs;
  readonly operator: PlayedOperator;
  readonly processes: Processes;
  readonly watch: Watch;
  readonly say: Say;
}

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const SECRET_PATH = 'k3fj29dkf83jd02k';
const CODE = '*384*7#';
/** Numbers of people with phones begin here, above those of other payers. */
const FIRST_PERSON = 500;
const FAULTS = ['duplicate', 'late', 'drop', 'new-session'] as const;

/** Somebody at a phone, and what nobody else may get to see. */
interface Person {
  readonly name: string;
  readonly msisdn: string;
  readonly recipient: string;
  readonly amount: string;
  readonly phone: UssdPhone;
  /** How often the last "1" was typed. */
  confirmed: number;
}

/** People who send money from a USSD menu, over hops that come twice, late, not at all, or under another session's id. */
export class UssdPeople {
  readonly #options: UssdPeopleOptions;
  readonly #handlers = new WeakMap<MMOBridge, USSDProtocolHandler>();
  readonly #people: Person[];
  readonly #store;

  constructor(options: UssdPeopleOptions) {
    this.#options = options;
    const { clock, chance, knobs, operator } = options;
    this.#store = createMemoryKeyValueStore({ clock });
    this.#people = Array.from({ length: knobs.phones }, (_, index): Person => {
      const msisdn = operator.msisdn(FIRST_PERSON + index);
      operator.setPhone(msisdn, chance.pick(['approve', 'approve', 'decline']));
      return {
        name: `ussd_${index}`,
        msisdn,
        recipient: `07331${10_000 + index}`,
        amount: String(1300 + index),
        confirmed: 0,
        phone: createUssdPhone({
          url: `https://pay.example.com/ussd/${SECRET_PATH}`,
          gateway: 'africas-talking',
          serviceCode: CODE,
          phoneNumber: `+${msisdn}`,
          transport: this.#transport,
          clock,
          random: createSeededRandom(chance.seed()),
        }),
      };
    });
    this.#sweepOn();
    for (const person of this.#people) {
      clock.setTimer(chance.between(0, HOUR_MS), () => void this.#sendMoney(person));
    }
  }

  /** What a process promised a payer and died before it began is begun by another one. */
  #sweepOn(): void {
    const { clock, processes } = this.#options;
    const bridge = processes.any()?.bridge;
    if (bridge !== undefined) void this.#handlerOf(bridge).sweep();
    if (clock.monotonicMs() < 2 * HOUR_MS) clock.setTimer(30 * SECOND_MS, () => this.#sweepOn());
  }

  get msisdns(): readonly string[] {
    return this.#people.map(({ msisdn }) => msisdn);
  }

  /** Nobody pays more often than they confirmed, and nobody pays what another one typed. */
  judge(records: readonly PaymentRecord[]): void {
    const { watch } = this.#options;
    for (const { name, msisdn, amount, confirmed } of this.#people) {
      const own = records.filter((record) => record.msisdn === msisdn);
      if (own.length > confirmed) watch.note(`${name} confirmed ${confirmed} times, and pays ${own.length} times`);
      for (const record of own) {
        if (Number(record.amount) !== Number(amount)) watch.note(`${name} pays ${record.amount}, and typed ${amount}`);
      }
    }
  }

  async #sendMoney(person: Person): Promise<void> {
    const { clock, chance, knobs, say } = this.#options;
    const entries = ['1', person.recipient, person.amount, '1'];
    for (let tries = 0; tries < 3; tries++) {
      let screen = await this.#hop(person, () => person.phone.dial());
      for (const [at, entry] of entries.entries()) {
        if (screen.kind === 'network-error' || screen.end || !person.phone.isOpen) break;
        await sleep(clock, chance.between(2 * SECOND_MS, 20 * SECOND_MS));
        if (chance.happens(knobs.hopFault)) person.phone.expectFault(chance.pick(FAULTS));
        if (at === entries.length - 1) person.confirmed += 1;
        screen = await this.#hop(person, () => person.phone.enter(entry));
      }
      say('phone', `${person.name} sees ${screen.kind === 'screen' ? `"${screen.text.split('\n')[0]}"` : screen.why}`);
      if (screen.kind === 'screen' && screen.end) return;
      await sleep(clock, chance.between(20 * SECOND_MS, 600 * SECOND_MS));
    }
  }

  async #hop(person: Person, hop: () => Promise<PhoneScreen>): Promise<PhoneScreen> {
    const screen = await hop();
    if (screen.kind === 'network-error') return screen;
    for (const other of this.#people) {
      if (other === person) continue;
      const isShown = [other.recipient.slice(1), other.amount].some((text) => screen.text.includes(text));
      if (isShown) this.#options.watch.note(`${person.name} is shown what ${other.name} typed`);
    }
    return screen;
  }

  readonly #transport: Transport = async ({ url, headers, body }) => {
    const process = this.#options.processes.any();
    if (process === undefined) throw nobodyThere();
    const handler = this.#handlerOf(process.bridge);
    const response = await handler.handle(new Request(url, { method: 'POST', headers, body: body ?? null }));
    return { status: response.status, headers: {}, body: await response.text() };
  };

  /** Every process answers every hop: sessions are in the store that they share. */
  #handlerOf(bridge: MMOBridge): USSDProtocolHandler {
    const known = this.#handlers.get(bridge);
    if (known !== undefined) return known;
    const { clock, watch, operator } = this.#options;
    const { currency } = operator;
    const handler = new USSDProtocolHandler({
      ...readyMenu({ brand: 'Canza', currency, country: 'KE', least: '10', most: '150000', payments: bridge }),
      gateway: africasTalking({ authenticity: { secretPath: SECRET_PATH } }),
      store: this.#store,
      payments: bridge,
      sms: { send: async () => undefined },
      clock,
      logger: watch.shown.logger(),
    });
    bridge.on('payment.changed', ({ payment }) => void handler.tellOutcome(payment));
    this.#handlers.set(bridge, handler);
    return handler;
  }
}
