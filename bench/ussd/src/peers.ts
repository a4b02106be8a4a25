import { createRequire } from 'node:module';
import type { Contestant } from './contestant.ts';

/** What both builders offer; their own typings are behind their code. */
interface PeerMenu {
  val: string;
  con(text: string): void;
  end(text: string): void;
  startState(state: PeerState): void;
  state(name: string, state: PeerState): void;
  sessionConfig(config: object): void;
  run(request: object): Promise<string>;
  readonly session: {
    get(key: string): Promise<string>;
    set(key: string, value: string): Promise<void>;
  };
}

interface PeerState {
  readonly run: () => void | Promise<void>;
  readonly next?: Readonly<Record<string, string>>;
}

type PeerClass = new () => PeerMenu;

const require = createRequire(import.meta.url);
export const PEERS = ['ussd-builder', 'ussd-menu-builder'] as const;

/** Sessions as both READMEs build them. */
export interface PeerSessions {
  start(sessionId: string): Promise<void>;
  end(sessionId: string): Promise<void>;
  set(sessionId: string, key: string, value: string): Promise<void>;
  get(sessionId: string, key: string): Promise<string | undefined>;
}

export function sessionsInMap(): PeerSessions {
  const sessions = new Map<string, Record<string, string>>();
  return {
    async start(sessionId) {
      if (!sessions.has(sessionId)) sessions.set(sessionId, {});
    },
    async end(sessionId) {
      sessions.delete(sessionId);
    },
    async set(sessionId, key, value) {
      const session = sessions.get(sessionId);
      if (session !== undefined) session[key] = value;
    },
    async get(sessionId, key) {
      return sessions.get(sessionId)?.[key];
    },
  };
}

/** The six screens on one menu object for all people, as both READMEs show it. */
export function peer(name: (typeof PEERS)[number], sessions: PeerSessions = sessionsInMap()): Contestant {
  const menu = new (require(name) as PeerClass)();
  menu.sessionConfig(sessions);
  const keep = (key: string) => menu.session.set(key, menu.val);
  menu.startState({
    run: () => menu.con('Welcome to Pesa\n1. Send money\n2. Balance'),
    next: { '1': 'recipient', '2': 'balance' },
  });
  menu.state('recipient', { run: () => menu.con('Phone number of the recipient'), next: { '*^\\d+$': 'amount' } });
  menu.state('amount', {
    run: async () => {
      await keep('recipient');
      menu.con(`Amount in KES for ${menu.val}`);
    },
    next: { '*^\\d+$': 'reason' },
  });
  menu.state('reason', {
    run: async () => {
      await keep('amount');
      menu.con('What is it for?');
    },
    next: { '*^.{1,64}$': 'confirm' },
  });
  menu.state('confirm', {
    run: async () => {
      const reason = menu.val;
      await keep('reason');
      const [amount, recipient] = await Promise.all([menu.session.get('amount'), menu.session.get('recipient')]);
      menu.con(`Send KES ${amount} to ${recipient} for ${reason}?\n1. Confirm\n2. Cancel`);
    },
    next: { '1': 'done', '2': 'cancelled' },
  });
  menu.state('done', {
    run: async () => menu.end(`KES ${await menu.session.get('amount')} is on its way. Approve it on your phone.`),
  });
  menu.state('cancelled', { run: () => menu.end('Nothing was sent.') });
  menu.state('balance', { run: () => menu.end('You have KES 100.') });
  return { name, answer: (request) => menu.run(request) };
}
