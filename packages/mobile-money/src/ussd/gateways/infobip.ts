import { fieldOf, given, readFields, withPlus } from './fields.ts';
import { type Gateway, jsonAnswer } from './gateway.ts';
import { type GatewaySettings, parseSettings } from './settings.ts';

/** What Infobip's codec is told. */
export interface InfobipSettings extends GatewaySettings {
  /** Stands in where a request does not tell the short code, as happens although it is documented. */
  readonly serviceCode?: string;
}

const PATH = /\/session\/([^/]+)\/(start|response|end|status)\/?$/;
const ACCEPTED = { responseExitCode: 200, responseMessage: '' };

/**
 * Infobip: the session and what happens to it stand in the address, `…/session/{id}/start`; the body has the last entry.
 * Source: docs/ussd.md#infobip (from a client library)
 */
export function infobip(settings: InfobipSettings = {}): Gateway {
  return {
    name: 'infobip',
    ...parseSettings(settings),
    read(request) {
      const fields = readFields(request);
      const [, id = '', event = ''] = PATH.exec(request.path) ?? [];
      const sessionId = decodeSegment(id);
      const phone = withPlus(fieldOf(fields, 'msisdn') ?? '');
      if (event === 'end' || event === 'status') {
        const status = fieldOf(fields, 'reason') ?? fieldOf(fields, 'status') ?? event;
        return {
          kind: 'ended',
          notice: { sessionId, phone, outcome: 'unknown', status },
          answer: jsonAnswer(ACCEPTED),
        };
      }
      const isNew = event === 'start';
      return {
        kind: 'hop',
        hop: {
          sessionId,
          phone,
          serviceCode: fieldOf(fields, 'shortCode') ?? settings.serviceCode ?? '',
          input: 'last',
          text: isNew ? '' : (fieldOf(fields, 'text') ?? ''),
          isNew,
          ...given('language', fieldOf(fields, 'language')),
        },
        respond: ({ text, end }) => jsonAnswer({ ussdMenu: text, shouldClose: end, ...ACCEPTED }),
      };
    },
  };
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}
