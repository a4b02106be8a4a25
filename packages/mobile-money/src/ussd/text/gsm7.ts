/**
 * What a text costs on a USSD screen. A screen is 160 octets: 182 septets of the GSM 7-bit alphabet, or 80 UTF-16 units as
 * soon as one character lies outside it.
 * Source: docs/ussd.md#screens (3GPP TS 23.038, GSM 04.80)
 */

const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** These take an escape and so two septets. */
const EXTENDED = '\f^{}\\[~]|€';
const EURO = 0x20ac;

/** Septets of each character below U+0400; 0 for what the alphabet lacks. The euro sign is the one member above. */
const SEPTETS = new Uint8Array(0x400);
for (const character of BASIC) SEPTETS[character.charCodeAt(0)] = 1;
for (const character of EXTENDED) {
  const code = character.charCodeAt(0);
  if (code < SEPTETS.length) SEPTETS[code] = 2;
}

const septetsOf = (code: number): number => (code < 0x400 ? (SEPTETS[code] ?? 0) : code === EURO ? 2 : 0);

/** How much of a text fits on one screen, in each of the two encodings. */
export interface ScreenLimit {
  readonly septets: number;
  /** UTF-16 units, when the text needs UCS-2. */
  readonly characters: number;
}

/**
 * `standard` fits every gateway we know: some count 160 characters where the network would carry 182 septets.
 * `full` is the network's own limit; `short` leaves room for gateways and handsets that add a line of their own.
 */
export const SCREEN_LIMITS = {
  short: { septets: 140, characters: 70 },
  standard: { septets: 160, characters: 80 },
  full: { septets: 182, characters: 80 },
} as const satisfies Record<string, ScreenLimit>;

/** Septets that a text takes in GSM-7, or `undefined` when it needs UCS-2. */
export function countSeptets(text: string): number | undefined {
  let septets = 0;
  for (let index = 0; index < text.length; index++) {
    const cost = septetsOf(text.charCodeAt(index));
    if (cost === 0) return undefined;
    septets += cost;
  }
  return septets;
}

export const fitsScreen = (text: string, limit: ScreenLimit): boolean => {
  const septets = countSeptets(text);
  return septets === undefined ? text.length <= limit.characters : septets <= limit.septets;
};

/** What a text costs on the air, and which characters make it dear. */
export interface ScreenCost {
  readonly encoding: 'GSM-7' | 'UCS-2';
  /** Septets, or UTF-16 units. */
  readonly units: number;
  /** On the air: septets are packed eight to seven octets. */
  readonly octets: number;
  /** The characters that force UCS-2, each once. */
  readonly forcedBy: readonly string[];
}

/** What a text costs on the air. */
export function screenCost(text: string): ScreenCost {
  const septets = countSeptets(text);
  if (septets !== undefined) {
    return { encoding: 'GSM-7', units: septets, octets: Math.ceil((septets * 7) / 8), forcedBy: [] };
  }
  const forcedBy = [...new Set(text)].filter((character) => countSeptets(character) === undefined);
  return { encoding: 'UCS-2', units: text.length, octets: text.length * 2, forcedBy };
}

/** Typography that has a plain form; letters with marks lose the mark instead. */
const PLAIN: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '‚': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
  '−': '-',
  '…': '...',
  '•': '-',
  '·': '-',
  '×': 'x',
  '\u00a0': ' ',
  '\u202f': ' ',
  '\u2011': '-',
  '\t': ' ',
  œ: 'oe',
  Œ: 'OE',
};

const MARKS = /\p{Mn}+/gu;

/**
 * Replaces what GSM-7 lacks and has a plain form: `ê` becomes `e`, `’` becomes `'`. The rest stays as it is, so that text in
 * Amharic or Arabic is not touched.
 */
export function transliterate(text: string): string {
  if (countSeptets(text) !== undefined) return text;
  let plain = '';
  for (const character of text.normalize('NFC')) {
    if (countSeptets(character) !== undefined) plain += character;
    else plain += PLAIN[character] ?? withoutMarks(character);
  }
  return plain;
}

function withoutMarks(character: string): string {
  const bare = character.normalize('NFD').replace(MARKS, '');
  return bare !== '' && countSeptets(bare) !== undefined ? bare : character;
}

/** Forces a text into GSM-7: what has no plain form becomes `?`. */
export function foldToGsm7(text: string): string {
  if (countSeptets(text) !== undefined) return text;
  let folded = '';
  for (const character of transliterate(text)) folded += countSeptets(character) === undefined ? '?' : character;
  return folded;
}

/** Cuts a text to so many units of its encoding, never through a pair of surrogates. */
export function clip(text: string, units: number): string {
  const septets = countSeptets(text);
  if ((septets ?? text.length) <= units) return text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += septets === undefined ? character.length : septetsOf(character.charCodeAt(0));
    if (used > units) break;
    kept += character;
  }
  return kept;
}
