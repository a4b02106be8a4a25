/** The lint rules of our own: what no rule of oxlint can say. */

interface Node {
  readonly callee: { readonly type: string; readonly name?: string };
  readonly arguments: readonly unknown[];
}

interface Context {
  report(finding: { node: Node; message: string }): void;
}

const MESSAGE = 'Time enters through the Clock port (core/src/environment.ts): `new Date()` here cannot be simulated.';

const isDate = ({ callee }: Node): boolean => callee.type === 'Identifier' && callee.name === 'Date';

/** Refuses `new Date()` and `Date()`, which read the machine's clock; `new Date(ms)` is a plain conversion. */
const noAmbientDate = {
  create: (context: Context) => ({
    NewExpression(node: Node): void {
      if (isDate(node) && node.arguments.length === 0) context.report({ node, message: MESSAGE });
    },
    CallExpression(node: Node): void {
      if (isDate(node)) context.report({ node, message: MESSAGE });
    },
  }),
};

export default { meta: { name: 'canza' }, rules: { 'no-ambient-date': noAmbientDate } };
