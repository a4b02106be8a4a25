import { defineWording } from './wording.ts';

/** French, in words that GSM-7 can spell: no circumflex and no small cedilla. */
export const fr = defineWording({
  failures: {
    'insufficient-funds':
      "Votre solde {brand} ne suffit pas pour payer {amount}. Rien n'a été débité. Vous pouvez recharger puis réessayer.",
    'wrong-pin': "Le code PIN n'a pas été accepté. Rien n'a été débité. Vous pouvez réessayer quand vous voulez.",
    'pin-locked':
      "Votre code PIN {brand} est bloqué par sécurité. Rien n'a été débité. Le service client {brand} peut le débloquer.",
    'cancelled-by-payer':
      "Le paiement de {amount} a été annulé. Rien n'a été débité. Vous pouvez réessayer à tout moment.",
    'not-answered':
      "La demande de {amount} a expiré avant d'avoir été validée. Rien n'a été débité. Vous pouvez réessayer quand vous voulez.",
    'payer-not-found':
      "Nous ne trouvons pas de compte {brand} pour ce numéro. Rien n'a été débité. Merci de vérifier le numéro.",
    'payer-not-allowed':
      "{brand} n'a pas autorisé ce paiement. Rien n'a été débité. Le service client {brand} peut vous renseigner.",
    'payer-limit-exceeded':
      "Ce paiement dépasse la limite de votre compte {brand}. Rien n'a été débité. Essayez un montant plus petit, ou demain.",
    'payer-busy':
      'Une autre demande {brand} est ouverte sur votre téléphone. Merci de la terminer, ou de patienter quelques minutes.',
    'recipient-not-found':
      "Nous ne trouvons pas de compte {brand} pour le destinataire. Rien n'a été envoyé. Merci de vérifier le numéro.",
    'recipient-not-allowed':
      "Le compte {brand} du destinataire ne peut pas recevoir ce paiement pour le moment. Rien n'a été envoyé.",
    'recipient-limit-exceeded':
      "Le compte {brand} du destinataire ne peut pas recevoir {amount} pour le moment. Rien n'a été envoyé. Essayez plus tard.",
    'amount-too-low':
      "{amount} est un montant trop petit pour {brand}. Rien n'a été débité. Merci de choisir un montant plus élevé.",
    'amount-too-high':
      "{amount} est un montant trop élevé pour {brand}. Rien n'a été débité. Merci de choisir un montant plus petit.",
    'amount-not-allowed':
      "{brand} ne peut pas traiter exactement {amount}. Rien n'a été débité. Merci de choisir un autre montant, par exemple rond.",
    'request-refused':
      "Désolé, ce paiement {brand} n'a pas pu se faire. Rien n'a été débité. Contactez-nous et nous vous aiderons.",
    'original-not-found':
      'Nous ne retrouvons pas le paiement à rembourser. Contactez-nous avec votre SMS et nous vous aiderons.',
    'not-refundable':
      'Pour rembourser {amount} par {brand}, nous devons en parler avec vous. Contactez-nous et nous trouverons une solution.',
    'float-exhausted':
      "Désolé, nous ne pouvons pas envoyer {amount} pour le moment. Rien n'a été envoyé. Merci de réessayer un peu plus tard.",
    'route-misconfigured':
      "Désolé, les paiements {brand} sont en panne chez nous. Rien n'a été débité. Merci de réessayer plus tard.",
    'route-not-permitted':
      "Désolé, nous ne pouvons pas encore traiter ce paiement {brand}. Rien n'a été débité. Merci de payer par un autre moyen.",
    'route-unavailable':
      "{brand} n'est pas disponible pour le moment. Rien n'a été débité. Merci de réessayer un peu plus tard.",
    'operator-refused':
      "{brand} n'a pas pu terminer le paiement de {amount}. Rien n'a été débité. Merci de réessayer plus tard.",
    'never-sent': "Désolé, le paiement de {amount} n'est pas parti. Rien n'a été débité. Merci de réessayer.",
  },
  prompts: {
    dial: 'Pour valider {amount} avec {brand}, merci de composer {dial} sur votre téléphone et de suivre les étapes.',
    look: 'Merci de chercher la demande {brand} de {amount} sur votre téléphone et de suivre les étapes pour la valider.',
    checking:
      'Nous vérifions encore votre paiement {brand} de {amount}. Merci de ne pas payer de nouveau; nous vous informerons.',
    wait: "Merci de patienter {minutes} min avant une nouvelle demande {brand}, pour qu'elle arrive sur votre téléphone.",
    again:
      "La demande {brand} de {amount} a pris fin et rien n'a été débité. Vous pouvez en faire une nouvelle maintenant.",
  },
  unnamed: { amount: 'ce montant', brand: 'mobile money' },
  afterDialling: 'puis',
  yourCurrency: 'votre devise',
});
