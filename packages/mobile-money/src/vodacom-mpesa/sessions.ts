import {
  type CallOptions,
  type Clock,
  type Environment,
  PaymentError,
  RouteClosedError,
  TransportError,
  withDeadline,
} from '@canza/core';

/** A session as the operator has just given it. */
export interface OpenedSession {
  /** The session's id, encrypted. */
  readonly bearer: string;
}

export interface SessionSettings {
  readonly environment: Pick<Environment, 'clock' | 'logger'>;
  readonly provider: string;
  /** How long a new session is left alone until it is live. */
  readonly warmUpMs: number;
  readonly lifetimeMs: number;
  /** Asks for a session. Called with a deadline of its own, never with one caller's signal. */
  readonly open: (options: CallOptions) => Promise<OpenedSession>;
}

/** The sessions of one application. Ages are measured on the monotonic clock: wall time may jump. */
export interface Sessions {
  /** Opens a session if there is none. Does not wait until it is live. @throws what the opening throws; nothing was sent. */
  prepare(options: CallOptions): Promise<void>;
  /**
   * The bearer of a session that is live. One that is about to end is replaced meanwhile, and used until the next one is live.
   * @throws RouteClosedError, with the time that is left, while there is none: no payment waits for one unseen.
   * @throws AuthenticationError, TransportError and others when none is to be had, all with `moneyMoved: 'no'`.
   */
  bearer(options: CallOptions): Promise<string>;
  /** Forgets a session that was refused, unless another has taken its place. */
  drop(bearer: string): void;
}

interface Session extends OpenedSession {
  readonly liveAtMs: number;
  readonly renewAtMs: number;
  readonly endsAtMs: number;
}

/** For the opening itself, which is one short exchange. */
const OPENING_TIMEOUT_MS = 15_000;
/** How long before its end a session is replaced, besides the time that the next one needs to be live. */
const RENEW_BEFORE_MS = 10 * 60_000;
/** Between two tries to replace a session that is still good. */
const RENEW_AGAIN_AFTER_MS = 60_000;

/**
 * Keeps a live session at hand.
 * Source: docs/providers/vodacom-mpesa.md#sessions
 */
export function createSessions(settings: SessionSettings): Sessions {
  const { environment, provider, warmUpMs, lifetimeMs } = settings;
  const { clock, logger } = environment;
  let current: Session | undefined;
  let next: Session | undefined;
  let opening: Promise<void> | undefined;
  let renewNotBeforeMs = -Infinity;

  /** Lets the next session take over as soon as it is live, and an ended one go. */
  const turnOver = (): Session | undefined => {
    const nowMs = clock.monotonicMs();
    if (next !== undefined && (next.liveAtMs <= nowMs || current === undefined || current.endsAtMs <= nowMs)) {
      current = next;
      next = undefined;
    }
    if (current !== undefined && current.endsAtMs <= nowMs) current = undefined;
    return current;
  };

  const open = async (): Promise<void> => {
    const askedAtMs = clock.monotonicMs();
    const { bearer } = await openInTime(clock, provider, settings.open);
    const endsAtMs = askedAtMs + lifetimeMs;
    const session: Session = {
      bearer,
      liveAtMs: clock.monotonicMs() + warmUpMs,
      renewAtMs: endsAtMs - Math.min(RENEW_BEFORE_MS + warmUpMs, lifetimeMs / 2),
      endsAtMs,
    };
    if (turnOver() === undefined) current = session;
    else next = session;
  };

  const openOnce = (): Promise<void> => {
    if (opening !== undefined) return opening;
    const work = open().finally(() => {
      opening = undefined;
    });
    opening = work;
    // Those who wait get the rejection; when all of them have called off, nobody does.
    work.catch(() => undefined);
    return work;
  };

  const renew = (nowMs: number): void => {
    renewNotBeforeMs = nowMs + RENEW_AGAIN_AFTER_MS;
    openOnce().catch((error: unknown) => {
      const code = PaymentError.isInstance(error) ? error.code : 'UNFORESEEN';
      logger.warn({ provider, code }, 'the session could not be replaced yet');
    });
  };

  const ready = async ({ timeoutMs = OPENING_TIMEOUT_MS, signal }: CallOptions): Promise<Session> => {
    const session = turnOver();
    if (session !== undefined) return session;
    const deadline = { timeoutMs, what: 'The wait for a session', ...(signal === undefined ? {} : { signal }) };
    await withDeadline(clock, deadline, openOnce);
    const opened = turnOver();
    if (opened !== undefined) return opened;
    throw new RouteClosedError('The session was refused as soon as it was opened.', { provider });
  };

  return {
    async prepare(options) {
      await ready(options);
    },
    async bearer(options) {
      const session = await ready(options);
      const nowMs = clock.monotonicMs();
      if (nowMs < session.liveAtMs) {
        const retryAfterMs = Math.ceil(session.liveAtMs - nowMs);
        const seconds = Math.ceil(retryAfterMs / 1000);
        throw new RouteClosedError(
          `A session has been opened and is live in ${seconds} s; nothing was sent. Call prepare() ahead of need.`,
          { provider, retryAfterMs },
        );
      }
      if (nowMs >= session.renewAtMs && nowMs >= renewNotBeforeMs && next === undefined) renew(nowMs);
      return session.bearer;
    },
    drop(bearer) {
      if (current?.bearer === bearer) current = undefined;
    },
  };
}

/** Without a session nothing can be sent, so whatever goes wrong here has moved nothing. */
async function openInTime(clock: Clock, provider: string, open: SessionSettings['open']): Promise<OpenedSession> {
  const deadline = { timeoutMs: OPENING_TIMEOUT_MS, what: 'The opening of a session' };
  try {
    return await withDeadline(clock, deadline, (signal) => open({ timeoutMs: OPENING_TIMEOUT_MS, signal }));
  } catch (error) {
    if (PaymentError.isInstance(error) && error.moneyMoved === 'no') throw error;
    throw new TransportError('not-connected', 'No session was to be had, so the request was not sent.', {
      provider,
      cause: error,
    });
  }
}
