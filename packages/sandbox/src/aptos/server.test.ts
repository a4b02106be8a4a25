import { request as httpRequest } from 'node:http';
import { afterEach, expect, test } from 'vitest';

import { type AptosServer, startAptosServer } from './server.ts';

const open: AptosServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function start(): Promise<AptosServer> {
  const server = await startAptosServer({ blockIntervalMs: 5 });
  open.push(server);
  return server;
}

const postJson = (url: string, body: object): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

test('is steered from outside: blocks, money, freezes, faults', async () => {
  const { baseUrl, nodeUrl, emulator } = await start();
  const control = `${baseUrl}/__sandbox`;
  const owner = `0x${'c'.repeat(64)}` as const;
  const command = async (name: string, body: object) => {
    const reply = await postJson(`${control}/commands/${name}`, body);
    return [reply.status, await reply.json()] as const;
  };
  expect(await command('mint', { asset: 'usdc', to: owner, amountMinor: '2500000' })).toEqual([200, { done: true }]);
  expect(await command('balance', { asset: 'usdc', owner })).toEqual([200, { amountMinor: '2500000' }]);
  expect((await command('mint', { to: 'nobody', amountMinor: '1' }))[0]).toBe(400);
  expect((await command('set-nodes', { nodes: [] }))[0]).toBe(400);
  await command('stop', {});
  const before = await (await fetch(nodeUrl)).json();
  await new Promise((resolve) => void setTimeout(resolve, 20));
  expect(await (await fetch(nodeUrl)).json()).toEqual(before);
  await command('produce-block', {});
  expect(await (await fetch(nodeUrl)).json()).not.toEqual(before);
  await postJson(`${control}/faults`, { fault: 'query:html,operation=ledger-info' });
  expect((await fetch(nodeUrl)).status).toBe(502);
  expect(emulator.faults.struck).toHaveLength(1);
  const books = (await (await fetch(`${control}/books?to=${owner}`)).json()) as { movements: object };
  expect(books.movements).toMatchObject({ count: 1, amountMinor: '2500000' });
});

/** Sends a body of unknown length. */
const postChunked = (
  url: string,
  contentType: string,
): Promise<{ readonly status: number | undefined; readonly body: string }> =>
  new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method: 'POST', headers: { 'content-type': contentType } }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('end', () => resolve({ status: reply.statusCode, body: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject);
    sent.write('ab');
    sent.end('cd');
  });

test('wants to know how long a body is, and takes none that is too long', async () => {
  const { nodeUrl } = await start();
  const type = 'application/x.aptos.signed_transaction+bcs';
  expect(await postChunked(`${nodeUrl}/transactions`, type)).toEqual({
    status: 411,
    body: '{"message":"missing `Content-Length` header","error_code":"web_framework_error","vm_error_code":null}',
  });
  const long = await fetch(`${nodeUrl}/transactions`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: new Uint8Array(8 * 1024 * 1024 + 1),
  });
  expect([long.status, await long.json()]).toMatchObject([413, { message: 'payload too large' }]);
});

test('leaves nothing listening when one of its ports is taken', async () => {
  const first = await start();
  const { port } = new URL(first.baseUrl);
  await expect(startAptosServer({ indexerPort: Number(port) })).rejects.toThrow('EADDRINUSE');
});
