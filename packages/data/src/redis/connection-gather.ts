import type { Socket } from 'node:net';

/** What we need of an ioredis connection: its socket, and when there is a new one. */
interface Connected {
  readonly stream?: Socket;
  on(event: 'connect', listener: () => void): unknown;
}

/**
 * Makes the commands of one turn of the event loop leave in one write: with many in flight that costs a third of what a write
 * for each costs, and with one in flight it costs next to nothing. A turn is all that the sockets which had something to say
 * bring about: commands that follow from the replies of 32 operators' connections leave together, and not by ones and twos. Done at
 * the socket, below all of ioredis, so that commands leave in the order in which they were queued, however they were sent.
 */
export function gatherWrites(client: Connected): void {
  client.on('connect', () => {
    if (client.stream !== undefined) gatherOn(client.stream);
  });
}

function gatherOn(socket: Socket): void {
  const write = socket.write.bind(socket);
  let parts: (string | Uint8Array)[] = [];
  const flush = (): void => {
    const gathered = parts;
    parts = [];
    const [first] = gathered;
    // What a connection did not send before it went down is not sent: whoever waits for the reply is told so.
    if (first === undefined || !socket.writable) return;
    if (gathered.length === 1) {
      write(first);
      return;
    }
    socket.cork();
    for (const part of gathered) write(part);
    socket.uncork();
  };
  const add = (chunk: string | Uint8Array): boolean => {
    const last = parts.length - 1;
    if (last === -1) setImmediate(flush);
    // Texts that follow one another become one, which the socket encodes in one go.
    if (typeof chunk === 'string' && typeof parts[last] === 'string') parts[last] += chunk;
    else parts.push(chunk);
    return !socket.writableNeedDrain;
  };
  socket.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    if (rest.length === 0) return add(chunk);
    flush();
    return (write as (...args: unknown[]) => boolean)(chunk, ...rest);
  };
}
