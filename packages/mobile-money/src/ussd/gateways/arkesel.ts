import { fieldOf, given, isYes, newOrNext, readFields, withPlus } from './fields.ts';
import { type Gateway, jsonAnswer } from './gateway.ts';
import { type GatewaySettings, parseSettings } from './settings.ts';

/** What Arkesel's codec is told. */
export interface ArkeselSettings extends GatewaySettings {
  /** Your code, `*928*12#`: the request does not tell it, and what is dialled behind it is the payer's. */
  readonly serviceCode?: string;
}

/**
 * Arkesel: JSON with the last entry alone; no number tells two hops apart.
 * Source: docs/ussd.md#arkesel (from client libraries)
 */
export function arkesel(settings: ArkeselSettings = {}): Gateway {
  const { serviceCode = '' } = settings;
  return {
    name: 'arkesel',
    ...parseSettings(settings),
    read(request) {
      const fields = readFields(request);
      const sessionId = fieldOf(fields, 'sessionID') ?? '';
      const userData = fieldOf(fields, 'userData') ?? '';
      const isNew = isYes(fieldOf(fields, 'newSession'));
      return {
        kind: 'hop',
        hop: {
          sessionId,
          phone: withPlus(fieldOf(fields, 'msisdn') ?? ''),
          serviceCode,
          ...newOrNext(isNew, userData, serviceCode),
          ...given('network', fieldOf(fields, 'network')),
        },
        respond: ({ text, end }) =>
          jsonAnswer({
            sessionID: sessionId,
            userID: fieldOf(fields, 'userID') ?? '',
            msisdn: fieldOf(fields, 'msisdn') ?? '',
            message: text,
            continueSession: !end,
          }),
      };
    },
  };
}
