import {
  type CallOptions,
  type Clock,
  InvalidRequestError,
  parseUnits,
  type SettlementQuote,
  UnexpectedResponseError,
  withDeadline,
} from '@canza/core';

/** What a rate is wanted for. */
export interface QuoteRequest {
  readonly fromCurrency: string;
  readonly toCurrency: string;
  /** Decimal string in `fromCurrency`. */
  readonly amount: string;
}

/** Where rates come from: your treasury, an exchange, a table. */
export interface QuoteSource {
  /** Promises a price until `expiresAtMs`. What it throws refuses the settlement. */
  quote(request: QuoteRequest, options?: CallOptions): Promise<SettlementQuote>;
}

/** Rates and amounts in other currencies have as many decimals as anybody writes. */
export const MOST_DECIMALS = 18;

/**
 * Asks for a price and checks what comes.
 * @throws InvalidRequestError without a source; UnexpectedResponseError for a quote that cannot be used; whatever the source throws.
 */
export async function askQuote(
  source: QuoteSource | undefined,
  request: QuoteRequest,
  clock: Clock,
  timeoutMs: number,
): Promise<SettlementQuote> {
  if (source === undefined) {
    throw new InvalidRequestError({
      field: 'toCurrency',
      expected: `${request.fromCurrency}, as "fromCurrency" says: no source of quotes is configured`,
    });
  }
  const quote = await withDeadline(clock, { timeoutMs, what: 'A quote' }, (signal) =>
    source.quote(request, { timeoutMs, signal }),
  );
  return checkQuote(quote, clock.nowMs());
}

/** What a source said is not kept: it is not ours to know what is in it. */
const NO_BODY = { body: '' };

/** @throws UnexpectedResponseError naming what is wrong, never what it says. */
function checkQuote(quote: SettlementQuote, nowMs: number): SettlementQuote {
  const { id, rate, toAmount, expiresAtMs } = quote;
  try {
    parseUnits(rate, MOST_DECIMALS, 'rate');
    parseUnits(toAmount, MOST_DECIMALS, 'toAmount');
  } catch (cause) {
    throw new UnexpectedResponseError('The quote is not readable.', NO_BODY, { cause });
  }
  if (!Number.isSafeInteger(expiresAtMs)) throw new UnexpectedResponseError('The quote says no expiry.', NO_BODY);
  if (expiresAtMs <= nowMs) throw new InvalidRequestError({ field: 'quote', expected: 'one that has not expired' });
  return { rate, toAmount, expiresAtMs, ...(id === undefined ? {} : { id }) };
}

/** Takes a quote that the caller got before. @throws InvalidRequestError for one that has expired or is not readable. */
export function acceptQuote(quote: unknown, nowMs: number): SettlementQuote {
  if (typeof quote !== 'object' || quote === null) {
    throw new InvalidRequestError({ field: 'quote', expected: 'what service.quote() resolved with' });
  }
  const { rate, toAmount, expiresAtMs, id } = quote as Partial<SettlementQuote>;
  parseUnits(rate, MOST_DECIMALS, 'quote.rate');
  parseUnits(toAmount, MOST_DECIMALS, 'quote.toAmount');
  if (typeof expiresAtMs !== 'number' || !Number.isSafeInteger(expiresAtMs) || expiresAtMs <= nowMs) {
    throw new InvalidRequestError({ field: 'quote', expected: 'one that has not expired' });
  }
  return { rate: rate as string, toAmount: toAmount as string, expiresAtMs, ...(id === undefined ? {} : { id }) };
}
