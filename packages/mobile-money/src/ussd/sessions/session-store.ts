import type { SessionRecord } from './record.ts';

/** A record and the version of it that was seen. */
export interface KeptSession {
  /** `undefined` when what stands there cannot be read; it is written over. */
  readonly record: SessionRecord | undefined;
  readonly version: number;
}

/** Whether a session was written, and what stands there now. */
export type WriteOutcome =
  | { readonly written: true; readonly kept: KeptSession }
  /** Somebody else was first; what stands there now. */
  | { readonly written: false; readonly kept: KeptSession | undefined };

/** Where sessions are kept, and who may write one: only whoever has seen its last version. */
export interface SessionStore {
  /** What this process knows, at once; it may be behind. */
  recall(sessionId: string, nowMs: number): KeptSession | undefined;
  /** @throws StoreError */
  read(sessionId: string): Promise<KeptSession | undefined>;
  /**
   * Writes over what was seen, `undefined` meaning that nothing was there.
   * @throws StoreError, and then it is not known whether it was written.
   */
  write(sessionId: string, seen: KeptSession | undefined, record: SessionRecord): WriteOutcome | Promise<WriteOutcome>;
}
