import { defineWording } from './wording.ts';

/** English. */
export const en = defineWording({
  failures: {
    'insufficient-funds':
      'There is not enough in your {brand} account to pay {amount}. You have not been charged. Please top up and try again.',
    'wrong-pin':
      'The PIN was not accepted, so the payment did not go through. You have not been charged. Please try again when you are ready.',
    'pin-locked':
      'Your {brand} PIN is locked to keep you safe. You have not been charged. {brand} customer care can unlock it.',
    'cancelled-by-payer':
      'The payment of {amount} was cancelled. You have not been charged. You are welcome to try again any time.',
    'not-answered':
      'The request for {amount} ran out before it was approved. You have not been charged. Please try again when you are ready.',
    'payer-not-found':
      'We found no {brand} account for this number. You have not been charged. Please check the number and try again.',
    'payer-not-allowed':
      '{brand} did not allow this payment. You have not been charged. {brand} customer care can tell you more.',
    'payer-limit-exceeded':
      'This would pass the limit of your {brand} account. You have not been charged. Please try a smaller amount, or again tomorrow.',
    'payer-busy':
      'Another {brand} request is still open on your phone. Please finish it, or wait a few minutes before you try again.',
    'recipient-not-found':
      'We found no {brand} account for the recipient. No money was sent. Please check the number and try again.',
    'recipient-not-allowed':
      "The recipient's {brand} account cannot receive this payment at the moment. No money was sent.",
    'recipient-limit-exceeded':
      "The recipient's {brand} account cannot take {amount} at the moment. No money was sent. Please try less, or try later.",
    'amount-too-low':
      '{amount} is less than {brand} takes in one payment. You have not been charged. Please choose a higher amount.',
    'amount-too-high':
      '{amount} is more than {brand} takes in one payment. You have not been charged. Please choose a smaller amount.',
    'amount-not-allowed':
      '{brand} cannot take exactly {amount}. You have not been charged. Please choose another amount, such as a round one.',
    'request-refused':
      'We are sorry: this {brand} payment could not be made. You have not been charged. Please contact us and we will help.',
    'original-not-found':
      'We could not find the payment that is to be returned. Please contact us with your receipt and we will help.',
    'not-refundable':
      'We cannot return {amount} through {brand} by ourselves. Please contact us and we will find a way together.',
    'float-exhausted':
      'We are sorry: we cannot send {amount} at the moment. No money was sent. Please try again a little later.',
    'route-misconfigured':
      'We are sorry: {brand} payments are not working on our side now. You have not been charged. Please try again later.',
    'route-not-permitted':
      'We are sorry: we cannot take this payment by {brand} yet. You have not been charged. Please choose another way to pay.',
    'route-unavailable':
      '{brand} is not available at the moment. You have not been charged. Please try again in a little while.',
    'operator-refused':
      '{brand} could not complete the payment of {amount}. You have not been charged. Please try again later.',
    'never-sent': 'We are sorry: the payment of {amount} did not go out. You have not been charged. Please try again.',
  },
  prompts: {
    dial: 'To approve {amount} with {brand}, please dial {dial} on your phone and follow the steps.',
    look: 'Please look for the {brand} request for {amount} on your phone and follow the steps to approve it.',
    checking:
      'We are still checking your {brand} payment of {amount}. Please do not pay again yet; we will let you know.',
    wait: 'Please wait {minutes} min before you ask for a new {brand} request, so that it reaches your phone.',
    again: 'The {brand} request for {amount} has ended and you have not been charged. You can ask for a new one now.',
  },
  unnamed: { amount: 'this amount', brand: 'mobile money' },
  afterDialling: 'then',
  yourCurrency: 'your currency',
});
