import { expect, test } from 'vitest';

import { createFaultPlan } from '../faults.ts';
import { parseFaultText, readFaultFields } from './fault-text.ts';

test.each([
  ['submit:reply-lost', { stage: 'submit', kind: 'reply-lost' }],
  ['submit:slow,times=3,delayMs=250', { stage: 'submit', kind: 'slow', times: 3, delayMs: 250 }],
  ['submit:server-error,accepted', { stage: 'submit', kind: 'server-error', accepted: true }],
  ['submit:hang,accepted=false', { stage: 'submit', kind: 'hang', accepted: false }],
  ['callback:missing,times=always', { stage: 'callback', kind: 'missing', times: Infinity }],
  ['chain:held,delayMs=5000', { stage: 'chain', kind: 'held', delayMs: 5000 }],
  ['query:html,operation=stk-query', { stage: 'query', kind: 'html', operation: 'stk-query' }],
])('reads %s', (text, fault) => {
  expect(parseFaultText(text)).toEqual(fault);
  expect(() => createFaultPlan(parseFaultText(text))).not.toThrow();
});

test('hits only requests that contain a text, when told to', () => {
  const plan = createFaultPlan(parseFaultText('submit:html,containing=254712345678'));
  const request = (body: string) => ({ method: 'POST' as const, url: 'http://daraja.test/', headers: {}, body });
  expect(plan.takeForRequest('submit', 'stk-push', request('{"PartyA":"254700000000"}'))).toBeUndefined();
  expect(plan.takeForRequest('submit', 'stk-push', request('{"PartyA":"254712345678"}'))?.kind).toBe('html');
});

test.each([
  ['reply-lost', 'fault'],
  ['submit:reply-lost:2', 'fault'],
  ['lunch:html', 'fault.stage'],
  ['submit:html,times=often', 'fault.times'],
  ['submit:html,times=', 'fault.times'],
  ['submit:html,accepted=maybe', 'fault.accepted'],
  ['callback:late,accepted', 'fault.accepted'],
  ['chain:dropped,accepted', 'fault.accepted'],
  ['submit:html,colour=red', 'fault.colour'],
  ['submit:html,stage=query', 'fault.stage'],
  ['submit:html,operation=', 'fault.operation'],
])('refuses %s by the name of what is wrong', (text, field) => {
  expect(() => parseFaultText(text)).toThrow(`"${field}" is refused`);
});

test('reads the same from JSON', () => {
  expect(readFaultFields({ stage: 'submit', kind: 'slow', times: 2, delayMs: '10' })).toEqual({
    stage: 'submit',
    kind: 'slow',
    times: 2,
    delayMs: 10,
  });
  expect(() => readFaultFields({ stage: 'submit', kind: 7 })).toThrow('"fault.kind" is refused');
});
