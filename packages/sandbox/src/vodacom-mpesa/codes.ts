/** What an INS code is sent with. */
export interface CodeMeaning {
  /** HTTP status of a reply that carries it. */
  readonly httpStatus: number;
  readonly description: string;
}

const meaning = (httpStatus: number, description: string): CodeMeaning => ({ httpStatus, description });

/** The codes of the Open API; the older gateway of Mozambique gives some of them other meanings. Source: docs/sandbox/vodacom-mpesa.md#codes */
export const CODES = {
  'INS-0': meaning(200, 'Request processed successfully'),
  'INS-1': meaning(400, 'Internal Error'),
  'INS-6': meaning(401, 'Transaction Failed'),
  'INS-9': meaning(408, 'Request timeout'),
  'INS-10': meaning(409, 'Duplicate Transaction'),
  'INS-13': meaning(400, 'Invalid Shortcode Used'),
  'INS-15': meaning(400, 'Invalid Amount Used'),
  'INS-16': meaning(503, 'Unable to handle the request due to a temporary overloading'),
  'INS-17': meaning(400, 'Invalid Transaction Reference. Length Should Be Between 1 and 20.'),
  'INS-18': meaning(400, 'Invalid TransactionID Used'),
  'INS-20': meaning(400, 'Not All Parameters Provided. Please try again.'),
  'INS-21': meaning(400, 'Parameter validations failed. Please try again.'),
  'INS-23': meaning(400, 'Transaction not found'),
  'INS-26': meaning(400, 'Invalid Currency Used'),
  'INS-28': meaning(400, 'Invalid ThirdPartyConversationID Used'),
  'INS-30': meaning(400, 'Invalid Purchased Items Description Used'),
  'INS-31': meaning(400, 'Invalid Payment Items Description Used'),
  'INS-35': meaning(400, 'The transaction belongs to somebody else'),
  'INS-989': meaning(400, 'Session Creation Failed'),
  'INS-990': meaning(400, 'Customer Transaction Value Limit Breached'),
  'INS-991': meaning(400, 'Customer Transaction Count Limit Breached'),
  'INS-992': meaning(400, 'Multiple Limits Breached'),
  'INS-993': meaning(400, 'Organization Transaction Count Limit Breached'),
  'INS-994': meaning(400, 'Organization Transaction Value Limit Breached'),
  'INS-995': meaning(400, 'API Single Transaction Limit Breached'),
  'INS-996': meaning(400, 'Organization Is Attempting To Use The API Outside Of Its Usage Time'),
  'INS-997': meaning(400, 'API Not Enabled'),
  'INS-998': meaning(400, 'Invalid Market'),
  'INS-2006': meaning(422, 'Insufficient balance'),
  'INS-2051': meaning(400, 'MSISDN invalid'),
} as const satisfies Readonly<Record<string, CodeMeaning>>;

export type KnownCode = keyof typeof CODES;

/** Also for codes that somebody made up: those are HTTP 400. */
export const meaningOf = (code: string): CodeMeaning =>
  Object.hasOwn(CODES, code) ? CODES[code as KnownCode] : meaning(400, code);
