import type { Socket } from 'node:net';

import { expect, it } from 'vitest';

import { gatherWrites } from './connection-gather.ts';

/** A socket that remembers what was written, and in how many writes. */
function gathered() {
  const writes: string[] = [];
  const socket = {
    writable: true,
    writableNeedDrain: false,
    cork: () => undefined,
    uncork: () => undefined,
    write: (chunk: string | Uint8Array) => writes.push(String(chunk)) > 0,
  };
  gatherWrites({ stream: socket as unknown as Socket, on: (_event, listener) => listener() });
  return { socket, writes };
}

const endOfTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

it('commands of several callbacks of one turn leave in one write, in their order', async () => {
  const { socket, writes } = gathered();
  socket.write('a');
  await Promise.resolve();
  socket.write('b');
  process.nextTick(() => socket.write('c'));
  await endOfTurn();
  expect(writes).toEqual(['abc']);
});

it('what had not left when the connection went down never leaves', async () => {
  const { socket, writes } = gathered();
  socket.write('a');
  socket.writable = false;
  await endOfTurn();
  expect(writes).toEqual([]);
});
