import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';

import { type MoneyMoved, PaymentError, type PaymentErrorOptions, safeCause } from './base.ts';
import {
  AuthenticationError,
  DuplicateReferenceError,
  InvalidCallbackError,
  RateLimitError,
  RejectedError,
  RouteClosedError,
  TransportError,
  type TransportFailure,
  UnexpectedResponseError,
} from './provider.ts';
import {
  ConfigError,
  IdempotencyConflictError,
  InvalidRequestError,
  NotFoundError,
  UnsupportedError,
} from './request.ts';
import {
  AbortedError,
  DeadlineError,
  InvalidTransitionError,
  JournalError,
  NotAcceptingError,
  StoreError,
} from './state.ts';

type Make = (options?: PaymentErrorOptions) => PaymentError;

/** The whole family, as docs/errors.md lists it. */
const FAMILY: readonly (readonly [name: string, code: string, moneyMoved: MoneyMoved, make: Make])[] = [
  ['ConfigError', 'CONFIG_INVALID', 'no', (o) => new ConfigError({ field: 'passkey', expected: 'a text' }, o)],
  [
    'InvalidRequestError',
    'INVALID_REQUEST',
    'no',
    (o) => new InvalidRequestError({ field: 'amount', expected: 'a text' }, o),
  ],
  ['IdempotencyConflictError', 'IDEMPOTENCY_CONFLICT', 'no', (o) => new IdempotencyConflictError('tx-1', o)],
  ['UnsupportedError', 'UNSUPPORTED', 'no', (o) => new UnsupportedError('balance', 'this operator has none.', o)],
  ['NotFoundError', 'NOT_FOUND', 'no', (o) => new NotFoundError('Transaction "tx-1"', o)],
  ['AuthenticationError', 'AUTHENTICATION', 'no', (o) => new AuthenticationError('Refused.', o)],
  ['RateLimitError', 'RATE_LIMITED', 'no', (o) => new RateLimitError('Too often.', o)],
  ['RejectedError', 'REJECTED', 'no', (o) => new RejectedError('Refused.', 'amount-too-low', o)],
  ['DuplicateReferenceError', 'DUPLICATE_REFERENCE', 'maybe', (o) => new DuplicateReferenceError('Taken.', o)],
  ['RouteClosedError', 'ROUTE_CLOSED', 'no', (o) => new RouteClosedError('Closed.', o)],
  ['TransportError', 'TRANSPORT', 'maybe', (o) => new TransportError('timeout', 'No reply.', o)],
  [
    'UnexpectedResponseError',
    'UNEXPECTED_RESPONSE',
    'maybe',
    (o) => new UnexpectedResponseError('Unreadable.', { body: '<html>' }, o),
  ],
  ['InvalidCallbackError', 'INVALID_CALLBACK', 'no', (o) => new InvalidCallbackError('Unreadable.', o)],
  [
    'InvalidTransitionError',
    'INVALID_TRANSITION',
    'no',
    (o) => new InvalidTransitionError('tx-1', 'failed', 'sending', 'x', o),
  ],
  ['JournalError', 'JOURNAL_UNAVAILABLE', 'maybe', (o) => new JournalError('Away.', 'maybe', o)],
  ['StoreError', 'STORE_UNAVAILABLE', 'no', (o) => new StoreError('Away.', o)],
  ['DeadlineError', 'DEADLINE_EXCEEDED', 'maybe', (o) => new DeadlineError('The send', 100, 'maybe', o)],
  ['AbortedError', 'ABORTED', 'maybe', (o) => new AbortedError('The send', 'maybe', o)],
  ['NotAcceptingError', 'NOT_ACCEPTING', 'no', (o) => new NotAcceptingError('Shutting down.', o)],
];

const shownOf = (error: unknown): string =>
  inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error) + String(error);

describe.each(FAMILY)('%s', (name, code, moneyMoved, make) => {
  it(`has the code ${code} and says ${moneyMoved} of the money`, () => {
    expect(make()).toMatchObject({ name, code, moneyMoved });
    expect(make()).toBeInstanceOf(Error);
  });

  it('carries provider, their code and the wait, in inspect and in JSON', () => {
    const error = make({ provider: 'mpesa', providerCode: '500.001.1001', retryAfterMs: 1500 });
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      name,
      code,
      moneyMoved,
      message: error.message,
      provider: 'mpesa',
      providerCode: '500.001.1001',
      retryAfterMs: 1500,
    });
    for (const part of [name, code, error.message, 'mpesa', '500.001.1001', '1500'])
      expect(inspect(error)).toContain(part);
  });

  it('is recognised as a PaymentError and as its own family, and as no other', () => {
    const error = make();
    expect(PaymentError.isInstance(error)).toBe(true);
    for (const [otherName, , , makeOther] of FAMILY) {
      const Other = makeOther().constructor as typeof PaymentError;
      expect([otherName, Other.isInstance(error)]).toEqual([otherName, otherName === name]);
    }
  });
});

describe('what says "no"', () => {
  it('a transport that never connected, and no other failure', () => {
    const failures: readonly TransportFailure[] = [
      'not-connected',
      'timeout',
      'connection-lost',
      'aborted',
      'reply-too-large',
    ];
    expect(failures.map((failure) => new TransportError(failure, 'x').moneyMoved)).toEqual([
      'no',
      'maybe',
      'maybe',
      'maybe',
      'maybe',
    ]);
  });

  it('an unreadable reply only where whoever read it knows that nothing moved', () => {
    expect(new UnexpectedResponseError('x', { body: '' }).moneyMoved).toBe('maybe');
    expect(new UnexpectedResponseError('x', { body: '' }, { moneyMoved: 'no' }).moneyMoved).toBe('no');
  });
});

describe('an error tells a person what to do', () => {
  it('the field, and what was expected', () => {
    const error = new InvalidRequestError({ field: 'amount', expected: 'a decimal string' });
    expect(error.message).toBe('Field "amount" is refused: expected a decimal string.');
    expect(error.toJSON()).toMatchObject({ field: 'amount', expected: 'a decimal string' });
    const config = new ConfigError({ field: 'providers.mpesa.passkey', expected: 'the passkey of the shortcode' });
    expect(config.message).toBe(
      'Configuration field "providers.mpesa.passkey" is not usable: expected the passkey of the shortcode.',
    );
    expect(config.toJSON()).toMatchObject({
      field: 'providers.mpesa.passkey',
      expected: 'the passkey of the shortcode',
    });
  });

  it('what each family adds is in its JSON', () => {
    expect(new RejectedError('x', 'float-exhausted').toJSON()).toMatchObject({ reason: 'float-exhausted' });
    expect(new TransportError('connection-lost', 'x').toJSON()).toMatchObject({ failure: 'connection-lost' });
    expect(new UnsupportedError('balance', 'there is none.').toJSON()).toMatchObject({ operation: 'balance' });
    expect(new UnexpectedResponseError('x', { status: 502, body: '<h1>Bad gateway</h1>' }).toJSON()).toMatchObject({
      httpStatus: 502,
      maskedBody: '<h1>Bad gateway</h1>',
    });
    for (const error of [new JournalError('x', 'no'), new StoreError('x'), new NotAcceptingError('x')]) {
      expect(error.retryable).toBe(true);
    }
  });

  it('why a move is not legal, where that is known', () => {
    expect(new InvalidTransitionError('tx-1', 'failed', 'sending').message).toBe(
      '"tx-1" cannot go from failed to sending.',
    );
    expect(new InvalidTransitionError('tx-1', 'failed', 'sending', 'it is over').message).toContain(': it is over.');
  });
});

describe('two copies of the package', () => {
  it('recognise each other’s errors, by family too', async () => {
    vi.resetModules();
    const other = await import('./provider.ts');
    const foreign = new other.TransportError('timeout', 'No reply.');
    expect(foreign).not.toBeInstanceOf(TransportError);
    expect(PaymentError.isInstance(foreign)).toBe(true);
    expect(TransportError.isInstance(foreign)).toBe(true);
    expect(RejectedError.isInstance(foreign)).toBe(false);
    expect(safeCause(foreign)).toBe(foreign);
  });

  it('do not take another error for theirs', () => {
    for (const thrown of [new Error('x'), { code: 'TRANSPORT', moneyMoved: 'no' }, 'TRANSPORT', null, undefined, 5]) {
      expect(PaymentError.isInstance(thrown)).toBe(false);
      expect(TransportError.isInstance(thrown)).toBe(false);
    }
  });
});

describe('an error of another package', () => {
  class QueueError extends StoreError {
    readonly queue = 'q';
  }
  class OtherError extends PaymentError {
    readonly code = 'OTHER';
  }

  it('that extends a family belongs to it, and the family does not belong to the extension', () => {
    expect(StoreError.isInstance(new QueueError('x'))).toBe(true);
    expect(QueueError.isInstance(new QueueError('x'))).toBe(true);
    expect(QueueError.isInstance(new StoreError('x'))).toBe(false);
  });

  it('that is a family of its own is told from the others', () => {
    expect(OtherError.isInstance(new OtherError('x', 'no'))).toBe(true);
    expect(OtherError.isInstance(new StoreError('x'))).toBe(false);
    expect(StoreError.isInstance(new OtherError('x', 'no'))).toBe(false);
  });
});

const axiosLike = (): Error =>
  Object.assign(new Error('Request failed with status code 401 for 254712345678, Authorization: Bearer s3cr3tT0k3n'), {
    name: 'AxiosError',
    code: 'ERR_BAD_REQUEST',
    config: {
      url: 'https://api.example/mpesa/stkpush/v1/processrequest',
      headers: { Authorization: 'Bearer s3cr3tT0k3n' },
      data: JSON.stringify({ Password: 'p4ssk3y', PhoneNumber: '254712345678', pin: '4071' }),
    },
    request: { socket: { _header: 'authorization: Basic MTc0Mzc5Onh4' } },
    response: { data: { access_token: 's3cr3tT0k3n' } },
  });
describe('a hostile cause', () => {
  const SECRETS = ['s3cr3tT0k3n', 'MTc0Mzc5Onh4', '254712345678', '4071', 'p4ssk3y'];
  const hostile: readonly (readonly [string, () => unknown])[] = [
    ['an axios-like error', axiosLike],
    ['one within another', () => new Error('The call failed: pin=4071', { cause: axiosLike() })],
    ['one within a PaymentError', () => new TransportError('timeout', 'No reply.', { cause: axiosLike() })],
    [
      'many at once',
      () => new AggregateError([axiosLike(), new Error('Basic MTc0Mzc5Onh4')], 'All failed for 254712345678'),
    ],
    ['many at once, without a message', () => new AggregateError([axiosLike(), new Error('passkey: p4ssk3y')])],
    ['a thrown text', () => 'Bearer s3cr3tT0k3n'],
    ['a thrown body', () => ({ access_token: 's3cr3tT0k3n', msisdn: '254712345678' })],
    ['a name that is a secret', () => Object.assign(new Error('x'), { name: 'token s3cr3tT0k3n 254712345678' })],
    ['a code that is a number', () => Object.assign(new Error('x'), { code: '254712345678' })],
    ['an error of another realm', () => runInNewContext('Object.assign(new Error("pin: 4071"), { body: "p4ssk3y" })')],
  ];

  it.each(hostile)('%s leaves no secret in inspect, JSON or text', (_, makeCause) => {
    for (const [, , , make] of FAMILY) {
      const shown = shownOf(make({ cause: makeCause() }));
      for (const secret of SECRETS) expect(shown).not.toContain(secret);
    }
  });

  it('keeps what helps: name, masked message, code', () => {
    expect(safeCause(axiosLike())).toEqual({
      name: 'AxiosError',
      message: 'Request failed with status code 401 for 254******678, Authorization: Bearer [redacted]',
      code: 'ERR_BAD_REQUEST',
    });
  });

  it('keeps the code that tells what happened, from behind the error that wraps it', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6379'), { code: 'ECONNREFUSED' });
    expect(safeCause(new TypeError('fetch failed', { cause: refused }))).toEqual({
      name: 'TypeError',
      message: 'fetch failed',
      code: 'ECONNREFUSED',
    });
  });

  it('keeps the messages of an AggregateError that has none of its own', () => {
    const errors = ['::1', '127.0.0.1'].map((host) => new Error(`connect ECONNREFUSED ${host}:6379`));
    expect(safeCause(Object.assign(new AggregateError(errors), { code: 'ECONNREFUSED' }))).toEqual({
      name: 'AggregateError',
      message: 'connect ECONNREFUSED ::1:6379; connect ECONNREFUSED 127.0.0.1:6379',
      code: 'ECONNREFUSED',
    });
  });

  it('is read without harm: circular, bottomless, with a trap in it, or no error at all', () => {
    const circular = new Error('round');
    circular.cause = circular;
    expect(safeCause(circular)).toEqual({ name: 'Error', message: 'round' });
    const trap = new Proxy(new Error('x'), {
      get() {
        throw new Error('254712345678');
      },
    });
    expect(safeCause(trap)).toEqual({ name: 'Error', message: 'a thrown object that cannot be read' });
    expect(safeCause(null)).toEqual({ name: 'Error', message: 'a thrown null' });
    expect(safeCause(() => 1)).toEqual({ name: 'Error', message: 'a thrown function' });
    expect(safeCause({ name: 5, message: {} })).toEqual({ name: 'Error', message: 'a thrown object' });
  });

  it('keeps a PaymentError whole, with what it says of the money', () => {
    const cause = new TransportError('timeout', 'No reply.', { provider: 'mpesa' });
    const error = new JournalError('Could not note the reply.', 'maybe', { cause });
    expect(error.cause).toBe(cause);
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ cause: { code: 'TRANSPORT', provider: 'mpesa' } });
  });

  it('absent, leaves no property behind', () => {
    expect(Object.hasOwn(new StoreError('x'), 'cause')).toBe(false);
  });
});

describe('an unreadable reply', () => {
  it('keeps its body masked and cut', () => {
    const error = new UnexpectedResponseError('Unreadable.', {
      status: 200,
      body: `{"access_token":"s3cr3tT0k3n","msisdn":"254712345678","note":"${'x '.repeat(5000)}"}`,
    });
    expect(error.maskedBody.length).toBeLessThan(310);
    expect(shownOf(error)).not.toMatch(/s3cr3tT0k3n|254712345678/);
    expect(error.maskedBody).toContain('note');
  });
});
