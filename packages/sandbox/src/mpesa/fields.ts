import type { HttpResponse } from '@canza/core';

import type { DarajaErrors } from './error-replies.ts';

/** A request body after its checks: what it says, or the refusal. */
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: HttpResponse };

const MSISDN = /^254[17]\d{8}$/;
const SHORTCODE = /^\d{5,7}$/;
const WHOLE_AMOUNT = /^[1-9]\d{0,9}$/;
/** Words that an address may not contain. Source: docs/providers/mpesa.md#callback-address */
const REFUSED_WORDS = /m-?pesa|safaricom|exe|cmd|sql|query/i;

/** A field as text: JSON numbers count as the text they were written with, anything else as nothing. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

export const isWholeAmount = (value: unknown): boolean => WHOLE_AMOUNT.test(textOf(value));
/** Whole shillings, checked before, as cents. */
export const wholeAmountMinor = (value: unknown): bigint => BigInt(textOf(value)) * 100n;

export const isMsisdn = (value: unknown): boolean => MSISDN.test(textOf(value));
export const isShortcode = (value: unknown): boolean => SHORTCODE.test(textOf(value));
export const isFilled = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
/** Text of so many characters, or nothing at all. */
export const isTextUpTo = (value: unknown, longest: number): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.length <= longest);
/** Text of so many characters. */
export const isTextOf = (value: unknown, shortest: number, longest: number): boolean =>
  typeof value === 'string' && value.length >= shortest && value.length <= longest;

/** What a callback address has to be: absolute, and without the refused words. Plain HTTP passes on a sandbox. */
export function isCallbackUrl(value: unknown): value is string {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, host, pathname, search } = new URL(value);
  return (protocol === 'https:' || protocol === 'http:') && !REFUSED_WORDS.test(host + pathname + search);
}

export const refuse = (refusal: HttpResponse): Read<never> => ({ ok: false, refusal });
export const take = <T>(value: T): Read<T> => ({ ok: true, value });

/** Refuses by the name of the first field that is wrong, in the order of the table. */
export function refuseFirst(
  isWrong: Readonly<Record<string, boolean>>,
  errors: DarajaErrors,
): HttpResponse | undefined {
  const field = Object.keys(isWrong).find((name) => isWrong[name]);
  return field === undefined ? undefined : errors.invalidField(field);
}
