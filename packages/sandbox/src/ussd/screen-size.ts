/**
 * What fits on a phone: 160 octets. Written for the sandbox alone, from the standard, so that an application that counts wrong
 * is found out here.
 * Source: 3GPP TS 23.038 6.2.1, GSM 04.80
 */

const ONE_SEPTET = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const TWO_SEPTETS = new Set('^{}\\[~]|€');
const SEPTETS = 182;
const UCS2_UNITS = 80;

/** By how much a text is too long for one screen, in words; `undefined` when it fits. */
export function overflowOf(text: string): string | undefined {
  let septets = 0;
  for (const character of text) {
    if (ONE_SEPTET.has(character)) septets += 1;
    else if (TWO_SEPTETS.has(character)) septets += 2;
    else return text.length > UCS2_UNITS ? `${text.length} characters in UCS-2, and ${UCS2_UNITS} fit` : undefined;
  }
  return septets > SEPTETS ? `${septets} septets, and ${SEPTETS} fit` : undefined;
}
