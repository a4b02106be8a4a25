import { inspect } from 'node:util';

import { createMemoryJournal, type Journal, type Transport, TransportError } from '@canza/core';
import { createRecordingLogger, createSeededRandom, createTurnedClock, type TurnedClock } from '@canza/core/testing';
import { type BridgePolicy, MMOBridge } from '@canza/mobile-money';
import { type MpesaProvider, mpesa } from '@canza/mobile-money/mpesa';
import { createDarajaEmulator, type DarajaEmulator, TEST_SHORTCODE } from '@canza/sandbox';

/** Where a process dies: before its request leaves, or after the operator has it and before the reply is read. */
export type DeathPoint = 'before-send' | 'before-reply';

export interface Process {
  readonly bridge: MMOBridge;
  /** The operator's own calls, beside the bridge. */
  readonly mpesa: MpesaProvider;
  /** Nothing it does from now on reaches anybody, as after `kill -9`. */
  die(): void;
}

/** One operator, one journal and any number of processes, on a clock that stands still until it is turned. */
export interface Journey {
  readonly clock: TurnedClock;
  readonly journal: Journal;
  readonly daraja: DarajaEmulator;
  /** Starts a process; callbacks go to the one started last that is alive. */
  start(options?: {
    readonly diesAt?: DeathPoint;
    readonly policy?: Partial<BridgePolicy>;
    /** With a short code that is registered for pulling. */
    readonly pull?: boolean;
  }): Promise<Process>;
  /** Everything that any process logged, announced or was told: to be searched for what must not be in it. */
  shown(): string;
  note(what: unknown): void;
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

const BASE_URL = 'https://pay.example.com/callbacks';

export function createJourney(seed = 7): Journey {
  const clock = createTurnedClock();
  const journal = createMemoryJournal();
  const alive: { bridge: MMOBridge; isAlive: boolean }[] = [];
  const noted: unknown[] = [];
  const loggers: ReturnType<typeof createRecordingLogger>[] = [];

  const deliver: Transport = async ({ url, headers, body }) => {
    const receiver = alive.findLast(({ isAlive }) => isAlive);
    if (receiver === undefined) throw new TransportError('not-connected', 'Nobody is there.');
    const response = await receiver.bridge.handleCallback(
      new Request(url, { method: 'POST', headers, body: body ?? null }),
    );
    return { status: response.status, headers: {}, body: await response.text() };
  };
  const daraja = createDarajaEmulator({ clock, random: createSeededRandom(seed), deliver });
  const { shortcode, passkey } = TEST_SHORTCODE;
  const account = { environment: 'sandbox', ...daraja.credentials, shortcode, passkey } as const;
  const ports = { clock, random: createSeededRandom(seed), logger: createRecordingLogger() };

  return {
    clock,
    journal,
    daraja,
    async start({ diesAt, policy, pull = false } = {}) {
      const beside = mpesa(account)({ ...ports, transport: daraja.transport });
      if (pull) await registerPull(beside);
      const self = { isAlive: true } as { bridge: MMOBridge; isAlive: boolean };
      const die = (): void => {
        self.isAlive = false;
      };
      const transport: Transport = async (request, options) => {
        const isSubmit = request.url.endsWith('/stkpush/v1/processrequest');
        if (isSubmit && diesAt === 'before-send') die();
        if (!self.isAlive) return new Promise<never>(() => undefined);
        const reply = await daraja.transport(request, options);
        if (isSubmit && diesAt === 'before-reply') die();
        return self.isAlive ? reply : new Promise<never>(() => undefined);
      };
      const logger = createRecordingLogger();
      loggers.push(logger);
      self.bridge = new MMOBridge({
        providers: [mpesa({ ...account, pull })],
        journal: mortal(journal, self),
        callbacks: { baseUrl: BASE_URL },
        transport,
        clock,
        random: createSeededRandom(seed + alive.length + 1),
        logger,
        ...(policy === undefined ? {} : { policy }),
      });
      self.bridge.on('payment.changed', (event) => noted.push(event));
      self.bridge.on('callback.ignored', (event) => noted.push(event));
      await self.bridge.initialize();
      alive.push(self);
      return { bridge: self.bridge, mpesa: beside, die };
    },
    note: (what) => void noted.push(what),
    shown: () => inspect([noted, loggers.map(({ lines }) => lines), alive], { depth: 14 }) + JSON.stringify(noted),
    secrets: [daraja.credentials.consumerKey, daraja.credentials.consumerSecret, passkey],
    async close() {
      await clock.runUntil(
        Promise.all(alive.filter(({ isAlive }) => isAlive).map(({ bridge }) => bridge.shutdown({ timeoutMs: 60_000 }))),
      );
      await daraja.close();
    },
  };
}

const registerPull = (provider: MpesaProvider) =>
  provider.registerPull({ nominatedNumber: '254722000000', callbackUrl: 'https://pay.example.com/pull' });

/** A journal whose answers a dead process never hears, and which never hears it. */
function mortal(journal: Journal, self: { readonly isAlive: boolean }): Journal {
  return new Proxy(journal, {
    get(target, name, receiver): unknown {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== 'function') return method;
      return async (...parts: unknown[]) =>
        self.isAlive ? (Reflect.apply(method, target, parts) as unknown) : new Promise(() => undefined);
    },
  });
}
