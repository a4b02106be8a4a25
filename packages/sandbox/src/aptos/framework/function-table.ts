import { type Address, knownAddress, shortAddress } from '../move/address.ts';
import { formatType, isFrameworkStruct, knownType, type MoveType } from '../move/type-tag.ts';
import type { MoveValue } from '../move/values.ts';
import type { CallContext } from './call.ts';

/** A function of a module that the emulator knows. */
export interface MoveFunction {
  readonly address: Address;
  readonly module: string;
  readonly name: string;
  readonly isEntry: boolean;
  readonly isView: boolean;
  readonly visibility: 'public' | 'private';
  readonly typeParameterCount: number;
  /** `&signer` parameters in front of the others. */
  readonly signerCount: number;
  /** The others. */
  readonly params: readonly MoveType[];
  readonly returns: readonly MoveType[];
  readonly run: Run;
}

/** What a function does; what it returns is looked at for views alone. */
export type Run = (context: CallContext, args: readonly MoveValue[]) => readonly MoveValue[] | void;

/** `0x…64 digits::aptos_account::transfer` */
const functionKey = (at: Address, module: string, name: string): string => `${at}::${module}::${name}`;

const SIGNATURE = /^(public|private|entry|view) (0x[0-9a-f]+)::(\w+)::(\w+)(?:<(T0(?:, T\d)*)>)?\((.*?)\)(?:: (.*))?$/;

/**
 * Makes a function from its signature as one would write it down, such as
 * `entry 0x1::coin::transfer<T0>(&signer, address, u64)` or `view 0x1::coin::balance<T0>(address): u64`.
 * `private` stands for an entry that no other module can call.
 */
export function fn(signature: string, run: Run): MoveFunction {
  const [, word, at = '', module = '', name = '', generics = '', parameters = '', results = ''] =
    SIGNATURE.exec(signature) ?? [];
  if (word === undefined) throw new RangeError(`Not a signature: ${signature}`);
  const all = splitTypes(parameters);
  const signerCount = all.filter((each) => each === '&signer').length;
  return {
    address: knownAddress(at),
    module,
    name,
    isEntry: word === 'entry' || word === 'private',
    isView: word === 'view',
    visibility: word === 'private' ? 'private' : 'public',
    typeParameterCount: splitTypes(generics).length,
    signerCount,
    params: all.slice(signerCount).map(knownType),
    returns: splitTypes(results.replace(/^\((.*)\)$/, '$1')).map(knownType),
    run,
  };
}

/** Splits at the commas that are inside no angle brackets. */
function splitTypes(text: string): readonly string[] {
  const types: string[] = [];
  let depth = 0;
  let from = 0;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '<') depth += 1;
    else if (text[index] === '>') depth -= 1;
    else if (text[index] === ',' && depth === 0) {
      types.push(text.slice(from, index).trim());
      from = index + 1;
    }
  }
  const last = text.slice(from).trim();
  return last === '' ? types : [...types, last];
}

/** Every function of the modules that the emulator knows, by its full name. */
export class FunctionTable {
  readonly #functions = new Map<string, MoveFunction>();
  readonly #modules = new Map<string, MoveFunction[]>();
  readonly #moduleNames = new Map<Address, string[]>();

  constructor(functions: readonly MoveFunction[]) {
    for (const each of functions) {
      this.#functions.set(functionKey(each.address, each.module, each.name), each);
      const moduleKey = `${each.address}::${each.module}`;
      const siblings = this.#modules.get(moduleKey);
      if (siblings !== undefined) siblings.push(each);
      else {
        this.#modules.set(moduleKey, [each]);
        this.#moduleNames.set(each.address, [...(this.#moduleNames.get(each.address) ?? []), each.module]);
      }
    }
  }

  find(at: Address, module: string, name: string): MoveFunction | undefined {
    return this.#functions.get(functionKey(at, module, name));
  }

  functionsOf(at: Address, module: string): readonly MoveFunction[] | undefined {
    return this.#modules.get(`${at}::${module}`);
  }

  /** The modules at an address, in the order in which they were listed. */
  modulesOf(at: Address): readonly string[] {
    return this.#moduleNames.get(at) ?? [];
  }
}

/** The description of a module that its callers ask for before they build a call. */
export function describeModule(at: Address, module: string, functions: readonly MoveFunction[]): object {
  return {
    address: shortAddress(at),
    name: module,
    friends: [],
    exposed_functions: functions.map((each) => ({
      name: each.name,
      visibility: each.visibility,
      is_entry: each.isEntry,
      is_view: each.isView,
      generic_type_params: Array.from({ length: each.typeParameterCount }, () => ({
        // What stands for an object's type has to be a resource.
        constraints: each.params.some((param) => isFrameworkStruct(param, 'object', 'Object')) ? ['key'] : [],
      })),
      params: [...Array.from({ length: each.signerCount }, () => '&signer'), ...each.params.map(formatType)],
      return: each.returns.map(formatType),
    })),
    structs: [],
  };
}
