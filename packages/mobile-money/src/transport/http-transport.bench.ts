import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';

import axios from 'axios';
import { it } from 'vitest';

import { createHttpTransport } from './http-transport.ts';

/** The server has a process of its own, so that its work is not counted. */
const SERVER = `
  const server = require('node:http').createServer((request, response) => {
    request.resume().on('end', () => response.end('{"ResponseCode":"0"}'));
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;
const AT_ONCE = 32;

const burst = (send: () => Promise<unknown>) => async (): Promise<void> => {
  await Promise.all(Array.from({ length: AT_ONCE }, send));
};

// oxlint-disable-next-line vitest/expect-expect -- figures to read: the ratio counts, the machine decides the rest.
it('32 requests at once over kept connections, beside axios on Node’s own HTTP', async ({ bench }) => {
  const server = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(server.stdout, 'data')) as [Buffer];
  const url = `http://127.0.0.1:${String(port).trim()}/`;
  const headers = { 'content-type': 'application/json', authorization: 'Bearer token' };
  const body = JSON.stringify({ PhoneNumber: '254708374149', note: 'x'.repeat(400) });
  const httpAgent = new Agent({ keepAlive: true, maxSockets: 64 });
  const onNode = axios.create({
    httpAgent,
    proxy: false,
    maxRedirects: 0,
    responseType: 'text',
    transformResponse: [],
  });
  const transport = createHttpTransport();
  const through = createHttpTransport({ client: axios.create() });
  await bench.compare(
    bench(
      'axios on node:http',
      burst(async () => onNode.post(url, body, { headers })),
    ),
    bench(
      'createHttpTransport',
      burst(async () => transport({ method: 'POST', url, headers, body })),
    ),
    bench(
      'createHttpTransport with an axios instance',
      burst(async () => through({ method: 'POST', url, headers, body })),
    ),
  );
  httpAgent.destroy();
  await transport.close();
  await through.close();
  server.kill();
});
