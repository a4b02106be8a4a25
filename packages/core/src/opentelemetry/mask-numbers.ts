import { maskDigits } from '../redact.ts';

/** A caller may have made an id of a phone number: runs of nine digits and more are masked, the rest stays to be searched for. */
export const maskNumbers = (id: string): string => id.replace(/\d{9,}/g, maskDigits);
