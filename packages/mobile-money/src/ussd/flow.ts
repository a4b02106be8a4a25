import type { AnyScreen, Option, Screen, Target } from './menu.ts';

/** A part that several menus, or several places of one menu, share. It leaves by its exits. */
export interface Flow<N extends string, X extends string, L extends string, F extends string, D extends string> {
  readonly exits: readonly X[];
  readonly screens: { readonly [K in N]: Screen<NoInfer<N> | NoInfer<X>, L, F, D> };
}

/** Gives a flow its types; its languages and fields are those that its screens use. */
export const defineFlow = <
  const N extends string,
  const X extends string,
  L extends string,
  const F extends string = never,
  const D extends string = never,
>(
  flow: Flow<N, X, L, F, D>,
): Flow<N, X, L, F, D> => flow;

/**
 * The screens of a flow, to be spread among those of a menu: `...placeFlow(recipient, 'to', { done: 'amount' })` brings
 * `to/phone` and so on, and what left the flow by `done` goes to `amount`.
 */
export function placeFlow<
  N extends string,
  X extends string,
  L extends string,
  F extends string,
  D extends string,
  const P extends string,
  const T extends string,
>(
  flow: Flow<N, X, L, F, D>,
  prefix: P,
  exits: { readonly [K in X]: T },
): { readonly [K in `${P}/${N}`]: Screen<`${P}/${N}` | T, L, F, D> } {
  const rename = (name: string): string => (name in flow.screens ? `${prefix}/${name}` : exits[name as X]);
  const placed = Object.entries<AnyScreen>(flow.screens).map(([name, screen]) => [
    `${prefix}/${name}`,
    renameExits(screen, rename),
  ]);
  return Object.fromEntries(placed) as { readonly [K in `${P}/${N}`]: Screen<`${P}/${N}` | T, L, F, D> };
}

function renameExits(screen: AnyScreen, rename: (name: string) => string): AnyScreen {
  const retarget = (target: Target<string, string>): Target<string, string> =>
    typeof target === 'string'
      ? rename(target)
      : {
          by: target.by,
          cases: Object.fromEntries(Object.entries(target.cases).map(([value, name]) => [value, rename(name)])),
          otherwise: rename(target.otherwise),
        };
  switch (screen.kind) {
    case 'choice': {
      const options = screen.options.map(
        (option): Option<string, string, string> => ({ ...option, to: retarget(option.to) }),
      );
      return { ...screen, options };
    }
    case 'input':
      return { ...screen, to: retarget(screen.to) };
    case 'list':
      return { ...screen, to: retarget(screen.to), empty: rename(screen.empty) };
    case 'confirm':
      return { ...screen, yes: retarget(screen.yes), no: rename(screen.no) };
    case 'end':
      break;
  }
  return screen;
}
