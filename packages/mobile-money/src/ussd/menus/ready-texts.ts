import type { Texts } from '../menu.ts';

/** The languages of the ready menu. */
export const READY_LANGUAGES = ['en', 'fr', 'sw', 'pt'] as const;

/** A language that the ready menu speaks. */
export type ReadyLanguage = (typeof READY_LANGUAGES)[number];

const TEXTS = {
  welcome: { en: 'Welcome to <brand>', fr: 'Bienvenue chez <brand>', sw: 'Karibu <brand>', pt: 'Bem-vindo a <brand>' },
  sendMoney: { en: 'Send Money', fr: "Envoyer de l'argent", sw: 'Tuma Pesa', pt: 'Enviar dinheiro' },
  payBill: {
    en: 'Pay Bill or Till',
    fr: 'Payer facture ou marchand',
    sw: 'Lipa Bili au Till',
    pt: 'Pagar conta ou loja',
  },
  buyAirtime: { en: 'Buy Airtime', fr: 'Acheter du crédit', sw: 'Nunua Airtime', pt: 'Comprar recarga' },
  balance: { en: 'Balance', fr: 'Solde', sw: 'Salio', pt: 'Saldo' },
  lastPayments: { en: 'Last Payments', fr: 'Derniers paiements', sw: 'Malipo ya mwisho', pt: 'Últimos pagamentos' },
  language: { en: 'Language', fr: 'Langue', sw: 'Lugha', pt: 'Idioma' },
  chooseLanguage: {
    en: 'Choose your language',
    fr: 'Choisissez votre langue',
    sw: 'Chagua lugha yako',
    pt: 'Escolha o seu idioma',
  },

  recipient: {
    en: 'Send Money\nEnter the phone number of the recipient:',
    fr: "Envoyer de l'argent\nEntrez le numéro du destinataire:",
    sw: 'Tuma Pesa\nWeka namba ya simu ya mpokeaji:',
    pt: 'Enviar dinheiro\nDigite o número do destinatário:',
  },
  wrongNumber: {
    en: 'That is not a phone number here.',
    fr: "Ce n'est pas un numéro d'ici.",
    sw: 'Hiyo si namba ya simu ya hapa.',
    pt: 'Isso não é um número daqui.',
  },
  amount: {
    en: 'Enter the amount in <currency>:',
    fr: 'Entrez le montant en <currency>:',
    sw: 'Weka kiasi kwa <currency>:',
    pt: 'Digite o valor em <currency>:',
  },
  wrongAmount: {
    en: 'Enter <least> to <most>.',
    fr: 'Entrez de <least> à <most>.',
    sw: 'Weka <least> hadi <most>.',
    pt: 'Digite de <least> a <most>.',
  },
  confirmSend: {
    en: 'Send <currency> {amount} to {recipient}?',
    fr: 'Envoyer <currency> {amount} à {recipient}?',
    sw: 'Tuma <currency> {amount} kwa {recipient}?',
    pt: 'Enviar <currency> {amount} para {recipient}?',
  },
  billOrTill: { en: 'What do you pay?', fr: 'Que payez-vous?', sw: 'Unalipa nini?', pt: 'O que paga?' },
  bill: { en: 'A bill (paybill)', fr: 'Une facture', sw: 'Bili (paybill)', pt: 'Uma conta' },
  till: { en: 'A till (shop)', fr: 'Un marchand', sw: 'Till (duka)', pt: 'Uma loja' },
  billNumber: {
    en: 'Enter the bill number:',
    fr: 'Entrez le numéro du facturier:',
    sw: 'Weka namba ya bili:',
    pt: 'Digite o número da entidade:',
  },
  wrongDigits: {
    en: 'Enter 5 to 8 digits.',
    fr: 'Entrez de 5 à 8 chiffres.',
    sw: 'Weka tarakimu 5 hadi 8.',
    pt: 'Digite de 5 a 8 algarismos.',
  },
  account: {
    en: 'Enter your account number:',
    fr: 'Entrez votre numéro de compte:',
    sw: 'Weka namba ya akaunti yako:',
    pt: 'Digite o número da sua conta:',
  },
  wrongAccount: {
    en: 'Enter 1 to 20 letters or digits.',
    fr: 'Entrez de 1 à 20 lettres ou chiffres.',
    sw: 'Weka herufi au tarakimu 1 hadi 20.',
    pt: 'Digite de 1 a 20 letras ou algarismos.',
  },
  confirmBill: {
    en: 'Pay <currency> {amount} to bill {biller}, account {account}?',
    fr: 'Payer <currency> {amount} au facturier {biller}, compte {account}?',
    sw: 'Lipa <currency> {amount} kwa bili {biller}, akaunti {account}?',
    pt: 'Pagar <currency> {amount} à entidade {biller}, conta {account}?',
  },
  tillNumber: {
    en: 'Enter the till number:',
    fr: 'Entrez le numéro du marchand:',
    sw: 'Weka namba ya till:',
    pt: 'Digite o número da loja:',
  },
  confirmTill: {
    en: 'Pay <currency> {amount} to till {till}?',
    fr: 'Payer <currency> {amount} au marchand {till}?',
    sw: 'Lipa <currency> {amount} kwa till {till}?',
    pt: 'Pagar <currency> {amount} à loja {till}?',
  },
  airtimeFor: {
    en: 'Buy airtime for:',
    fr: 'Acheter du crédit pour:',
    sw: 'Nunua airtime kwa:',
    pt: 'Comprar recarga para:',
  },
  ownNumber: { en: 'My number', fr: 'Mon numéro', sw: 'Namba yangu', pt: 'O meu número' },
  otherNumber: { en: 'Another number', fr: 'Un autre numéro', sw: 'Namba nyingine', pt: 'Outro número' },
  airtimeNumber: {
    en: 'Enter the phone number to top up:',
    fr: 'Entrez le numéro à recharger:',
    sw: 'Weka namba ya simu ya kuongeza:',
    pt: 'Digite o número a recarregar:',
  },
  confirmOwnAirtime: {
    en: 'Buy airtime of <currency> {amount} for your number?',
    fr: 'Acheter <currency> {amount} de crédit pour votre numéro?',
    sw: 'Nunua airtime ya <currency> {amount} kwa namba yako?',
    pt: 'Comprar recarga de <currency> {amount} para o seu número?',
  },
  confirmOtherAirtime: {
    en: 'Buy airtime of <currency> {amount} for {recipient}?',
    fr: 'Acheter <currency> {amount} de crédit pour {recipient}?',
    sw: 'Nunua airtime ya <currency> {amount} kwa {recipient}?',
    pt: 'Comprar recarga de <currency> {amount} para {recipient}?',
  },
  approve: {
    en: 'Thank you. You will be asked on your phone to approve <currency> {amount}. We tell you by SMS when it is done.',
    fr: 'Merci. Vous allez devoir approuver <currency> {amount} sur votre téléphone. Un SMS vous dira quand ce sera fait.',
    sw: 'Asante. Utaombwa kwenye simu yako kuidhinisha <currency> {amount}. Tutakujulisha kwa SMS ikikamilika.',
    pt: 'Obrigado. Vai receber no telefone um pedido para aprovar <currency> {amount}. Avisamos por SMS quando estiver feito.',
  },
  cancelled: {
    en: 'Cancelled. Nothing was taken.',
    fr: "Annulé. Rien n'a été débité.",
    sw: 'Imeghairiwa. Hakuna pesa iliyochukuliwa.',
    pt: 'Cancelado. Nada foi cobrado.',
  },
  yourBalance: {
    en: 'Your balance: <currency> {balance}',
    fr: 'Votre solde: <currency> {balance}',
    sw: 'Salio lako: <currency> {balance}',
    pt: 'O seu saldo: <currency> {balance}',
  },
  yourPayments: {
    en: 'Your last payments:\n{payment1}\n{payment2}\n{payment3}',
    fr: 'Vos derniers paiements:\n{payment1}\n{payment2}\n{payment3}',
    sw: 'Malipo yako ya mwisho:\n{payment1}\n{payment2}\n{payment3}',
    pt: 'Os seus últimos pagamentos:\n{payment1}\n{payment2}\n{payment3}',
  },
} as const satisfies Readonly<Record<string, Texts<ReadyLanguage>>>;

export type ReadyText = keyof typeof TEXTS;

/** The languages as their speakers call them. */
export const LANGUAGE_NAMES: Readonly<Record<ReadyLanguage, string>> = {
  en: 'English',
  fr: 'Français',
  sw: 'Kiswahili',
  pt: 'Português',
};

/** What stands in a text as `<name>`, because it never changes once the menu is made. */
export interface Settled {
  readonly brand: string;
  readonly currency: string;
  readonly least: string;
  readonly most: string;
}

/** A text in all languages, with what is settled filled in. */
export function readyText(name: ReadyText, settled: Settled): Texts<ReadyLanguage> {
  const fill = (text: string): string =>
    text.replace(/<(brand|currency|least|most)>/g, (_, key: keyof Settled) => settled[key]);
  const texts = TEXTS[name];
  return { en: fill(texts.en), fr: fill(texts.fr), sw: fill(texts.sw), pt: fill(texts.pt) };
}
