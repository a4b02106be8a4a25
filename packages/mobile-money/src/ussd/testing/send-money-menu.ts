import { amountInput, msisdnInput, textInput } from '../inputs.ts';
import { defineMenu } from '../menu.ts';

/** Six screens from the code to the receipt, in two languages: small enough to know by heart. */
export const sendMoneyMenu = defineMenu({
  name: 'send-money-test',
  languages: ['en', 'fr'],
  start: 'home',
  fields: { recipient: { longest: 16 }, amount: { longest: 9 }, reason: { longest: 20 }, balance: { longest: 14 } },
  data: { balance: { values: ['balance'] } },
  screens: {
    home: {
      kind: 'choice',
      text: { en: 'Welcome to Pesa', fr: 'Bienvenue chez Pesa' },
      options: [
        { label: { en: 'Send money', fr: 'Envoyer' }, to: 'recipient' },
        { label: { en: 'Balance', fr: 'Solde' }, to: 'balance' },
        { label: { en: 'Français', fr: 'Français' }, to: 'home', language: 'fr' },
      ],
    },
    recipient: {
      kind: 'input',
      text: { en: 'Phone number of the recipient', fr: 'Numéro du destinataire' },
      field: 'recipient',
      input: msisdnInput({ country: 'KE' }),
      to: 'amount',
    },
    amount: {
      kind: 'input',
      text: { en: 'Amount in KES for {recipient}', fr: 'Montant en KES pour {recipient}' },
      field: 'amount',
      input: amountInput({ currency: 'KES', min: '10', max: '70000' }),
      wrong: { en: 'From 10 to 70000.', fr: 'De 10 à 70000.' },
      to: 'reason',
    },
    reason: {
      kind: 'input',
      text: { en: 'What is it for?', fr: "C'est pour quoi?" },
      field: 'reason',
      input: textInput({ max: 20 }),
      to: 'confirm',
    },
    confirm: {
      kind: 'confirm',
      text: {
        en: 'Send KES {amount} to {recipient} for {reason}?',
        fr: 'Envoyer KES {amount} à {recipient} pour {reason}?',
      },
      yes: 'done',
      no: 'cancelled',
    },
    done: {
      kind: 'end',
      text: { en: 'KES {amount} is on its way. Approve it on your phone.', fr: 'KES {amount} en route. Approuvez.' },
      pay: {
        type: 'collection',
        amount: '{amount}',
        currency: 'KES',
        phoneNumber: '{phone}',
        description: 'To {recipient}: {reason}',
        purpose: 'send-money',
      },
    },
    cancelled: { kind: 'end', text: { en: 'Nothing was sent.', fr: "Rien n'a été envoyé." } },
    balance: {
      kind: 'end',
      load: 'balance',
      text: { en: 'You have KES {balance}.', fr: 'Vous avez KES {balance}.' },
    },
  },
});
