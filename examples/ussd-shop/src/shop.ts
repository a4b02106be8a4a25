/** The shop: the menu on the phone, and the orders that it keeps. */
import { type ConfirmedOrder, defineMenu } from '@canza/mobile-money/ussd';

export const shopMenu = defineMenu({
  name: 'shop',
  languages: ['en', 'sw'],
  start: 'ware',
  fields: { ware: { longest: 16 }, price: { longest: 6 } },
  screens: {
    ware: {
      kind: 'choice',
      text: { en: 'Duka la Mama. What would you like?', sw: 'Duka la Mama. Ungependa nini?' },
      options: [
        {
          label: { en: 'Flour, 180', sw: 'Unga, 180' },
          set: { ware: 'Maize flour 2 kg', price: '180' },
          to: 'confirm',
        },
        {
          label: { en: 'Oil, 320', sw: 'Mafuta, 320' },
          set: { ware: 'Cooking oil 1 l', price: '320' },
          to: 'confirm',
        },
      ],
    },
    confirm: {
      kind: 'confirm',
      text: { en: '{ware} for KES {price}?', sw: '{ware} kwa KES {price}?' },
      yes: 'ordered',
      no: 'cancelled',
    },
    ordered: {
      kind: 'end',
      text: { en: 'Approve KES {price} on your phone.', sw: 'Thibitisha KES {price} kwenye simu yako.' },
      pay: { type: 'collection', amount: '{price}', currency: 'KES', phoneNumber: '{phone}', description: '{ware}' },
    },
    cancelled: { kind: 'end', text: { en: 'Nothing was ordered.', sw: 'Hakuna kilichoagizwa.' } },
  },
});

/** Orders by the id of their payment; in your own database, where there is money in it. */
export function createOrderBook() {
  const orders = new Map<string, { readonly ware: string; isPaid: boolean }>();
  return {
    keep: async ({ payment, answers }: ConfirmedOrder): Promise<void> => {
      if (!orders.has(payment.transactionId)) {
        orders.set(payment.transactionId, { ware: answers['ware'] ?? '', isPaid: false });
      }
    },
    /** The ware to hand over, the first time that its payment is told to have succeeded. */
    paid(transactionId: string): string | undefined {
      const order = orders.get(transactionId);
      if (order === undefined || order.isPaid) return undefined;
      order.isPaid = true;
      return order.ware;
    },
  };
}
