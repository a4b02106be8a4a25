import type { AddressInfo } from 'node:net';

import express from 'express';

import type { StartWebApp } from './web-app.ts';

/** Express: keep the body raw, because signatures are made over its bytes. */
export const startExpress: StartWebApp = async (bridge) => {
  const app = express();
  app.all('/callbacks/*token', express.raw({ type: () => true, limit: '64kb' }), async (incoming, outgoing) => {
    const { method, originalUrl, headers, body } = incoming;
    const hasBody = method !== 'GET' && method !== 'HEAD' && Buffer.isBuffer(body);
    const request = new Request(`http://${headers.host}${originalUrl}`, {
      method,
      headers: Object.entries(headers).map(([name, value]) => [name, String(value)]),
      ...(hasBody ? { body: new Uint8Array(body) } : {}),
    });
    const response = await bridge().handleCallback(request, { sourceAddress: incoming.ip ?? '' });
    outgoing
      .status(response.status)
      .set(Object.fromEntries(response.headers))
      .send(await response.text());
  });

  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => void server.once('listening', resolve));
  return {
    callbackUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callbacks`,
    close: () => new Promise((closed) => void server.close(() => closed())),
  };
};
