import { redactText } from '../redact.ts';

/** Whether money may have moved: `no` and `yes` only on proof, `maybe` from the moment a send begins. */
export type MoneyMoved = 'no' | 'maybe' | 'yes';

/** What of a foreign error is kept: never its properties, where tokens and bodies live. */
export interface SafeCause {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
}

/** What an error may tell beside its message. */
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
const CLASS_NAME = /^[A-Za-z][A-Za-z0-9]{0,60}$/;
/** How deep a chain of causes is followed in search of a reason. */
const DEEPEST_CAUSE = 5;

/**
 * Something that we could not carry out. A decline is not an error but a value: `status: 'failed'` with a reason.
 * Recognise one with `PaymentError.isInstance`, or a family with `TransportError.isInstance`; both also work when two copies
 * of the package are installed.
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

  /** Whether something is an error of this family, whichever copy of the package made it. */
  static isInstance<Family extends PaymentError>(
    this: (abstract new (...args: never[]) => Family) & { readonly code?: string },
    error: unknown,
  ): error is Family {
    if (typeof error !== 'object' || error === null || !(BRAND in error)) return false;
    if ((this as unknown) === PaymentError) return true;
    // Each family of ours names its code on the class; a class that only inherits one is told apart by what made the error.
    return Object.hasOwn(this, 'code')
      ? (error as { readonly code?: unknown }).code === this.code
      : error instanceof this;
  }

  toJSON(): Record<string, unknown> {
    const { name, message, code, moneyMoved, provider, providerCode, retryAfterMs, cause } = this;
    return { name, code, message, moneyMoved, provider, providerCode, retryAfterMs, cause };
  }
}

/** Reduces any thrown thing to what is safe to keep. */
export function safeCause(cause: unknown): PaymentError | SafeCause {
  if (PaymentError.isInstance(cause)) return cause;
  try {
    if (!isErrorLike(cause)) return { name: 'Error', message: `a thrown ${cause === null ? 'null' : typeof cause}` };
    const { name, message } = cause;
    const code = systemCodeOf(cause);
    return {
      name: CLASS_NAME.test(name) ? name : 'Error',
      message: redactText(message === '' ? messagesWithin(cause) : message),
      ...(code === undefined ? {} : { code }),
    };
  } catch {
    return { name: 'Error', message: 'a thrown object that cannot be read' };
  }
}

interface ErrorLike {
  readonly name: string;
  readonly message: string;
}

/** By shape, not by class: errors of another realm, and of libraries that make their own, count too. */
function isErrorLike(thrown: unknown): thrown is ErrorLike {
  if (typeof thrown !== 'object' || thrown === null) return false;
  const { name, message } = thrown as Partial<Record<keyof ErrorLike, unknown>>;
  return typeof name === 'string' && typeof message === 'string';
}

/** The first code such as `ECONNREFUSED` on the error or behind it: libraries wrap the one that tells what happened. */
function systemCodeOf(thrown: unknown): string | undefined {
  for (let error = thrown, depth = 0; depth < DEEPEST_CAUSE; depth++) {
    if (typeof error !== 'object' || error === null) return undefined;
    const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
    if (typeof code === 'string' && SYSTEM_CODE.test(code)) return code;
    error = cause;
  }
  return undefined;
}

/** What an AggregateError without a message of its own is about: Node throws one when every address of a host refuses. */
function messagesWithin(thrown: unknown): string {
  const { errors } = thrown as { readonly errors?: unknown };
  return Array.isArray(errors)
    ? errors
        .filter(isErrorLike)
        .slice(0, 4)
        .map(({ message }) => message)
        .join('; ')
    : '';
}
