import { type HttpRequest, InvalidRequestError } from '@canza/core';

import {
  type CallbackFaultKind,
  type ChainFaultKind,
  FAULT_STAGES,
  type Fault,
  REQUEST_STAGES,
  type RequestFaultKind,
  type RequestStage,
} from '../faults.ts';
import type { JsonFields } from '../wire.ts';

/** `submit:reply-lost,operation=b2c,times=3`: how a fault is written on a command line. */
export const FAULT_FORM =
  'STAGE:KIND[,times=N|always][,delayMs=N][,accepted[=false]][,operation=NAME][,containing=TEXT]';

const NAMES = ['stage', 'kind', 'times', 'delayMs', 'accepted', 'operation', 'containing'];

/**
 * Reads a fault from a command line.
 * @throws InvalidRequestError naming what is wrong; the plan checks stage and kind when the fault is added.
 */
export function parseFaultText(text: string): Fault {
  const [place = '', ...details] = text.split(',');
  const [stage = '', kind = '', ...rest] = place.split(':');
  if (stage === '' || kind === '' || rest.length > 0) throw refused('fault', FAULT_FORM);
  const fields: Record<string, unknown> = { stage, kind };
  for (const detail of details) {
    const [name = '', value = 'true'] = detail.split('=');
    if (Object.hasOwn(fields, name)) throw refused(`fault.${name}`, 'to be said once');
    fields[name] = value;
  }
  return readFaultFields(fields);
}

/**
 * Reads a fault from JSON, where numbers may be numbers or text and `times` may be `"always"`.
 * @throws InvalidRequestError naming the field.
 */
export function readFaultFields(fields: JsonFields): Fault {
  const unknown = Object.keys(fields).find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw refused(`fault.${unknown}`, `one of ${NAMES.join(', ')}`);
  const times = fields['times'] === 'always' ? Infinity : readNumber(fields, 'times');
  const delayMs = readNumber(fields, 'delayMs');
  const accepted = readBoolean(fields, 'accepted');
  const operation = readText(fields, 'operation');
  const containing = readText(fields, 'containing');
  const scope = {
    ...(times === undefined ? {} : { times }),
    ...(delayMs === undefined ? {} : { delayMs }),
    ...(operation === undefined ? {} : { operation }),
    ...(containing === undefined
      ? {}
      : { match: ({ url, body = '' }: HttpRequest) => url.includes(containing) || body.includes(containing) }),
  };
  const stage = readText(fields, 'stage') ?? '';
  const kind = readText(fields, 'kind') ?? '';
  if (stage === 'callback' || stage === 'chain') {
    if (accepted !== undefined) throw refused('fault.accepted', 'a stage before the callback');
    return stage === 'chain'
      ? { ...scope, stage, kind: kind as ChainFaultKind }
      : { ...scope, stage, kind: kind as CallbackFaultKind };
  }
  if (!REQUEST_STAGES.includes(stage as RequestStage)) {
    throw refused('fault.stage', `one of ${FAULT_STAGES.join(', ')}`);
  }
  return {
    ...scope,
    stage: stage as RequestStage,
    kind: kind as RequestFaultKind,
    ...(accepted === undefined ? {} : { accepted }),
  };
}

function readNumber(fields: JsonFields, name: string): number | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  const number = typeof value === 'number' || (typeof value === 'string' && value !== '') ? Number(value) : Number.NaN;
  if (Number.isNaN(number)) throw refused(`fault.${name}`, 'a number');
  return number;
}

function readBoolean(fields: JsonFields, name: string): boolean | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw refused(`fault.${name}`, 'true or false');
}

function readText(fields: JsonFields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '') throw refused(`fault.${name}`, 'text');
  return value;
}

const refused = (field: string, expected: string): InvalidRequestError => new InvalidRequestError({ field, expected });
