import type { AnyMenu, Phrases } from './menu.ts';

/** What the machine says, in the languages we speak. All of it lies in GSM-7, and each closing phrase fits one screen. */
export const PHRASES = {
  en: {
    back: 'Back',
    home: 'Home',
    more: 'More',
    yes: 'Confirm',
    no: 'Cancel',
    wrong: 'Wrong entry, try again.',
    unavailable: 'Not available now.',
    restarted: 'Sorry, we start again.',
    tooManyWrong: 'Too many wrong entries. Nothing was done. Please dial again.',
    notUnderstood: 'Sorry, we could not read that. Nothing was done. Please dial again.',
    expired: 'Sorry, this session has run out. Nothing more was done. Please dial again.',
    over: 'This session is over. Please dial again.',
    busy: 'Many people are dialling now. Please try again in a minute.',
    failed: 'Sorry, the service is not available. Nothing was done. Please try again later.',
    unclear: 'We could not finish this. Dial again to see your last payment before you pay again.',
    resumeQuestion: 'You were not finished last time.',
    resumeYes: 'Continue',
    resumeNo: 'Start again',
  },
  fr: {
    back: 'Retour',
    home: 'Accueil',
    more: 'Suite',
    yes: 'Confirmer',
    no: 'Annuler',
    wrong: 'Saisie incorrecte, réessayez.',
    unavailable: 'Indisponible en ce moment.',
    restarted: 'Désolé, on recommence.',
    tooManyWrong: "Trop de saisies incorrectes. Rien n'a été fait. Veuillez recomposer le code.",
    notUnderstood: "Désolé, saisie illisible. Rien n'a été fait. Veuillez recomposer le code.",
    expired: "Désolé, cette session a expiré. Rien de plus n'a été fait. Veuillez recomposer le code.",
    over: 'Cette session est terminée. Veuillez recomposer le code.',
    busy: 'Beaucoup de monde en ce moment. Veuillez réessayer dans une minute.',
    failed: "Désolé, service indisponible. Rien n'a été fait. Veuillez réessayer plus tard.",
    unclear: 'Opération non terminée. Recomposez le code et regardez votre dernier paiement avant de payer encore.',
    resumeQuestion: "Vous n'aviez pas fini la dernière fois.",
    resumeYes: 'Continuer',
    resumeNo: 'Recommencer',
  },
  sw: {
    back: 'Rudi',
    home: 'Mwanzo',
    more: 'Zaidi',
    yes: 'Thibitisha',
    no: 'Ghairi',
    wrong: 'Si sahihi, jaribu tena.',
    unavailable: 'Haipatikani sasa.',
    restarted: 'Samahani, tunaanza upya.',
    tooManyWrong: 'Umekosea mara nyingi. Hakuna kilichofanyika. Tafadhali piga tena.',
    notUnderstood: 'Samahani, hatukuelewa. Hakuna kilichofanyika. Tafadhali piga tena.',
    expired: 'Samahani, muda umekwisha. Hakuna zaidi kilichofanyika. Tafadhali piga tena.',
    over: 'Kipindi hiki kimekwisha. Tafadhali piga tena.',
    busy: 'Watu wengi wanapiga sasa. Tafadhali jaribu tena baada ya dakika moja.',
    failed: 'Samahani, huduma haipatikani. Hakuna kilichofanyika. Tafadhali jaribu tena baadaye.',
    unclear: 'Hatukuweza kumaliza. Piga tena uone malipo yako ya mwisho kabla ya kulipa tena.',
    resumeQuestion: 'Hukumaliza mara ya mwisho.',
    resumeYes: 'Endelea',
    resumeNo: 'Anza upya',
  },
  pt: {
    back: 'Voltar',
    home: 'Início',
    more: 'Mais',
    yes: 'Confirmar',
    no: 'Cancelar',
    wrong: 'Entrada errada, tente de novo.',
    unavailable: 'Indisponível agora.',
    restarted: 'Desculpe, recomeçamos.',
    tooManyWrong: 'Demasiadas entradas erradas. Nada foi feito. Por favor marque de novo.',
    notUnderstood: 'Desculpe, não conseguimos ler. Nada foi feito. Por favor marque de novo.',
    expired: 'Desculpe, esta sessão expirou. Nada mais foi feito. Por favor marque de novo.',
    over: 'Esta sessão terminou. Por favor marque de novo.',
    busy: 'Muitas pessoas a marcar agora. Tente de novo dentro de um minuto.',
    failed: 'Desculpe, serviço indisponível. Nada foi feito. Tente mais tarde.',
    unclear: 'Não foi possível terminar. Marque de novo e veja o seu último pagamento antes de pagar outra vez.',
    resumeQuestion: 'Da última vez não terminou.',
    resumeYes: 'Continuar',
    resumeNo: 'Recomeçar',
  },
} as const satisfies Readonly<Record<string, Phrases>>;

const SPOKEN: Readonly<Record<string, Phrases>> = PHRASES;

const PHRASE_NAMES = Object.keys(PHRASES.en) as readonly (keyof Phrases)[];

/** What the machine says in a language: the menu's own words where it has them, else ours, else English. */
export const phrasesOf = (menu: AnyMenu, language: string): Phrases => ({
  ...PHRASES.en,
  ...SPOKEN[language],
  ...menu.phrases?.[language],
});

/** Phrases that a menu would have to bring itself, because we do not speak its language. */
export const missingPhrases = (menu: AnyMenu, language: string): readonly (keyof Phrases)[] =>
  SPOKEN[language] === undefined ? PHRASE_NAMES.filter((name) => menu.phrases?.[language]?.[name] === undefined) : [];
