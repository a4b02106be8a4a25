import { sha256Hex } from '@canza/core';
import { fieldOf, given, isYes, newOrNext, readFields, withPlus } from './fields.ts';
import { type Gateway, jsonAnswer } from './gateway.ts';
import { type GatewaySettings, parseSettings } from './settings.ts';

/** What Nalo's codec is told. */
export interface NaloSettings extends GatewaySettings {
  /** Your code: the request does not tell it. */
  readonly serviceCode?: string;
}

/**
 * Nalo: JSON with the last entry alone. `MSGTYPE` means *new* in a request and *goes on* in a reply. Older builds send no
 * session id; then the number stands for it, and a new dial replaces what was there.
 * Source: docs/ussd.md#nalo (from client libraries and its published requests)
 */
export function nalo(settings: NaloSettings = {}): Gateway {
  const { serviceCode = '' } = settings;
  return {
    name: 'nalo',
    ...parseSettings(settings),
    read(request) {
      const fields = readFields(request);
      const msisdn = fieldOf(fields, 'MSISDN') ?? '';
      const told = fieldOf(fields, 'SESSIONID') ?? '';
      const userData = fieldOf(fields, 'USERDATA') ?? '';
      const isNew = isYes(fieldOf(fields, 'MSGTYPE'));
      return {
        kind: 'hop',
        hop: {
          sessionId: told === '' && msisdn !== '' ? `number-${sha256Hex(msisdn).slice(0, 32)}` : told,
          phone: withPlus(msisdn),
          serviceCode,
          ...newOrNext(isNew, userData, serviceCode),
          ...given('network', fieldOf(fields, 'NETWORK')),
        },
        respond: ({ text, end }) =>
          jsonAnswer({
            USERID: fieldOf(fields, 'USERID') ?? '',
            MSISDN: msisdn,
            ...(told === '' ? {} : { SESSIONID: told }),
            MSG: text,
            MSGTYPE: !end,
          }),
      };
    },
  };
}
