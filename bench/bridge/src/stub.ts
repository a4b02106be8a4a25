/** Daraja's token and STK push, answered at once: run in a process of its own, so that the clients are measured and not it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

let pushes = 0;
let tokens = 0;

const server = createServer((incoming, outgoing) => {
  incoming.resume();
  incoming.on('end', () => {
    outgoing.setHeader('content-type', 'application/json');
    if (incoming.url?.startsWith('/oauth/') === true) {
      tokens += 1;
      outgoing.end('{"access_token":"c9SQxWWhmdVRlyh0zh8gZDTkubVF","expires_in":"3599"}');
    } else if (incoming.url === '/counts') {
      outgoing.end(JSON.stringify({ pushes, tokens }));
      pushes = tokens = 0;
    } else {
      pushes += 1;
      outgoing.end(
        `{"MerchantRequestID":"m-${pushes}-${Date.now()}","CheckoutRequestID":"ws_CO_${pushes}_${Date.now()}","ResponseCode":"0","ResponseDescription":"Success. Request accepted for processing","CustomerMessage":"Success. Request accepted for processing"}`,
      );
    }
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));
