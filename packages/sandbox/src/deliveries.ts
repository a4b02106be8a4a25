import { type Clock, type HttpRequest, type HttpResponse, safeCause, type Transport, withDeadline } from '@canza/core';

import type { EventListener } from './events.ts';
import type { Schedule } from './schedule.ts';

/** One callback that was sent, and what became of it. Nothing is ever sent again on its own. */
export interface Delivery {
  readonly operation: string;
  readonly request: HttpRequest;
  readonly atMs: number;
  /** Status of the receiver's answer; `undefined` until it came, or when none came. */
  status?: number;
  /** Why no answer came. */
  failure?: string;
}

export interface Deliveries {
  /** Sends now; resolves with the receiver's answer, or with nothing when none came. */
  send(operation: string, request: HttpRequest, timeoutMs?: number): Promise<HttpResponse | undefined>;
  /** Sends after `delayMs`, unless the emulator is closed before. */
  sendAfter(delayMs: number, operation: string, request: HttpRequest): void;
  /** Every callback so far, oldest first. */
  readonly sent: readonly Delivery[];
}

export interface DeliveriesOptions {
  readonly emulator: string;
  /** Carries a callback to the address that the caller named; a transport will do. */
  readonly deliver: Transport;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly onEvent?: EventListener | undefined;
}

/** How long the operator waits for a receiver. */
const RECEIVER_TIMEOUT_MS = 10_000;

export function createDeliveries({ emulator, deliver, clock, schedule, onEvent }: DeliveriesOptions): Deliveries {
  const sent: Delivery[] = [];
  const send = async (
    operation: string,
    request: HttpRequest,
    timeoutMs: number = RECEIVER_TIMEOUT_MS,
  ): Promise<HttpResponse | undefined> => {
    const delivery: Delivery = { operation, request, atMs: clock.nowMs() };
    sent.push(delivery);
    onEvent?.({ atMs: delivery.atMs, emulator, what: 'callback', detail: operation });
    try {
      const response = await withDeadline(clock, { timeoutMs, signal: schedule.signal, what: 'A callback' }, (signal) =>
        deliver(request, { timeoutMs, signal }),
      );
      delivery.status = response.status;
      return response;
    } catch (error) {
      delivery.failure = safeCause(error).message;
      return undefined;
    }
  };
  return {
    send,
    sendAfter: (delayMs, operation, request) =>
      void schedule.after(delayMs, async () => void (await send(operation, request))),
    sent,
  };
}
