import type { UssdReply } from '../conversation.ts';
import type { Hop } from '../hop.ts';
import { conOrEnd } from './africas-talking.ts';
import { dialledBehind, type FieldSource, type Fields, fieldOf, given, readFields, withPlus } from './fields.ts';
import type { Gateway, GatewayAnswer } from './gateway.ts';
import { type GatewaySettings, parseSettings } from './settings.ts';

/** How a gateway calls the things that all of them send. */
export interface FieldNames {
  readonly sessionId: string;
  readonly phone: string;
  readonly text: string;
  readonly serviceCode?: string;
  readonly network?: string;
  readonly language?: string;
}

interface GenericSettings extends GatewaySettings {
  /** Stable: it is part of every session's key. */
  readonly name: string;
  readonly fields: FieldNames;
  /** Default `body`: a form or JSON. */
  readonly source?: FieldSource;
  /** Your code, where the request does not tell it. */
  readonly serviceCode?: string;
  /** Default `CON …` and `END …` as text. */
  readonly write?: (reply: UssdReply, fields: Fields) => GatewayAnswer;
}

/** A gateway that sends everything entered so far. */
export interface GenericAccumulatedSettings extends GenericSettings {
  /** Whether the text is the whole dialled string, `*415*33*1#`, service code included. */
  readonly includesCode?: boolean;
}

/** A gateway that sends the last entry alone. */
export interface GenericLastSettings extends GenericSettings {
  /** The field that tells a new session, and what it says then. Left out, an unknown session is a new one. */
  readonly isNew?: { readonly field: string; readonly values: readonly string[] };
  /** The field with a number or id of the hop, if there is one. */
  readonly mark?: string;
}

/** A gateway that sends everything entered so far, joined with `*`. */
export function genericAccumulated(settings: GenericAccumulatedSettings): Gateway {
  return defineGeneric(settings, (fields, told, serviceCode) => ({
    input: 'accumulated',
    text: settings.includesCode === true ? dialledBehind(told, serviceCode).join('*') : told,
    ...readOptional(settings.fields, fields),
  }));
}

/** A gateway that sends the last entry alone. */
export function genericLast(settings: GenericLastSettings): Gateway {
  const { isNew: newWhen, mark } = settings;
  return defineGeneric(settings, (fields, told, serviceCode) => {
    const isNew = newWhen === undefined ? undefined : newWhen.values.includes(fieldOf(fields, newWhen.field) ?? '');
    return {
      input: 'last',
      text: isNew === true ? '' : told,
      ...(isNew === undefined ? {} : { isNew }),
      ...(isNew === false ? {} : { dialled: dialledBehind(told, serviceCode) }),
      ...given('mark', mark === undefined ? undefined : fieldOf(fields, mark)),
      ...readOptional(settings.fields, fields),
    };
  });
}

/** What is left to say of a hop once session, number and code are read. */
type HopPart = Omit<Hop, 'sessionId' | 'phone' | 'serviceCode'>;

function defineGeneric(
  settings: GenericSettings,
  readRest: (fields: Fields, told: string, serviceCode: string) => HopPart,
): Gateway {
  const { name, fields: names, source, write } = settings;
  return {
    name,
    ...parseSettings(settings),
    read(request) {
      const fields = readFields(request, source);
      const named = names.serviceCode === undefined ? undefined : fieldOf(fields, names.serviceCode);
      const serviceCode = named ?? settings.serviceCode ?? '';
      const rest = readRest(fields, fieldOf(fields, names.text) ?? '', serviceCode);
      return {
        kind: 'hop',
        hop: {
          sessionId: fieldOf(fields, names.sessionId) ?? '',
          phone: withPlus(fieldOf(fields, names.phone) ?? ''),
          serviceCode,
          ...rest,
        },
        respond: (reply) => (write === undefined ? conOrEnd(reply) : write(reply, fields)),
      };
    },
  };
}

const readOptional = (
  names: FieldNames,
  fields: Fields,
): { readonly network?: string; readonly language?: string } => ({
  ...given('network', names.network === undefined ? undefined : fieldOf(fields, names.network)),
  ...given('language', names.language === undefined ? undefined : fieldOf(fields, names.language)),
});
