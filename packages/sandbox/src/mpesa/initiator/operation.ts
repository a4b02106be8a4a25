import type { Clock } from '@canza/core';

import type { OpenBooks } from '../books.ts';
import type { DarajaErrors } from '../error-replies.ts';
import type { DarajaIdentifiers } from '../identifiers.ts';
import type { Organisation } from '../organisations.ts';
import type { DarajaFees, DarajaLimits } from '../settings.ts';
import type { Subscribers } from '../subscribers.ts';
import type { Conversations } from './conversations.ts';

/** What the API users' operations work with. */
export interface OperationContext {
  readonly clock: Clock;
  readonly books: OpenBooks;
  readonly conversations: Conversations;
  readonly errors: DarajaErrors;
  readonly identifiers: DarajaIdentifiers;
  readonly organisations: ReadonlyMap<string, Organisation>;
  readonly subscribers: Subscribers;
  readonly limits: DarajaLimits;
  readonly fees: DarajaFees;
}
