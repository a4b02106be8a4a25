import { defineWording } from './wording.ts';

/** Swahili. */
export const sw = defineWording({
  failures: {
    'insufficient-funds':
      'Salio lako la {brand} halitoshi kulipa {amount}. Hakuna pesa iliyokatwa. Tafadhali ongeza salio kisha ujaribu tena.',
    'wrong-pin':
      'PIN haikukubaliwa, hivyo malipo hayakufanyika. Hakuna pesa iliyokatwa. Tafadhali jaribu tena ukiwa tayari.',
    'pin-locked':
      'PIN yako ya {brand} imefungwa kwa usalama wako. Hakuna pesa iliyokatwa. Huduma kwa wateja ya {brand} itakusaidia.',
    'cancelled-by-payer': 'Malipo ya {amount} yamesitishwa. Hakuna pesa iliyokatwa. Karibu ujaribu tena wakati wowote.',
    'not-answered':
      'Muda wa ombi la {amount} umeisha kabla ya kuidhinishwa. Hakuna pesa iliyokatwa. Tafadhali jaribu tena ukiwa tayari.',
    'payer-not-found':
      'Hatukupata akaunti ya {brand} kwa namba hii. Hakuna pesa iliyokatwa. Tafadhali hakiki namba kisha ujaribu tena.',
    'payer-not-allowed':
      '{brand} haikuruhusu malipo haya. Hakuna pesa iliyokatwa. Huduma kwa wateja ya {brand} inaweza kukueleza zaidi.',
    'payer-limit-exceeded':
      'Malipo haya yanazidi kikomo cha akaunti yako ya {brand}. Hakuna pesa iliyokatwa. Jaribu kiasi kidogo, au jaribu kesho.',
    'payer-busy':
      'Ombi lingine la {brand} bado liko wazi kwenye simu yako. Tafadhali likamilishe, au subiri dakika chache ujaribu tena.',
    'recipient-not-found':
      'Hatukupata akaunti ya {brand} ya mpokeaji. Hakuna pesa iliyotumwa. Tafadhali hakiki namba kisha ujaribu tena.',
    'recipient-not-allowed':
      'Akaunti ya {brand} ya mpokeaji haiwezi kupokea malipo haya kwa sasa. Hakuna pesa iliyotumwa.',
    'recipient-limit-exceeded':
      'Akaunti ya {brand} ya mpokeaji haiwezi kupokea {amount} kwa sasa. Hakuna pesa iliyotumwa. Tafadhali jaribu baadaye.',
    'amount-too-low':
      'Kiwango cha chini cha {brand} ni zaidi ya {amount}. Hakuna pesa iliyokatwa. Tafadhali chagua kiasi kikubwa zaidi.',
    'amount-too-high':
      'Kiwango cha juu cha {brand} ni chini ya {amount}. Hakuna pesa iliyokatwa. Tafadhali chagua kiasi kidogo zaidi.',
    'amount-not-allowed':
      '{brand} haiwezi kupokea {amount} kamili. Hakuna pesa iliyokatwa. Tafadhali chagua kiasi kingine, kwa mfano bila senti.',
    'request-refused':
      'Samahani, malipo haya ya {brand} hayakufanikiwa. Hakuna pesa iliyokatwa. Tafadhali wasiliana nasi tukusaidie.',
    'original-not-found':
      'Hatukupata malipo yanayopaswa kurudishwa. Tafadhali wasiliana nasi ukiwa na risiti yako tukusaidie.',
    'not-refundable':
      'Hatuwezi kurudisha {amount} kupitia {brand} peke yetu. Tafadhali wasiliana nasi tupate njia pamoja.',
    'float-exhausted':
      'Samahani, hatuwezi kutuma {amount} kwa sasa. Hakuna pesa iliyotumwa. Tafadhali jaribu tena baadaye kidogo.',
    'route-misconfigured':
      'Samahani, malipo ya {brand} hayafanyi kazi kwetu kwa sasa. Hakuna pesa iliyokatwa. Tafadhali jaribu tena baadaye.',
    'route-not-permitted':
      'Samahani, bado hatuwezi kupokea malipo haya kwa {brand}. Hakuna pesa iliyokatwa. Tafadhali lipa kwa njia nyingine.',
    'route-unavailable':
      '{brand} haipatikani kwa sasa. Hakuna pesa iliyokatwa. Tafadhali jaribu tena baada ya muda mfupi.',
    'operator-refused':
      '{brand} haikukamilisha malipo ya {amount}. Hakuna pesa iliyokatwa. Tafadhali jaribu tena baadaye.',
    'never-sent': 'Samahani, malipo ya {amount} hayakutumwa. Hakuna pesa iliyokatwa. Tafadhali jaribu tena.',
  },
  prompts: {
    dial: 'Ili kuidhinisha {amount} kwa {brand}, tafadhali piga {dial} kwenye simu yako kisha ufuate maelekezo.',
    look: 'Tafadhali tafuta ombi la {brand} la {amount} kwenye simu yako, kisha ufuate maelekezo ili kuliidhinisha.',
    checking: 'Bado tunahakiki malipo yako ya {brand} ya {amount}. Tafadhali usilipe tena kwa sasa; tutakujulisha.',
    wait: 'Tafadhali subiri dakika {minutes} kabla ya kuomba ombi jipya la {brand}, ili lifike kwenye simu yako.',
    again: 'Ombi la {brand} la {amount} limeisha na hakuna pesa iliyokatwa. Sasa unaweza kuomba jipya.',
  },
  unnamed: { amount: 'kiasi hiki', brand: 'pesa mtandao' },
  afterDialling: 'kisha',
  yourCurrency: 'sarafu yako',
});
