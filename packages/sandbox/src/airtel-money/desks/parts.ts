import type { Clock } from '@canza/core';

import type { Handsets } from '../../handset.ts';
import type { Schedule } from '../../schedule.ts';
import type { OpenBooks } from '../books.ts';
import type { AirtelIdentifiers } from '../identifiers.ts';
import type { Notices } from '../notices.ts';
import type { AirtelApplication, AirtelLimits, AirtelShapes, AirtelTimings } from '../settings.ts';
import type { Subscribers } from '../subscribers.ts';
import type { Transactions } from '../transactions.ts';

/** What the desks work with. */
export interface DeskParts {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly application: AirtelApplication;
  readonly books: OpenBooks;
  readonly handsets: Handsets;
  readonly subscribers: Subscribers;
  readonly transactions: Transactions;
  readonly notices: Notices;
  readonly identifiers: AirtelIdentifiers;
  readonly timings: AirtelTimings;
  readonly shapes: AirtelShapes;
  readonly limits: AirtelLimits;
  /** Whether the last digits of this number decide, which a setting of its own outweighs. */
  readonly hasMagic: (msisdn: string) => boolean;
  readonly emit: (what: 'prompt' | 'result', detail: string) => void;
}
