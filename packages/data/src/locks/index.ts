/** `@canza/data/locks`: locks shared by processes, with fencing tokens. */

export { type AcquireOptions, type Lock, LockLostError, Locks, type LocksOptions, LockTakenError } from './locks.ts';
