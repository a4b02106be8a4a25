import { lookup } from 'node:dns/promises';
import { connect } from 'node:tls';

/** A certificate as its server shows it. */
export interface ShownCertificate {
  /** Milliseconds since 1970. */
  readonly untilMs: number;
  /** Why a client would refuse it, such as `CERT_HAS_EXPIRED`; left out where it would not. */
  readonly refusedBecause?: string;
}

/** How the doctor looks at the network beside requests: an adapter, so that a test can say what there is. */
export interface Probes {
  /** Every address of a host; empty when it has none. */
  addressesOf(host: string): Promise<readonly string[]>;
  /** @throws when nobody speaks TLS there within `timeoutMs`. */
  certificateOf(host: string, port: number, timeoutMs: number): Promise<ShownCertificate>;
}

/** The machine's own name service and sockets. */
export const systemProbes: Probes = {
  async addressesOf(host) {
    try {
      return (await lookup(host.replace(/^\[|\]$/g, ''), { all: true })).map(({ address }) => address);
    } catch {
      return [];
    }
  },
  certificateOf: (host, port, timeoutMs) =>
    new Promise((resolve, reject) => {
      // Looked at even where a client would refuse it, to say why.
      const socket = connect({ host, port, servername: host, rejectUnauthorized: false, timeout: timeoutMs });
      const end = (give: () => void): void => {
        socket.destroy();
        give();
      };
      socket.once('secureConnect', () => {
        const untilMs = Date.parse(socket.getPeerCertificate().valid_to);
        const { authorized, authorizationError } = socket;
        const refused = authorized ? {} : { refusedBecause: codeOf(authorizationError) };
        end(() => resolve({ untilMs, ...refused }));
      });
      socket.once('timeout', () => end(() => reject(new Error('no answer in time'))));
      socket.once('error', (error) => end(() => reject(error)));
    }),
};

const codeOf = (error: unknown): string =>
  typeof error === 'string' ? error : ((error as { code?: string } | undefined)?.code ?? 'not trusted');
