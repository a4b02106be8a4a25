import fastify from 'fastify';

import type { StartWebApp } from './web-app.ts';

/** Fastify: the same, with its content type parser switched to raw bytes. */
export const startFastify: StartWebApp = async (bridge) => {
  const app = fastify({ bodyLimit: 64 * 1024 });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.all('/callbacks/*', async (incoming, outgoing) => {
    const { method, url, headers, body } = incoming;
    const hasBody = method !== 'GET' && method !== 'HEAD' && Buffer.isBuffer(body);
    const request = new Request(`http://${incoming.host}${url}`, {
      method,
      headers: Object.entries(headers).map(([name, value]) => [name, String(value)]),
      ...(hasBody ? { body: new Uint8Array(body) } : {}),
    });
    const response = await bridge().handleCallback(request, { sourceAddress: incoming.ip });
    return outgoing
      .code(response.status)
      .headers(Object.fromEntries(response.headers))
      .send(await response.text());
  });

  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  return { callbackUrl: `${address}/callbacks`, close: () => app.close() };
};
