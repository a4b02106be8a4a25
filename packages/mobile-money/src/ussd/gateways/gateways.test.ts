import { createMemoryKeyValueStore } from '@canza/core';
import { createRecordingLogger, createTurnedClock } from '@canza/core/testing';
import { describe, expect, it } from 'vitest';
import { type Connection, USSDProtocolHandler } from '../handler.ts';
import { createRecordingBridge } from '../testing/recording-bridge.ts';
import { sendMoneyMenu } from '../testing/send-money-menu.ts';
import { africasTalking } from './africas-talking.ts';
import { arkesel } from './arkesel.ts';
import type { EndNotice, Gateway } from './gateway.ts';
import { genericAccumulated, genericLast } from './generic.ts';
import { hubtel } from './hubtel.ts';
import { infobip } from './infobip.ts';
import { nalo } from './nalo.ts';

const HOME = 'Welcome to Pesa\n1. Send money\n2. Balance\n3. Francais';
const ASK = 'Phone number of the recipient\n0. Back';
const AMOUNT = 'Amount in KES for +254712345678\n0. Back\n00. Home';

function createWorld(gateway: Gateway) {
  const clock = createTurnedClock();
  const logger = createRecordingLogger();
  const notices: EndNotice[] = [];
  const handler = new USSDProtocolHandler({
    menu: sendMoneyMenu,
    store: createMemoryKeyValueStore({ clock }),
    payments: createRecordingBridge(),
    data: { balance: async () => ({ values: { balance: '1' } }) },
    environment: 'sandbox',
    gateway,
    clock,
    logger,
    onEnded: async (notice) => void notices.push(notice),
  });
  const send = async (request: Request, connection?: Connection) => {
    const response = await handler.handle(request, connection);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      body: isJson ? (JSON.parse(text) as object) : text,
    };
  };
  return { clock, logger, notices, handler, send };
}

const post = (body: string, type: string, path = '/ussd'): Request =>
  new Request(`https://pay.example.com${path}`, { method: 'POST', body, headers: { 'content-type': type } });
const postForm = (fields: Record<string, string>, path?: string): Request =>
  post(new URLSearchParams(fields).toString(), 'application/x-www-form-urlencoded', path);
const postJson = (fields: object, path?: string): Request => post(JSON.stringify(fields), 'application/json', path);

describe("Africa's Talking", () => {
  const hop = (text: string) =>
    postForm({
      sessionId: 'ATUid_1',
      phoneNumber: '+254700123456',
      networkCode: '63902',
      serviceCode: '*384*7#',
      text,
    });

  it('sends what was entered so far, and reads CON and END', async () => {
    const { send } = createWorld(africasTalking());
    expect(await send(hop(''))).toEqual({ status: 200, type: 'text/plain; charset=utf-8', body: `CON ${HOME}` });
    expect((await send(hop('1'))).body).toBe(`CON ${ASK}`);
    expect((await send(hop('1*0712345678'))).body).toBe(`CON ${AMOUNT}`);
    expect((await send(hop('1*0712345678*500*x*2'))).body).toMatch(/^CON From 10 to 70000/);
  });

  it('is answered by END 200 when a field is missing, because a 4xx would show nothing', async () => {
    const { send } = createWorld(africasTalking());
    const { status, body } = await send(postForm({ phoneNumber: '+254700123456', text: '' }));
    expect([status, body]).toEqual([200, expect.stringMatching(/^END Sorry, we could not read that/)]);
    expect((await send(post('%%%', 'application/x-www-form-urlencoded'))).body).toMatch(/^END Sorry/);
    expect((await send(hop('9'.repeat(10_240)))).body).toMatch(/^END Sorry/);
    expect((await send(hop('9'.repeat(70_000)))).status).toBe(413);
  });

  it('tells the end of a session, with the cost in both its spellings', async () => {
    const { send, notices } = createWorld(africasTalking());
    const notice = {
      date: '2026-01-01',
      sessionId: 'ATUid_1',
      serviceCode: '*384*7#',
      phoneNumber: '+254700123456',
      input: '1*2',
    };
    await send(
      postForm({ ...notice, status: 'Incomplete', cost: 'KES 0.10', durationInMillis: '41000', hopsCount: '3' }),
    );
    expect(
      (await send(postForm({ ...notice, status: 'Success', cost: '0.5', durationInMillis: '9', hopsCount: '1' }))).body,
    ).toBe('');
    expect(notices).toEqual([
      {
        sessionId: 'ATUid_1',
        phone: '+254700123456',
        outcome: 'dropped',
        status: 'Incomplete',
        hops: 3,
        durationMs: 41_000,
        cost: { amount: '0.10', currency: 'KES' },
      },
      expect.objectContaining({ outcome: 'finished', cost: { amount: '0.5' } }),
    ]);
  });

  it('takes no hop for the end of a session because it has a status', async () => {
    const { send, notices } = createWorld(africasTalking());
    const fields = {
      sessionId: 'ATUid_1',
      serviceCode: '*384*7#',
      phoneNumber: '+254700123456',
      text: '',
      status: 'Active',
    };
    expect((await send(postForm(fields))).body).toMatch(/^(CON|END) \S/);
    expect(notices).toEqual([]);
  });
});

describe('Hubtel', () => {
  const hop = (Type: string, Message: string, Sequence: number) =>
    postJson({
      Type,
      Message,
      ServiceCode: '713*4',
      Operator: 'mtn',
      Mobile: '254700123456',
      SessionId: 'h1',
      Sequence,
    });
  const response = (Message: string) => ({ Type: 'Response', Message, SessionId: 'h1' });

  it('sends the last entry alone, and its type in any case', async () => {
    const { send } = createWorld(hubtel());
    expect((await send(hop('Initiation', '*713*4#', 1))).body).toEqual(response(HOME));
    expect((await send(hop('response', '1', 2))).body).toEqual(response(ASK));
    expect((await send(hop('Response', '0712345678', 3))).body).toEqual(response(AMOUNT));
  });

  it('repeats a hop under the same sequence number, and an older one late', async () => {
    const { send } = createWorld(hubtel());
    await send(hop('Initiation', '*713*4#', 1));
    await send(hop('Response', '1', 2));
    expect((await send(hop('Response', '1', 2))).body).toEqual(response(ASK));
    await send(hop('Response', '0712345678', 3));
    expect((await send(hop('Response', '1', 2))).body).toEqual(response(AMOUNT));
    expect((await send(hop('Response', '99', 10))).body).toEqual(response('What is it for?\n0. Back\n00. Home'));
  });

  it('carries what was dialled behind the code, and tells that a session is over', async () => {
    const { send, notices } = createWorld(hubtel());
    expect((await send(hop('Initiation', '*713*4*1#', 1))).body).toEqual(response(ASK));
    expect((await send(hop('Release', '', 2))).body).toMatchObject({ Type: 'Release' });
    expect(notices).toMatchObject([{ sessionId: 'h1', outcome: 'dropped', status: 'release' }]);
  });

  it('that goes on with a session nobody knows is closed politely', async () => {
    const { send } = createWorld(hubtel());
    expect((await send(hop('Response', '1', 5))).body).toMatchObject({
      Type: 'Release',
      Message: expect.stringMatching(/^Sorry, this session has run out/),
    });
  });
});

describe('Arkesel', () => {
  const hop = (userData: string, newSession: boolean) =>
    postJson({ sessionID: 'a1', userID: 'U', newSession, msisdn: '254700123456', userData, network: 'MTN' });

  it('sends the last entry alone, and an equal one within two seconds is the same hop', async () => {
    const { send, clock } = createWorld(arkesel({ serviceCode: '*928*12#' }));
    const reply = (message: string) => ({
      sessionID: 'a1',
      userID: 'U',
      msisdn: '254700123456',
      message,
      continueSession: true,
    });
    expect((await send(hop('*928*12#', true))).body).toEqual(reply(HOME));
    expect((await send(hop('*928*12#', true))).body).toEqual(reply(HOME));
    expect((await send(hop('1', false))).body).toEqual(reply(ASK));
    expect((await send(hop('1', false))).body).toEqual(reply(ASK));
    await clock.advance(2_000);
    expect((await send(hop('1', false))).body).toEqual(reply(`Wrong entry, try again.\n${ASK}`));
    expect((await send(hop('0712345678', false))).body).toEqual(reply(AMOUNT));
  });
});

describe('Nalo', () => {
  const hop = (USERDATA: string, MSGTYPE: boolean, more = {}) =>
    postJson({ USERID: 'N', MSISDN: '254700123456', USERDATA, MSGTYPE, NETWORK: 'MTN', ...more });

  it('says MSGTYPE for new on the way in and for more on the way out', async () => {
    const { send, clock } = createWorld(nalo());
    expect((await send(hop('*920*1#', true))).body).toEqual({
      USERID: 'N',
      MSISDN: '254700123456',
      MSG: HOME,
      MSGTYPE: true,
    });
    expect((await send(hop('1', false))).body).toMatchObject({ MSG: ASK, MSGTYPE: true });
    await clock.advance(3_000);
    expect((await send(hop('2', false, { SESSIONID: 'other' }))).body).toMatchObject({
      SESSIONID: 'other',
      MSGTYPE: false,
    });
  });

  it('without a session id begins anew for somebody who saw one screen and dials again minutes later', async () => {
    const { send, clock } = createWorld(nalo());
    await send(hop('', true));
    await clock.advance(290_000);
    expect((await send(hop('', true))).body).toMatchObject({ MSG: HOME });
    await clock.advance(20_000);
    expect((await send(hop('1', false))).body).toMatchObject({ MSG: ASK, MSGTYPE: true });
  });

  it('without a session id begins anew when somebody dials again, and offers what was left', async () => {
    const { send, clock } = createWorld(nalo());
    await send(hop('', true));
    await send(hop('1', false));
    await send(hop('0712345678', false));
    await clock.advance(10_000);
    expect((await send(hop('', true))).body).toMatchObject({ MSG: expect.stringMatching(/^You were not finished/) });
    expect((await send(hop('1', false))).body).toMatchObject({ MSG: AMOUNT });
  });
});

describe('Infobip', () => {
  const hop = (event: string, text: string, more = {}) =>
    postJson(
      { msisdn: '254700123456', imsi: '1', text, language: 'fr', ussdGwId: 'gw', ...more },
      `/ussd/session/i%201/${event}`,
    );

  it('tells session and event in the address, and the language', async () => {
    const { send, notices } = createWorld(infobip());
    const first = await send(postJson({ msisdn: '254700123456', text: '', language: 'fr' }, '/ussd/session/i-1/start'));
    expect(first.body).toEqual({
      ussdMenu: 'Bienvenue chez Pesa\n1. Envoyer\n2. Solde\n3. Francais',
      shouldClose: false,
      responseExitCode: 200,
      responseMessage: '',
    });
    await send(postJson({ msisdn: '254700123456', reason: 'TIMEOUT' }, '/ussd/session/i-1/end'));
    expect(notices).toMatchObject([{ sessionId: 'i-1', outcome: 'unknown', status: 'TIMEOUT' }]);
  });

  it('with a session id that cannot be one is closed politely', async () => {
    const { send } = createWorld(infobip());
    expect((await send(hop('start', ''))).body).toMatchObject({ shouldClose: true });
    expect((await send(postJson({}, '/ussd/elsewhere'))).body).toMatchObject({ shouldClose: true });
    expect((await send(post('{"broken', 'application/json', '/ussd/session/x/%E0%A4%A/start'))).body).toMatchObject({
      shouldClose: true,
    });
  });
});

describe('generic gateways', () => {
  const fields = { sessionId: 'SESSIONID', phone: 'MSISDN', text: 'INPUT', serviceCode: 'USSDCODE' };
  const get = (values: Record<string, string>): Request =>
    new Request(`https://pay.example.com/ussd?${new URLSearchParams(values).toString()}`);

  it('accumulate from the query, service code included', async () => {
    const { send } = createWorld(genericAccumulated({ name: 'reseller', fields, source: 'query', includesCode: true }));
    const hop = (INPUT: string) => get({ SESSIONID: 'g1', MSISDN: '254700123456', USSDCODE: '*415*33#', INPUT });
    expect((await send(hop('*415*33#'))).body).toBe(`CON ${HOME}`);
    expect((await send(hop('*415*33*1#'))).body).toBe(`CON ${ASK}`);
    expect((await send(hop('*415*33*1*0712345678#'))).body).toBe(`CON ${AMOUNT}`);
  });

  it('send the last entry, tell what is new, and read a reply of their own', async () => {
    const gateway = genericLast({
      name: 'begin-continue',
      fields: { sessionId: 'session_id', phone: 'session_msisdn', text: 'session_msg', serviceCode: 'session_from' },
      isNew: { field: 'session_operation', values: ['begin'] },
      mark: 'hop',
      write: ({ text, end, sessionId }) => ({
        status: 200,
        contentType: 'application/json',
        body: JSON.stringify({ session_id: sessionId, session_msg: text, session_operation: end ? 'end' : 'continue' }),
      }),
    });
    const { send } = createWorld(gateway);
    const hop = (session_operation: string, session_msg: string, mark: string) =>
      postJson({
        session_id: 'g2',
        session_msisdn: '254700123456',
        session_from: '*33#',
        session_operation,
        session_msg,
        hop: mark,
      });
    expect((await send(hop('begin', '*33#', 'aa'))).body).toMatchObject({
      session_msg: HOME,
      session_operation: 'continue',
    });
    expect((await send(hop('continue', '1', 'ab'))).body).toMatchObject({ session_msg: ASK });
    expect((await send(hop('continue', '1', 'ab'))).body).toMatchObject({ session_msg: ASK });
    expect((await send(hop('continue', '0712345678', 'ac'))).body).toMatchObject({ session_msg: AMOUNT });
  });

  it('that tell nothing of what is new begin with a session that nobody knows', async () => {
    const { send } = createWorld(genericLast({ name: 'bare', fields: { sessionId: 's', phone: 'p', text: 't' } }));
    expect((await send(postForm({ s: '1', p: '254700123456', t: '*33#' }))).body).toBe(`CON ${HOME}`);
    expect((await send(postForm({ s: '1', p: '254700123456', t: '1' }))).body).toBe(`CON ${ASK}`);
  });
});

describe('authenticity', () => {
  const SECRET = 'k3fj29dkf83jd02k';
  const hop = (path = '/ussd', headers: Record<string, string> = {}): Request =>
    new Request(`https://pay.example.com${path}`, {
      method: 'POST',
      body: 'sessionId=s1&phoneNumber=%2B254700123456&serviceCode=*384%23&text=',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });
  const basic = (text: string): Record<string, string> => ({
    authorization: `Basic ${Buffer.from(text).toString('base64')}`,
  });

  it.each([
    ['a secret path', { secretPath: SECRET }, hop(`/ussd/${SECRET}`), {}, hop('/ussd/k3fj29dkf83jd02x'), {}],
    [
      'an address',
      { addresses: ['10.1.0.0/16'] },
      hop(),
      { sourceAddress: '10.1.2.3' },
      hop(),
      { sourceAddress: '10.2.2.3' },
    ],
    ['a mapped address', { addresses: ['10.1.2.3'] }, hop(), { sourceAddress: '::ffff:10.1.2.3' }, hop(), {}],
    [
      'an IPv6 range',
      { addresses: ['2001:db8::/32'] },
      hop(),
      { sourceAddress: '2001:db8::9' },
      hop(),
      { sourceAddress: '2001:db9::9' },
    ],
    [
      'basic auth',
      { basic: { username: 'at', password: 'longenough' } },
      hop('/', basic('at:longenough')),
      {},
      hop('/', basic('at:longenougx')),
      {},
    ],
    [
      'a header',
      { header: { name: 'X-Gate', value: SECRET } },
      hop('/', { 'x-gate': SECRET }),
      {},
      hop('/', { 'x-gate': 'no' }),
      {},
    ],
  ])('by %s lets the gateway in and nobody else', async (_, authenticity, right, from, wrong, elsewhere) => {
    const { send, logger } = createWorld(africasTalking({ authenticity }));
    expect(await send(right, from)).toMatchObject({ status: 200 });
    expect(await send(wrong, elsewhere)).toMatchObject({ status: 403, body: 'Forbidden' });
    expect(logger.lines.at(-1)).toMatchObject({ level: 'warn', fields: { gateway: 'africas-talking' } });
    expect(JSON.stringify(logger.lines)).not.toContain(SECRET);
  });

  it('needs every check that is configured', async () => {
    const { send } = createWorld(africasTalking({ authenticity: { secretPath: SECRET, addresses: ['10.0.0.1'] } }));
    expect(await send(hop(`/${SECRET}`), { sourceAddress: '10.0.0.2' })).toMatchObject({ status: 403 });
    expect(await send(hop('/other'), { sourceAddress: '10.0.0.1' })).toMatchObject({ status: 403 });
    expect(await send(hop(`/${SECRET}`), { sourceAddress: '10.0.0.1' })).toMatchObject({ status: 200 });
  });

  it.each([
    [{ secretPath: 'short' }, /secretPath/],
    [{ secretPath: 'with/slash/in/it/xxxx' }, /secretPath/],
    [{ addresses: ['10.1.0.0/33'] }, /addresses/],
    [{ addresses: ['example.com'] }, /addresses/],
    [{ addresses: ['10.1.0.0/'] }, /addresses/],
    [{ addresses: ['10.1.0.0/16/8'] }, /addresses/],
    [{ addresses: ['10.1.0.0/ 8'] }, /addresses/],
    [{ basic: { username: 'u', password: 'short' } }, /basic/],
    [{ header: { name: 'X', value: 'short' } }, /header/],
  ])('refuses a setting that protects nothing: %j', (authenticity, field) => {
    expect(() => africasTalking({ authenticity })).toThrow(field);
  });
});
