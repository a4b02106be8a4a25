import { type Journal, RecordBook } from '@canza/core';

/** How many refunds of one payment were accepted, whatever became of them. */
interface RefundMark {
  readonly transactionId: string;
  readonly version: number;
  readonly highestSlot: number;
  readonly atMs: number;
}

export type RefundMarkSettings = Omit<
  ConstructorParameters<typeof RecordBook<RefundMark>>[0],
  'kind' | 'noun' | 'entryOf' | 'onWritten'
> & { readonly journal: Journal };

/**
 * The number of refunds of each payment, kept beside them and never archived: refunds that somebody has deleted from the journal would
 * otherwise count as never made, and what they gave back be given once more.
 */
export class RefundMarks {
  readonly #settings: RefundMarkSettings;
  readonly #book: RecordBook<RefundMark>;

  constructor(settings: RefundMarkSettings) {
    this.#settings = settings;
    this.#book = new RecordBook<RefundMark>({
      ...settings,
      kind: 'refunds',
      noun: 'mark',
      entryOf: ({ transactionId, atMs }) => ({
        id: transactionId,
        state: 'kept',
        dueAtMs: null,
        references: [],
        tags: [],
        createdAtMs: atMs,
        updatedAtMs: atMs,
      }),
    });
  }

  /** The highest slot that any refund of the payment has had. */
  async highestOf(transactionId: string): Promise<number> {
    return (await this.#book.read(transactionId))?.highestSlot ?? 0;
  }

  async raise(transactionId: string, slot: number): Promise<void> {
    const fresh = { transactionId, version: 1, highestSlot: slot, atMs: this.#settings.clock.nowMs() };
    const inserted = await this.#book.insert(fresh, `refund ${slot}`);
    if (inserted.outcome !== 'exists') return;
    await this.#book.update(inserted.record, `refund ${slot}`, (latest) =>
      latest.highestSlot >= slot ? latest : { ...latest, version: latest.version + 1, highestSlot: slot },
    );
  }
}
