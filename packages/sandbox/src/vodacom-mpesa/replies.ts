import type { HttpResponse } from '@canza/core';

import { jsonReply, textReply } from '../wire.ts';
import { CODES, type KnownCode, meaningOf } from './codes.ts';

/** Refuses, or reports a failure: the code, its words and nothing else. */
export const refuse = (code: string, description?: string): HttpResponse => {
  const meaning = meaningOf(code);
  return jsonReply(meaning.httpStatus, {
    output_ResponseCode: code,
    output_ResponseDesc: description ?? meaning.description,
  });
};

/** `INS-0`, and what goes with it. */
export const succeed = (fields: object, httpStatus = 200): HttpResponse =>
  jsonReply(httpStatus, {
    output_ResponseCode: 'INS-0' satisfies KnownCode,
    output_ResponseDesc: CODES['INS-0'].description,
    ...fields,
  });

/** The only code that turns a caller away at the door, whatever the reason. */
export const turnAway = (): HttpResponse => refuse('INS-989');

export const firewallPage = (): HttpResponse => textReply(403, '<html><body>Access Denied</body></html>');

/** `INS-1` as the older gateway sends it. */
export const serverError = (): HttpResponse => ({ ...refuse('INS-1'), status: 500 });

export const plain = (httpStatus: number): HttpResponse => textReply(httpStatus, '', 'text/plain');
