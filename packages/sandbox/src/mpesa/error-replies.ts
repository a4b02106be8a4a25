import type { HttpResponse } from '@canza/core';

import { jsonReply, textReply } from '../wire.ts';
import type { DarajaIdentifiers } from './identifiers.ts';

/** What Daraja answers when it turns a request away. Source: docs/providers/mpesa.md#error-codes */
export interface DarajaErrors {
  /** The envelope of the API proxy: requestId, errorCode, errorMessage. */
  readonly envelope: (status: number, errorCode: string, errorMessage: string) => HttpResponse;
  /** 400.002.02, which names the first field that is wrong. */
  readonly invalidField: (field: string) => HttpResponse;
  readonly invalidPayload: () => HttpResponse;
  readonly invalidToken: (spelling: TokenRefusal) => HttpResponse;
  readonly missingAuthentication: () => HttpResponse;
  readonly unknownPath: () => HttpResponse;
  readonly wrongMethod: () => HttpResponse;
  readonly internal: () => HttpResponse;
  readonly throttled: () => HttpResponse;
  readonly firewall: () => HttpResponse;
}

/** How a token is refused depends on the API, and on the day. */
export type TokenRefusal = '404.001.03' | '401.003.01' | '401.002.01' | '400.003.01' | '401.001';

const FIREWALL_PAGE =
  '<html style="height:100%"><head><META NAME="ROBOTS" CONTENT="NOINDEX, NOFOLLOW"></head>' +
  '<body>Request unsuccessful. Incapsula incident ID: 0-0</body></html>';

const SPIKE_ARREST = {
  fault: {
    faultstring:
      'Spike arrest violation. Allowed rate : ' +
      'MessageRate{messagesPerPeriod=5, periodInMicroseconds=60000000, maxBurstMessageCount=1.0}',
    detail: { errorcode: 'policies.ratelimit.SpikeArrestViolation' },
  },
};

const TOKEN_MESSAGES: Readonly<Record<TokenRefusal, string>> = {
  '404.001.03': 'Invalid Access Token',
  '401.003.01': 'Error Occurred - Invalid Access Token',
  '401.002.01': 'Error Occurred - Invalid Access Token - XXX',
  '400.003.01': 'Invalid Access Token',
  '401.001': 'Invalid Access Token',
};

export function createDarajaErrors(identifiers: DarajaIdentifiers): DarajaErrors {
  const envelope = (status: number, errorCode: string, errorMessage: string): HttpResponse =>
    jsonReply(status, { requestId: identifiers.gatewayId(), errorCode, errorMessage });
  return {
    envelope,
    invalidField: (field) => envelope(400, '400.002.02', `Bad Request - Invalid ${field}`),
    invalidPayload: () => envelope(400, '400.002.05', 'Invalid Request Payload'),
    invalidToken: (code) => envelope(Number(code.slice(0, 3)), code, TOKEN_MESSAGES[code]),
    missingAuthentication: () => envelope(404, '404.001.04', 'Invalid Authentication Header'),
    unknownPath: () => envelope(404, '404.001.01', 'Resource not found'),
    wrongMethod: () => envelope(405, '405.001', 'Method Not Allowed'),
    internal: () => envelope(500, '500.003.1001', 'Internal Server Error'),
    throttled: () => jsonReply(429, SPIKE_ARREST),
    firewall: () => textReply(403, FIREWALL_PAGE),
  };
}
