/** What of a client that others wrote the test calls; it ships no types. */
declare module 'mpesa-node' {
  interface Reply {
    readonly data: Readonly<Record<string, string>>;
  }
  export default class Mpesa {
    constructor(settings: Readonly<Record<string, string>>);
    baseURL: string;
    lipaNaMpesaOnline(msisdn: number, amount: number, url: string, reference: string, text?: string): Promise<Reply>;
    lipaNaMpesaQuery(checkoutRequestId: string): Promise<Reply>;
    c2bRegister(confirmationUrl: string, validationUrl: string): Promise<Reply>;
    c2bSimulate(msisdn: number, amount: number, reference: string): Promise<Reply>;
    b2c(from: string, msisdn: number, amount: number, timeoutUrl: string, resultUrl: string): Promise<Reply>;
    accountBalance(shortcode: string, idType: number, timeoutUrl: string, resultUrl: string): Promise<Reply>;
    reversal(receipt: string, amount: number, timeoutUrl: string, resultUrl: string, shortcode: string): Promise<Reply>;
    transactionStatus(
      receipt: string,
      shortcode: string,
      idType: number,
      timeoutUrl: string,
      resultUrl: string,
    ): Promise<Reply>;
  }
}
