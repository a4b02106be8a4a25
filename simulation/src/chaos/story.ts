/** What one caller wanted, under which ids it was asked for, and what came back. */
export interface Story {
  /** What is wanted, once: a payment, a refund, a settlement. */
  readonly intent: string;
  readonly kind: 'payment' | 'refund' | 'settlement';
  /** Whose wallet, or which account; nobody else's intent has it, but for the refund of a payment. */
  readonly party: string;
  readonly asks: Ask[];
}

/** One request, and its answer. */
export interface Ask {
  readonly id: string;
  /** Decimal text; `undefined` for all that is left. */
  readonly amount: string | undefined;
  readonly atMs: number;
  /** Status and amount that the caller was told, the error's code, or that nobody answered. */
  answer: { readonly status: string; readonly amount: string } | { readonly error: string } | undefined;
}
