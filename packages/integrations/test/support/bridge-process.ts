/**
 * A backend service in a process of its own: one bridge on a Redis journal, one payment, and a moment at which it dies.
 * Says what it was told on standard output, a JSON line each.
 */
import { createServer } from 'node:http';

import type { Transport } from '@canza/core';
import { createRedisJournal } from '@canza/data/journal';
import { openRedis } from '@canza/data/redis';
import { MMOBridge } from '@canza/mobile-money';
import { mpesa } from '@canza/mobile-money/mpesa';
import { createHttpTransport } from '@canza/mobile-money/transport';

export interface BridgeProcessOptions {
  readonly redisUrl: string;
  readonly namespace: string;
  readonly darajaUrl: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly shortcode: string;
  readonly passkey: string;
  /** Where Daraja calls back, and where this process listens for what is handed on from there. */
  readonly callbackBaseUrl: string;
  readonly callbackPort: number;
  readonly callbackOnlyMs: number;
  readonly transactionId: string;
  readonly dies?: 'before-send' | 'before-reply' | 'after-reply';
}

const options = JSON.parse(process.argv[2] ?? '{}') as BridgeProcessOptions;
const die = (): void => void process.kill(process.pid, 'SIGKILL');

const http = createHttpTransport();
const transport: Transport = async (request, callOptions) => {
  const isSubmit = request.url.endsWith('/stkpush/v1/processrequest');
  if (isSubmit && options.dies === 'before-send') die();
  const reply = await http(request, callOptions);
  if (isSubmit && options.dies === 'before-reply') die();
  return reply;
};

const connection = await openRedis({ server: { url: options.redisUrl } });
const journal = createRedisJournal({ connection, namespace: options.namespace, durability: 'development' });
const bridge = new MMOBridge({
  providers: [
    mpesa({
      environment: 'sandbox',
      baseUrl: options.darajaUrl,
      consumerKey: options.consumerKey,
      consumerSecret: options.consumerSecret,
      shortcode: options.shortcode,
      passkey: options.passkey,
    }),
  ],
  journal,
  transport,
  callbacks: { baseUrl: options.callbackBaseUrl },
  policy: { submitTimeoutMs: 500, leaseMs: 500, callbackOnlyMs: options.callbackOnlyMs, tickMs: 100 },
});
bridge.on('payment.changed', ({ payment: { status, moneyMoved } }) => {
  process.stdout.write(`${JSON.stringify({ status, moneyMoved })}\n`);
  if (options.dies === 'after-reply' && status === 'pending') die();
});

const server = createServer((incoming, outgoing) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    const request = new Request(`http://127.0.0.1${incoming.url}`, { method: 'POST', body: Buffer.concat(chunks) });
    bridge.handleCallback(request).then(
      (response) => outgoing.writeHead(response.status).end(),
      () => outgoing.destroy(),
    );
  });
});
await new Promise<void>((resolve) => void server.listen(options.callbackPort, '127.0.0.1', resolve));

await bridge.initialize();
await bridge.initiateTransaction({
  transactionId: options.transactionId,
  type: 'collection',
  amount: '1000.00',
  currency: 'KES',
  phoneNumber: '+254722123456',
});
await bridge.waitForTransaction(options.transactionId, { timeoutMs: 90_000 });

await bridge.shutdown();
server.close();
server.closeAllConnections();
await journal.close();
await Promise.all([connection.close(), http.close()]);
