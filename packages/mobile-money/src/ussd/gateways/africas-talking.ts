import type { UssdReply } from '../conversation.ts';
import { type Fields, fieldOf, given, readFields, withPlus } from './fields.ts';
import { type EndNotice, type Gateway, type GatewayAnswer, plainAnswer } from './gateway.ts';
import { type GatewaySettings, parseSettings } from './settings.ts';

/**
 * Africa's Talking: a form with everything entered so far, answered with `CON ` or `END `. Its end-of-session notice may come
 * to the same address.
 * Source: docs/ussd.md#africas-talking
 */
export function africasTalking(settings: GatewaySettings = {}): Gateway {
  return {
    name: 'africas-talking',
    ...parseSettings(settings),
    read(request) {
      const fields = readFields(request);
      const notice = readNotice(fields);
      if (notice !== undefined) return { kind: 'ended', notice, answer: plainAnswer('') };
      return {
        kind: 'hop',
        hop: {
          sessionId: fieldOf(fields, 'sessionId') ?? '',
          phone: withPlus(fieldOf(fields, 'phoneNumber') ?? ''),
          serviceCode: fieldOf(fields, 'serviceCode') ?? '',
          input: 'accumulated',
          text: fieldOf(fields, 'text') ?? '',
          ...given('network', fieldOf(fields, 'networkCode')),
        },
        respond: conOrEnd,
      };
    },
  };
}

/** The blank belongs to the prefix. */
export const conOrEnd = ({ text, end }: UssdReply): GatewayAnswer => plainAnswer(`${end ? 'END' : 'CON'} ${text}`);

function readNotice(fields: Fields): EndNotice | undefined {
  const status = fieldOf(fields, 'status');
  const duration = fieldOf(fields, 'durationInMillis');
  const hops = fieldOf(fields, 'hopsCount');
  if (status === undefined || (duration === undefined && hops === undefined)) return undefined;
  const cost = readCost(fieldOf(fields, 'cost'));
  return {
    sessionId: fieldOf(fields, 'sessionId') ?? '',
    phone: withPlus(fieldOf(fields, 'phoneNumber') ?? ''),
    outcome: status.toLowerCase() === 'success' ? 'finished' : 'dropped',
    status,
    ...numberOf('hops', hops),
    ...numberOf('durationMs', duration),
    ...(cost === undefined ? {} : { cost }),
  };
}

/** Seen as a bare number and with a currency in front: `KES 0.10`. */
function readCost(cost: string | undefined): EndNotice['cost'] {
  const match = /^(?:([A-Z]{3})\s*)?(\d+(?:\.\d+)?)$/.exec(cost?.trim() ?? '');
  const [, currency, amount] = match ?? [];
  if (amount === undefined) return undefined;
  return currency === undefined ? { amount } : { amount, currency };
}

const numberOf = (name: 'hops' | 'durationMs', value: string | undefined): { hops?: number; durationMs?: number } =>
  value !== undefined && /^\d{1,10}$/.test(value) ? { [name]: Number(value) } : {};
