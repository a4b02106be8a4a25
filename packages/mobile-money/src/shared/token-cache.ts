import { type CallOptions, type Clock, withDeadline } from '@canza/core';

/** An access token as an operator gave it. */
export interface IssuedToken {
  readonly value: string;
  /** Milliseconds from now until the operator refuses it. */
  readonly lifetimeMs: number;
}

/** Asks the operator for a token. Called with the cache's own deadline, never with one caller's signal. */
export type TokenSource = (options: CallOptions) => Promise<IssuedToken>;

export interface TokenCacheOptions {
  readonly clock: Clock;
  /** A token is renewed this long before it ends. Default 60,000. */
  readonly renewBeforeMs?: number;
  /** For one request of a token. Default 15,000. */
  readonly timeoutMs?: number;
}

export interface TokenCache {
  /** The token of a credential, if there is one that need not be renewed yet. */
  current(credential: string): string | undefined;
  /**
   * The token of a credential; asked for when there is none or when it is about to end, once for all who wait.
   * Calling off ends the caller's wait alone: the request goes on for the others. While a token is renewed early and the renewal
   * fails, the old one is given out until it ends.
   * @throws whatever `source` throws; DeadlineError or AbortedError, with `moneyMoved: 'no'`, when the caller's own wait ends.
   */
  get(credential: string, source: TokenSource, options?: CallOptions): Promise<string>;
  /** Forgets a token that the operator refused, unless another has taken its place meanwhile. */
  drop(credential: string, refused: string): void;
}

interface CachedToken {
  readonly value: string;
  readonly renewAtMs: number;
  readonly endsAtMs: number;
}

/** Makes a cache of access tokens, keyed by credential. Lifetimes are measured on the monotonic clock: wall time may jump. */
export function createTokenCache({ clock, renewBeforeMs = 60_000, timeoutMs = 15_000 }: TokenCacheOptions): TokenCache {
  const tokens = new Map<string, CachedToken>();
  const renewals = new Map<string, Promise<string>>();

  const renew = async (credential: string, source: TokenSource): Promise<string> => {
    const askedAtMs = clock.monotonicMs();
    const deadline = { timeoutMs, what: 'The request of an access token' };
    try {
      const { value, lifetimeMs } = await withDeadline(clock, deadline, (signal) => source({ timeoutMs, signal }));
      const endsAtMs = askedAtMs + lifetimeMs;
      // A token that lives shorter than the margin would be renewed with every call.
      tokens.set(credential, { value, endsAtMs, renewAtMs: endsAtMs - Math.min(renewBeforeMs, lifetimeMs / 2) });
      return value;
    } catch (error) {
      const old = tokens.get(credential);
      if (old !== undefined && clock.monotonicMs() < old.endsAtMs) return old.value;
      throw error;
    } finally {
      renewals.delete(credential);
    }
  };

  const renewOnce = (credential: string, source: TokenSource): Promise<string> => {
    const underWay = renewals.get(credential);
    if (underWay !== undefined) return underWay;
    const renewal = renew(credential, source);
    renewals.set(credential, renewal);
    // Those who wait get the rejection; when all of them have called off, nobody does.
    renewal.catch(() => undefined);
    return renewal;
  };

  const current = (credential: string): string | undefined => {
    const token = tokens.get(credential);
    return token !== undefined && clock.monotonicMs() < token.renewAtMs ? token.value : undefined;
  };

  return {
    current,
    async get(credential, source, { timeoutMs: callerMs, signal } = {}) {
      const token = current(credential);
      if (token !== undefined) return token;
      const deadline = {
        timeoutMs: callerMs ?? timeoutMs,
        what: 'The wait for an access token',
        ...(signal === undefined ? {} : { signal }),
      };
      return withDeadline(clock, deadline, () => renewOnce(credential, source));
    },
    drop(credential, refused) {
      if (tokens.get(credential)?.value === refused) tokens.delete(credential);
    },
  };
}
