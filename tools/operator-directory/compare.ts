import type { SourceCountry } from './countries.ts';
import type { Directory } from './generate.ts';
import type { SourceOperator } from './operators.ts';

/**
 * Says in words where our ranges and libphonenumber's carrier files differ. Decides nothing: a range that is theirs alone may be
 * new or be no customer's, and one that is ours alone may be newer than theirs.
 * @param read The text of `<country code>.txt`, or `undefined` where there is none.
 */
export function compareWithCarriers(
  directory: Directory,
  read: (callingCode: string) => string | undefined,
): readonly string[] {
  return directory.countries.flatMap((country) => {
    const text = read(country.callingCode);
    const ours = rangesOf(directory, country);
    if (ours.size === 0) return [];
    if (text === undefined) return [`${country.country}: there is no file ${country.callingCode}.txt`];
    return compareCountry(country, ours, parseCarriers(text, country.callingCode), directory.operators);
  });
}

type Ours = ReadonlyMap<string, string>;
type Theirs = ReadonlyMap<string, string>;

function rangesOf({ ranges }: Directory, { country }: SourceCountry): Ours {
  const live = ranges.filter(({ operator, until }) => operator.country === country && until === '');
  return new Map(live.flatMap(({ operator, prefixes }) => prefixes.map((prefix) => [prefix, operator.id])));
}

/** Lines such as `25677|MTN`; what belongs to another country of the same code is left out by its length alone. */
function parseCarriers(text: string, callingCode: string): Theirs {
  const rows = text.split('\n').map((line) => line.trim().split('|'));
  return new Map(
    rows.flatMap(([digits = '', carrier = '']) =>
      digits.startsWith(callingCode) && carrier !== '' ? [[digits.slice(callingCode.length), carrier] as const] : [],
    ),
  );
}

function compareCountry(
  { country }: SourceCountry,
  ours: Ours,
  theirs: Theirs,
  operators: readonly SourceOperator[],
): string[] {
  const meaning = meaningOfNames(country, ours, theirs, operators);
  const differences: string[] = [];
  for (const [prefix, carrier] of theirs) {
    const expected = meaning.get(carrier);
    const held = longest(ours, prefix);
    if (expected === undefined) {
      if (held !== undefined)
        differences.push(`${country} ${prefix}: ours is ${held}, theirs "${carrier}", a name we do not know`);
      else differences.push(`${country} ${prefix}: "${carrier}" is not in our tables`);
    } else if (held !== expected) {
      differences.push(`${country} ${prefix}: ours is ${held ?? 'nobody'}, theirs "${carrier}" (${expected})`);
    }
  }
  for (const [prefix, operator] of ours) {
    const carrier = longest(theirs, prefix);
    if (carrier === undefined) differences.push(`${country} ${prefix}: ours is ${operator}, theirs has no such range`);
    else if (!theirs.has(prefix) && meaning.get(carrier) !== operator) {
      differences.push(`${country} ${prefix}: ours is ${operator}, theirs leaves it to "${carrier}"`);
    }
  }
  return differences;
}

/** Whom they mean by a name: who of ours is called so, else who of ours holds most of its ranges. */
function meaningOfNames(
  country: string,
  ours: Ours,
  theirs: Theirs,
  operators: readonly SourceOperator[],
): ReadonlyMap<string, string> {
  const meaning = new Map<string, string>();
  for (const carrier of new Set(theirs.values())) {
    const named = operators.find(
      ({ country: own, wallet, network, otherNames }) =>
        own === country &&
        [wallet, network, ...otherNames].some((name) => name.toLowerCase() === carrier.toLowerCase()),
    );
    const votes = new Map<string, number>();
    for (const [prefix, holder] of theirs) {
      const operator = holder === carrier ? ours.get(prefix) : undefined;
      if (operator !== undefined) votes.set(operator, (votes.get(operator) ?? 0) + 1);
    }
    const most = [...votes].toSorted(([, left], [, right]) => right - left)[0]?.[0];
    const operator = named?.id ?? most;
    if (operator !== undefined) meaning.set(carrier, operator);
  }
  return meaning;
}

/** What stands for the longest beginning of a prefix. */
function longest(table: ReadonlyMap<string, string>, prefix: string): string | undefined {
  for (let length = prefix.length; length > 0; length -= 1) {
    const found = table.get(prefix.slice(0, length));
    if (found !== undefined) return found;
  }
  return undefined;
}
