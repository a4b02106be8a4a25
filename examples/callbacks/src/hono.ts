import { serve } from '@hono/node-server';
import { Hono } from 'hono';

import type { StartWebApp } from './web-app.ts';

/** Hono speaks Request and Response: one line. */
export const startHono: StartWebApp = async (bridge) => {
  const app = new Hono();
  app.all('/callbacks/*', (context) => bridge().handleCallback(context.req.raw));

  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
      resolve({
        callbackUrl: `http://127.0.0.1:${port}/callbacks`,
        close: () => new Promise((closed) => void server.close(() => closed())),
      });
    });
  });
};
