/**
 * Every name that a package exports has a sentence on what it is for: an editor shows it, and the API pages are made of it. Reads
 * the sources with the TypeScript that typedoc uses, because version 7 has no interface for programs.
 */
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { publicPackages } from '../tools/entry-points.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const entries = publicPackages().flatMap((each) => each.entries);
const { config } = ts.readConfigFile(`${root}tsconfig.base.json`, (path) => ts.sys.readFile(path)) as {
  config: { compilerOptions: object };
};
const { options } = ts.convertCompilerOptionsFromJson(
  { ...config.compilerOptions, noEmit: true, composite: false },
  root,
);
const program = ts.createProgram(
  entries.map(({ source }) => source),
  options,
);
const checker = program.getTypeChecker();

/** Where a name is declared, past the `export … from` lines that hand it on. */
const declared = (symbol: ts.Symbol): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

const missing = new Map<string, string>();
let names = 0;
for (const { specifier, source } of entries) {
  const file = program.getSourceFile(source);
  const module = file && checker.getSymbolAtLocation(file);
  if (module === undefined) throw new Error(`${specifier} exports nothing that can be read`);
  for (const exported of checker.getExportsOfModule(module)) {
    names += 1;
    const symbol = declared(exported);
    const declaration = symbol.declarations?.[0];
    // A namespace is told by its module.
    if (declaration === undefined || ts.isSourceFile(declaration) || symbol.getDocumentationComment(checker).length > 0)
      continue;
    const { fileName } = declaration.getSourceFile();
    // What is handed on from another package of ours is told there.
    if (fileName.includes('/dist/')) continue;
    const { line } = declaration.getSourceFile().getLineAndCharacterOfPosition(declaration.getStart());
    missing.set(
      `${fileName.replace(root, '')}:${line + 1}`,
      `${exported.name}, which ${specifier} exports, has no docstring`,
    );
  }
}

for (const [place, what] of missing) console.error(`${place}: ${what}`);
if (missing.size > 0) process.exitCode = 1;
else console.log(`${names} exported names say what they are for`);
