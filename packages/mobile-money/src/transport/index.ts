/** The transport that the other adapters send through, where the caller brings none: `@canza/mobile-money/transport`. */

export { type AxiosClient, type AxiosRequest } from './axios-client.ts';
export { createHttpTransport, type HttpTransport, type HttpTransportOptions } from './http-transport.ts';
