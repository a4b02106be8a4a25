import type { DeskSettings, Lane, SenderDesk } from './lane.ts';
import { LeasedSenders } from './leased-senders.ts';
import { askNode } from './node.ts';

export const createSenderDesk = (settings: DeskSettings): SenderDesk =>
  settings.network.rules.slotOrder === 'ordered' ? new LeasedSenders(settings) : new FreeSenders(settings);

/** Slots that stand for themselves need no owner: senders take turns. */
class FreeSenders implements SenderDesk {
  readonly #settings: DeskSettings;
  #turns = 0;

  constructor(settings: DeskSettings) {
    this.#settings = settings;
  }

  async open(): Promise<void> {}

  async withLane<T>(work: (lane: Lane) => Promise<T>): Promise<T> {
    const { network, policy, clock } = this.#settings;
    const sender = network.senders[this.#turns++ % network.senders.length] ?? '';
    return work({
      sender,
      slot: (reference) =>
        askNode({ policy, environment: { clock } }, 'A question for a slot', (options) =>
          network.nextSlot({ sender, reference }, options),
        ),
      used: () => undefined,
    });
  }

  close(): void {}
}
