/**
 * Takes what must not be read out of text that comes from elsewhere (an operator's message, a library's error) before it
 * goes into an error, a log line or an evidence entry.
 */

/** Longest text that is kept; an HTML page of an operator's firewall is cut here. */
const KEPT_CHARACTERS = 300;
/** More is looked at than is kept, so that no secret is cut into a piece that is not recognised any more. */
const READ_CHARACTERS = 2000;

const AUTHORIZATION = /\b(bearer|basic)(\s+|%20|\+)[\w\-.~+/%]+=*/gi;
const URL_CREDENTIALS = /\/\/[^\s/@"']*@/g;

const SECRET_NAMES = [
  'pass(?:word|wd|key|phrase)',
  'secret',
  'token',
  'credentials?',
  'authorization',
  'signature',
  'api[-_ ]?key',
  'subscription[-_ ]?key',
  'consumer[-_ ]?key',
  'private[-_ ]?key',
  'session[-_]?id',
  // Short words: only at the end of a word.
  '(?:pin|otp|cvv)(?:[-_ ]?(?:code|number|no))?(?![A-Za-z])',
].join('|');
/** A value up to the quote that closes it (an escaped quote, where it is JSON within JSON), or up to the next separator. */
const SECRET_VALUE = String.raw`(?<quote>\\*["'])[\s\S]*?(?:(?<!\\)\k<quote>|$)|[^\s,;&}\])<"']+`;
const NAMED_SECRET = new RegExp(
  String.raw`((?:${SECRET_NAMES})(?:\\*["'])?\s*[:=>]\s*)(?!(?:bearer|basic)\b)(?:${SECRET_VALUE})`,
  'gi',
);
const SPOKEN_PIN = /\b((?:pin|otp)(?:\s+(?:is|was|code))?\s+)\d{4,8}\b/gi;

const LONG_RUN = /[A-Za-z0-9+/_-]{40,}={0,2}/g;
/** Letters and digits mixed, as keys, tokens and UUIDs are: its beginning still tells one from another. */
const MIXED_RUN = /(?<![\w-])(?=[A-Za-z_-]*\d)(?=[\d_-]*[A-Za-z])([\w-]{8})[\w-]{16,}/g;

/** What looks like a phone number and is none: an ISO 8601 date, an address, an amount, a code such as `500.001.1001`. */
const DATE = String.raw`(?<!\d)(?:19|20)\d\d-[01]\d-[0-3]\d(?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?)?(?![\d-])`;
const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const ADDRESS = String.raw`(?<![\d.])${OCTET}(?:\.${OCTET}){3}(?![\d.])`;
const DOTTED_CODE = String.raw`(?<![\d.])[45]0\d\.\d{3}\.\d{2,4}(?![\d.])`;
const AMOUNT = String.raw`(?<![\d.])[1-9]\d{0,7}\.\d\d(?![\d.])`;
/** Behind a letter, digits belong to a code or a receipt, unless they begin as numbers of our countries do. */
const NUMBER = String.raw`(?:(?<![A-Za-z\d])|(?<=[A-Za-z])(?=(?:00)?2\d{9}|0[1-9]\d{8}))[\d\u0660-\u0669\u06f0-\u06f9](?:[ \u00a0.()/-]{0,2}[\d\u0660-\u0669\u06f0-\u06f9]){7,}`;
const NUMBERS = new RegExp(`(${DATE}|${ADDRESS}|${DOTTED_CODE}|${AMOUNT})|${NUMBER}`, 'g');

/** Every rule above needs one of these, or a run of 40: most of what operators say has none. */
const SUSPICIOUS = /[\d:=>@\u0660-\u0669\u06f0-\u06f9]|bearer|basic/i;

/**
 * Masks credentials, long opaque runs and runs of eight digits or more (a phone number, or an id that contains one), and
 * cuts what is longer than 300 characters. Dates, network addresses, dotted codes and receipts stay readable.
 */
export function redactText(text: string): string {
  if (text.length <= KEPT_CHARACTERS && !SUSPICIOUS.test(text) && text.search(LONG_RUN) < 0) return text;
  const redacted = (text.length > READ_CHARACTERS ? withoutLastWord(text.slice(0, READ_CHARACTERS)) : text)
    .replace(URL_CREDENTIALS, '//[redacted]@')
    .replace(AUTHORIZATION, '$1 [redacted]')
    .replace(NAMED_SECRET, '$1[redacted]')
    .replace(SPOKEN_PIN, '$1[redacted]')
    .replace(LONG_RUN, '[redacted]')
    .replace(MIXED_RUN, '$1…')
    .replace(NUMBERS, (found, harmless?: string) => harmless ?? maskDigits(found.replace(/[ \u00a0.()/-]/g, '')));
  return redacted.length > KEPT_CHARACTERS || text.length > READ_CHARACTERS
    ? `${redacted.slice(0, KEPT_CHARACTERS)}…`
    : redacted;
}

/** Where a text was cut, its last word or number may be a piece of a secret. */
const withoutLastWord = (text: string): string =>
  text.replace(/[^\s"'<>,;]{0,400}$/, '').replace(/[\d\s().+-]{0,40}$/, '');

/**
 * Keeps up to three digits in front and three behind, and hides five or more: enough to recognise a number that one knows, not
 * to call it.
 */
export const maskDigits = (digits: string): string => maskWith('*', digits);

/** The same, with a mark of one's own. */
export function maskWith(mark: string, digits: string): string {
  if (digits.length < 8) return mark.repeat(digits.length);
  const front = Math.min(3, digits.length - 8);
  return digits.slice(0, front) + mark.repeat(digits.length - front - 3) + digits.slice(-3);
}
