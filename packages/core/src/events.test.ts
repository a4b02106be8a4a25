import { describe, expect, it, vi } from 'vitest';

import { createEvents } from './events.ts';
import { createRecordingLogger } from './testing/index.ts';

interface Told {
  readonly paid: { readonly id: string };
  readonly failed: { readonly id: string };
}

describe('events', () => {
  it('reach every listener of that name at once, in the order in which they came', () => {
    const events = createEvents<Told>(createRecordingLogger());
    const heard: string[] = [];
    events.on('paid', ({ id }) => heard.push(`first ${id}`));
    events.on('paid', ({ id }) => heard.push(`second ${id}`));
    events.on('failed', ({ id }) => heard.push(`failed ${id}`));
    events.emit('paid', { id: 'tx-1' });
    expect(heard).toEqual(['first tx-1', 'second tx-1']);
  });

  it('go nowhere when nobody listens', () => {
    expect(() => createEvents<Told>(createRecordingLogger()).emit('paid', { id: 'x' })).not.toThrow();
  });

  it('stop reaching whoever stopped listening, and stopping twice stops nobody else', () => {
    const events = createEvents<Told>(createRecordingLogger());
    const [gone, stays] = [vi.fn<() => void>(), vi.fn<() => void>()];
    const stop = events.on('paid', gone);
    events.on('paid', stays);
    stop();
    stop();
    events.emit('paid', { id: 'x' });
    expect(gone).not.toHaveBeenCalled();
    expect(stays).toHaveBeenCalledTimes(1);
  });

  it('a listener that throws hurts neither the others nor the payment, and its message is not logged', () => {
    const logger = createRecordingLogger();
    const events = createEvents<Told>(logger);
    const next = vi.fn<() => void>();
    events.on('paid', () => {
      throw new TypeError('about 254712345678');
    });
    events.on('paid', () => {
      // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error
      throw 'about 254712345678';
    });
    events.on('paid', next);
    events.emit('paid', { id: 'x' });
    expect(next).toHaveBeenCalledTimes(1);
    expect(logger.lines).toEqual([
      { level: 'error', fields: { event: 'paid', error: 'TypeError' }, message: 'a listener threw' },
      { level: 'error', fields: { event: 'paid', error: 'string' }, message: 'a listener threw' },
    ]);
  });

  it('a listener that is asynchronous and rejects does not bring the process down', async () => {
    const logger = createRecordingLogger();
    const events = createEvents<Told>(logger);
    const unhandled = vi.fn<() => void>();
    process.on('unhandledRejection', unhandled);
    // oxlint-disable-next-line typescript/no-misused-promises -- what users do all the same
    events.on('paid', async () => {
      throw new RangeError('about 254712345678');
    });
    events.emit('paid', { id: 'x' });
    await new Promise((resolve) => void setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    expect(logger.lines.map(({ fields }) => fields)).toEqual([{ event: 'paid', error: 'RangeError' }]);
  });

  it('can be asked for whether anybody listens', () => {
    const events = createEvents<Told>(createRecordingLogger());
    expect(events.has('paid')).toBe(false);
    const stop = events.on('paid', () => undefined);
    expect([events.has('paid'), events.has('failed')]).toEqual([true, false]);
    stop();
    expect(events.has('paid')).toBe(false);
  });
});
