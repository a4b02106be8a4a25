/**
 * One process of the app: bridge and settlement service, put together by one configuration, behind a web server that takes
 * customers' requests and operators' callbacks.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type Logger, PaymentError } from '@canza/core';
import { createIntegrations } from '@canza/integrations';
import type { RefundRequest, TransactionRequest } from '@canza/mobile-money';
import { createHttpTransport } from '@canza/mobile-money/transport';

import { answerWith, startedWith } from './asking.ts';
import { configurationOf, type WorkerOptions } from './configuration.ts';
import { openJournal } from './journals.ts';
import { pacedJournal, pacedTransport, real } from './time.ts';

/** Ends a start that cannot be: whoever watches the process starts it again. */
const CANNOT_START = 75;

const options = startedWith() as WorkerOptions;
const say =
  (level: string) =>
  (fields: object, message: string): void =>
    void process.stdout.write(`${JSON.stringify({ at: Date.now(), level, message, ...fields })}\n`);
const logger: Logger = { debug: () => undefined, info: say('info'), warn: say('warn'), error: say('error') };

const http = createHttpTransport();
const { journal, close } = await openJournal(options.journal, logger);
const canza = await createIntegrations({
  ...configurationOf(options),
  journal: pacedJournal(journal),
  transport: pacedTransport(http),
  logger,
});

const server = createServer((incoming, outgoing) => {
  answer(incoming).then(
    ({ status, body }) => outgoing.writeHead(status, { 'content-type': 'application/json' }).end(body),
    (error: unknown) => fail(outgoing, error),
  );
});

try {
  await canza.initialize();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
} catch (error) {
  if (!PaymentError.isInstance(error)) throw error;
  logger.error({ code: error.code, reason: error.message }, 'cannot start');
  process.exit(CANNOT_START);
}
answerWith(
  {
    /** The port that it took: the one that it had before it died may be somebody else's by now. */
    port: () => (server.address() as AddressInfo).port,
  },
  async () => {
    server.close();
    server.closeAllConnections();
    await canza.shutdown({ timeoutMs: real(5000) }).catch(() => undefined);
    await Promise.all([close(), http.close()]);
  },
);

interface Reply {
  readonly status: number;
  readonly body: string;
}

async function answer(incoming: IncomingMessage): Promise<Reply> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const { url = '/', method = 'GET' } = incoming;
  if (url.startsWith('/callbacks/')) {
    const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
    const request = new Request(`http://127.0.0.1${url}`, { method, headers, ...(body.length > 0 ? { body } : {}) });
    const response = await canza.bridge.handleCallback(request);
    return { status: response.status, body: await response.text() };
  }
  const asked: unknown = body.length > 0 ? JSON.parse(body.toString()) : undefined;
  return { status: 200, body: JSON.stringify(await carryOut(`${method} ${url}`, asked)) };
}

function carryOut(what: string, asked: unknown): Promise<unknown> {
  const patience = { timeoutMs: real(5000) };
  const { bridge, settlement } = canza;
  if (what === 'POST /payments') return bridge.initiateTransaction(asked as TransactionRequest, patience);
  if (what === 'POST /refunds') return bridge.refundTransaction(asked as RefundRequest, patience);
  if (what === 'POST /settlements') {
    return settlement.settlePayment(asked as Parameters<typeof settlement.settlePayment>[0], patience);
  }
  const [, kind = '', id = ''] = /^GET \/(payments|settlements)\/(\w+)$/.exec(what) ?? [];
  return kind === 'settlements' ? settlement.getSettlement(id) : bridge.getTransaction(id);
}

function fail(outgoing: ServerResponse, error: unknown): void {
  const code = PaymentError.isInstance(error) ? error.code : 'FOREIGN';
  if (code === 'FOREIGN') {
    logger.error({ reason: error instanceof Error ? error.stack : String(error) }, 'an error that is none of ours');
  }
  const moneyMoved = PaymentError.isInstance(error) ? error.moneyMoved : 'maybe';
  outgoing.writeHead(code === 'IDEMPOTENCY_CONFLICT' ? 409 : 503).end(JSON.stringify({ code, moneyMoved }));
}
