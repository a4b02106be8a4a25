import { redactText } from '../redact.ts';

/** Whether money may have moved: `no` and `yes` only on proof, `maybe` from the moment a send begins. */
export type MoneyMoved = 'no' | 'maybe' | 'yes';

/** What of a foreign error is kept: never its properties, where tokens and bodies live. */
export interface SafeCause {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
}

export interface PaymentErrorOptions {
  readonly provider?: string | undefined;
  /** The operator's own code, as it was spelled. */
  readonly providerCode?: string | undefined;
  /** Milliseconds after which the same call may be made again. */
  readonly retryAfterMs?: number | undefined;
  /** Kept as name, code and redacted message; a PaymentError is kept whole. */
  readonly cause?: unknown;
}

const BRAND = Symbol.for('@canza/core/PaymentError');
const SYSTEM_CODE = /^[A-Z][A-Z0-9_]{2,40}$/;

/**
 * Something that we could not carry out. A decline is not an error but a value: `status: 'failed'` with a reason.
 * Recognise one with `PaymentError.isInstance`, which also works when two copies of the package are installed.
 */
export abstract class PaymentError extends Error {
  /** Stable text for programs, such as `INVALID_REQUEST`. */
  abstract readonly code: string;
  readonly moneyMoved: MoneyMoved;
  readonly provider: string | undefined;
  readonly providerCode: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, moneyMoved: MoneyMoved, options: PaymentErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: safeCause(options.cause) });
    this.name = new.target.name;
    this.moneyMoved = moneyMoved;
    this.provider = options.provider;
    this.providerCode = options.providerCode;
    this.retryAfterMs = options.retryAfterMs;
    Object.defineProperty(this, BRAND, { value: true });
  }

  static isInstance(error: unknown): error is PaymentError {
    return typeof error === 'object' && error !== null && (error as Record<symbol, unknown>)[BRAND] === true;
  }

  toJSON(): Record<string, unknown> {
    const { name, message, code, moneyMoved, provider, providerCode, retryAfterMs } = this;
    return { name, code, message, moneyMoved, provider, providerCode, retryAfterMs };
  }
}

/** Reduces any thrown thing to what is safe to keep. */
export function safeCause(cause: unknown): PaymentError | SafeCause {
  if (PaymentError.isInstance(cause)) return cause;
  if (!(cause instanceof Error)) return { name: 'Error', message: `a thrown ${typeof cause}` };
  const { code } = cause as { code?: unknown };
  return {
    name: cause.name,
    message: redactText(cause.message),
    ...(typeof code === 'string' && SYSTEM_CODE.test(code) ? { code } : {}),
  };
}
