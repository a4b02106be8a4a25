import {
  type Clock,
  type HttpResponse,
  InvalidRequestError,
  PaymentError,
  type Random,
  type Transport,
  withDeadline,
} from '@canza/core';
import { overflowOf } from './screen-size.ts';
import { type GatewayHop, type PhoneReply, WIRES, type WireName } from './wires.ts';

/** What can go wrong between a phone and an application; each happens to the next hop alone. */
export const PHONE_FAULTS = [
  /** The gateway sends the hop twice at the same moment. */
  'duplicate',
  /** The hop before is sent once more, ahead of this one. */
  'late',
  /** The application answers and the phone never sees it: the session is gone. */
  'drop',
  /** The gateway goes on under another session id. */
  'new-session',
] as const;

/** Something that goes wrong between a phone and the application. */
export type PhoneFault = (typeof PHONE_FAULTS)[number];

/** What the person sees. */
export type PhoneScreen =
  | { readonly kind: 'screen'; readonly text: string; readonly end: boolean }
  /** The network's own words: nothing came that a phone could show. */
  | { readonly kind: 'network-error'; readonly why: string };

/** Whose phone it is, and which application it dials over which gateway. */
export interface UssdPhoneOptions {
  /** The application's address. */
  readonly url: string;
  readonly gateway: WireName;
  /** The code that the application answers: `*384*7#`. */
  readonly serviceCode: string;
  readonly phoneNumber: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds that a gateway waits for the application. Default 10,000. */
  readonly timeoutMs?: number;
}

/** Somebody's phone, with a gateway between it and the application. */
export interface UssdPhone {
  /** Whether a session is open. */
  readonly isOpen: boolean;
  /** Dials a code: the application's own, or one that goes on behind it, `*384*7*1#`. Ends what was open. */
  dial(code?: string): Promise<PhoneScreen>;
  /** @throws InvalidRequestError when no session is open. */
  enter(text: string): Promise<PhoneScreen>;
  /** Loses the session without a word, as a phone without a signal does. */
  lose(): void;
  /** What is to go wrong with the next hop. */
  expectFault(fault: PhoneFault): void;
}

/**
 * A phone that dials a USSD application as its gateway would carry it.
 * @throws InvalidRequestError when the number is none.
 */
export function createUssdPhone(options: UssdPhoneOptions): UssdPhone {
  const { url, serviceCode, transport, clock, random, timeoutMs = 10_000 } = options;
  const wire = WIRES[options.gateway];
  const msisdn = options.phoneNumber.replace(/^\+/, '');
  if (!/^\d{6,15}$/.test(msisdn)) {
    throw new InvalidRequestError({
      field: 'phoneNumber',
      expected: 'a number in international form, such as "+254700123456"',
    });
  }
  let open: GatewayHop | undefined;
  let before: GatewayHop | undefined;
  let fault: PhoneFault | undefined;

  const drawSessionId = (): string => `sandbox-${Buffer.from(random.bytes(12)).toString('hex')}`;

  const send = async (hop: GatewayHop): Promise<PhoneReply> => {
    let response: HttpResponse;
    try {
      response = await withDeadline(clock, { timeoutMs, what: 'The application' }, (signal) =>
        transport(wire.request(hop), { signal, timeoutMs }),
      );
    } catch (error) {
      const isLate = PaymentError.isInstance(error) && error.code === 'DEADLINE_EXCEEDED';
      return { kind: 'broken', why: isLate ? `no answer within ${timeoutMs} ms` : 'the application cannot be reached' };
    }
    return wire.read(response);
  };

  const exchange = async (next: GatewayHop): Promise<PhoneScreen> => {
    const happening = fault;
    fault = undefined;
    const hop = happening === 'new-session' ? { ...next, sessionId: drawSessionId() } : next;
    if (happening === 'late' && before !== undefined) await send(before);
    const copies = happening === 'duplicate' ? 2 : 1;
    const [reply, copy] = await Promise.all(Array.from({ length: copies }, () => send(hop)));
    before = hop;
    open = undefined;
    if (happening === 'drop') return { kind: 'network-error', why: 'the signal was lost' };
    if (reply === undefined || reply.kind === 'broken') {
      return { kind: 'network-error', why: reply?.why ?? 'nothing came' };
    }
    if (copy !== undefined && JSON.stringify(copy) !== JSON.stringify(reply)) {
      return { kind: 'network-error', why: 'the same hop was answered in two ways' };
    }
    const overflow = overflowOf(reply.text);
    if (overflow !== undefined) return { kind: 'network-error', why: `the screen is too long: ${overflow}` };
    if (!reply.end) open = hop;
    return reply;
  };

  return {
    get isOpen() {
      return open !== undefined;
    },
    dial(code = serviceCode) {
      return exchange({
        url,
        sessionId: drawSessionId(),
        msisdn,
        serviceCode,
        extension: extensionOf(code, serviceCode),
        entries: [],
      });
    },
    enter(text) {
      if (open === undefined)
        throw new InvalidRequestError({ field: 'entry', expected: 'an open session: dial first' });
      return exchange({ ...open, entries: [...open.entries, text] });
    },
    lose() {
      open = undefined;
    },
    expectFault(next) {
      fault = next;
    },
  };
}

/** @throws InvalidRequestError for a code that another application answers. */
function extensionOf(code: string, serviceCode: string): readonly string[] {
  const own = serviceCode.replace(/#$/, '');
  const rest = code.startsWith(own) && code.endsWith('#') ? code.slice(own.length, -1) : undefined;
  if (rest === '') return [];
  if (rest?.startsWith('*') !== true) {
    throw new InvalidRequestError({ field: 'code', expected: `"${serviceCode}", or a code that goes on behind it` });
  }
  return rest.slice(1).split('*');
}
