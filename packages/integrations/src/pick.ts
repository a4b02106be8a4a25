/** The named fields of an object, without those that are left out. */
export function pick<T extends object, K extends keyof T>(from: T, ...fields: readonly K[]): Pick<T, K> {
  const given = fields.filter((field) => from[field] !== undefined).map((field) => [field, from[field]]);
  return Object.fromEntries(given) as Pick<T, K>;
}
