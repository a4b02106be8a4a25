import type { IntegrationsConfig } from './config.ts';

/** How the text of a variable is read. A list is separated by commas; JSON is for what has names of its own. */
export type VariableKind = 'text' | 'whole-number' | 'yes-no' | 'list' | 'json';

/** The paths of plain values in a configuration, with dots. */
type PathsOf<T> = T extends readonly unknown[] | ((...args: never) => unknown)
  ? never
  : T extends object
    ? {
        [K in keyof T & string]: NonNullable<T[K]> extends object ? K | `${K}.${PathsOf<NonNullable<T[K]>>}` : K;
      }[keyof T & string]
    : never;

type Plain = Pick<
  IntegrationsConfig,
  'airtelMoney' | 'callbacks' | 'journal' | 'mpesa' | 'mtnMomo' | 'namespace' | 'processes' | 'redis' | 'vodacomMpesa'
>;

/** What of a settlement can be told in text. */
type SettlementPath =
  | 'settlement.autoConfirm'
  | 'settlement.maxSettlementAmount'
  | `settlement.aptos.${'apiKey' | 'assets' | 'chainId' | 'gasPrice' | 'nodeUrl' | 'privateKey' | 'replayProtection'}`;

/** What of a USSD service can be told in text: the ready menu behind a gateway with a name. */
type UssdPath =
  | 'ussd.environment'
  | 'ussd.store'
  | 'ussd.country'
  | `ussd.gateway.${'name' | 'serviceCode' | 'authenticity.secretPath' | 'authenticity.addresses'}`
  | `ussd.ready.${'brand' | 'currency' | 'country' | 'least' | 'most'}`;

/**
 * The fields that environment variables can set. The variable of a field is its path in capitals behind `CANZA_`:
 * `mpesa.initiator.name` is CANZA_MPESA_INITIATOR_NAME. What takes an object, a list of credentials or a menu of your own is
 * configured in code.
 */
export const VARIABLES = {
  journal: 'text',
  'journal.durability': 'text',
  'callbacks.baseUrl': 'text',
  redis: 'text',
  namespace: 'text',
  processes: 'whole-number',
  'mpesa.environment': 'text',
  'mpesa.consumerKey': 'text',
  'mpesa.consumerSecret': 'text',
  'mpesa.shortcode': 'text',
  'mpesa.passkey': 'text',
  'mpesa.till': 'text',
  'mpesa.initiator.name': 'text',
  'mpesa.initiator.password': 'text',
  'mpesa.initiator.certificate': 'text',
  'mpesa.initiator.securityCredential': 'text',
  'mpesa.payouts': 'text',
  'mpesa.pull': 'yes-no',
  'mpesa.callbackSources': 'list',
  'mpesa.baseUrl': 'text',
  'mpesa.timeoutMs': 'whole-number',
  'mtnMomo.targetEnvironment': 'text',
  'mtnMomo.collection.subscriptionKey': 'text',
  'mtnMomo.collection.apiUser': 'text',
  'mtnMomo.collection.apiKey': 'text',
  'mtnMomo.collection.by': 'text',
  'mtnMomo.disbursement.subscriptionKey': 'text',
  'mtnMomo.disbursement.apiUser': 'text',
  'mtnMomo.disbursement.apiKey': 'text',
  'mtnMomo.disbursement.by': 'text',
  'mtnMomo.remittance.subscriptionKey': 'text',
  'mtnMomo.remittance.apiUser': 'text',
  'mtnMomo.remittance.apiKey': 'text',
  'mtnMomo.callbackHost': 'text',
  'mtnMomo.baseUrl': 'text',
  'mtnMomo.queriesPerSecond': 'whole-number',
  'mtnMomo.timeoutMs': 'whole-number',
  'airtelMoney.country': 'text',
  'airtelMoney.currency': 'text',
  'airtelMoney.environment': 'text',
  'airtelMoney.clientId': 'text',
  'airtelMoney.clientSecret': 'text',
  'airtelMoney.collection': 'text',
  'airtelMoney.disbursement.api': 'text',
  'airtelMoney.disbursement.type': 'text',
  'airtelMoney.disbursement.walletType': 'text',
  'airtelMoney.remittance.channelName': 'text',
  'airtelMoney.remittance.payerCountry': 'text',
  'airtelMoney.remittance.payerFirstName': 'text',
  'airtelMoney.remittance.payerLastName': 'text',
  'airtelMoney.pin': 'text',
  'airtelMoney.encryptedPin': 'text',
  'airtelMoney.publicKey': 'text',
  'airtelMoney.signing': 'yes-no',
  'airtelMoney.callbackKey': 'text',
  'airtelMoney.balance': 'text',
  'airtelMoney.lookupNumbers': 'text',
  'airtelMoney.baseUrl': 'text',
  'airtelMoney.timeoutMs': 'whole-number',
  'vodacomMpesa.environment': 'text',
  'vodacomMpesa.market': 'text',
  'vodacomMpesa.apiKey': 'text',
  'vodacomMpesa.publicKey': 'text',
  'vodacomMpesa.serviceProviderCode': 'text',
  'vodacomMpesa.operations': 'list',
  'vodacomMpesa.currency': 'text',
  'vodacomMpesa.origin': 'text',
  'vodacomMpesa.baseUrl': 'text',
  'vodacomMpesa.timeoutMs': 'whole-number',
  'settlement.aptos.nodeUrl': 'text',
  'settlement.aptos.chainId': 'whole-number',
  'settlement.aptos.apiKey': 'text',
  'settlement.aptos.privateKey': 'text',
  'settlement.aptos.assets': 'json',
  'settlement.aptos.replayProtection': 'text',
  'settlement.aptos.gasPrice': 'text',
  'settlement.maxSettlementAmount': 'text',
  'settlement.autoConfirm': 'yes-no',
  'ussd.environment': 'text',
  'ussd.store': 'text',
  'ussd.country': 'text',
  'ussd.gateway.name': 'text',
  'ussd.gateway.serviceCode': 'text',
  'ussd.gateway.authenticity.secretPath': 'text',
  'ussd.gateway.authenticity.addresses': 'list',
  'ussd.ready.brand': 'text',
  'ussd.ready.currency': 'text',
  'ussd.ready.country': 'text',
  'ussd.ready.least': 'text',
  'ussd.ready.most': 'text',
} as const satisfies Readonly<
  Partial<Record<PathsOf<Plain> | 'journal.durability' | SettlementPath | UssdPath, VariableKind>>
>;
