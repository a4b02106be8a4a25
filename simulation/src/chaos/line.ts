import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A wire that can be cut: everything between two processes goes through here, byte by byte. */
export class Line {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;

  private constructor(server: Server, sockets: Set<Socket>) {
    this.#server = server;
    this.#sockets = sockets;
    this.port = (server.address() as AddressInfo).port;
  }

  /** @param target Asked at each connection for the port that it leads to; nobody is there where it has none. */
  static async open(target: () => number | undefined): Promise<Line> {
    const sockets = new Set<Socket>();
    const hold = (socket: Socket): Socket => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      return socket.setNoDelay(true);
    };
    const server = createServer((incoming) => {
      const port = target();
      hold(incoming).on('error', () => incoming.destroy());
      if (port === undefined) {
        incoming.destroy();
        return;
      }
      const outgoing = hold(connect(port, '127.0.0.1'));
      outgoing.on('error', () => incoming.destroy());
      outgoing.once('close', () => incoming.destroy());
      incoming.once('close', () => outgoing.destroy());
      incoming.pipe(outgoing).pipe(incoming);
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    return new Line(server, sockets);
  }

  /** Breaks every connection there is; new ones can be made. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => void this.#server.close(resolve));
    this.cut();
    await closed;
  }
}
