import type { HttpRequest, HttpResponse, Transport } from '@canza/core';
import { describe, expect, it } from 'vitest';

import { payThrough } from './support/operator-journey.ts';
import { OPERATOR_CASES } from './support/operators.ts';

/**
 * Replies with HTTP 200 that clients have taken for success: a page of a firewall or a proxy, nothing at all, half of the true one,
 * JSON that says nothing, and refusals in the shapes of all four operators.
 */
const LIES: Readonly<Record<string, (truth: string) => string>> = {
  'a page': () => '<html><body>Welcome</body></html>',
  nothing: () => '',
  'half of the true one': (truth) => truth.slice(0, Math.floor(truth.length / 2)),
  'an empty object': () => '{}',
  null: () => 'null',
  'a word': () => '"OK"',
  'ResponseCode 1': () =>
    JSON.stringify({
      ResponseCode: '1',
      ResponseDescription: 'Rejected',
      CheckoutRequestID: 'ws_CO_1',
      ConversationID: 'AG_1',
    }),
  'success: false': () =>
    JSON.stringify({ status: { success: false, code: '200', message: 'no', response_code: 'X' }, data: {} }),
  'an unlisted code': () =>
    JSON.stringify({
      output_ResponseCode: 'INS-777',
      code: 'NEW_CODE',
      errorCode: '777',
      status: 'NEW',
      message: 'no',
    }),
};

const SUBMITS =
  /stkpush\/v1\/processrequest|paymentrequest|merchant\/v\d\/payments\/?$|disbursements\/?$|requesttopay$|transfer$|c2bPayment|b2cPayment/;
const TOKENS = /oauth|\/token|getSession|encryption-keys/;

const isSubmit = ({ method, url }: HttpRequest): boolean => method === 'POST' && SUBMITS.test(url);
const isQuery = (request: HttpRequest): boolean => !isSubmit(request) && !TOKENS.test(request.url);

/** A way to the operator on which some replies are lies; `swallowed` where the operator never sees the request. */
function lying(
  which: (request: HttpRequest) => boolean,
  lie: (truth: string) => string,
  swallowed: boolean,
  heard: { count: number },
): (transport: Transport) => Transport {
  return (transport) => async (request, options) => {
    if (!which(request)) return transport(request, options);
    heard.count += 1;
    const truth: HttpResponse = swallowed
      ? { status: 200, headers: {}, body: '{"ResponseCode":"0","status":"SUCCESSFUL"}' }
      : await transport(request, options);
    return { ...truth, status: 200, body: lie(truth.body) };
  };
}

describe.each(OPERATOR_CASES)('$name, $type: no 200 is believed for being one', (operator) => {
  it.each(Object.entries(LIES))(
    '%s in reply to every submit that never arrived: it is not called paid',
    async (_what, lie) => {
      const heard = { count: 0 };
      const { status, verdict } = await payThrough(operator, () => undefined, lying(isSubmit, lie, true, heard));
      expect(heard.count).toBeGreaterThan(0);
      expect(verdict).toBe('right');
      expect(status).not.toBe('succeeded');
    },
  );

  it.each(Object.entries(LIES))(
    '%s in reply to every submit that was carried out: it is not called failed',
    async (_what, lie) => {
      const { status, verdict } = await payThrough(
        operator,
        () => undefined,
        lying(isSubmit, lie, false, { count: 0 }),
      );
      expect(verdict).toBe('right');
      expect(status).not.toBe('failed');
    },
  );

  it.each(Object.entries(LIES))(
    '%s in reply to every query: neither paid nor failed is concluded from it',
    async (_what, lie) => {
      const heard = { count: 0 };
      const { verdict } = await payThrough(
        operator,
        ({ faults, handset }) => {
          handset.setDefault('decline');
          faults.add({ stage: 'callback', kind: 'missing', times: Infinity });
          faults.add({ stage: 'submit', kind: 'reply-lost' });
        },
        lying(isQuery, lie, false, heard),
      );
      expect(verdict).toBe('right');
    },
  );
});
