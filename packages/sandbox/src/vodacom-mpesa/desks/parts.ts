import type { Handsets } from '../../handset.ts';
import type { OpenBooks } from '../books.ts';
import type { Visit } from '../gate.ts';
import type { Processing } from '../processing.ts';
import { SANDBOX_CODE, type VodacomApplication, type VodacomLimits, type VodacomShapes } from '../settings.ts';
import type { Subscribers } from '../subscribers.ts';
import type { Transactions } from '../transactions.ts';

/** What the desks work with. */
export interface DeskParts {
  readonly application: VodacomApplication;
  readonly limits: VodacomLimits;
  readonly shapes: VodacomShapes;
  readonly books: OpenBooks;
  readonly handsets: Handsets;
  readonly subscribers: Subscribers;
  readonly transactions: Transactions;
  readonly processing: Processing;
  readonly conversation: () => string;
  /** Uses up a ThirdPartyConversationID; `false` when it was used before. */
  readonly useId: (id: string) => boolean;
}

/** Whether trigger numbers decide. */
export const hasTriggers = ({ isSandbox }: Visit, code: string): boolean => isSandbox && code === SANDBOX_CODE;
