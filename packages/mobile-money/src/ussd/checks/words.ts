import { type AnyMenu, type AnyScreen, type Texts } from '../menu.ts';
import { missingPhrases } from '../phrases.ts';
import { parseTemplate } from '../text/template.ts';
import type { MenuProblem } from './problem.ts';

/** Every text of a screen that its author wrote, with what it is. */
function textsOf(screen: AnyScreen): readonly (readonly [what: string, texts: Texts<string>])[] {
  const texts: [string, Texts<string>][] = [['text', screen.text]];
  if (screen.kind === 'choice') {
    for (const [index, option] of screen.options.entries()) texts.push([`label of option ${index + 1}`, option.label]);
  }
  if (screen.kind === 'input' && screen.wrong !== undefined) texts.push(['line for a wrong entry', screen.wrong]);
  return texts;
}

/** Words that are missing in a language. */
export function* checkTranslations(menu: AnyMenu): Generator<MenuProblem> {
  for (const language of menu.languages) {
    const missing = missingPhrases(menu, language);
    if (missing.length > 0) {
      const detail = `We do not speak "${language}": the menu has to bring the phrases ${missing.join(', ')}.`;
      yield { code: 'missing-translation', screen: '', language, detail };
    }
    for (const [name, screen] of Object.entries<AnyScreen>(menu.screens)) {
      for (const [what, texts] of textsOf(screen)) {
        if ((texts[language] ?? '').trim() !== '') continue;
        yield { code: 'missing-translation', screen: name, language, detail: `The ${what} is missing.` };
      }
    }
  }
}

/**
 * A PIN in the languages of our markets, also spelled with dots or blanks. The operator's own prompt asks for it; typed into
 * a menu it would be readable at the gateway, in its logs and in every later hop.
 * Source: docs/ussd.md#pins
 */
const PIN =
  /(?<!\p{L})(?:p[\s.\-_]*i[\s.\-_]*n|mpin|code\s+(?:secret|pin|confidentiel)|mot\s+de\s+passe|pass\s?(?:word|code)|passcode|neno\s+(?:la\s+)?siri|nywila|namba\s+(?:ya|yako\s+ya)\s+siri|nambari\s+ya\s+siri|senha|palavra[\s-]passe|c[oó]digo\s+secreto|secret\s+(?:code|number)|cvv|cvc)(?!\p{L})/iu;

const PIN_FIELD = /^(?:m?pin|password|passcode|secret|senha|cvv|cvc)$|(?:Pin|Password|Passcode|Cvv)$/;

/** Inputs that ask for a PIN. Telling the payer of a PIN elsewhere ("then enter your PIN") is fine where nothing is typed. */
export function* checkPins(menu: AnyMenu): Generator<MenuProblem> {
  for (const [name, screen] of Object.entries<AnyScreen>(menu.screens)) {
    if (screen.kind !== 'input') continue;
    const asking = Object.entries(screen.text).find(([, text]) => PIN.test(text));
    if (asking === undefined && !PIN_FIELD.test(screen.field)) continue;
    yield {
      code: 'asks-for-pin',
      screen: name,
      ...(asking === undefined ? {} : { language: asking[0] }),
      detail: "It asks for a PIN or password. The operator's own prompt does that; a menu never may.",
    };
  }
}

/** The fields that a screen shows or pays with. */
export function fieldsUsedBy(screen: AnyScreen): ReadonlySet<string> {
  const written = textsOf(screen).flatMap(([, texts]) => Object.values(texts));
  if (screen.kind === 'end' && screen.pay !== undefined) {
    const { amount, currency, phoneNumber, description, accountReference = '' } = screen.pay;
    written.push(amount, currency, phoneNumber, description, accountReference);
  }
  const used = new Set(written.flatMap((text) => parseTemplate(text).names));
  used.delete('phone');
  return used;
}
