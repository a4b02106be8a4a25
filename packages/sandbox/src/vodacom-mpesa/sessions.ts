import type { Clock, HttpRequest, HttpResponse } from '@canza/core';

import type { Call } from '../router.ts';
import type { ReadSecret } from '../rsa-padding.ts';
import { headerOf } from '../wire.ts';
import type { VodacomIdentifiers } from './identifiers.ts';
import { succeed, turnAway } from './replies.ts';
import type { VodacomApplication, VodacomTimings } from './settings.ts';

/** The sessions that were created. */
export interface Sessions {
  /** `GET getSession/` */
  readonly create: (call: Call) => HttpResponse;
  /** The refusal of a call whose Origin or session does not fit, is not live yet, or has ended; nothing when all is well. */
  readonly check: (request: HttpRequest) => HttpResponse | undefined;
  /** Ends the session that a request presents. */
  readonly end: (request: HttpRequest) => void;
  readonly endAll: () => void;
}

export interface SessionsOptions {
  readonly clock: Clock;
  readonly identifiers: VodacomIdentifiers;
  readonly application: VodacomApplication;
  readonly timings: VodacomTimings;
  readonly readBearer: ReadSecret;
}

interface Session {
  readonly liveAtMs: number;
  readonly endsAtMs: number;
}

const HOUR_MS = 3_600_000;

/** Source: docs/sandbox/vodacom-mpesa.md#session */
export function createSessions({ clock, identifiers, application, timings, readBearer }: SessionsOptions): Sessions {
  const sessions = new Map<string, Session>();
  const secretOf = (request: HttpRequest): string | undefined => {
    const bearer = /^Bearer (\S+)$/.exec(headerOf(request, 'authorization') ?? '')?.[1];
    return bearer === undefined ? undefined : readBearer(bearer);
  };
  const isOriginRight = (request: HttpRequest): boolean => {
    const origin = headerOf(request, 'origin') ?? '';
    return application.origin === '*' ? origin !== '' : origin === application.origin;
  };
  return {
    create({ request }) {
      if (!isOriginRight(request) || secretOf(request) !== application.apiKey) return turnAway();
      const id = identifiers.session();
      const nowMs = clock.nowMs();
      sessions.set(id, {
        liveAtMs: nowMs + timings.sessionLiveMs,
        endsAtMs: nowMs + application.sessionLifetimeHours * HOUR_MS,
      });
      return succeed({ output_SessionID: id });
    },
    check(request) {
      const session = sessions.get(secretOf(request) ?? '');
      const nowMs = clock.nowMs();
      const isLive = session !== undefined && nowMs >= session.liveAtMs && nowMs < session.endsAtMs;
      return isLive && isOriginRight(request) ? undefined : turnAway();
    },
    end: (request) => void sessions.delete(secretOf(request) ?? ''),
    endAll: () => sessions.clear(),
  };
}
