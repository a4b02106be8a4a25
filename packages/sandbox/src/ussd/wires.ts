import type { HttpRequest, HttpResponse } from '@canza/core';

/** One hop as a gateway knows it. */
export interface GatewayHop {
  /** The application's address. */
  readonly url: string;
  readonly sessionId: string;
  /** E.164 digits without a plus. */
  readonly msisdn: string;
  /** As it is registered: `*384*7#`. */
  readonly serviceCode: string;
  /** What was dialled behind the code. */
  readonly extension: readonly string[];
  /** Everything entered since, oldest first. */
  readonly entries: readonly string[];
}

/** What an application's reply puts on the phone. */
export type PhoneReply =
  | { readonly kind: 'screen'; readonly text: string; readonly end: boolean }
  /** Nothing a gateway could show; the network says so in its own words. */
  | { readonly kind: 'broken'; readonly why: string };

/** How one gateway speaks to applications. */
export interface UssdWire {
  request(hop: GatewayHop): HttpRequest;
  read(response: HttpResponse): PhoneReply;
}

const form = (url: string, fields: Readonly<Record<string, string>>): HttpRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
});

const json = (url: string, fields: object): HttpRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(fields),
});

const broken = (why: string): PhoneReply => ({ kind: 'broken', why });
const screen = (text: string, end: boolean): PhoneReply => ({ kind: 'screen', text, end });

/** Reads a reply of JSON; anything but a 200 with an object ends the session. */
function readJson(
  { status, body }: HttpResponse,
  read: (fields: Readonly<Record<string, unknown>>) => PhoneReply,
): PhoneReply {
  if (status !== 200) return broken(`the application answered ${status}`);
  try {
    const fields: unknown = JSON.parse(body);
    return typeof fields === 'object' && fields !== null
      ? read(fields as Readonly<Record<string, unknown>>)
      : broken('the answer is no JSON object');
  } catch {
    return broken('the answer is no JSON');
  }
}

/** A text and a flag, under their names. */
const readFlagged =
  (text: string, flag: string, goesOnWhen: (value: unknown) => boolean) =>
  (response: HttpResponse): PhoneReply =>
    readJson(response, (fields) => {
      const shown = fields[text];
      return typeof shown === 'string'
        ? screen(shown, !goesOnWhen(fields[flag]))
        : broken(`the answer has no "${text}"`);
    });

function readConOrEnd({ status, body }: HttpResponse): PhoneReply {
  if (status !== 200) return broken(`the application answered ${status}`);
  const [, prefix, text = ''] = /^(CON|END) ([\s\S]*)$/.exec(body) ?? [];
  return prefix === undefined
    ? broken('the answer begins with neither "CON " nor "END "')
    : screen(text, prefix === 'END');
}

const bareCode = (code: string): string => code.replace(/^\*/, '').replace(/#$/, '');
const dialled = ({ serviceCode, extension }: GatewayHop): string =>
  `*${[bareCode(serviceCode), ...extension].join('*')}#`;
const isFirst = ({ entries }: GatewayHop): boolean => entries.length === 0;
const last = ({ entries }: GatewayHop): string => entries.at(-1) ?? '';

/** Source: docs/ussd.md */
export const WIRES = {
  'africas-talking': {
    request: (hop) =>
      form(hop.url, {
        sessionId: hop.sessionId,
        phoneNumber: `+${hop.msisdn}`,
        networkCode: '99999',
        serviceCode: hop.serviceCode,
        text: [...hop.extension, ...hop.entries].join('*'),
      }),
    read: readConOrEnd,
  },
  hubtel: {
    request: (hop) =>
      json(hop.url, {
        Type: isFirst(hop) ? 'Initiation' : 'Response',
        Message: isFirst(hop) ? dialled(hop) : last(hop),
        ServiceCode: bareCode(hop.serviceCode),
        Operator: 'mtn',
        Mobile: hop.msisdn,
        SessionId: hop.sessionId,
        Sequence: hop.entries.length + 1,
      }),
    read: readFlagged('Message', 'Type', (type) => String(type).toLowerCase() === 'response'),
  },
  arkesel: {
    request: (hop) =>
      json(hop.url, {
        sessionID: hop.sessionId,
        userID: 'SANDBOX',
        newSession: isFirst(hop),
        msisdn: hop.msisdn,
        userData: isFirst(hop) ? dialled(hop) : last(hop),
        network: 'MTN',
      }),
    read: readFlagged('message', 'continueSession', (goesOn) => goesOn === true),
  },
  nalo: {
    request: (hop) =>
      json(hop.url, {
        USERID: 'SANDBOX',
        MSISDN: hop.msisdn,
        USERDATA: isFirst(hop) ? dialled(hop) : last(hop),
        MSGTYPE: isFirst(hop),
        NETWORK: 'MTN',
        SESSIONID: hop.sessionId,
      }),
    read: readFlagged('MSG', 'MSGTYPE', (goesOn) => goesOn === true),
  },
  infobip: {
    request: (hop) =>
      json(
        `${hop.url.replace(/\/$/, '')}/session/${encodeURIComponent(hop.sessionId)}/${isFirst(hop) ? 'start' : 'response'}`,
        {
          msisdn: hop.msisdn,
          text: last(hop),
          shortCode: bareCode(hop.serviceCode),
          language: 'en',
          ussdGwId: 'sandbox',
        },
      ),
    read: readFlagged('ussdMenu', 'shouldClose', (closes) => closes === false),
  },
} as const satisfies Readonly<Record<string, UssdWire>>;

/** A gateway whose wire format the phone speaks. */
export type WireName = keyof typeof WIRES;

/** Every gateway whose wire format the phone speaks. */
export const WIRE_NAMES = Object.keys(WIRES) as readonly WireName[];
