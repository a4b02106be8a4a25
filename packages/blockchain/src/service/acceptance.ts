import {
  type Asset,
  type Clock,
  IdempotencyConflictError,
  InvalidRequestError,
  JournalError,
  keepRefunds,
  type NetworkCall,
  NotFoundError,
  parseUnits,
  type SettlementKind,
  type SettlementNetwork,
  type SettlementOriginal,
  type SettlementQuote,
  type SettlementRecord,
  settlementFingerprint,
  storeCall,
} from '@canza/core';

import { type Books, refundTag } from './books.ts';
import type { SettlementPolicy } from './policy.ts';
import { acceptQuote, askQuote, MOST_DECIMALS, type QuoteSource } from './quotes.ts';
import { type RefundRoom, roomFor, unitsOf } from './refund-room.ts';
import { assetOf, type CheckedLiquidity, type CheckedPayment, type CheckedRefund, canonicalAmount } from './request.ts';

export interface AcceptanceSettings {
  readonly network: SettlementNetwork;
  readonly books: Books;
  readonly policy: SettlementPolicy;
  readonly clock: Clock;
  readonly quotes: QuoteSource | undefined;
  readonly autoConfirm: boolean;
  /** Whether the journal may have lost writes: then an id that it does not know may have been paid. */
  readonly isSuspect: () => boolean;
  /** Base units of 10^-18, by currency; `undefined` where there is no limit. */
  readonly limitOf: (currency: string) => string | undefined;
  /** When a settlement that its own process has not sent is anybody's. */
  readonly leftBehindAfterMs: number;
}

interface Draft {
  readonly settlementId: string;
  readonly kind: SettlementKind;
  readonly amount: string;
  readonly fromCurrency: string;
  readonly toCurrency: string;
  readonly call: NetworkCall;
  /** What, besides amounts and currencies, may not differ under the same id. */
  readonly terms: unknown;
  readonly quote?: SettlementQuote;
  readonly original?: SettlementOriginal;
  readonly description: string | undefined;
}

/** How often a refund that finds its place taken counts again what is left. */
const MOST_REFUND_TRIES = 100;

/** How a request becomes a stored settlement. */
export class Acceptance {
  readonly #settings: AcceptanceSettings;

  constructor(settings: AcceptanceSettings) {
    this.#settings = settings;
  }

  /** @throws InvalidRequestError, IdempotencyConflictError, JournalError; whatever the source of quotes throws. */
  payment(checked: CheckedPayment): Promise<SettlementRecord> {
    const { asset, amount, units, fromCurrency, toAddress } = checked;
    this.#assertWithinLimit(amount, fromCurrency);
    const draft: Omit<Draft, 'call'> = {
      settlementId: checked.settlementId,
      kind: 'payment',
      amount,
      fromCurrency,
      toCurrency: asset.currency,
      terms: toAddress,
      description: checked.description,
    };
    return fromCurrency === asset.currency
      ? this.#accept({ ...draft, call: transferOf(asset, toAddress, units) })
      : this.#acceptExchange(draft, checked);
  }

  async #acceptExchange(draft: Omit<Draft, 'call'>, checked: CheckedPayment): Promise<SettlementRecord> {
    const { asset, toAddress } = checked;
    // The same id is recognised before anybody is asked for a price again.
    const known = await this.#known({ ...draft, call: { kind: 'void' } });
    if (known !== undefined) return known;
    const quote = await this.#quote(checked);
    return this.#accept({
      ...draft,
      quote,
      call: transferOf(asset, toAddress, parseUnits(quote.toAmount, asset.decimals, 'amount')),
    });
  }

  async liquidity({ settlementId, description, call, paid, received }: CheckedLiquidity): Promise<SettlementRecord> {
    this.#assertWithinLimit(paid.amount, paid.currency);
    const kind = 'liquidity';
    const terms = storeCall(call);
    const { amount, currency } = paid;
    return this.#accept({
      settlementId,
      kind,
      amount,
      fromCurrency: currency,
      toCurrency: received,
      call,
      terms,
      description,
    });
  }

  /** @throws NotFoundError for an unknown original; InvalidRequestError for more than is left of it; JournalError where that cannot be told. */
  async refund(request: CheckedRefund): Promise<SettlementRecord> {
    const { books, policy, clock } = this.#settings;
    for (let tries = 0; tries < MOST_REFUND_TRIES; tries++) {
      const stored = await books.settlements.read(request.settlementId);
      if (stored !== undefined) return this.#sameRefund(stored, request);
      const original = await books.settlements.read(request.originalSettlementId);
      if (original === undefined) throw new NotFoundError(`Settlement "${request.originalSettlementId}"`);
      const shown = await books.settlements.listTagged(refundTag(original.settlementId));
      // The same refund was accepted meanwhile, by another process: it is read again, and is not an earlier one.
      if (shown.some(({ settlementId }) => settlementId === request.settlementId)) continue;
      const room = roomFor(request.settlementId, original, shown);
      const record = this.#recordOf(this.#refundOf(request, original, room));
      const refunds = room.keeping(unitsOf(record.call));
      const kept = await books.settlements.insist(policy.insistForMs, () =>
        books.settlements.update(original, `${request.settlementId} is to give back of it`, (latest) =>
          latest === original ? keepRefunds(latest, clock.nowMs(), refunds) : latest,
        ),
      );
      // Another refund of the same original was quicker: what is left is counted again.
      if (kept?.refunds !== refunds) continue;
      const inserted = await this.#insert(record);
      if (inserted !== undefined) return inserted;
    }
    // So many come at once: what is left cannot be told.
    throw new JournalError('The refunds of that settlement cannot be counted.', 'no');
  }

  #refundOf(request: CheckedRefund, original: SettlementRecord, { left, place }: RefundRoom): Draft {
    const { network } = this.#settings;
    if (original.kind !== 'payment' || original.status !== 'settled' || original.call.kind !== 'transfers') {
      throw new InvalidRequestError({ field: 'originalSettlementId', expected: 'a payment that is settled' });
    }
    const asset = assetOf(original.toCurrency, network, 'originalSettlementId');
    if (left <= 0n) {
      throw new InvalidRequestError({
        field: 'originalSettlementId',
        expected: 'a settlement that is not given back already',
      });
    }
    const units = request.amount === undefined ? left : parseUnits(request.amount, asset.decimals);
    if (units > left) {
      const most = canonicalAmount(left, asset.decimals);
      throw new InvalidRequestError({
        field: 'amount',
        expected: `at most ${asset.currency} ${most}, which is left of the original`,
      });
    }
    const amount = canonicalAmount(units, asset.decimals);
    return {
      settlementId: request.settlementId,
      kind: 'refund',
      amount,
      fromCurrency: asset.currency,
      toCurrency: asset.currency,
      call: transferOf(asset, request.toAddress, units),
      terms: request.toAddress,
      original: {
        settlementId: original.settlementId,
        amount: canonicalAmount(unitsOf(original.call), asset.decimals),
        slot: place,
      },
      description: request.description,
    };
  }

  #sameRefund(stored: SettlementRecord, { amount, toAddress, originalSettlementId }: CheckedRefund): SettlementRecord {
    const { call } = stored;
    const same =
      stored.kind === 'refund' &&
      stored.original?.settlementId === originalSettlementId &&
      call.kind === 'transfers' &&
      call.transfers[0]?.to === toAddress &&
      (amount === undefined || parseUnits(amount, MOST_DECIMALS) === parseUnits(stored.amount, MOST_DECIMALS));
    if (!same) throw new IdempotencyConflictError(stored.settlementId);
    return stored;
  }

  #quote({ amount, fromCurrency, asset, quote }: CheckedPayment): Promise<SettlementQuote> {
    const { quotes, clock, policy } = this.#settings;
    if (quote !== undefined) return Promise.resolve(acceptQuote(quote, clock.nowMs()));
    return askQuote(quotes, { fromCurrency, toCurrency: asset.currency, amount }, clock, policy.queryTimeoutMs);
  }

  async #accept(draft: Draft): Promise<SettlementRecord> {
    const inserted = await this.#insert(this.#recordOf(draft));
    if (inserted === undefined) throw new IdempotencyConflictError(draft.settlementId);
    return inserted;
  }

  async #known(draft: Draft): Promise<SettlementRecord | undefined> {
    const stored = await this.#settings.books.settlements.read(draft.settlementId);
    if (stored === undefined) return undefined;
    if (stored.fingerprint !== this.#recordOf(draft).fingerprint)
      throw new IdempotencyConflictError(draft.settlementId);
    return stored;
  }

  /** @returns nothing where another settlement holds one of its references. */
  async #insert(record: SettlementRecord): Promise<SettlementRecord | undefined> {
    const { books, policy, isSuspect } = this.#settings;
    if (isSuspect()) await this.#assertKnown(record.settlementId);
    const result = await books.settlements.insist(policy.insistForMs, () =>
      books.settlements.insert(record, `accepted: ${record.kind}`),
    );
    if (result.outcome === 'written') return record;
    if (result.outcome === 'reference-taken') return undefined;
    if (result.record.fingerprint !== record.fingerprint) throw new IdempotencyConflictError(record.settlementId);
    return result.record;
  }

  /** @throws JournalError for an id that the journal does not know. */
  async #assertKnown(settlementId: string): Promise<void> {
    if ((await this.#settings.books.settlements.read(settlementId)) !== undefined) return;
    throw new JournalError(
      'The journal may have forgotten it: ask again once it was compared with the chain.',
      'maybe',
    );
  }

  #recordOf(draft: Draft): SettlementRecord {
    const { network, clock, autoConfirm, leftBehindAfterMs } = this.#settings;
    const { settlementId, kind, amount, fromCurrency, toCurrency, call, quote, original, description } = draft;
    const nowMs = clock.nowMs();
    return {
      settlementId,
      version: 1,
      kind,
      status: autoConfirm ? 'created' : 'awaiting-confirmation',
      moneyMoved: 'no',
      network: network.name,
      amount,
      fromCurrency,
      toCurrency,
      call: storeCall(call),
      fingerprint: fingerprintOf(draft, network.name),
      attempts: NONE,
      evidence: NONE,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
      dueAtMs: autoConfirm ? nowMs + leftBehindAfterMs : null,
      ...(quote === undefined ? {} : { quote }),
      ...(original === undefined ? {} : { original }),
      ...(description === undefined ? {} : { description }),
    };
  }

  #assertWithinLimit(amount: string, currency: string): void {
    const limit = this.#settings.limitOf(currency);
    if (limit === undefined || parseUnits(amount, MOST_DECIMALS) <= parseUnits(limit, MOST_DECIMALS)) return;
    throw new InvalidRequestError({ field: 'amount', expected: `at most ${limit}, the limit of one settlement` });
  }
}

const NONE: readonly never[] = Object.freeze([]);

const fingerprintOf = ({ kind, amount, fromCurrency, toCurrency, original, terms }: Draft, network: string): string =>
  settlementFingerprint({
    kind,
    network,
    amount,
    fromCurrency,
    toCurrency,
    terms,
    ...(original === undefined ? {} : { original }),
  });

const transferOf = ({ id }: Asset, to: string, amount: bigint): NetworkCall => ({
  kind: 'transfers',
  asset: id,
  transfers: [{ to, amount }],
});
