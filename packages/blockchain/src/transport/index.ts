/** `@canza/blockchain/transport`: HTTP to nodes, over connections that are kept. */
export { createHttpTransport, type HttpTransport, type HttpTransportOptions } from './http-transport.ts';
