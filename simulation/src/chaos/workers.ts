import { setTimeout as wait } from 'node:timers/promises';

import { Part } from './asking.ts';
import type { WorkerOptions } from './configuration.ts';

/** A worker that could not start is started again after this long, as whatever watches processes does. */
const AGAIN_AFTER_MS = 300;
/** The exit code of a worker that could not start, because something that it needs is not there. */
const CANNOT_START = 75;

interface Slot {
  readonly name: string;
  readonly options: WorkerOptions;
  part: Part;
  /** Where it listens, while it is up. */
  port: number | undefined;
  isWanted: boolean;
}

/** The processes of the app: whoever dies is started again. */
export class Workers {
  readonly #slots: readonly Slot[];
  readonly #folder: string;
  readonly #watching = new Set<Promise<unknown>>();
  #isEnding = false;
  #next = 0;
  /** What ended a worker that nobody killed and that did start: a fault of ours. */
  readonly defects: string[] = [];

  constructor(options: readonly WorkerOptions[], folder: string) {
    this.#folder = folder;
    this.#slots = options.map((own, index) => {
      const name = `worker${index}`;
      const part = new Part(name, 'worker.ts', own, folder);
      const slot = { name, options: own, part, port: undefined, isWanted: true };
      this.#watch(slot);
      return slot;
    });
  }

  /** The port of a worker that is up, in turn. */
  anyPort(): number | undefined {
    const ports = this.#slots.flatMap(({ port }) => port ?? []);
    return ports[this.#next++ % Math.max(1, ports.length)];
  }

  /** @throws Error when one of them does not start in time. */
  async allReady(timeoutMs: number): Promise<void> {
    const untilMs = performance.now() + timeoutMs;
    for (;;) {
      const missing = this.#slots.filter(({ port }) => port === undefined).map(({ name }) => name);
      if (missing.length === 0) return;
      if (this.defects.length > 0) throw new Error(this.defects.join('; '));
      if (performance.now() > untilMs) throw new Error(`${missing.join(', ')} did not start.`);
      await wait(20);
    }
  }

  /** Whoever is not up yet is let be: on a slow machine nobody ever would be. Resolves with whether it died. */
  async kill(index: number, forMs: number): Promise<boolean> {
    const slot = this.#slots[index];
    if (slot?.port === undefined) return false;
    slot.isWanted = false;
    slot.port = undefined;
    slot.part.kill();
    await slot.part.ended;
    await wait(forMs);
    slot.isWanted = true;
    this.#startAgain(slot);
    return true;
  }

  /** The same of standing still. */
  async pause(index: number, forMs: number): Promise<boolean> {
    const slot = this.#slots[index];
    if (slot?.port === undefined) return false;
    await slot.part.pause(forMs);
    return true;
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    await Promise.all(this.#slots.map(({ part }) => part.end()));
    await Promise.all(this.#watching);
  }

  #startAgain(slot: Slot): void {
    if (this.#isEnding) return;
    slot.part = new Part(slot.name, 'worker.ts', slot.options, this.#folder);
    this.#watch(slot);
  }

  #watch(slot: Slot): void {
    const { part } = slot;
    const watching = Promise.all([this.#greet(slot, part), this.#mourn(slot, part)]).finally(() =>
      this.#watching.delete(watching),
    );
    this.#watching.add(watching);
  }

  async #greet(slot: Slot, part: Part): Promise<void> {
    const port = await part.ask<number>('port').catch(() => undefined);
    if (slot.part === part && slot.isWanted) slot.port = port;
  }

  async #mourn(slot: Slot, part: Part): Promise<void> {
    const how = await part.ended;
    if (slot.part !== part || !slot.isWanted || this.#isEnding) return;
    slot.port = undefined;
    if (how !== CANNOT_START) this.defects.push(`${slot.name} ended by itself (${how})`);
    await wait(AGAIN_AFTER_MS);
    this.#startAgain(slot);
  }
}
