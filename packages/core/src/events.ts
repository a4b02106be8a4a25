import type { Logger } from './environment.ts';

/** Stops listening; calling it twice does nothing. */
export type Unsubscribe = () => void;

/** Typed events of one service. Listeners are called at once, in the order in which they came. */
export interface Events<Map extends object> {
  on<Name extends keyof Map>(name: Name, listener: (event: Map[Name]) => unknown): Unsubscribe;
  emit<Name extends keyof Map>(name: Name, event: Map[Name]): void;
  /** Whether anybody listens: what is costly to tell need not be made for nobody. */
  has(name: keyof Map): boolean;
}

/**
 * Makes an emitter whose listeners cannot hurt the one who emits: what a listener throws, or an asynchronous one rejects with,
 * is logged by its name, and a payment goes on.
 */
export function createEvents<Map extends object>(logger: Logger): Events<Map> {
  const listeners: { [Name in keyof Map]?: Set<(event: Map[Name]) => unknown> } = {};
  return {
    on(name, listener) {
      const registered = (listeners[name] ??= new Set());
      registered.add(listener);
      return () => void registered.delete(listener);
    },
    has: (name) => (listeners[name]?.size ?? 0) > 0,
    emit(name, event) {
      const report = (error: unknown): void =>
        logger.error(
          { event: String(name), error: error instanceof Error ? error.name : typeof error },
          'a listener threw',
        );
      for (const listener of listeners[name] ?? []) {
        try {
          const outcome = listener(event);
          if (outcome instanceof Promise) outcome.catch(report);
        } catch (error) {
          report(error);
        }
      }
    },
  };
}
