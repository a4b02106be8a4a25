import type { CallOptions, Clock, Transport } from '@canza/core';
import { fasterClock } from '@canza/sandbox';

import type { OpenJournal } from './journals.ts';

/**
 * How much faster than the machine's the hours of the app, the operators and their customers go, so that a quarter of an hour of
 * patience is a quarter of a minute. Wires and servers know nothing of it: their time limits are the machine's.
 */
export const FASTER = 60;

/** The app's own hours; the same in all its processes. */
export const appClock = (sinceMs: number): Clock => fasterClock(FASTER, { sinceMs });

/** Milliseconds of the machine, in those of the app. */
export const real = (ms: number): number => ms * FASTER;

const paced = <Options extends CallOptions>(options: Options | undefined): Options | undefined =>
  options?.timeoutMs === undefined ? options : { ...options, timeoutMs: Math.ceil(options.timeoutMs / FASTER) };

/** A journal that is told time limits of the app, and keeps those of the machine. */
export function pacedJournal(journal: OpenJournal['journal']): OpenJournal['journal'] {
  return {
    insert: (entry, note, options) => journal.insert(entry, note, paced(options)),
    replace: (entry, note, options) => journal.replace(entry, note, paced(options)),
    read: (kind, id, options) => journal.read(kind, id, paced(options)),
    findByReference: (kind, reference, options) => journal.findByReference(kind, reference, paced(options)),
    claimDue: (request, options) => journal.claimDue(request, paced(options)),
    release: (kind, id, fence, options) => journal.release(kind, id, fence, paced(options)),
    list: (request, options) => journal.list(request, paced(options)),
    history: (kind, id, options) => journal.history(kind, id, paced(options)),
    archive: (request, options) => journal.archive(request, paced(options)),
    forget: (kind, ids, options) => journal.forget(kind, ids, paced(options)),
    ...(journal.safety === undefined ? {} : { safety: journal.safety }),
    initialize: (options) => journal.initialize(paced(options)),
  };
}

/** A transport that is told time limits of the app, and keeps those of the machine. */
export const pacedTransport =
  (transport: Transport): Transport =>
  (request, options) =>
    transport(request, paced(options));
