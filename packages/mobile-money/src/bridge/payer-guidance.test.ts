import { TransportError } from '@canza/core';
import { createScriptedProvider } from '@canza/core/testing';
import { describe, expect, it } from 'vitest';

import { DAY_MS, MINUTE_MS, REQUEST, type World, world } from '../../test/bridge-world.ts';
import type { TransactionRequest } from './transaction-request.ts';

const UGANDA = { operator: 'ug-64110', country: 'UG', currency: 'UGX' } as const;
const ASKED: TransactionRequest = { ...REQUEST, amount: '5000', currency: 'UGX', phoneNumber: '+256772123456' };

const ugandan = () => createScriptedProvider({ name: 'mtn', route: UGANDA });
const guide = ({ bridge, clock }: World, language?: string) =>
  clock.runUntil(bridge.guidePayer('tx_123', language === undefined ? {} : { language }));

describe('a payer', () => {
  it('whose prompt waits is told what to dial, in their language, and when it ends', async () => {
    const made = await world([ugandan()]);
    await made.bridge.initiateTransaction(ASKED);
    const told = await guide(made);
    expect(told).toMatchObject({ status: 'pending', prompt: { state: 'approve' } });
    expect(told.sentence).toBe(told.prompt?.sentence);
    expect(told.sentence).toContain('*165*8*3*1#');
    expect(told.prompt?.expiresAtMs ?? made.clock.nowMs() + 1).toBeGreaterThan(made.clock.nowMs());
    expect((await guide(made, 'sw')).sentence).not.toBe(told.sentence);
  });

  it('is offered no new prompt while nobody knows, however long it takes', async () => {
    const provider = ugandan();
    provider.onSend(new TransportError('timeout', 'no reply'));
    provider.onQuery({ status: 'unaskable' });
    const made = await world([provider]);
    await made.bridge.initiateTransaction(ASKED);
    await made.clock.runUntil(made.bridge.waitForTransaction('tx_123', { timeoutMs: DAY_MS }));
    await made.clock.advance(60 * MINUTE_MS);
    expect(await guide(made)).toMatchObject({ status: 'review', prompt: { state: 'checking' } });
  });

  it('of a payment that failed is told why, and from when a new one is safe', async () => {
    const provider = ugandan();
    provider.onQuery({ status: 'failed', reason: 'insufficient-funds' });
    const made = await world([provider]);
    await made.bridge.initiateTransaction(ASKED);
    await made.clock.runUntil(made.bridge.waitForTransaction('tx_123'));
    await made.clock.advance(30 * MINUTE_MS);
    const told = await guide(made, 'en');
    expect(told).toMatchObject({ status: 'failed', reason: 'insufficient-funds', prompt: { state: 'again' } });
    expect(told.sentence).toContain('5,000');
    const others = await Promise.all(['fr', 'sw', 'pt'].map((language) => guide(made, language)));
    expect(new Set([told, ...others].map(({ sentence }) => sentence)).size).toBe(4);
  });

  it('who has paid, or was sent nothing, is told nothing', async () => {
    const provider = ugandan();
    provider.onSend(new TransportError('not-connected', 'refused'));
    provider.onQuery({ status: 'succeeded', money: { currency: 'UGX', amountMinor: 5000n } });
    const made = await world([provider]);
    await made.bridge.initiateTransaction(ASKED);
    expect(await guide(made)).toEqual({ status: 'created' });
    await made.clock.runUntil(made.bridge.waitForTransaction('tx_123'));
    expect(await guide(made)).toEqual({ status: 'succeeded' });
  });

  it('who is to be paid has no prompt to answer', async () => {
    const provider = createScriptedProvider({ name: 'mtn', type: 'disbursement', route: UGANDA });
    const made = await world([provider]);
    await made.bridge.initiateTransaction({ ...ASKED, type: 'disbursement' });
    expect(await guide(made)).toEqual({ status: 'pending' });
    await expect(made.bridge.guidePayer('tx_none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
