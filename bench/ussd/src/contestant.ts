import type { UssdRequest } from '@canza/mobile-money/ussd';

/** One way to answer the same six screens. */
export interface Contestant {
  readonly name: string;
  /** Answers a hop in its own way: a text, with `CON ` or `END ` in front or not, or an object with one. */
  answer(request: UssdRequest): Promise<Answer> | Answer;
}

export type Answer = string | { readonly text: string };

/** What one person enters, one hop after the other, and what they must then see. */
export interface Script {
  readonly requests: readonly UssdRequest[];
  readonly screens: readonly string[];
}

/** Scripts of people of whom no two enter the same. */
export function writeScripts(people: number, round = 0): readonly Script[] {
  return Array.from({ length: people }, (_, index) => {
    const recipient = `07${String(20_000_000 + index)}`;
    const amount = String(10 + index);
    const reason = `reason ${index}`;
    const entries = ['1', recipient, amount, reason, '1'];
    const sessionId = `ATUid_${round}_${index}`;
    const phoneNumber = `+2547${String(10_000_000 + index)}`;
    const request = (text: string): UssdRequest => ({ sessionId, phoneNumber, serviceCode: '*384#', text });
    return {
      requests: [request(''), ...entries.map((__, at) => request(entries.slice(0, at + 1).join('*')))],
      screens: [
        'Welcome to Pesa\n1. Send money\n2. Balance',
        'Phone number of the recipient',
        `Amount in KES for ${recipient}`,
        'What is it for?',
        `Send KES ${amount} to ${recipient} for ${reason}?\n1. Confirm\n2. Cancel`,
        `KES ${amount} is on its way. Approve it on your phone.`,
      ],
    };
  });
}

/** The screen without the gateway's prefix and without lines for going back, which only one contestant has. */
export const bareScreen = (answer: Answer): string =>
  (typeof answer === 'string' ? answer : answer.text)
    .replace(/^(?:CON|END) /, '')
    .replace(/\n0\. Back(?:\n00\. Home)?$/, '');
