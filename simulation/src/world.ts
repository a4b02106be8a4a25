import {
  createMemoryJournal,
  isFinal,
  type Journal,
  type Payment,
  PaymentError,
  type PaymentRecord,
  type Transport,
} from '@canza/core';
import { createRecordingLogger, createSeededRandom, createTurnedClock } from '@canza/core/testing';
import { MMOBridge, type TransactionRequest } from '@canza/mobile-money';
import { mpesa } from '@canza/mobile-money/mpesa';
import {
  CALLBACK_FAULT_KINDS,
  createDarajaEmulator,
  type DarajaEmulator,
  type Fault,
  type HandsetBehaviour,
  REQUEST_FAULT_KINDS,
} from '@canza/sandbox';

import { Chance } from './chance.ts';
import { drawKnobs, type Knobs } from './knobs.ts';
import { type Life, nobodyThere, type PortsOptions, roughJournal, roughTransport, skewed } from './ports.ts';

/** One line of a run: when, who, what. */
export interface TraceLine {
  readonly atMs: number;
  readonly who: string;
  readonly what: string;
}

/** The world of one run: processes of the app on one journal, callers, and the operator with its books. */
export interface World {
  readonly knobs: Knobs;
  readonly daraja: DarajaEmulator;
  readonly journal: Journal;
  readonly trace: TraceLine[];
  /** Every version of every record, as it was written. */
  readonly versions: readonly PaymentRecord[];
  readonly requests: ReadonlyMap<string, TransactionRequest>;
  /** What callers were told, in the order of telling. */
  readonly told: readonly Payment[];
  /** Ids under which another body was asked for, and answered with the stored payment. */
  readonly misled: readonly string[];
  /** All that was logged or thrown, for what must not be in it. */
  readonly shown: readonly unknown[];
  readonly secrets: readonly string[];
  /** Faults on, for the first hours. */
  rough(): Promise<void>;
  /** Faults off, until everything has come to rest or two days are over. */
  calm(): Promise<void>;
  records(): Promise<readonly PaymentRecord[]>;
}

const HOUR_MS = 3_600_000;
const BEHAVIOURS = [
  'approve',
  'approve',
  'approve',
  'decline',
  'wrong-pin',
  'ignore',
  'unreachable',
  'insufficient-funds',
] as const;
/** Short of what suits people: a run of two days is then a few thousand steps. */
const POLICY = { tickMs: 60_000, reviewAfterMs: 4 * HOUR_MS };
/** The emulator's short code for payouts. */
const PAYOUT_SHORTCODE = '600992';
const BASE_URL = 'https://pay.example.com/callbacks';

export async function createWorld(seed: number): Promise<World> {
  const chance = new Chance(seed);
  const knobs = drawKnobs(chance);
  const clock = createTurnedClock();
  const trace: TraceLine[] = [];
  const versions: PaymentRecord[] = [];
  const told: Payment[] = [];
  const shown: unknown[] = [];
  const requests = new Map<string, TransactionRequest>();
  const misled: string[] = [];
  const state = { rough: true };
  const isRough = (): boolean => state.rough;
  const say = (who: string, what: string): void => void trace.push({ atMs: clock.monotonicMs(), who, what });

  const memory = createMemoryJournal();
  const journal: Journal = new Proxy(memory, {
    get(target, name): unknown {
      const method: unknown = Reflect.get(target, name, target);
      if (typeof method !== 'function') return method;
      if (name !== 'insert' && name !== 'replace') return method.bind(target) as unknown;
      return async (...parts: Parameters<Journal['replace']>) => {
        const result = await target[name](...parts);
        if (result.outcome === 'written') {
          const record = parts[0].body as PaymentRecord;
          versions.push(record);
          say('journal', `${record.transactionId} v${record.version} ${record.status}: ${parts[1]}`);
        }
        return result;
      };
    },
  });

  const processes: { bridge: MMOBridge | undefined; life: Life }[] = [];
  const deliverChance = new Chance(chance.seed());
  const deliver: Transport = async ({ url, headers, body }) => {
    const alive = processes.filter(({ bridge, life }) => bridge !== undefined && life.isAlive);
    const receiver = alive[deliverChance.index(Math.max(1, alive.length))]?.bridge;
    if (receiver === undefined) throw nobodyThere();
    const response = await receiver.handleCallback(new Request(url, { method: 'POST', headers, body: body ?? null }));
    return { status: response.status, headers: {}, body: await response.text() };
  };
  const daraja = createDarajaEmulator({
    clock,
    random: createSeededRandom(chance.seed()),
    deliver,
    onEvent: ({ emulator, what, detail }) => say(emulator, `${what}: ${detail}`),
  });
  daraja.faults.draw({
    random: createSeededRandom(chance.seed()),
    share: knobs.requestFault,
    candidates: REQUEST_FAULT_KINDS.flatMap((kind): Fault[] => [
      { stage: 'token', kind },
      { stage: 'submit', kind },
      { stage: 'query', kind },
    ]),
  });
  daraja.faults.draw({
    random: createSeededRandom(chance.seed()),
    share: knobs.callbackFault,
    candidates: CALLBACK_FAULT_KINDS.map((kind): Fault => ({ stage: 'callback', kind, delayMs: 60_000 })),
  });

  const factories = [
    mpesa({
      environment: 'sandbox',
      name: 'mpesa',
      ...daraja.credentials,
      shortcode: daraja.stkShortcodes[0]?.shortcode ?? '',
      passkey: daraja.stkShortcodes[0]?.passkey ?? '',
    }),
    mpesa({
      environment: 'sandbox',
      name: 'mpesa-till',
      ...daraja.credentials,
      shortcode: daraja.stkShortcodes[1]?.shortcode ?? '',
      passkey: daraja.stkShortcodes[1]?.passkey ?? '',
      till: daraja.stkShortcodes[1]?.till ?? '',
    }),
    mpesa({
      environment: 'sandbox',
      name: 'mpesa-payouts',
      ...daraja.credentials,
      shortcode: PAYOUT_SHORTCODE,
      initiator: daraja.initiator,
      payouts: 'BusinessPayment',
    }),
  ];

  const start = async (slot: number): Promise<void> => {
    const processChance = new Chance(chance.seed());
    const life: Life = {
      isAlive: true,
      die(where) {
        if (!life.isAlive) return;
        life.isAlive = false;
        say(`p${slot}`, `dies ${where}`);
        clock.setTimer(processChance.between(1000, 60_000), () => void start(slot));
      },
    };
    const own = skewed(clock, processChance.between(-knobs.skewMs, knobs.skewMs));
    const ports: PortsOptions = { life, chance: processChance, knobs, clock: own, isRough };
    const logger = createRecordingLogger();
    shown.push(logger.lines);
    const bridge = new MMOBridge({
      providers: factories,
      journal: roughJournal(journal, ports),
      transport: roughTransport(daraja.transport, ports),
      callbacks: { baseUrl: BASE_URL },
      clock: own,
      random: createSeededRandom(processChance.seed()),
      logger,
      policy: POLICY,
    });
    bridge.on('payment.changed', ({ payment }) => void (life.isAlive && told.push(payment)));
    processes[slot] = { bridge: undefined, life };
    say(`p${slot}`, 'starts');
    while (life.isAlive) {
      try {
        await bridge.initialize();
        break;
      } catch (error) {
        shown.push(error);
      }
    }
    if (life.isAlive) processes[slot] = { bridge, life };
  };
  for (let slot = 0; slot < knobs.processes; slot++) void start(slot);

  const ask = async (request: TransactionRequest): Promise<void> => {
    for (let tries = 0; tries < 5; tries++) {
      const bridge = processes[chance.index(processes.length)]?.bridge;
      if (bridge !== undefined) {
        try {
          const payment = await bridge.initiateTransaction(request, { timeoutMs: 120_000 });
          if (payment.amount !== request.amount) misled.push(request.transactionId);
          told.push(payment);
          say('caller', `${request.transactionId} is told ${payment.status}`);
          return;
        } catch (error) {
          shown.push(error);
          const code = PaymentError.isInstance(error) ? error.code : 'FOREIGN';
          say('caller', `${request.transactionId} meets ${code}`);
          if (code === 'IDEMPOTENCY_CONFLICT' || code === 'INVALID_REQUEST' || code === 'FOREIGN') return;
        }
      }
      await new Promise<void>((resolve) => void clock.setTimer(chance.between(1000, 20_000), resolve));
    }
  };

  for (let index = 0; index < knobs.payments; index++) {
    const msisdn = `2547221${String(10_000 + index)}`;
    const request: TransactionRequest = {
      transactionId: `order_${index}`,
      type: chance.happens(0.35) ? 'disbursement' : 'collection',
      amount: `${10 + chance.index(1000)}.00`,
      currency: 'KES',
      phoneNumber: `+${msisdn}`,
    };
    requests.set(request.transactionId, request);
    daraja.handset.set(msisdn, chance.pick(BEHAVIOURS satisfies readonly HandsetBehaviour[]));
    clock.setTimer(chance.between(0, HOUR_MS), () => void ask(request));
    if (chance.happens(knobs.repeat)) clock.setTimer(chance.between(0, 2 * HOUR_MS), () => void ask(request));
    if (chance.happens(knobs.repeat)) {
      const other = { ...request, amount: `${2000 + index}.00` };
      clock.setTimer(chance.between(HOUR_MS, 2 * HOUR_MS), () => void ask(other));
    }
  }

  const records = async (): Promise<readonly PaymentRecord[]> => {
    const { entries } = await memory.list({ kind: 'payment', limit: 1000 });
    return entries.map(({ body }) => body as PaymentRecord);
  };

  return {
    knobs,
    daraja,
    journal: memory,
    trace,
    versions,
    requests,
    told,
    misled,
    shown,
    secrets: [daraja.credentials.consumerSecret, daraja.stkShortcodes[0]?.passkey ?? '-', daraja.initiator.password],
    records,
    async rough() {
      await clock.advance(3 * HOUR_MS);
    },
    async calm() {
      state.rough = false;
      daraja.faults.clear();
      say('world', 'faults are off');
      for (let hours = 0; hours < 44; hours += 2) {
        await clock.advance(2 * HOUR_MS);
        const all = await records();
        if (all.every(({ status }) => isFinal(status) || status === 'review')) break;
      }
      await clock.runUntil(
        Promise.all(
          processes.map(async ({ bridge, life }) =>
            life.isAlive ? bridge?.shutdown({ timeoutMs: HOUR_MS }) : undefined,
          ),
        ),
      );
      await daraja.close();
    },
  };
}
