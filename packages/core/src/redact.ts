/**
 * Takes what must not be read out of text that comes from elsewhere (an operator's message, a library's error) before it
 * goes into an error, a log line or an evidence entry.
 */

const AUTHORIZATION = /\b(bearer|basic)\s+[\w\-.~+/]+=*/gi;
const NAMED_SECRET =
  /("?(?:password|passkey|pin|secret|token|access_token|securitycredential|credential|api[-_]?key|subscription[-_]?key|consumer[-_]?(?:key|secret)|session_?id)"?\s*[:=]\s*)("[^"]*"|[^\s,;&}]+)/gi;
const OPAQUE_RUN = /[A-Za-z0-9+/_-]{40,}={0,2}/g;
const DIGIT_RUN = /\d(?:[\s().-]?\d){7,}/g;

/** Longest text that is kept; an HTML page of an operator's firewall is cut here. */
const KEPT_CHARACTERS = 300;

/**
 * Masks credentials, long opaque runs and runs of eight digits or more (a phone number, or an id that contains one), and
 * cuts what is longer than 300 characters.
 */
export function redactText(text: string): string {
  const cut = text.length > KEPT_CHARACTERS ? `${text.slice(0, KEPT_CHARACTERS)}…` : text;
  return cut
    .replace(AUTHORIZATION, '$1 [redacted]')
    .replace(NAMED_SECRET, '$1[redacted]')
    .replace(OPAQUE_RUN, '[redacted]')
    .replace(DIGIT_RUN, (digits) => maskDigits(digits.replace(/\D/g, '')));
}

/** Keeps three digits in front and three behind: enough to recognise a number that one knows, not to call it. */
export function maskDigits(digits: string): string {
  if (digits.length < 8) return '*'.repeat(digits.length);
  return `${digits.slice(0, 3)}${'*'.repeat(digits.length - 6)}${digits.slice(-3)}`;
}
