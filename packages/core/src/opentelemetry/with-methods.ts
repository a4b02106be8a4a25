/**
 * An object with some of its methods replaced. Whatever else it has, operations of its own too, stays reachable, and is called on the
 * object itself, so that private fields go on working.
 */
export const withMethods = <T extends object>(target: T, methods: Partial<T>): T =>
  new Proxy(target, {
    get(object, key) {
      if (Object.hasOwn(methods, key)) return Reflect.get(methods, key);
      const value: unknown = Reflect.get(object, key, object);
      return typeof value === 'function' ? value.bind(object) : value;
    },
  });
