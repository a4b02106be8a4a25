/**
 * Daraja's and MoMo's token and collection endpoints, on bare sockets: run in a process of its own, it does so little for a
 * request that the client is what is measured. Every answer is sent at once, and connections are kept.
 */
import { createServer, type Socket } from 'node:net';

const seen = { tokens: 0, payments: 0, other: 0, bodyBytes: 0 };
let unique = Date.now();

const reply = (status: string, body: string): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

const ACCEPTED_BY_MOMO = reply('202 Accepted', '');
const DARAJA_TOKEN = reply('200 OK', '{"access_token":"c9SQxWWhmdVRlyh0zh8gZDTkubVF","expires_in":"3599"}');
const MOMO_TOKEN = reply(
  '200 OK',
  '{"access_token":"c9SQxWWhmdVRlyh0zh8gZDTkubVF","token_type":"access_token","expires_in":3600}',
);

function answer(path: string, bodyBytes: number): string {
  if (path.startsWith('/oauth/')) {
    seen.tokens += 1;
    return DARAJA_TOKEN;
  }
  if (path.startsWith('/collection/token/')) {
    seen.tokens += 1;
    return MOMO_TOKEN;
  }
  if (path.startsWith('/mpesa/stkpush/')) {
    seen.payments += 1;
    seen.bodyBytes += bodyBytes;
    const id = (unique += 1);
    return reply(
      '200 OK',
      `{"MerchantRequestID":"29115-${id}-1","CheckoutRequestID":"ws_CO_${id}","ResponseCode":"0","ResponseDescription":"Success. Request accepted for processing","CustomerMessage":"Success. Request accepted for processing"}`,
    );
  }
  if (path.startsWith('/collection/v1_0/requesttopay')) {
    seen.payments += 1;
    seen.bodyBytes += bodyBytes;
    return ACCEPTED_BY_MOMO;
  }
  seen.other += 1;
  return reply('404 Not Found', '{}');
}

/** Takes whole requests off the front of what has arrived. */
function serve(socket: Socket): void {
  let arrived = '';
  socket.setNoDelay(true);
  socket.setEncoding('latin1');
  socket.on('error', () => undefined);
  socket.on('data', (chunk: string) => {
    arrived += chunk;
    for (;;) {
      const headEnds = arrived.indexOf('\r\n\r\n');
      if (headEnds < 0) return;
      const head = arrived.slice(0, headEnds);
      const bodyStarts = headEnds + 4;
      const bodyEnds = bodyStarts + Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      if (arrived.length < bodyEnds) return;
      arrived = arrived.slice(bodyEnds);
      const path = head.slice(head.indexOf(' ') + 1, head.indexOf(' HTTP/'));
      socket.write(answer(path, bodyEnds - bodyStarts), 'latin1');
      if (/\r\nconnection: *close/i.test(head)) socket.end();
    }
  });
}

const server = createServer(serve);
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
process.on('message', () => {
  process.send?.({ ...seen });
  Object.assign(seen, { tokens: 0, payments: 0, other: 0, bodyBytes: 0 });
});
process.on('disconnect', () => process.exit(0));
