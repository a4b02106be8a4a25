import { amountInput, defineMenu } from '@canza/mobile-money/ussd';

/** Puts shillings aside as dollars: an amount, a last look, and a payment after the closing screen. */
export const savingsMenu = defineMenu({
  name: 'savings',
  languages: ['en', 'sw'],
  start: 'amount',
  fields: { amount: { longest: 7 } },
  screens: {
    amount: {
      kind: 'input',
      text: { en: 'Dollar savings. How many shillings?', sw: 'Akiba ya dola. Shilingi ngapi?' },
      field: 'amount',
      input: amountInput({ currency: 'KES', min: '100', max: '150000' }),
      to: 'confirm',
    },
    confirm: {
      kind: 'confirm',
      text: { en: 'Save KES {amount} in dollars?', sw: 'Weka KES {amount} kwa dola?' },
      yes: 'saved',
      no: 'cancelled',
    },
    saved: {
      kind: 'end',
      text: { en: 'Approve KES {amount} on your phone.', sw: 'Thibitisha KES {amount} kwenye simu yako.' },
      pay: { type: 'collection', amount: '{amount}', currency: 'KES', phoneNumber: '{phone}', description: 'Savings' },
    },
    cancelled: { kind: 'end', text: { en: 'Nothing was saved.', sw: 'Hakuna kilichowekwa.' } },
  },
});
