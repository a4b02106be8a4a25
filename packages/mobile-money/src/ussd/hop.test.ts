import { expect, test } from 'vitest';

import { type Hop, meaningOf } from './hop.ts';
import type { SessionRecord } from './sessions/record.ts';

const WINDOW = { repeatWindowMs: 2_000 };

const hop = (more: Partial<Hop>): Hop => ({
  sessionId: 's1',
  phone: '+254700123456',
  serviceCode: '*384#',
  input: 'accumulated',
  text: '',
  ...more,
});

const known = (more: Partial<SessionRecord>): SessionRecord => ({
  startedAtMs: 0,
  serviceCode: '*384#',
  elapsedMs: 1_000,
  hops: 2,
  status: 'open',
  successor: '',
  acknowledged: '1',
  reply: 'Enter the amount',
  state: {
    at: 'amount',
    language: 'en',
    page: 0,
    misses: 0,
    notice: 'none',
    answers: {},
    trail: '',
    depth: 1,
    phone: '+254700123456',
    network: '',
  },
  ...more,
});

test.each([
  ['1*500', { kind: 'entry', entry: '500' }],
  ['1*5*00', { kind: 'entry', entry: '5*00' }],
  ['1*', { kind: 'entry', entry: '' }],
  ['1', { kind: 'repeat' }],
  ['', { kind: 'repeat' }],
  // Another history: read as the entry "500" or "3", it would pay what nobody typed.
  ['12500', { kind: 'unreadable', reason: 'history-mismatch' }],
  ['12*3', { kind: 'unreadable', reason: 'history-mismatch' }],
  ['2*500', { kind: 'unreadable', reason: 'history-mismatch' }],
])('after "1", an accumulated text of %j is what it is', (text, meaning) => {
  expect(meaningOf(hop({ text }), known({}), 5_000, WINDOW)).toEqual(meaning);
});

test('an older hop that comes late is a repeat, however far back it goes', () => {
  const record = known({ acknowledged: '1*0712345678*500' });
  expect(meaningOf(hop({ text: '1*0712345678' }), record, 5_000, WINDOW)).toEqual({ kind: 'repeat' });
  expect(meaningOf(hop({ text: '1*07123' }), record, 5_000, WINDOW)).toMatchObject({ kind: 'unreadable' });
});

test('where a gateway gives no marks, the same entry within two seconds is the same hop, and afterwards another one', () => {
  const last = hop({ input: 'last', text: '1', isNew: false });
  expect(meaningOf(last, known({}), 2_999, WINDOW)).toEqual({ kind: 'repeat' });
  expect(meaningOf(last, known({}), 3_000, WINDOW)).toEqual({ kind: 'entry', entry: '1' });
  expect(meaningOf({ ...last, text: '2' }, known({}), 1_001, WINDOW)).toEqual({ kind: 'entry', entry: '2' });
});

test('the first entry is an entry, although the gateway began with the same text', () => {
  const last = hop({ input: 'last', text: '1', isNew: false });
  expect(meaningOf(last, known({ hops: 1 }), 1_500, WINDOW)).toEqual({ kind: 'entry', entry: '1' });
});

test('a mark that was answered, or an earlier one, is a repeat whatever the entry', () => {
  const marked = (mark: string) => hop({ input: 'last', text: '9', isNew: false, mark });
  const record = known({ acknowledged: '4' });
  for (const mark of ['4', '3']) expect(meaningOf(marked(mark), record, 60_000, WINDOW)).toEqual({ kind: 'repeat' });
  expect(meaningOf(marked('5'), record, 1_001, WINDOW)).toEqual({ kind: 'entry', entry: '9' });
});

test('a hop that goes on with a session that nobody knows begins none', () => {
  const unknown = { kind: 'unreadable', reason: 'unknown-session' };
  expect(meaningOf(hop({ text: '1', isNew: false }), undefined, 0, WINDOW)).toEqual(unknown);
  expect(meaningOf(hop({ text: '1*2' }), undefined, 0, WINDOW)).toEqual({ kind: 'first', dialled: ['1', '2'] });
});
