import { fieldOf, given, newOrNext, readFields, withPlus } from './fields.ts';
import { type Gateway, jsonAnswer } from './gateway.ts';
import { type GatewaySettings, parseSettings } from './settings.ts';

/**
 * Hubtel: JSON with the last entry alone and a sequence number. `Type` is read in any case, because its spelling changed.
 * `ClientState` is not used: nobody signs it.
 * Source: docs/ussd.md#hubtel
 */
export function hubtel(settings: GatewaySettings = {}): Gateway {
  return {
    name: 'hubtel',
    ...parseSettings(settings),
    read(request) {
      const fields = readFields(request);
      const sessionId = fieldOf(fields, 'SessionId') ?? '';
      const phone = withPlus(fieldOf(fields, 'Mobile') ?? '');
      const type = (fieldOf(fields, 'Type') ?? '').toLowerCase();
      if (type === 'release' || type === 'timeout') {
        const notice = { sessionId, phone, outcome: 'dropped', status: type } as const;
        return { kind: 'ended', notice, answer: jsonAnswer({ Type: 'Release', Message: '', SessionId: sessionId }) };
      }
      const message = fieldOf(fields, 'Message') ?? '';
      const serviceCode = fieldOf(fields, 'ServiceCode') ?? '';
      const isNew = type === 'initiation';
      return {
        kind: 'hop',
        hop: {
          sessionId,
          phone,
          serviceCode,
          ...newOrNext(isNew, message, serviceCode),
          ...given('mark', fieldOf(fields, 'Sequence')),
          ...given('network', fieldOf(fields, 'Operator')),
        },
        respond: ({ text, end }) =>
          jsonAnswer({ Type: end ? 'Release' : 'Response', Message: text, SessionId: sessionId }),
      };
    },
  };
}
