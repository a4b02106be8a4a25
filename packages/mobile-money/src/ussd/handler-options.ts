import { type Clock, ConfigError, type KeyValueStore, type Logger, type RateLimiter } from '@canza/core';
import { describeMenu } from './checks/describe-menu.ts';
import type { ConfirmedOrder, SmsSender } from './effects/payment-runner.ts';
import type { PaymentStarter } from './effects/payments.ts';
import type { EndNotice, Gateway } from './gateways/gateway.ts';
import type { Loader } from './lookups.ts';
import type { AnyMenu, AnyScreen } from './menu.ts';
import type { SessionStore } from './sessions/session-store.ts';
import type { ScreenLimit } from './text/gsm7.ts';
import type { SessionTimes } from './turn.ts';

/** What a USSD service is made of. */
export interface UssdHandlerOptions<D extends string = never> {
  readonly menu: AnyMenu<D>;
  /** Where sessions live, and what is remembered of numbers. In memory it lives as long as the process, and in it alone. */
  readonly store: KeyValueStore;
  /** Sessions kept elsewhere than in `store`: `createMemorySessions` for a service of one process. */
  readonly sessions?: SessionStore;
  /** Who calls `handle`; left out, only `processRequest` answers. */
  readonly gateway?: Gateway;
  /** In production a gateway that anybody could imitate is refused. Default `production`. */
  readonly environment?: 'production' | 'sandbox';
  /** Starts what the menu pays: `MMOBridge` is one. Needed once a screen pays. */
  readonly payments?: PaymentStarter;
  /** Tells payers what became of their payment. */
  readonly sms?: SmsSender;
  /**
   * Told what a payer confirmed, before the payment starts; the payment waits for it. Keep the order here if you have to act
   * on it later. May be called again for the same `payment.transactionId`.
   */
  readonly onConfirmed?: (order: ConfirmedOrder) => Promise<void>;
  /** Told that a session is over, by gateways that say so. */
  readonly onEnded?: (notice: EndNotice) => Promise<void>;
  /** Country of phone numbers that a gateway sends in national form. */
  readonly country?: string;
  /**
   * Whose wallet is behind each network code, as the operator directory names them: `{ '63902': 'ke-63902' }`. It tells the
   * bridge more than the number does, which may have been ported.
   */
  readonly operators?: Readonly<Record<string, string>>;
  /** Default: the gateway's, else 160 septets or 80 characters. */
  readonly screen?: ScreenLimit;
  readonly times?: Partial<SessionTimes>;
  /**
   * Whether a number is remembered from one session to the next: its language, what it did not finish, its last payments.
   * Default true; costs one write at the start of a session.
   */
  readonly remember?: boolean;
  /** How often one number may begin a session; more is answered with a closing screen. */
  readonly starts?: RateLimiter;
  /** Milliseconds between two looks at promised payments, once initialised. Default 30,000. */
  readonly sweepEveryMs?: number;
  /** Milliseconds for one call of the store. Default 2,000. */
  readonly storeTimeoutMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Brings what the menu's screens `load`. */
  readonly data?: { readonly [K in NoInfer<D>]: Loader };
}

/** Source: docs/ussd.md#times */
export const DEFAULT_TIMES: SessionTimes = {
  sessionMs: 300_000,
  idleMs: 180_000,
  resumeMs: 600_000,
  repeatWindowMs: 2_000,
  loadMs: 3_000,
  paymentDelayMs: 1_500,
  startWithinMs: 120_000,
};

function refuse(field: string, expected: string): never {
  throw new ConfigError({ field, expected });
}

/** @throws ConfigError naming the field. */
export function checkOptions({
  menu,
  gateway,
  environment = 'production',
  payments,
  store,
  data,
  times = {},
}: UssdHandlerOptions<string>): void {
  if (store === undefined)
    refuse('store', 'a key-value store, such as createMemoryKeyValueStore({ clock }) or one on Redis');
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(menu.name)) refuse('menu.name', 'up to 32 lower-case letters, digits or "-"');
  if (gateway !== undefined && environment === 'production' && !gateway.authenticity.isConfigured) {
    refuse('gateway.authenticity', 'a secret path, an address list, basic auth or a header: anybody could post here');
  }
  const pays = Object.values<AnyScreen>(menu.screens).some(
    (screen) => screen.kind === 'end' && screen.pay !== undefined,
  );
  if (pays && payments === undefined) refuse('payments', 'what starts payments, such as an MMOBridge: the menu pays');
  for (const name of Object.keys(menu.data ?? {})) {
    if (data?.[name] === undefined) refuse(`data.${name}`, 'a function that brings this data');
  }
  for (const [name, value] of Object.entries(times)) {
    if (!Number.isFinite(value) || value < 0) refuse(`times.${name}`, 'milliseconds, 0 or more');
  }
}

/** @throws ConfigError with everything that is wrong with the menu. */
export function checkMenu(menu: AnyMenu, limit: ScreenLimit): void {
  const { problems } = describeMenu(menu, limit);
  if (problems.length === 0) return;
  const list = problems.map(({ code, screen, language, detail }) => {
    const where = [screen, language].filter((part) => part !== undefined && part !== '').join(', ');
    return `\n- ${code}${where === '' ? '' : ` (${where})`}: ${detail}`;
  });
  throw new ConfigError({ field: 'menu', expected: `a sound menu, and found:${list.join('')}\n` });
}
