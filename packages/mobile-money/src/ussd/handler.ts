import {
  type Clock,
  ConfigError,
  type Logger,
  maskMsisdn,
  type Payment,
  parseMsisdn,
  safeCause,
  silentLogger,
  systemClock,
} from '@canza/core';
import { compileMenu } from './compile.ts';
import { Conversation, type UssdReply } from './conversation.ts';
import { Outbox } from './effects/outbox.ts';
import { PaymentRunner } from './effects/payment-runner.ts';
import type { EndNotice, Gateway, GatewayAnswer } from './gateways/gateway.ts';
import { checkMenu, checkOptions, DEFAULT_TIMES, type UssdHandlerOptions } from './handler-options.ts';
import type { Hop } from './hop.ts';
import type { Loader } from './lookups.ts';
import { Callers } from './sessions/callers.ts';
import { StoredSessions } from './sessions/stored-sessions.ts';
import { SCREEN_LIMITS } from './text/gsm7.ts';

/** A hop as an app hands it over itself: `text` is everything entered so far, joined with `*`. */
export interface UssdRequest {
  readonly sessionId: string;
  readonly phoneNumber: string;
  readonly serviceCode: string;
  readonly text: string;
  /** The SIM's network, as the gateway spells it. */
  readonly networkCode?: string;
  readonly language?: string;
}

/** How a request reached us, as far as the web server knows and a `Request` does not say. */
export interface Connection {
  /** The caller's address; behind a proxy, the one that the proxy vouches for. */
  readonly sourceAddress?: string;
}

/** Beyond the longest time that a session can be resumed or repeated. */
const KEPT_BEYOND_MS = 900_000;
const LONGEST_BODY = 65_536;
const SESSION_ID = /^[\x21-\x7e]{1,128}$/;
const E164 = /^\+[1-9]\d{6,14}$/;
const SERVICE_CODE = /^[*#0-9]{0,32}$/;
const PRINTABLE = /^[\x20-\x7e]{0,64}$/;

/**
 * A USSD service: a menu behind a gateway. Checked when it is made: a menu that could fail a payer does not start.
 * @throws ConfigError naming the field, or listing what is wrong with the menu.
 */
export class USSDProtocolHandler<D extends string = never> {
  readonly #options: UssdHandlerOptions<D>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #gateway: Gateway | undefined;
  readonly #conversation: Conversation;
  readonly #runner: PaymentRunner | undefined;
  #cancelSweep: (() => void) | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #isOpen = true;

  constructor(options: UssdHandlerOptions<D>) {
    const { menu, store, gateway, clock = systemClock, logger = silentLogger, storeTimeoutMs = 2_000 } = options;
    checkOptions(options);
    const limit = options.screen ?? gateway?.screen ?? SCREEN_LIMITS.standard;
    checkMenu(menu, limit);
    const times = { ...DEFAULT_TIMES, ...options.times };
    const prefix = `ussd:${menu.name}:`;
    const own = `${prefix}${gateway?.name ?? 'direct'}:`;
    const keepMs = Math.max(times.sessionMs, times.resumeMs) + KEPT_BEYOND_MS;
    const sessionPrefix = `${own}s:`;
    const sessions =
      options.sessions ?? new StoredSessions({ store, prefix: sessionPrefix, keepMs, timeoutMs: storeTimeoutMs });
    const callers =
      options.remember === false ? undefined : new Callers({ store, prefix: `${prefix}c:`, timeoutMs: storeTimeoutMs });
    this.#options = options;
    this.#clock = clock;
    this.#logger = logger;
    this.#gateway = gateway;
    this.#runner =
      options.payments === undefined
        ? undefined
        : new PaymentRunner({
            payments: options.payments,
            store,
            prefix: `${prefix}t:`,
            sessions,
            callers,
            outbox: new Outbox({ store, prefix: `${own}o:`, timeoutMs: storeTimeoutMs }),
            sms: options.sms,
            onConfirmed: options.onConfirmed,
            clock,
            logger,
            storeTimeoutMs,
          });
    const data: Readonly<Record<string, Loader>> = options.data ?? {};
    const { starts } = options;
    const compiled = compileMenu(menu, limit);
    this.#conversation = new Conversation({
      compiled,
      sessions,
      keyOf: (sessionId) => sessionPrefix + sessionId,
      operators: new Map(Object.entries(options.operators ?? {})),
      callers,
      runner: this.#runner,
      data,
      times,
      starts,
      clock,
      logger,
    });
  }

  /** Looks after payments that a crash left unstarted, now and from time to time. Any number of processes may. */
  async initialize(): Promise<void> {
    await this.sweep();
    this.#scheduleSweep();
  }

  /** Answers one hop. Never throws: whatever comes in, a payer gets a screen in their language. */
  processRequest(request: UssdRequest): Promise<UssdReply> {
    const { sessionId, phoneNumber, serviceCode, text, networkCode, language }: Partial<UssdRequest> = request ?? {};
    const hop: Hop = {
      sessionId: asText(sessionId),
      phone: asText(phoneNumber),
      serviceCode: asText(serviceCode),
      input: 'accumulated',
      text,
    };
    const isTold = typeof networkCode === 'string' || typeof language === 'string';
    return this.#answer(isTold ? withTold(hop, networkCode, language) : hop);
  }

  /**
   * Answers the gateway's request, whatever its form; mounts in any framework that speaks the web's own types.
   * @throws ConfigError when no gateway is configured.
   */
  async handle(request: Request, connection: Connection = {}): Promise<Response> {
    const gateway = this.#gateway;
    if (gateway === undefined)
      throw new ConfigError({ field: 'gateway', expected: 'a gateway, such as africasTalking()' });
    const { pathname: path, searchParams: query } = new URL(request.url);
    const { headers, method } = request;
    const failed = gateway.authenticity.failedCheck({ path, headers, sourceAddress: connection.sourceAddress });
    if (failed !== undefined) {
      this.#logger.warn({ failed, gateway: gateway.name }, 'a request was not from the gateway');
      return new Response('Forbidden', { status: 403 });
    }
    const body = await readBody(request);
    if (body === undefined) return new Response('Content Too Large', { status: 413 });
    const contentType = headers.get('content-type') ?? '';
    const incoming = gateway.read({ method, path, query, contentType, body });
    if (incoming.kind === 'ended') {
      await this.#noteEnd(incoming.notice);
      return toResponse(incoming.answer);
    }
    return toResponse(incoming.respond(await this.#answer(incoming.hop)));
  }

  /** Tells a payer by SMS what a payment came to. Call it whenever the bridge reports a final state; it tells each once. */
  async tellOutcome(payment: Pick<Payment, 'transactionId' | 'status' | 'receipt'>): Promise<void> {
    await this.#runner?.tellOutcome(payment);
  }

  /** One look at payments that were promised and not started. `initialize` does it from time to time. */
  async sweep(): Promise<void> {
    await this.#runner?.sweep();
  }

  /** Waits until every payment that was promised so far is started or left to a sweep. */
  async settled(): Promise<void> {
    await this.#runner?.settled();
  }

  /** Takes no more hops, starts at once what still waits for its moment, and leaves no timer behind. */
  async shutdown(): Promise<void> {
    this.#isOpen = false;
    this.#cancelSweep?.();
    await this.#sweeping;
    await this.#runner?.shutdown();
  }

  #answer(raw: Hop): Promise<UssdReply> {
    const isReadable = typeof raw.text === 'string' && isPrintable(raw.mark) && isPrintable(raw.network);
    const answered = isReadable && this.#isOpen ? this.#conversation.answerKnown(raw) : undefined;
    return answered ?? this.#answerChecked(raw, isReadable);
  }

  #answerChecked(raw: Hop, isReadable: boolean): Promise<UssdReply> {
    if (!this.#isOpen) return Promise.resolve(this.#conversation.refuse(raw, 'shutting-down'));
    const phone = this.#readPhone(raw.phone);
    if (phone === undefined || !isReadable || !SESSION_ID.test(raw.sessionId) || !SERVICE_CODE.test(raw.serviceCode)) {
      return Promise.resolve(this.#conversation.refuse({ ...raw, phone: phone ?? '' }, 'missing-field'));
    }
    return this.#conversation.answer(phone === raw.phone ? raw : { ...raw, phone });
  }

  #readPhone(phone: string): string | undefined {
    if (E164.test(phone)) return phone;
    const { country } = this.#options;
    if (country === undefined && E164.test(`+${phone}`)) return `+${phone}`;
    try {
      return `+${parseMsisdn(phone, country === undefined ? {} : { country }).msisdn}`;
    } catch {
      return undefined;
    }
  }

  async #noteEnd(notice: EndNotice): Promise<void> {
    const { outcome, status, hops, durationMs, cost, phone } = notice;
    this.#logger.info(
      { phone: maskMsisdn(phone), outcome, status, hops, durationMs, cost },
      'the gateway ended a session',
    );
    try {
      await this.#options.onEnded?.(notice);
    } catch (error) {
      this.#logger.error({ cause: safeCause(error) }, 'onEnded failed');
    }
  }

  #scheduleSweep(): void {
    if (!this.#isOpen || this.#runner === undefined) return;
    this.#cancelSweep = this.#clock.setTimer(this.#options.sweepEveryMs ?? 30_000, () => {
      this.#sweeping = this.sweep()
        .catch((error: unknown) => this.#logger.error({ cause: safeCause(error) }, 'a sweep failed'))
        .then(() => this.#scheduleSweep());
    });
  }
}

/** Makes a handler: the same as `new USSDProtocolHandler(options)`. */
export const createUssdHandler = <D extends string = never>(options: UssdHandlerOptions<D>): USSDProtocolHandler<D> =>
  new USSDProtocolHandler(options);

const isPrintable = (text: string | undefined): boolean => text === undefined || PRINTABLE.test(text);

const withTold = (hop: Hop, network: unknown, language: unknown): Hop => ({
  ...hop,
  ...(typeof network === 'string' ? { network } : {}),
  ...(typeof language === 'string' ? { language } : {}),
});

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

async function readBody(request: Request): Promise<string | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > LONGEST_BODY) return undefined;
  try {
    const body = await request.text();
    return body.length > LONGEST_BODY ? undefined : body;
  } catch {
    return '';
  }
}

const toResponse = ({ status, contentType, body, headers }: GatewayAnswer): Response =>
  new Response(body, { status, headers: { 'content-type': contentType, ...headers } });
