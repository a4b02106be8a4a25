import type { Contestant } from './contestant.ts';

export interface Session {
  at: number;
  recipient: string;
  amount: string;
  reason: string;
}

/** What somebody would write without a library: a switch over a map. No checks of length, no repeats, no going back. */
export function handWritten(): Contestant {
  const sessions = new Map<string, Session>();
  return {
    name: 'hand-written step',
    answer({ sessionId, text }) {
      const session = sessions.get(sessionId);
      if (session === undefined) {
        sessions.set(sessionId, { at: 1, recipient: '', amount: '', reason: '' });
        return 'Welcome to Pesa\n1. Send money\n2. Balance';
      }
      return stepByHand(sessions, sessionId, session, text.slice(text.lastIndexOf('*') + 1));
    },
  };
}

/** One entry; changes the session. */
export function stepByHand(sessions: Map<string, Session>, sessionId: string, session: Session, entry: string): string {
  switch (session.at) {
    case 1:
      if (entry !== '1') return 'You have KES 100.';
      session.at = 2;
      return 'Phone number of the recipient';
    case 2:
      if (!/^\d+$/.test(entry)) return 'Phone number of the recipient';
      session.recipient = entry;
      session.at = 3;
      return `Amount in KES for ${entry}`;
    case 3:
      if (!/^\d+$/.test(entry)) return 'Amount in KES';
      session.amount = entry;
      session.at = 4;
      return 'What is it for?';
    case 4:
      session.reason = entry;
      session.at = 5;
      return `Send KES ${session.amount} to ${session.recipient} for ${entry}?\n1. Confirm\n2. Cancel`;
    default:
      sessions.delete(sessionId);
      return entry === '1' ? `KES ${session.amount} is on its way. Approve it on your phone.` : 'Nothing was sent.';
  }
}
