import { defineWording } from './wording.ts';

/** Portuguese, in words that GSM-7 can spell: no tilde, no cedilla, and of the accents only à and é. */
export const pt = defineWording({
  failures: {
    'insufficient-funds':
      'O saldo da sua conta {brand} é insuficiente para pagar {amount}. Nada foi cobrado. Pode recarregar e tentar de novo.',
    'wrong-pin':
      'O PIN ficou por confirmar e o pagamento por fazer. Nada foi cobrado. Pode tentar de novo quando quiser.',
    'pin-locked':
      'O seu PIN {brand} foi bloqueado para o proteger. Nada foi cobrado. O apoio ao cliente {brand} pode ajudar.',
    'cancelled-by-payer': 'O pagamento de {amount} foi cancelado. Nada foi cobrado. Pode tentar de novo quando quiser.',
    'not-answered':
      'O pedido de {amount} expirou antes de ser aprovado. Nada foi cobrado. Pode tentar de novo quando quiser.',
    'payer-not-found':
      'Nenhuma conta {brand} foi encontrada com este contacto. Nada foi cobrado. Por favor confirme o contacto e tente de novo.',
    'payer-not-allowed':
      'O {brand} recusou este pagamento. Nada foi cobrado. O apoio ao cliente {brand} pode explicar melhor.',
    'payer-limit-exceeded':
      'Este pagamento passa o limite da sua conta {brand}. Nada foi cobrado. Tente um valor menor, ou de novo mais tarde.',
    'payer-busy':
      'Ainda tem outro pedido {brand} aberto no seu telefone. Por favor conclua-o, ou espere alguns minutos e tente de novo.',
    'recipient-not-found':
      'Nenhuma conta {brand} foi encontrada para quem vai receber. Nada foi enviado. Por favor confirme o contacto.',
    'recipient-not-allowed': 'De momento, a conta {brand} de quem vai receber recusa este pagamento. Nada foi enviado.',
    'recipient-limit-exceeded':
      '{amount} passa o limite da conta {brand} de quem vai receber. Nada foi enviado. Tente um valor menor, ou mais tarde.',
    'amount-too-low':
      '{amount} fica abaixo do que o {brand} aceita. Nada foi cobrado. Por favor escolha um valor maior.',
    'amount-too-high':
      '{amount} fica acima do que o {brand} aceita. Nada foi cobrado. Por favor escolha um valor menor.',
    'amount-not-allowed':
      'O {brand} recusa o valor exacto de {amount}. Nada foi cobrado. Por favor escolha outro valor, por exemplo sem centavos.',
    'request-refused':
      'Pedimos desculpa: este pagamento {brand} ficou por fazer. Nada foi cobrado. Por favor contacte-nos e ajudamos.',
    'original-not-found':
      'Falta-nos encontrar o pagamento a devolver. Por favor contacte-nos com o seu recibo e ajudamos.',
    'not-refundable':
      'Para devolver {amount} pelo {brand} precisamos de falar consigo. Por favor contacte-nos e tratamos disso juntos.',
    'float-exhausted':
      'Pedimos desculpa: de momento ficou por enviar {amount}. Nada foi enviado. Por favor tente de novo mais tarde.',
    'route-misconfigured':
      'Pedimos desculpa: os pagamentos {brand} falham do nosso lado. Nada foi cobrado. Por favor tente de novo mais tarde.',
    'route-not-permitted':
      'Pedimos desculpa: de momento este pagamento {brand} é recusado do nosso lado. Nada foi cobrado. Por favor pague de outra forma.',
    'route-unavailable':
      'De momento o {brand} demora a responder. Nada foi cobrado. Por favor tente de novo daqui a pouco.',
    'operator-refused': 'O {brand} recusou o pagamento de {amount}. Nada foi cobrado. Por favor tente mais tarde.',
    'never-sent':
      'Pedimos desculpa: o pagamento de {amount} ficou por enviar. Nada foi cobrado. Por favor tente de novo.',
  },
  prompts: {
    dial: 'Para aprovar {amount} com {brand}, por favor marque {dial} no seu telefone e siga os passos.',
    look: 'Por favor procure o pedido {brand} de {amount} no seu telefone e siga os passos para o aprovar.',
    checking: 'Ainda estamos a verificar o seu pagamento {brand} de {amount}. Por favor espere antes de pagar de novo.',
    wait: 'Por favor espere {minutes} min antes de um novo pedido {brand}, para que chegue ao seu telefone.',
    again: 'O pedido {brand} de {amount} terminou e nada foi cobrado. Agora pode fazer um novo pedido.',
  },
  unnamed: { amount: 'este valor', brand: 'mobile money' },
  afterDialling: 'depois',
  yourCurrency: 'a sua moeda',
});
